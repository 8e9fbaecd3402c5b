"""Changing which days are worked: notices taken in, days of this deployment, the shipped ones."""

from collections.abc import Mapping, Sequence
from datetime import date
from importlib.resources import files
from typing import Any

from gridtrack.access import Permission, require
from gridtrack.db.sql import one_at_a_time
from gridtrack.deadlines import calendar_store as store
from gridtrack.deadlines.calendar import written
from gridtrack.deadlines.calendar_days import (
    LocalDay,
    Notice,
    days_of,
    read_calendars,
    read_shipped,
)
from gridtrack.deadlines.calendar_store import Change
from gridtrack.errors import Conflict, Invalid, NotFound
from gridtrack.work import Work

OWN_FILE = "calendars.toml"


def import_notices(work: Work, notices: Sequence[Notice]) -> list[int]:
    """Take in notices, all or none; one without days, or known already, changes nothing.

    Returns the years that changed. Raises Invalid where a year would have no working day left.
    """
    require(work.actor, Permission.RULES_EDIT)
    changed = []
    for notice in sorted(notices, key=lambda one: one.year):
        if not notice.days:
            continue  # not out yet: the year stays provisional
        if list(store.noticed(work.session, notice.year)) == sorted(
            notice.days, key=lambda one: one.date
        ):
            continue
        off = sum(not one.is_workday for one in notice.days)
        said = {"year": notice.year, "paper": notice.paper, "off": off}
        days = [[one.date.isoformat(), one.is_workday] for one in notice.days]
        said |= {"worked": len(notice.days) - off, "days": days}
        rev = _append(work, "notice", said)
        store.save_notice(work.session, notice, rev)
        _check_year(work, notice.year)
        changed.append(notice.year)
    store.forget(work.memo)
    return changed


def set_day(work: Work, day: LocalDay) -> None:
    """Say what a date is in this deployment, whatever the notice says.

    Raises Invalid where its year would have no working day left, and for a day off with hours.
    """
    require(work.actor, Permission.RULES_EDIT)
    if not day.name.strip():
        raise Invalid("required", field="name")
    if day.hours is not None and not day.is_workday:
        raise Invalid("day-off-with-hours", field="hours", value=written(day.hours))
    said: dict[str, Any] = {"date": day.date.isoformat(), "name": day.name.strip()[:80]}
    said |= {"is_workday": day.is_workday, "hours": written(day.hours) if day.hours else None}
    rev = _append(work, "day", said)
    named = LocalDay(day.date, said["name"], day.is_workday, day.hours)
    store.save_local(work.session, named, rev)
    _check_year(work, day.date.year)
    store.forget(work.memo)


def remove_day(work: Work, day: date) -> None:
    """Let a date be again what notice and rule say; raises NotFound where nothing was said here."""
    require(work.actor, Permission.RULES_EDIT)
    _append(work, "day-removed", {"date": day.isoformat()})
    if not store.remove_local(work.session, day):
        raise NotFound("day-not-local", value=day.isoformat())
    _check_year(work, day.year)
    store.forget(work.memo)


def keep_calendars(work: Work) -> None:
    """Store the deployment's calendars, and the shipped notices of years it has none of."""
    require(work.actor, Permission.RULES_EDIT)
    one_at_a_time(work.session, "calendars")  # processes that start together all come here
    own = work.settings.instance / OWN_FILE
    package = files("gridtrack.deadlines")
    text = (own if own.exists() else package / OWN_FILE).read_text("utf-8")
    wanted = read_calendars(text)
    if store.named(work.session) != {one.code: one for one in wanted}:
        codes = {one.code: written(one.opening.hours) for one in wanted}
        workdays = {one.code: one.opening.workdays for one in wanted}
        said = {"hours": codes, "workdays": workdays}
        store.save_calendars(work.session, wanted, _append(work, "calendars", said))
    known = store.day_table(work.session).years
    shipped = read_shipped((package / "holidays.toml").read_text("utf-8"))
    import_notices(work, [one for one in shipped if one.year not in known])


def _append(work: Work, kind: str, data: Mapping[str, object]) -> int:
    actor = work.actor
    change = Change(work.now, actor.person_id, actor.name, kind, data)
    return store.append(work.session, change)


def _check_year(work: Work, year: int) -> None:
    """A year in which nobody ever works would make a limit that never ends."""
    days = days_of(store.day_table(work.session), date(year, 1, 1), date(year, 12, 31))
    if not any(day.is_workday for day in days):
        raise Conflict("year-without-work", value=year)
