"""Urging and supervising: how often one may remind, what may follow what on an order. Pure.

An urge (催办) is a reminder and nothing else: no clock stops or starts by it. An order (督办) is
written, asks for an answer by an instant, and stays open until whoever gave it accepts the answer
or takes the order back.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gridtrack.errors import Conflict, Invalid
from gridtrack.limits import span

LONGEST = timedelta(days=365)  # an answer asked for later than this is a slip of the pen


class Level(StrEnum):
    """How urgent an order is (督办级别)."""

    GENERAL = "general"
    KEY = "key"
    LISTED = "listed"


class To(StrEnum):
    """Whom an order is to: whoever handles the matter, or whoever holds a post."""

    HANDLER = "handler"
    POST = "post"


class State(StrEnum):
    """How an order stands; sent back it is issued again, with a new instant."""

    ISSUED = "issued"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What people do to an order."""

    ANSWER = "answer"
    ACCEPT = "accept"
    SEND_BACK = "send-back"
    WITHDRAW = "withdraw"


OPEN = frozenset({State.ISSUED, State.ANSWERED})
NEXT: Mapping[tuple[State, Step], State] = {
    (State.ISSUED, Step.ANSWER): State.ANSWERED,
    (State.ANSWERED, Step.ACCEPT): State.ACCEPTED,
    (State.ANSWERED, Step.SEND_BACK): State.ISSUED,
    **{(state, Step.WITHDRAW): State.WITHDRAWN for state in OPEN},
}


def follow(state: State, step: Step) -> State:
    """The state after `step`; raises Conflict where the table has no such step."""
    after = NEXT.get((state, step))
    if after is None:
        raise Conflict("conflict-order", order_state=state.value, step=step.value)
    return after


@dataclass(frozen=True, slots=True)
class Terms:
    """What a deployment decided: how often one may urge, how many workdays an answer has."""

    urge_every: timedelta
    workdays: Mapping[Level, float]


def parse(text: str) -> Terms:
    """The terms in a TOML text; raises Invalid naming what is missing or no limit at all."""
    try:
        body = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("bad-toml", field="orders", value=str(error)) from error
    levels = {level.get("code"): level.get("workdays") for level in body.get("level", [])}
    for code in levels.keys() ^ set(Level):
        raise Invalid("order-levels", field="level", value=code, known=[one.value for one in Level])
    return Terms(
        _span(body.get("urge", {}).get("every")),
        {level: _workdays(level, levels[level]) for level in Level},
    )


def _span(text: object) -> timedelta:
    every = span(text, "urge.every")
    if not timedelta() < every <= LONGEST:
        raise Invalid("bad-span", field="urge.every", value=text)
    return every


def _workdays(level: Level, given: object) -> float:
    number = isinstance(given, int | float) and not isinstance(given, bool)
    if not number or not 0 < float(given) <= LONGEST.days:  # type: ignore[arg-type]
        raise Invalid("limit-not-positive", field=f"level.{level.value}", value=given)
    return float(given)  # type: ignore[arg-type]


def again_at(last: datetime | None, every: timedelta, now: datetime) -> datetime | None:
    """When somebody who urged at `last` may urge again; None where they may now."""
    if last is None or now - last >= every or now < last:
        return None
    return last + every


def check_answer_by(answer_by: datetime, now: datetime) -> datetime:
    """The instant given for an answer; raises Invalid where it is past or over a year away."""
    if answer_by <= now:
        raise Invalid("answer-by-past", field="answer_by", value=answer_by)
    if answer_by - now > LONGEST:
        raise Invalid("answer-by-far", field="answer_by", value=answer_by)
    return answer_by


def number_of(year: int, seq: int) -> str:
    """The number of an order as offices write it, in every language: 督〔2026〕12号."""
    return f"督〔{year}〕{seq}号"


def is_overdue(state: str, due_at: datetime, now: datetime) -> bool:
    """True while an answer is awaited that should be there."""
    return state == State.ISSUED and due_at <= now
