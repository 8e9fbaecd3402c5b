"""Who is on duty over some ground now: posts, rosters and leave put together. A step."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from gridtrack.access import covers
from gridtrack.accounts import store as accounts
from gridtrack.accounts.rules import Holder
from gridtrack.deadlines import calendar_store as calendars
from gridtrack.duty import store as duty
from gridtrack.duty.book import Book, Governs
from gridtrack.duty.rules import IsWorkday, Roster
from gridtrack.work import Work

Ground = tuple[str, str | None]  # a scope, or a zone beside it


def on_duty(work: Work, scopes: Iterable[str], zones: Iterable[str]) -> list[Holder]:
    """Holders of posts over exactly these scopes or zones now, and who is on shift there.

    `present` is False on leave and off shift. Who stands in for somebody on leave follows them as
    a deputy; where no roster governs, everybody with the post is on duty always.
    """
    asked, beside = list(scopes), list(zones)
    found = accounts.on_duty(work.session, asked, beside, work.now)
    known = duty.rosters(work.session, work.memo)
    if known.all:
        grounds: list[Ground] = [*((one, None) for one in asked), *(("", one) for one in beside)]

        def posts_of(people: set[int]) -> list[Holder]:
            return accounts.posts_of(work.session, people, work.now)

        found = Shifts(work.now, book_of(work), found, posts_of).over(grounds)
    if all(one.present for one in found):
        return found
    return with_stand_ins(found, lambda away: accounts.stand_ins(work.session, away, work.now))


def book_of(work: Work) -> Book[int]:
    """The rosters with their dates, as they are now."""
    known = duty.rosters(work.session, work.memo)
    zone = work.settings.timezone
    if not known.by_calendar:
        return duty.book(work.memo, known, zone, _never, 0)
    days = calendars.calendars(work.session, work.memo, zone)
    return duty.book(work.memo, known, zone, lambda day: days.days.at(day).is_workday, days.rev)


def workdays_of(work: Work) -> IsWorkday:
    """Which dates are worked, by the calendar."""
    days = calendars.calendars(work.session, work.memo, work.settings.timezone).days
    return lambda day: days.at(day).is_workday


def _never(_day: date) -> bool:
    raise AssertionError("no roster goes by the calendar")


class Shifts:
    """Holders by ground and role at an instant, with what the rosters say of them."""

    def __init__(
        self,
        at: datetime,
        book: Book[int],
        found: Sequence[Holder],
        posts_of: Callable[[set[int]], Iterable[Holder]],
    ) -> None:
        """`posts_of` gives every post of some people at that instant."""
        self._at, self._book, self._found, self._posts_of = at, book, found, posts_of
        self._posts: dict[int, list[Holder]] = {}
        self._governed: dict[tuple[Ground, str], Governs[int]] = {}

    def over(self, grounds: Iterable[Ground]) -> list[Holder]:
        """The holders of these grounds, those on shift put in and the others marked."""
        for ground in dict.fromkeys(grounds):
            scope, zone = ground
            for role in self._book.roles if zone is None else self._book.zoned_roles:
                governs = self._book.governs(self._at, role, scope, zone)
                if governs is not None:
                    self._governed[ground, role] = governs
        if not self._governed:
            return list(self._found)
        self._know({p for governs in self._governed.values() for p in governs.team})
        plain: list[Holder] = []
        here: dict[tuple[Ground, str], list[Holder]] = {}
        for one in self._found:
            key = ((one.scope if one.zone is None else "", one.zone), one.role)
            if key in self._governed:
                here.setdefault(key, []).append(one)
            else:
                plain.append(one)
        for key, governs in self._governed.items():
            plain += self._standing(key, governs, here.get(key, []))
        return plain

    def _know(self, people: set[int]) -> None:
        for post in self._posts_of(people):
            self._posts.setdefault(post.person_id, []).append(post)

    def _standing(
        self, key: tuple[Ground, str], governs: Governs[int], holders: Sequence[Holder]
    ) -> list[Holder]:
        """Off shift first, so that the reasons say why; then the shift; then the deputies."""
        (scope, zone), role = key
        team = [
            replace(post, role=role, scope=scope, zone=zone, deputy=n > 0, until=governs.until)
            for n, post in enumerate(self._team(role, governs))
        ]
        on = {one.person_id for one in team}
        off = [one for one in holders if not one.deputy and one.person_id not in on]
        deputies = [one for one in holders if one.deputy and one.person_id not in on]
        if not governs.on:
            return [self._off(one, key) for one in (*off, *deputies)]
        return [*(self._off(one, key) for one in off), *team, *deputies]

    def _team(self, role: str, governs: Governs[int]) -> list[Holder]:
        """Those on shift who hold a post that the roster may count on."""
        found = (
            next((post for post in self._posts.get(one, ()) if _fits(post, role, governs)), None)
            for one in governs.team
        )
        return [post for post in found if post is not None]

    def _off(self, one: Holder, key: tuple[Ground, str]) -> Holder:
        if not one.present:
            return one  # on leave: that is the better reason
        (scope, zone), role = key
        until = self._book.next_of(one.person_id, self._at, role, scope, zone)
        return replace(one, present=False, off_shift=True, until=until)


def _fits(post: Holder, role: str, governs: Governs[int]) -> bool:
    """True for a post of the role over ground that one of the rosters is about."""
    if post.role != role:
        return False
    return any(may_stand(roster, post.scope, post.zone) for roster in governs.rosters)


def may_stand(roster: Roster[Any], scope: str, zone: str | None) -> bool:
    """True where a post over this ground is one that a roster may count on."""
    if roster.zone is not None or zone is not None:
        return zone == roster.zone
    return covers(roster.scope, scope) or covers(scope, roster.scope)


def with_stand_ins(
    found: Sequence[Holder], stand_ins: Callable[[set[int]], Iterable[accounts.StandIn]]
) -> list[Holder]:
    """The holders, each on leave followed by who was named to stand in."""
    away = {one.person_id for one in found if not one.present and not one.off_shift}
    named: dict[int, list[accounts.StandIn]] = {}
    for one in stand_ins(away):
        named.setdefault(one.for_id, []).append(one)
    if not named:
        return list(found)
    told: list[Holder] = []
    for holder in found:
        told.append(holder)
        if holder.present or holder.off_shift:
            continue
        told += [
            replace(
                holder, person_id=one.person_id, name=one.name, present=one.present, deputy=True
            )
            for one in named.get(holder.person_id, ())
        ]
    return told
