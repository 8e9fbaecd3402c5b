"""Matters as the rows of a table, batch by batch: what the actor may see, and no more of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, select

from gridtrack.access import Permission, require
from gridtrack.accounts import store as accounts
from gridtrack.categories import store as categories
from gridtrack.i18n.sentences import sentence
from gridtrack.incidents.tables import Incident
from gridtrack.queries.names import grid_name, number_of
from gridtrack.queries.scope import SEALED, under, visible
from gridtrack.work import Work

BATCH = 2000
FILE = "table"  # what it is called in the folder of its task
COLUMNS = (
    "number", "reported", "kind", "state", "source", "grid", "grid-name", "address", "lon", "lat",
    "words", "handler", "acknowledged", "resolved", "closed", "due", "rung",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Matters reported on `begin` to `end`, local days; "" in scope and category is all."""

    begin: date
    end: date
    scope: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows, and the id that the next batch begins behind; no rows: that was all."""

    rows: Sequence[Sequence[object]]
    last: int


def count_matters(work: Work, wanted: Wanted) -> int:
    """How many matters that is."""
    require(work.actor, Permission.FIGURES)
    asked = select(func.count()).select_from(Incident).where(*_where(work, wanted))
    return work.session.scalar(asked) or 0


def matters_after(work: Work, wanted: Wanted, last: int, locale: str) -> Batch:
    """The next rows behind the id `last`, oldest first.

    Each batch is a look of its own, so that an export of an hour holds no snapshot open.
    """
    require(work.actor, Permission.FIGURES)
    sealed = Incident.sensitivity >= SEALED
    rows = work.session.execute(
        select(
            Incident.id, Incident.reported_at, Incident.category, Incident.state, Incident.source,
            Incident.grid_code, Incident.edition_id, Incident.handler_id, Incident.rung,
            Incident.acknowledged_at, Incident.resolved_at, Incident.closed_at, Incident.due_at,
            case((sealed, ""), else_=Incident.description).label("description"),
            case((sealed, ""), else_=Incident.address).label("address"),
            case((sealed, None), else_=Incident.lon).label("lon"),
            case((sealed, None), else_=Incident.lat).label("lat"),
        )
        .where(*_where(work, wanted), Incident.id > last)
        .order_by(Incident.id)
        .limit(BATCH)
    ).all()  # fmt: skip
    people = accounts.names(work.session, {row.handler_id for row in rows})
    return Batch([_row(work, row, people, locale) for row in rows], rows[-1].id if rows else last)


def _where(work: Work, wanted: Wanted) -> list[ColumnElement[bool]]:
    zone = ZoneInfo(work.settings.timezone)
    begin = datetime.combine(wanted.begin, time(0), zone)
    end = datetime.combine(wanted.end + timedelta(days=1), time(0), zone)
    found = [visible(work.actor), Incident.reported_at >= begin, Incident.reported_at < end]
    if wanted.scope:
        found.append(under(wanted.scope))
    if wanted.category:
        found.append(Incident.category.startswith(wanted.category, autoescape=True))
    return found


def _row(work: Work, row: Any, people: dict[int, str], locale: str) -> list[object]:
    zone = ZoneInfo(work.settings.timezone)
    tree = categories.tree(work.memo, work.settings.instance)

    def local(at: datetime | None) -> datetime | None:
        return None if at is None else at.astimezone(zone)

    return [
        number_of(work, row.id, row.reported_at), local(row.reported_at),
        tree.get(row.category).name(locale), sentence(f"state-{row.state}", locale),
        sentence(f"source-{row.source}", locale), row.grid_code or "",
        grid_name(work, row.edition_id, row.grid_code, locale), row.address,
        None if row.lon is None else round(row.lon, 6),
        None if row.lat is None else round(row.lat, 6), row.description,
        people.get(row.handler_id, ""), local(row.acknowledged_at), local(row.resolved_at),
        local(row.closed_at), local(row.due_at),
        sentence(f"rung-{row.rung}", locale) if row.rung else "",
    ]  # fmt: skip
