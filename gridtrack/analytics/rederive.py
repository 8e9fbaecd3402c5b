"""Every instant to which the log says a clock moved, found again. Pure, shares nothing with them.

A rest gives back exactly what was left, more time is within what the policy of the promise allows,
a change of the calendars moves by the very days, a filing condition by its written rule. An instant
that does not come out is `misjudged`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gridtrack.analytics.worked import Worked
from gridtrack.deadlines.policy_parts import Policy
from gridtrack.deadlines.rules import Kind
from gridtrack.limits import parse_limit

_LEAST = timedelta(microseconds=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """A line of the log about one clock: it rests, goes on, or is due at another instant.

    `at` is when: of a hold that ended by itself, its own end.
    """

    what: str  # paused, resumed, moved
    kind: str  # of the event
    at: datetime
    said: Mapping[str, Any]


@dataclass(slots=True)
class _Clock:
    """A clock as it stands by what was found so far; `left` was left at `base_at`."""

    due_at: datetime
    calendar: str | None
    base_at: datetime
    left: timedelta | None = None
    rests_since: datetime | None = None
    rested: timedelta = timedelta(0)
    extended: int = 0


class Again:
    """One promise gone through again."""

    def __init__(self, clock: str, made: Mapping[str, Any], made_at: datetime) -> None:
        """`made` is what the event said of the promise."""
        self._kind = Kind(clock)
        self._made_at = made_at
        self._rev: int | None = made.get("rev")
        due_at = datetime.fromisoformat(made["due_at"])
        self._clock = _Clock(due_at, made.get("calendar"), made_at)

    def false(self, turns: list[Turn], policy: Policy, worked: Worked) -> Iterator[datetime]:
        """The instants of those turns whose due instant does not come out.

        What was logged before revisions were said is taken as the log has it.
        """
        clock = self._clock
        if worked.knows(self._rev):
            assert self._rev is not None
            clock.left = worked.between(clock.calendar, self._rev, self._made_at, clock.due_at)
        for turn in turns:
            rev: int | None = turn.said.get("rev")
            if rev is None or not worked.knows(rev):
                clock.left = None
                self._take(turn)
                continue
            if turn.what == "paused":
                right = self._paused(turn, rev, worked)
            elif turn.what == "resumed":
                right = self._resumed(turn, rev, worked)
            else:
                right = self._moved(turn, rev, policy, worked)
            if not right:
                yield turn.at

    def _take(self, turn: Turn) -> None:
        """Believe a line."""
        clock = self._clock
        if turn.what == "paused":
            clock.rests_since = turn.at
            return
        if turn.what == "resumed" and clock.rests_since is not None:
            clock.rested += turn.at - clock.rests_since
            clock.rests_since = None
        clock.due_at = datetime.fromisoformat(turn.said["due_at"])
        clock.base_at = turn.at

    def _paused(self, turn: Turn, rev: int, worked: Worked) -> bool:
        clock = self._clock
        left = worked.between(clock.calendar, rev, turn.at, clock.due_at)
        clock.left = max(left, _LEAST)
        clock.rests_since = turn.at
        told: int = turn.said["left_s"]
        return clock.left // _SECOND == told

    def _resumed(self, turn: Turn, rev: int, worked: Worked) -> bool:
        clock, left = self._clock, self._clock.left
        rested = clock.rests_since is not None
        self._take(turn)
        if left is None or not rested:
            return rested
        return clock.due_at == worked.add(clock.calendar, rev, turn.at, left)

    def _moved(self, turn: Turn, rev: int, policy: Policy, worked: Worked) -> bool:
        clock = self._clock
        was, due_at = (datetime.fromisoformat(turn.said[name]) for name in ("was", "due_at"))
        right = was == clock.due_at and turn.at < was
        if turn.kind == "extension-granted":
            right = right and self._allowed((was, due_at), rev, policy, worked)
        elif turn.kind == "deadline-recomputed":
            right = right and (clock.left is None or self._recounted(rev, worked) == due_at)
        elif turn.kind == "filed":
            right = right and self._filed(turn, rev, worked) == due_at
        self._take(turn)
        clock.left = max(worked.between(clock.calendar, rev, turn.at, due_at), _LEAST)
        return right

    def _allowed(
        self, dues: tuple[datetime, datetime], rev: int, policy: Policy, worked: Worked
    ) -> bool:
        """More time, as often and as much as the policy of the promise lets it be."""
        self._clock.extended += 1
        terms = policy.extend(self._kind)
        if terms is None or self._clock.extended > terms.times:
            return False
        was, due_at = dues
        code = policy.calendar(self._kind, terms.most.unit)
        return was < due_at <= worked.counted(code, rev, terms.most, was)

    def _recounted(self, rev: int, worked: Worked) -> datetime:
        """What was left at the beginning of this stretch, counted by the days as they are now."""
        clock = self._clock
        assert clock.left is not None
        return worked.add(clock.calendar, rev, clock.base_at, clock.left)

    def _filed(self, turn: Turn, rev: int, worked: Worked) -> datetime:
        """A longer limit from the beginning, its rests added; a shorter one from then."""
        clock = self._clock
        limit = parse_limit(turn.said["limit"], "limit")
        clock.calendar = code = turn.said["calendar"]
        whole = worked.counted(code, rev, limit, self._made_at + clock.rested)
        if whole >= clock.due_at:
            return whole
        return min(clock.due_at, worked.counted(code, rev, limit, turn.at))
