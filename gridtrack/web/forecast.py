"""What if: change a number, see the forecast beside the past weeks. A form that only asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import render_template, request

from gridtrack.access import Permission
from gridtrack.analytics.forecast import Draw
from gridtrack.analytics.forecast_told import Figure, Side, change, side
from gridtrack.analytics.load import Carried
from gridtrack.analytics.record import Span
from gridtrack.errors import Invalid
from gridtrack.http.context import locale, look
from gridtrack.http.guard import may
from gridtrack.i18n.sentences import sentence
from gridtrack.usecases.forecast import Asked, Outcome, forecast
from gridtrack.usecases.forecast_change import Change, Present, changed, document, present
from gridtrack.usecases.forecast_told import error as error_of
from gridtrack.web.asked import whole
from gridtrack.web.forms import messages
from gridtrack.work import Work

DAYS = (7, 30, 90)
MOST, DRAWS = 3000, 5  # matters and draws that a page is asked to wait for: a second or two
PEOPLE = 15


@dataclass(frozen=True, slots=True)
class Form:
    """The form as it was typed."""

    days: int
    version: str
    draft: str
    limit: str
    waits: dict[str, str]
    without: frozenset[str]

    @classmethod
    def typed(cls, now: Present) -> "Form":
        """From the address; what is not in it is as it is."""
        given = request.args
        days = whole(given.get("days", "")) or DAYS[1]
        limit = given.get("limit", "").strip()[:6]
        waits = {
            one.code: given.get(f"wait-{one.code}", str(one.wait)).strip()[:6] for one in now.steps
        }
        left_out = frozenset(given.getlist("without")) & waits.keys()
        version, draft = (given.get(name, "") for name in ("version", "draft"))
        return cls(days if days in DAYS else DAYS[1], version, draft, limit, waits, left_out)

    def change(self) -> Change:
        """The numbers; raises Invalid for one that is none."""
        waits = {code: _number(text, f"wait-{code}") for code, text in self.waits.items() if text}
        limit = _number(self.limit, "limit") if self.limit else None
        return Change(limit, waits, self.without)


@dataclass(frozen=True, slots=True)
class Row:
    """One person with what they carried, would carry, and would carry under the change."""

    name: str
    loads: tuple[Carried | None, ...]
    over: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A forecast as the page shows it: the sides by name, rungs in order, people."""

    outcome: Outcome
    sides: dict[str, Side]
    more: Figure | None
    error: float | None
    rungs: tuple[str, ...]
    people: tuple[Row, ...]


@may(Permission.FORECAST)
def forecast_page() -> str | tuple[str, int]:
    """The past weeks beside the forecast; with a number that cannot be, the form again."""
    shown, fault = None, None
    with look() as unit:
        given = request.args
        other = document(unit, whole(given.get("version", "")), whole(given.get("draft", "")))
        now = present(unit, other)
        form = Form.typed(now)
        try:
            shown = _shown(_asked(unit, now, form))
        except Invalid as error:
            fault = error
    if fault is not None and fault.code not in ("forecast-no-matters", "forecast-nobody"):
        return _page(now, form, errors=messages(fault)), 422
    return _page(now, form, shown)


def _page(
    now: Present, form: Form, shown: Shown | None = None, errors: dict[str, str] | None = None
) -> str:
    return render_template(
        "forecast.html",
        now=now,
        form=form,
        shown=shown,
        days=DAYS,
        most=MOST,
        errors=errors or {},
        rung_word=lambda code: sentence("forecast-rung", locale(), rung=code),
    )


def _asked(unit: Work, now: Present, form: Form) -> Outcome:
    policy = changed(unit, now, form.change())
    span = Span(unit.now - timedelta(days=form.days), None, MOST)
    return forecast(unit, Asked(span, policy=policy, draws=DRAWS))


def _number(text: str, field: str) -> int:
    found = whole(text)
    if found is None:
        raise Invalid("not-a-number", field=field, value=text)
    return found


def _shown(outcome: Outcome) -> Shown:
    draws: dict[str, Sequence[Draw]] = {"present": outcome.present.draws}
    if outcome.happened is not None:
        draws = {"happened": [outcome.happened], **draws}
    if outcome.asked is not None:
        draws["asked"] = outcome.asked.draws
    sides = {name: side(one, outcome.bearable) for name, one in draws.items()}
    codes = (
        code
        for one in sides.values()
        for counted in (one.answered_by, one.climbed, one.skipped)
        for code in counted
    )
    return Shown(
        outcome, sides,
        None if outcome.asked is None else change(outcome.present.draws, outcome.asked.draws),
        error_of(outcome), tuple(dict.fromkeys(codes)), tuple(_people(outcome, sides)),
    )  # fmt: skip


def _people(outcome: Outcome, sides: dict[str, Side]) -> list[Row]:
    """Who carries most under what is asked, those beyond the bearable first."""
    loads = {name: dict(one.people) for name, one in sides.items()}
    last = list(loads)[-1]
    busiest = sorted(
        loads[last].items(), key=lambda one: (-one[1].over(outcome.bearable), -one[1].told, one[0])
    )
    return [
        Row(
            outcome.names.get(person_id, str(person_id)),
            tuple(one.get(person_id) for one in loads.values()),
            mine.over(outcome.bearable),
        )
        for person_id, mine in busiest[:PEOPLE]
    ]
