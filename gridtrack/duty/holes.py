"""Time in which nobody would be on duty although a roster says that somebody should. Pure.

Leave is known by spans; who stands in counts while not on leave as well. A hole is told as far as
one cause goes: an empty shift, a shift whose people are all away, hours that no shift covers.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Generic, TypeVar

from gridtrack.duty.book import Book, spans_between
from gridtrack.duty.rules import Outside, Roster, RosterKind, Span, Spans

P = TypeVar("P", bound=Hashable)


class HoleKind(StrEnum):
    """Why nobody would be there."""

    EMPTY = "empty"  # the shift names nobody, or nobody who holds the post any more
    LEAVE = "leave"  # whoever is on it is on leave and nobody stands in
    UNCOVERED = "uncovered"  # no shift at all, where somebody is needed at every hour


@dataclass(frozen=True, slots=True)
class Leave(Generic[P]):
    """A person is away, and who stands in."""

    person: P
    begin: datetime
    end: datetime
    deputy: P | None = None


@dataclass(frozen=True, slots=True)
class Hole(Generic[P]):
    """Nobody on duty for a roster from an instant to another; `people` are those who are away."""

    roster: Roster[P]
    kind: HoleKind
    begin: datetime
    end: datetime
    people: tuple[P, ...] = ()


class Present(Generic[P]):
    """Who can be there: people with a post, their leave, and deputies by post of a roster."""

    def __init__(
        self,
        leaves: Iterable[Leave[P]],
        posts: Mapping[int, frozenset[P]],
        deputies: Mapping[int, frozenset[P]],
    ) -> None:
        """`posts` and `deputies` by roster id: who holds a post it may count on, who stands by."""
        self._leaves: dict[P, list[Leave[P]]] = {}
        for one in leaves:
            self._leaves.setdefault(one.person, []).append(one)
        self._posts, self._deputies = posts, deputies

    def with_post(self, roster: Roster[P], team: Iterable[P]) -> tuple[P, ...]:
        """Those of a team who hold a post."""
        return tuple(one for one in team if one in self._posts.get(roster.id, frozenset()))

    def anybody(self, roster: Roster[P], team: Sequence[P], at: datetime) -> bool:
        """True where at `at` somebody of the team is there, or stands in for them."""
        for one in team:
            away = self._away(one, at)
            if not away:
                return True
            if any(leave.deputy is not None and not self._away(leave.deputy, at) for leave in away):
                return True
        return any(not self._away(one, at) for one in self._deputies.get(roster.id, ()))

    def edges(self, roster: Roster[P], team: Iterable[P]) -> Iterator[datetime]:
        """Where the answer may change: begins and ends of leave of everybody concerned."""
        concerned = [*team, *self._deputies.get(roster.id, ())]
        concerned += [
            leave.deputy
            for one in concerned
            for leave in self._leaves.get(one, ())
            if leave.deputy is not None
        ]
        for one in concerned:
            for leave in self._leaves.get(one, ()):
                yield from (leave.begin, leave.end)

    def _away(self, person: P, at: datetime) -> list[Leave[P]]:
        return [one for one in self._leaves.get(person, ()) if one.begin <= at < one.end]


def holes(book: Book[P], present: Present[P], begin: datetime, end: datetime) -> list[Hole[P]]:
    """Every hole from `begin` to `end`, the first to come first."""
    found = [hole for one in book.all for hole in _of_roster(book, one, present, begin, end)]
    return sorted(found, key=lambda hole: (hole.begin, hole.roster.code))


def _of_roster(
    book: Book[P], one: Spans[P], present: Present[P], begin: datetime, end: datetime
) -> Iterator[Hole[P]]:
    spans = [span for span in spans_between(one, begin, end) if not span.off]
    yield from _merged(_in_shifts(one, spans, present, begin, end))
    needed = one.roster.outside is Outside.HOLE and one.roster.kind is RosterKind.DUTY
    if needed:
        yield from _merged(_uncovered(book, one, begin, end))


def _in_shifts(
    one: Spans[P], spans: Sequence[Span[P]], present: Present[P], begin: datetime, end: datetime
) -> Iterator[Hole[P]]:
    """Pieces of shifts, between two edges each, in which nobody is there."""
    roster = one.roster
    edges = {edge for span in spans for edge in (span.begin, span.end)}
    for span in spans:
        edges.update(present.edges(roster, span.team))
    for first, last in pairwise(sorted({begin, end, *(e for e in edges if begin < e < end)})):
        running = one.running(first)
        if not running:
            continue
        named = tuple(dict.fromkeys(person for span in running for person in span.team))
        team = present.with_post(roster, named)
        if not team:
            yield Hole(roster, HoleKind.EMPTY, first, last, named)
        elif not present.anybody(roster, team, first):
            yield Hole(roster, HoleKind.LEAVE, first, last, team)


def _uncovered(book: Book[P], one: Spans[P], begin: datetime, end: datetime) -> Iterator[Hole[P]]:
    """Time in which neither this roster nor one above has a shift."""
    roster = one.roster
    chain = [r for level in book.chain(roster.role, roster.scope, roster.zone) for r in level]
    edges = {
        edge
        for other in chain
        for span in spans_between(other, begin, end)
        for edge in (span.begin, span.end)
        if begin < edge < end
    }
    for first, last in pairwise(sorted({begin, end, *edges})):
        if one.in_force(first) and not any(other.running(first) for other in chain):
            yield Hole(roster, HoleKind.UNCOVERED, first, last)


def _goes_on(held: Hole[P], one: Hole[P]) -> bool:
    return (held.end, held.kind, held.people) == (one.begin, one.kind, one.people)


def _merged(pieces: Iterable[Hole[P]]) -> Iterator[Hole[P]]:
    """Pieces of one cause that follow each other as one."""
    held: Hole[P] | None = None
    for one in pieces:
        if held is not None and _goes_on(held, one):
            held = Hole(one.roster, one.kind, held.begin, one.end, one.people)
            continue
        if held is not None:
            yield held
        held = one
    if held is not None:
        yield held
