"""Who was on duty at any instant of a span: posts, leave and shifts read once, then looked up.

The same rules as `on_duty`, which asks the database for one instant; a forecast asks for thousands.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from gridtrack.accounts.rules import Holder
from gridtrack.accounts.store import ABSENCE, PERSON, POST, StandIn
from gridtrack.duty.book import Book, spans_between
from gridtrack.queries.on_duty import Ground, Shifts, book_of, with_stand_ins
from gridtrack.routing.rules import ancestors
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class _Post:
    holder: Holder
    from_at: datetime
    until_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Leave:
    person_id: int
    from_at: datetime
    until_at: datetime
    deputy: tuple[int, str, bool] | None  # id, name, whether the account is open


class DutyOver:
    """Posts, leave and rosters of a span of time; nobody is looked up twice between two changes."""

    def __init__(
        self,
        work: Work,
        begin: datetime,
        end: datetime,
        book: Book[int] | None = None,
        moves: Mapping[str, str] | None = None,
    ) -> None:
        """`book` takes the place of the rosters kept here; posts follow `moves` of paths."""
        posts, leaves = _posts(work, begin, end, moves or {}), _leaves(work, begin, end)
        self._book = book_of(work) if book is None else book
        self._posts: dict[Ground, list[_Post]] = {}
        self._of_person: dict[int, list[_Post]] = {}
        self._leaves: dict[int, list[_Leave]] = {}
        self.names = {one.holder.person_id: one.holder.name for one in posts}
        for post in posts:
            holder = post.holder
            ground = ("", holder.zone) if holder.zone is not None else (holder.scope, None)
            self._posts.setdefault(ground, []).append(post)
            self._of_person.setdefault(holder.person_id, []).append(post)
        for leave in leaves:
            self._leaves.setdefault(leave.person_id, []).append(leave)
            if leave.deputy is not None:
                self.names[leave.deputy[0]] = leave.deputy[1]
        self._edges = sorted({*_edges(posts, leaves), *_shift_edges(self._book, begin, end)})
        self._found: dict[tuple[str, str | None, int], Sequence[Holder]] = {}

    def slice(self, at: datetime) -> int:
        """A number that stays the same while nothing about duty changes."""
        return bisect_right(self._edges, at)

    def over(self, path: str, zone: str | None, at: datetime) -> Sequence[Holder]:
        """The holders of posts over a path, its ancestors and a zone at `at`."""
        key = (path, zone, self.slice(at))
        found = self._found.get(key)
        if found is None:
            grounds: list[Ground] = [(scope, None) for scope in ancestors(path)]
            grounds += [("", zone)] if zone is not None else []
            found = self._found[key] = self.at(grounds, at)
        return found

    def at(self, grounds: Iterable[Ground], at: datetime) -> Sequence[Holder]:
        """The holders of posts over exactly these grounds at `at`."""
        asked = list(dict.fromkeys(grounds))
        there = [
            one for ground in asked for one in self._posts.get(ground, ()) if _in_force(one, at)
        ]
        there.sort(key=lambda one: one.holder.deputy)  # the posts come in the order of their ids
        found: list[Holder] = [self._present(one, at) for one in there]
        if self._book.all:
            found = Shifts(at, self._book, found, lambda people: self._those(people, at)).over(
                asked
            )
        if all(one.present for one in found):
            return found
        return with_stand_ins(found, lambda people: self._stand_ins(people, at))

    def _those(self, people: Iterable[int], at: datetime) -> list[Holder]:
        return [
            self._present(post, at)
            for one in sorted(people)
            for post in self._of_person.get(one, ())
            if _in_force(post, at)
        ]

    def _present(self, post: _Post, at: datetime) -> Holder:
        away = self._away(post.holder.person_id, at)
        return replace(post.holder, present=False) if away else post.holder

    def _away(self, person_id: int, at: datetime) -> list[_Leave]:
        known = self._leaves.get(person_id, ())
        return [one for one in known if one.from_at <= at < one.until_at]

    def _stand_ins(self, people: Iterable[int], at: datetime) -> list[StandIn]:
        found = []
        for one in sorted(people):
            for leave in self._away(one, at):
                if leave.deputy is not None:
                    person_id, name, active = leave.deputy
                    present = active and not self._away(person_id, at)
                    found.append(StandIn(one, person_id, name, present))
        return found


def _in_force(post: _Post, at: datetime) -> bool:
    return post.from_at <= at and (post.until_at is None or at < post.until_at)


def _edges(posts: Iterable[_Post], leaves: Iterable[_Leave]) -> Iterable[datetime]:
    for one in posts:
        yield one.from_at
        if one.until_at is not None:
            yield one.until_at
    for leave in leaves:
        yield from (leave.from_at, leave.until_at)


def _shift_edges(book: Book[int], begin: datetime, end: datetime) -> Iterable[datetime]:
    for one in book.all:
        # A roster begins and ends with a date, whether or not a shift falls on it.
        for day in _days(begin, end):
            yield one.begin_of(one.date_of(day))
        for span in spans_between(one, begin, end):
            yield from (span.begin, span.end)


def _days(begin: datetime, end: datetime) -> Iterable[datetime]:
    while begin <= end + timedelta(days=1):
        yield begin
        begin += timedelta(days=1)


def _posts(work: Work, begin: datetime, end: datetime, moves: Mapping[str, str]) -> list[_Post]:
    rows = work.session.execute(
        select(
            POST.person_id, PERSON.name, POST.role, POST.scope, POST.deputy, PERSON.active,
            POST.zone, POST.from_at, POST.until_at,
        )
        .join(PERSON.id.table, PERSON.id == POST.person_id)
        .where(POST.from_at <= end, or_(POST.until_at.is_(None), POST.until_at > begin))
        .order_by(POST.id)
    )  # fmt: skip
    found = (_Post(Holder(*row[:7]), row.from_at, row.until_at) for row in rows)
    return [
        replace(one, holder=replace(one.holder, scope=moves[one.holder.scope]))
        if one.holder.scope in moves and one.holder.zone is None
        else one
        for one in found
    ]


def _leaves(work: Work, begin: datetime, end: datetime) -> list[_Leave]:
    deputy = PERSON.id.table.alias("deputy")
    rows: Iterable[Any] = work.session.execute(
        select(
            ABSENCE.person_id, ABSENCE.from_at, ABSENCE.until_at,
            deputy.c.id, deputy.c.name, deputy.c.active,
        )
        .outerjoin(deputy, deputy.c.id == ABSENCE.deputy_id)
        .where(ABSENCE.from_at <= end, ABSENCE.until_at > begin)
        .order_by(ABSENCE.id)
    )  # fmt: skip
    return [
        _Leave(row[0], row[1], row[2], None if row[3] is None else (row[3], row[4], row[5]))
        for row in rows
    ]
