"""Telling the secretary of holes a week ahead: one notice for each hole, never twice."""

from datetime import timedelta

from gridtrack.access import Permission, require
from gridtrack.accounts import store as accounts
from gridtrack.duty import store
from gridtrack.duty.holes import Hole
from gridtrack.duty.holes import holes as find_holes
from gridtrack.notifications import store as notifications
from gridtrack.notifications.store import Told
from gridtrack.queries.duty import present_of, warned_of
from gridtrack.queries.on_duty import book_of
from gridtrack.work import Work

AHEAD = timedelta(days=7)
# So far around it: a hole that runs keeps the begin by which it was told of, and none is cut off.
AROUND = timedelta(days=2)


def warn_of_holes(work: Work) -> int:
    """Write a notice for each hole of the coming week; those told of before are left alone.

    Returns how many holes there are. A hole whose begin or cause changes is another one.
    """
    require(work.actor, Permission.ENGINE)
    if not store.rosters(work.session, work.memo).all:
        return 0
    begin, end = work.now - AROUND, work.now + AHEAD + AROUND
    found = find_holes(book_of(work), present_of(work, begin, end), begin, end)
    soon = work.now + AHEAD
    coming = [one for one in found if one.end > work.now and begin < one.begin < soon]
    names = accounts.names(work.session, (person for one in coming for person in one.people))
    told = [_told(work, one, [names.get(person, "") for person in one.people]) for one in coming]
    notifications.enqueue(work.session, work.memo, told, work.now)
    return len(coming)


def _told(work: Work, hole: Hole[int], people: list[str]) -> Told:
    begin = hole.begin.isoformat()
    facts = {
        "roster": hole.roster.name,
        "hole": hole.kind.value,
        "begin": begin,
        "end": hole.end.isoformat(),
        "people": people,
    }
    cause = f"hole:{hole.roster.id}:{hole.kind.value}:{begin}"
    to = warned_of(work, hole)
    return Told(cause, "duty-hole", None, to, hole.roster.scope, facts, inbox_only=True)
