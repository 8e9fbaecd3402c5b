"""The secretary's figures over a span of days, and the matters behind each number.

Everything here starts from `counted`: what a person may not see is in no sum of theirs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, and_, false, or_, select, true

from gridtrack.access import Actor, Permission, require, scopes
from gridtrack.accounts import store as accounts
from gridtrack.categories import store as categories
from gridtrack.errors import Invalid
from gridtrack.figures import store as figures
from gridtrack.figures.measures import (
    COLUMNS,
    MEASURES,
    Facts,
    Figure,
    Key,
    facts_of,
    figure,
    grouped,
)
from gridtrack.figures.rules import SEALED
from gridtrack.figures.store import FACT
from gridtrack.grids import store as grids
from gridtrack.queries.scope import about_others
from gridtrack.work import Work

LONGEST = timedelta(days=1100)  # three years and a bit: what one page is asked to count
PAGE = 50


class By(StrEnum):
    """What figures are told apart by."""

    GRID = "grid"
    CATEGORY = "category"
    PERSON = "person"
    SOURCE = "source"
    HOUR = "hour"
    WEEKDAY = "weekday"
    DAY = "day"
    MONTH = "month"


class Against(StrEnum):
    """What a span is compared with."""

    NOTHING = "nothing"
    BEFORE = "before"  # as many days before it
    YEAR = "year"  # the same days a year ago


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which matters: reported on `begin` to `end`, local days, both included; "" is everything.

    `grids_on`: count by the grids that were in force on that day, wherever a matter was put when
    it was reported.
    """

    begin: date
    end: date
    scope: str = ""
    category: str = ""
    source: str = ""
    grids_on: date | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """One line of a table: what it is about and its figures by measure."""

    key: Key
    name: str
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Told:
    """Figures over a span, beside those of another one where that was asked for."""

    wanted: Wanted
    total: int
    figures: Mapping[str, Figure]
    before: Mapping[str, Figure]
    other: Wanted | None
    by: By
    level: int
    groups: Sequence[Group]
    counted_at: datetime | None  # the log was read up to here


def counted(actor: Actor) -> ColumnElement[bool]:
    """Facts that this actor may have in a sum: of their scopes, sealed ones where they may."""
    sealed = set(scopes(actor, Permission.SEE_SEALED))
    found: list[ColumnElement[bool]] = []
    for scope in scopes(actor, Permission.FIGURES):
        under = _below(scope) if scope else true()
        found.append(under if scope in sealed else and_(FACT.c.sensitivity < SEALED, under))
    if not found:
        return false()
    return and_(or_(*found), about_others(actor, FACT.c.incident_id))


def told(
    work: Work, wanted: Wanted, by: By, locale: str, *, level: int = 3,
    against: Against = Against.NOTHING,
) -> Told:  # fmt: skip
    """The figures of a span; raises Forbidden, Invalid for days that are no span."""
    require(work.actor, Permission.FIGURES)
    facts = load(work, wanted)
    other = compared(wanted, against)
    before = load(work, other) if other else None
    keys = keys_of(facts, by, level)
    named = grouped(facts, keys, tuple(MEASURES.values()))
    names = _names(work, by, [key for key in named if key != ""], wanted.grids_on, locale)
    groups = [Group(key, names.get(key, str(key)), found) for key, found in named.items()]
    return Told(
        wanted, len(facts), _each(facts), _each(before) if before is not None else {}, other, by,
        level, groups, figures.mark(work.session).at,
    )  # fmt: skip


def _each(facts: Facts) -> dict[str, Figure]:
    return {code: figure(measure, facts) for code, measure in MEASURES.items()}


def load(work: Work, wanted: Wanted) -> Facts:
    """The facts that a person asks about and may count, judged now or at the end of the span."""
    require(work.actor, Permission.FIGURES)
    _check(wanted)
    zone = ZoneInfo(work.settings.timezone)
    end = datetime.combine(wanted.end + timedelta(days=1), time(0), zone)
    until_s = int(min(end, work.now).timestamp())
    asked = [
        counted(work.actor),
        FACT.c.day.between(wanted.begin.toordinal(), wanted.end.toordinal()),
    ]
    if wanted.category:
        tree = categories.tree(work.memo, work.settings.instance)
        tree.group(wanted.category)
        asked.append(FACT.c.category.startswith(wanted.category, autoescape=True))
    if wanted.source:
        asked.append(FACT.c.source == wanted.source)
    if wanted.scope and wanted.grids_on is None:
        asked.append(_below(wanted.scope))
    connection = work.session.connection()
    rows = connection.execute(select(*(FACT.c[name] for name in COLUMNS)).where(*asked)).all()
    facts = facts_of(rows, until_s)
    if wanted.grids_on is None:
        return facts
    return _placed_anew(work, facts, wanted)


def _below(scope: str) -> ColumnElement[bool]:
    path = FACT.c.path
    return or_(path == scope, and_(path >= f"{scope}/", path < f"{scope}0"))


def _check(wanted: Wanted) -> None:
    if wanted.end < wanted.begin:
        raise Invalid("figures-span", field="end", value=wanted.end.isoformat())
    if wanted.end - wanted.begin > LONGEST:
        raise Invalid("figures-too-long", field="begin", value=wanted.begin.isoformat(),
                      days=LONGEST.days)  # fmt: skip


def _placed_anew(work: Work, facts: Facts, wanted: Wanted) -> Facts:
    """The same matters with the grids of another day; one without a point keeps its path."""
    assert wanted.grids_on is not None
    zone = ZoneInfo(work.settings.timezone)
    at = datetime.combine(wanted.grids_on, time(12), zone)
    edition = grids.edition_at(work.session, at)
    if edition is None:
        raise Invalid("figures-no-edition", field="grids_on", value=wanted.grids_on.isoformat())
    leaves = grids.partition_of(work.session, work.memo, edition.id, edition.revision)
    point = ~np.isnan(facts["lon"]) & ~np.isnan(facts["lat"])
    paths = facts["path"].copy()
    if point.any():
        found = leaves.locate_many(
            facts["lon"][point], facts["lat"][point], snap_m=work.settings.snap_m
        )
        paths[point] = [leaves.paths[leaf] if leaf >= 0 else "" for leaf in found.leaf.tolist()]
    moved = replace(facts, columns={**facts.columns, "path": paths})
    if not wanted.scope:
        return moved
    inside = [path == wanted.scope or path.startswith(f"{wanted.scope}/") for path in paths]
    return moved.only(np.array(inside, dtype=np.bool_))


def compared(wanted: Wanted, against: Against) -> Wanted | None:
    """The span that another one is compared with."""
    if against is Against.BEFORE:
        days = wanted.end - wanted.begin + timedelta(days=1)
        return replace(wanted, begin=wanted.begin - days, end=wanted.begin - timedelta(days=1))
    if against is Against.YEAR:
        year = timedelta(days=364)  # whole weeks: a Monday is compared with a Monday
        return replace(wanted, begin=wanted.begin - year, end=wanted.end - year)
    return None


def keys_of(facts: Facts, by: By, level: int) -> npt.NDArray[Any]:
    """What each matter is put under."""
    if by is By.GRID:
        return _objects(["/".join(path.split("/")[:level]) for path in facts["path"]])
    if by is By.MONTH:
        return _objects([date.fromordinal(day).strftime("%Y-%m") for day in facts["day"].tolist()])
    if by is By.PERSON:
        people: npt.NDArray[Any] = np.nan_to_num(facts["person_id"], nan=0).astype(np.int64)
        return people
    return (facts["day"] - 1) % 7 if by is By.WEEKDAY else facts[by.value]


def _objects(values: Sequence[Any]) -> npt.NDArray[Any]:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def _names(
    work: Work, by: By, keys: Sequence[Key], grids_on: date | None, locale: str
) -> dict[Key, str]:
    if by is By.GRID:
        return grid_names(work, [str(key) for key in keys], grids_on, locale)
    if by is By.CATEGORY:
        tree = categories.tree(work.memo, work.settings.instance)
        known = tree.categories
        return {key: known[str(key)].name(locale) for key in keys if str(key) in known}
    if by is By.PERSON:
        people = accounts.names(work.session, [int(key) for key in keys if key])
        return {key: people[int(key)] for key in keys if key and int(key) in people}
    return {}


def grid_names(work: Work, paths: Sequence[str], day: date | None, locale: str) -> dict[Key, str]:
    """Names of grids by path, as of a day or of now; a path of an older edition is its code."""
    require(work.actor, Permission.FIGURES)
    zone = ZoneInfo(work.settings.timezone)
    at = datetime.combine(day, time(12), zone) if day else work.now
    edition = grids.edition_at(work.session, at)
    known = grids.names(work.session, work.memo, edition.id, locale) if edition else {}
    codes = {path: path.rpartition("/")[2] for path in paths}
    return {path: known.get(code, code) for path, code in codes.items()}
