"""A forecast for machines; the keys are told in docs/operations.md and stay."""

from typing import Any

from gridtrack.analytics import forecast_told as told
from gridtrack.analytics.reactions import DEFAULT_CHANCE, DEFAULT_MEDIAN_S, OWN_NEEDS, ROLE_NEEDS
from gridtrack.usecases.forecast import Outcome

PEOPLE = 200  # told one by one; of more only the busiest


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Everything that came out."""
    present = outcome.present
    basis = sum((one.basis for one in _forecasts(outcome)), type(present.basis)())
    real = outcome.happened
    return {
        "from": outcome.begin.isoformat(),
        "to": outcome.end.isoformat(),
        "matters": outcome.matters,
        "of": outcome.of,
        "set_aside": outcome.set_aside,
        "complete": outcome.complete,
        "changed": dict(outcome.changed),
        "happened": None if real is None else _side(outcome, [real], exact=True),
        "present": _side(outcome, present.draws),
        "forecast": None if outcome.asked is None else _side(outcome, outcome.asked.draws),
        "more_in_time": (
            None
            if outcome.asked is None
            else told.change(present.draws, outcome.asked.draws).as_json()
        ),
        "error": error(outcome),
        "draws": len(present.draws),
        "seed": present.seed,
        "bearable": {"hour": outcome.bearable.hour, "day": outcome.bearable.day},
        "reactions": {
            "notices": outcome.notices,
            "own_curves": outcome.own_curves,
            "drawn_from": {name: basis[name] for name in ("own", "rung", "role", "default")},
            "own_needs": OWN_NEEDS,
            "role_needs": ROLE_NEEDS,
            "default": {"chance": DEFAULT_CHANCE, "median_s": DEFAULT_MEDIAN_S},
        },
        "took_s": round(outcome.took_s, 3),
    }


def error(outcome: Outcome) -> float | None:
    """The share in time as forecast under the present rules, less that of what happened."""
    real = outcome.happened
    if real is None or not outcome.complete:
        return None
    shares = (told.side(one, outcome.bearable).share for one in (outcome.present.draws, [real]))
    forecast, happened = (one.middle for one in shares)
    return round(forecast - happened, 4)


def _forecasts(outcome: Outcome) -> list[Any]:
    return [outcome.present, *([outcome.asked] if outcome.asked is not None else [])]


def _side(outcome: Outcome, draws: list[Any], *, exact: bool = False) -> dict[str, Any]:
    found = told.side(draws, outcome.bearable)
    plain = told.exact if exact else told.Figure.as_json
    shown = found.as_json(dict(outcome.names), plain)
    shown["people"] = shown["people"][:PEOPLE]
    return shown
