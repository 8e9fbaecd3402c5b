"""Rosters written, brought in from a file and taken away; each is checked before it counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gridtrack.access import Permission, require
from gridtrack.accounts import store as accounts
from gridtrack.db.sql import one_at_a_time
from gridtrack.duty import store
from gridtrack.duty.book import Book
from gridtrack.duty.checks import faults_of, overlaps
from gridtrack.duty.parse import named_by
from gridtrack.duty.rules import Roster, begun_by
from gridtrack.duty.store import Change
from gridtrack.errors import Forbidden, Invalid, Rejected
from gridtrack.queries.on_duty import workdays_of
from gridtrack.queries.rostered import (
    ROLES,
    ZONED,
    by_login_or_name,
    known_scope,
    may_edit,
    who_may_stand,
)
from gridtrack.work import Work

TURN = "duty"  # two who write at once would each miss the other's overlap
SHOWN = 12  # so many people are named as the way out


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a roster of a file: added, changed or same."""

    code: str
    did: str
    roster_id: int


def save_roster(work: Work, given: Roster[str], version: int | None = None) -> int:
    """Store a roster, in the place of `version` where it has an id; returns the id.

    Raises Rejected with every fault, Conflict where somebody has changed it meanwhile or the code
    is taken, Forbidden outside the actor's ground.
    """
    require(work.actor, Permission.DUTY_EDIT)
    one_at_a_time(work.session, TURN)
    if given.id:
        row = store.get(work.session, given.id)
        _own(work, row.scope, row.zone)
    _own(work, given.scope, given.zone)
    roster = _resolved(work, [given])[0]
    _check_overlaps(work, [roster])
    roster_id = store.save(work.session, roster, version)
    _record(work, "changed" if given.id else "made", roster_id, roster)
    return roster_id


def bring_rosters(work: Work, given: Sequence[Roster[str]]) -> list[Brought]:
    """Bring rosters in by code, all or none; again changes nothing.

    Raises Rejected with every fault, Forbidden outside the actor's ground.
    """
    require(work.actor, Permission.DUTY_EDIT)
    one_at_a_time(work.session, TURN)
    for one in given:
        _own(work, one.scope, one.zone)
    known = {one.code: one for one in _all(work)}
    resolved = []
    for roster in _resolved(work, given):
        row = store.by_code(work.session, roster.code)
        if row is not None:
            _own(work, row.scope, row.zone)
        resolved.append(replace(roster, id=row.id if row else 0))
    _check_overlaps(work, resolved)
    done = []
    for roster in resolved:
        before = known.get(roster.code)
        if before is not None and _same(before, roster):
            done.append(Brought(roster.code, "same", roster.id))
            continue
        roster_id = store.save(work.session, roster)
        _record(work, "changed" if before else "made", roster_id, roster)
        done.append(Brought(roster.code, "changed" if before else "added", roster_id))
    return done


def try_rosters(work: Work, given: Sequence[Roster[str]], since: date) -> Book[int]:
    """The rosters there would be with these brought in, as if they had begun by `since`.

    Nothing is stored. Raises Rejected with every fault.
    """
    require(work.actor, Permission.DUTY_EDIT)
    fresh = _resolved(work, given)
    known = {one.code: one for one in _all(work)}
    _check_overlaps(work, [replace(one, id=_id_of(known, one)) for one in fresh])
    begun = {one.code: begun_by(one, since) for one in fresh}
    zone = ZoneInfo(work.settings.timezone)
    return Book({**known, **begun}.values(), zone, workdays_of(work))


def _id_of(known: Mapping[str, Roster[int]], one: Roster[int]) -> int:
    return known[one.code].id if one.code in known else 0


def end_roster(work: Work, roster_id: int) -> None:
    """Take a roster away: posts count again; its record stays."""
    require(work.actor, Permission.DUTY_EDIT)
    one_at_a_time(work.session, TURN)
    row = store.get(work.session, roster_id)
    _own(work, row.scope, row.zone)
    store.end(work.session, roster_id, work.now)
    _write_down(work, "ended", roster_id, {"code": row.code})


def _own(work: Work, scope: str, zone: str | None) -> None:
    if not may_edit(work, scope, zone):
        path = zone or scope
        raise Forbidden("forbidden", permission=Permission.DUTY_EDIT.value, scope=path)


def _resolved(work: Work, given: Sequence[Roster[str]]) -> list[Roster[int]]:
    """The rosters by ids; raises Rejected with everything that is wrong with each."""
    faults: list[Invalid] = []
    found = []
    for one in given:
        wrong = [*_ground_faults(work, one), *faults_of(one, role_zoned=one.role == ZONED)]
        ids = by_login_or_name(who_may_stand(work, one))
        wrong += _unknown(work, one, ids)
        faults += wrong
        if not wrong:
            found.append(named_by(one, ids))
    if faults:
        raise Rejected(faults)
    return found


def _ground_faults(work: Work, one: Roster[str]) -> Iterable[Invalid]:
    if not one.code.strip():
        yield Invalid("required", field="code")
    if one.role not in ROLES:
        known = ", ".join(ROLES)
        yield Invalid("roster-word-bad", field="role", value=one.role, known=known)
    if not known_scope(work, one.scope, one.zone):
        yield Invalid("roster-scope-unknown", field="scope", value=one.zone or one.scope)


def _unknown(work: Work, one: Roster[str], ids: Any) -> Iterable[Invalid]:
    for name in one.people:
        if name in ids:
            continue
        is_somebody = accounts.by_login(work.session, name) is not None
        known = ", ".join(list(ids)[:SHOWN])
        code = "roster-person-no-post" if is_somebody else "roster-person-unknown"
        yield Invalid(code, field="people", value=name, role=one.role, known=known)


def _check_overlaps(work: Work, changed: Sequence[Roster[int]]) -> None:
    """Raise Rejected where somebody of these would be on two shifts at once, anywhere."""
    ids = {one.id for one in changed if one.id}
    known = {one.id: one for one in _all(work)}
    people = {person for one in changed for person in one.people}
    swaps = {one.id: known[one.id].swaps for one in changed if one.id in known}
    fresh = [replace(one, swaps=swaps.get(one.id, ())) for one in changed]
    others = [one for one in known.values() if one.id not in ids and people & set(one.people)]
    zone = ZoneInfo(work.settings.timezone)
    today = work.now.astimezone(zone).date() - timedelta(days=1)
    names = accounts.names(work.session, people)
    faults = overlaps([*fresh, *others], today, zone, workdays_of(work), names)
    if faults:
        raise Rejected(faults)


def _all(work: Work) -> Sequence[Roster[int]]:
    store.forget(work.memo)  # what this process remembers may be a second old
    return store.rosters(work.session, work.memo).all


def _same(before: Roster[int], after: Roster[int]) -> bool:
    return replace(before, swaps=()) == replace(after, swaps=())


def _record(work: Work, kind: str, roster_id: int, roster: Roster[int]) -> None:
    said: dict[str, Any] = {"code": roster.code, "name": roster.name, "role": roster.role}
    said |= {"shifts": len(roster.shifts), "dated": len(roster.dated)}
    _write_down(work, kind, roster_id, said)


def _write_down(work: Work, kind: str, roster_id: int | None, said: dict[str, Any]) -> None:
    actor = work.actor
    change = Change(work.now, actor.person_id, actor.name, kind, roster_id, said)
    store.append(work.session, change)
    store.forget(work.memo)
