"""Why a matter came up to somebody: the story of a missed promise, from events and messages. Pure.

What was promised and missed, by whom; each rung after it, who was told over which channel, whether
it got there and was seen; which rungs were passed over, and why each; and that the top was reached.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

STEPS = ("escalated", "rung-skipped")
# After these somebody else answers for it, and what was missed before is no reason any more.
ANEW = ("assigned", "reopened", "hand_back", "triaged", "ordered", "order-returned")
BEGINS = ("assigned", "co-assigned", "triage", "returned", "moved-in", "ordered", "order-returned")
SUPERVISE = "supervise"
TOP = 99  # the step under which the desk is told that the ladder is used up


class Line(Protocol):
    """What is needed of an event."""

    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def actor_name(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...
    @property
    def key(self) -> str | None: ...


class Sent(Protocol):
    """What is needed of a message."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def recipient_id(self) -> int | None: ...
    @property
    def channel(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def sent_at(self) -> datetime | None: ...
    @property
    def read_at(self) -> datetime | None: ...
    @property
    def error(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Told:
    """One message: to whom (None: a group), over which channel, and what became of it.

    `state` is `seen`, `sent`, `waiting`, `dead` or `superseded` (not sent: somebody had answered).
    """

    name: str | None
    channel: str
    state: str
    at: datetime
    error: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried.

    `kind`: `given` (it was somebody's first), `up` (a rung was told), `again` (the last rung once
    more), `passed` (nobody to tell there: `why` is `vacant`, `away`, `has-it`, or "" where an older
    event does not say), `top` (every rung was told, so the desk was).
    """

    kind: str
    at: datetime
    rung: str = ""
    name: str = ""
    why: str = ""
    names: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """A missed promise and everything that was tried after it, in order.

    `missed_by` is whoever had it when it was due, "" where that was nobody yet.
    """

    clock: str
    since: datetime
    missed_by: str
    rung: str
    used_up: bool
    steps: tuple[Step, ...]

    @property
    def passed(self) -> tuple[Step, ...]:
        """The rungs that were passed over on the way."""
        return tuple(step for step in self.steps if step.kind == "passed")

    @property
    def vacant(self) -> bool:
        """True where every rung was passed over."""
        kinds = {step.kind for step in self.steps}
        return self.used_up and not kinds & {"up", "again"}


def stories(
    events: Iterable[Line], messages: Iterable[Sent] = (), names: Mapping[int, str] | None = None
) -> tuple[Story, ...]:
    """The story of each promise that was missed and is nobody else's since, the newest last.

    `events` are those of one incident in order; `names` are people by id, for the messages.
    """
    teller = _Teller(messages, names or {})
    book = _Book(teller)
    for event in events:
        book.read(event)
    return tuple(book.found.values())


class _Book:
    """The stories so far, read event by event."""

    def __init__(self, teller: "_Teller") -> None:
        self.found: dict[str, Story] = {}
        self._teller = teller
        self._cycles: dict[str, object] = {}
        self._holder = self._ordered = ""
        self._begun: Line | None = None

    def read(self, event: Line) -> None:
        """Take in the next event."""
        if event.kind in STEPS:
            self._climb(event)
        elif event.kind in ANEW:
            self._begun = event
            orders = event.kind.startswith("order")
            kept = self.found.items()
            self.found = {name: one for name, one in kept if (name == SUPERVISE) is not orders}
        if event.kind.startswith("order"):
            self._ordered = str(event.data.get("to") or self._ordered)
        else:
            self._holder = _holder(event, self._holder)

    def _climb(self, event: Line) -> None:
        data = event.data
        clock, cycle = str(data["clock"]), data["cycle"]
        story = self.found.pop(clock, None)
        if story is None or self._cycles[clock] != cycle:
            story = self._first(event, clock)
            self._cycles[clock] = cycle
        step = _step(event, self._teller)
        steps = (*(one for one in story.steps if one.kind != "top"), step)
        if data.get("exhausted"):
            steps = (*steps, Step("top", event.at, told=self._teller.at_top(event.key or "")))
        rung = story.rung if step.kind == "passed" else step.rung
        used_up = bool(data.get("exhausted"))
        self.found[clock] = replace(story, steps=steps, rung=rung, used_up=used_up)

    def _first(self, event: Line, clock: str) -> Story:
        whose = self._ordered if clock == SUPERVISE else self._holder
        since = datetime.fromisoformat(event.data["promised"])
        steps: tuple[Step, ...] = ()
        if self._begun is not None:
            name = str(self._begun.data.get("to") or "")
            told = self._teller.with_event(self._begun)
            steps = (Step("given", self._begun.at, name=name, told=told),)
        return Story(clock, since, whose, "", used_up=False, steps=steps)


def _holder(event: Line, before: str) -> str:
    """Who has the matter after an event, by name."""
    changes = event.data.get("set", {})
    if "handler_id" not in changes:
        return before
    if changes["handler_id"] is None:
        return ""
    return event.actor_name if event.kind == "acknowledged" else str(event.data.get("to") or "")


def _step(event: Line, teller: "_Teller") -> Step:
    data, rung = event.data, str(event.data["rung"])
    if event.kind == "rung-skipped":
        passed = data.get("passed") or {}
        names = tuple(passed.get("names", ()))
        return Step("passed", event.at, rung, why=str(passed.get("code", "")), names=names)
    kind, to = "again" if data.get("repeat") else "up", str(data.get("to") or "")
    return Step(kind, event.at, rung, to, told=teller.by_cause(event.key or ""))


class _Teller:
    """Messages by what caused them."""

    def __init__(self, messages: Iterable[Sent], names: Mapping[int, str]) -> None:
        self._names = names
        self._by_cause: dict[str, list[Sent]] = {}
        self._begin: dict[datetime, list[Sent]] = {}
        for one in messages:
            # The key is the cause, the recipient and the channel.
            self._by_cause.setdefault(one.key.rsplit(":", 2)[0], []).append(one)
            if one.kind in BEGINS:
                self._begin.setdefault(one.created_at, []).append(one)

    def by_cause(self, cause: str) -> tuple[Told, ...]:
        return self._told(self._by_cause.get(cause, ()))

    def at_top(self, key: str) -> tuple[Told, ...]:
        """What was said when the ladder was used up, and each day since."""
        _, *promise = key.split(":")[:4]
        daily = ":".join(["used-up", *promise, ""])
        found = list(self._by_cause.get(":".join(["esc", *promise, str(TOP)]), ()))
        for cause, sent in self._by_cause.items():
            found += sent if cause.startswith(daily) else ()
        return self._told(found)

    def with_event(self, event: Line) -> tuple[Told, ...]:
        """Those written together with an event that has no key of its own."""
        ordered = event.kind.startswith("order")
        found = self._begin.get(event.recorded_at, ())
        return self._told([one for one in found if one.kind.startswith("order") is ordered])

    def _told(self, found: Sequence[Sent]) -> tuple[Told, ...]:
        return tuple(
            Told(
                None if one.recipient_id is None else self._names.get(one.recipient_id, ""),
                one.channel,
                _became(one),
                one.read_at or one.sent_at or one.created_at,
                one.error,
            )
            for one in found
        )


def _became(message: Sent) -> str:
    if message.read_at is not None:
        return "seen"
    if message.state in ("pending", "leased"):
        return "waiting"
    return message.state
