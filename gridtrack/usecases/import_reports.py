"""Reports out of a table, each row through the same door as every report.

Rows are independent: a bad one is told with its column, value and way out, the rest goes on. A row
has the same client id in every run, so that importing a table twice adds nothing.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from gridtrack.access import Permission, require
from gridtrack.errors import Conflict, Invalid, Rejected
from gridtrack.geo.points import checked_point
from gridtrack.incidents.intake import Place, Report, Source
from gridtrack.queries.doors import exactly_one
from gridtrack.sheets.rows import NOTES, TableRow
from gridtrack.usecases.report import Receipt, report_incident
from gridtrack.work import Work

_NAMESPACE = uuid.UUID("b1b6a1a6-3f0c-5f6e-9d1a-6a1f2f7f9c55")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; None where the table has none."""

    lon: str | None = None
    lat: str | None = None
    at: str | None = None
    category: str | None = None
    text: str | None = None
    address: str | None = None
    accuracy: str | None = None
    client_id: str | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Meaning:
    """How the cells of a table are to be read."""

    columns: Columns
    datum: str
    zone: ZoneInfo  # of times that carry no offset
    time_format: str | None = None  # None: ISO 8601
    category_as: Mapping[str, str] | None = None  # words of the table as category codes
    default_category: str | None = None  # where a row has none or one that is not in `category_as`
    source: Source = Source.IMPORT


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a row: a receipt, or every fault with the column it is in."""

    line: int
    receipt: Receipt | None
    faults: tuple[Invalid | Conflict, ...] = ()


def import_reports(work: Work, rows: Iterable[TableRow], meaning: Meaning) -> list[Taken]:
    """Report every row; raises only what concerns all of them (Forbidden, Unauthenticated)."""
    require(work.actor, Permission.REPORT)
    return [_take(work, row, meaning) for row in rows]


def _take(work: Work, row: TableRow, meaning: Meaning) -> Taken:
    try:
        report = _report(work, row, meaning)
        with work.session.begin_nested():  # whatever a refused row had begun is taken back
            return Taken(row.line, report_incident(work, report))
    except Rejected as error:
        return Taken(row.line, None, tuple(_in_column(f, meaning.columns) for f in error.faults))
    except Invalid as error:
        return Taken(row.line, None, (_in_column(error, meaning.columns),))
    except Conflict as error:
        return Taken(row.line, None, (error,))


def _report(work: Work, row: TableRow, meaning: Meaning) -> Report:
    columns = meaning.columns
    place, address = _place(row, meaning), _cell(row, columns.address)
    # Nobody is there to choose among several plates: only the one that is spelled so counts.
    door = exactly_one(work, address) if place is None else None
    return Report(
        client_id=_client_id(row, columns.client_id),
        category=_category(row, meaning),
        source=meaning.source,
        description=_cell(row, columns.text),
        place=place,
        occurred_at=_instant(row, meaning) if columns.at else None,
        address=address,
        address_id=door.id if door else None,
        condition=_cell(row, columns.condition),
    )


def _cell(row: TableRow, column: str | None) -> str:
    return row.cells.get(column, "").strip() if column else ""


def _client_id(row: TableRow, column: str | None) -> str:
    """The row's own UUID, one made from its own key, or one made from all that is in it."""
    key = _cell(row, column)
    if key:
        try:
            return str(uuid.UUID(key))
        except ValueError:
            return str(uuid.uuid5(_NAMESPACE, f"{column}\x1f{key}"))
    content = "\x1f".join(
        f"{name}\x1e{value}" for name, value in row.cells.items() if not name.startswith(NOTES)
    )
    return str(uuid.uuid5(_NAMESPACE, f"{row.copy}\x1f{content}"))


def _category(row: TableRow, meaning: Meaning) -> str:
    word = _cell(row, meaning.columns.category)
    named = (meaning.category_as or {}).get(word)
    if named is not None:
        return named
    if meaning.default_category is not None and (not word or meaning.category_as):
        return meaning.default_category
    if not word:
        raise Invalid("required", field="category")
    return word


def _place(row: TableRow, meaning: Meaning) -> Place | None:
    """Where; None where both cells are empty, which is enough only with an address."""
    columns = meaning.columns
    lon, lat = _cell(row, columns.lon), _cell(row, columns.lat)
    if not lon and not lat:
        if not _cell(row, columns.address):
            raise Invalid("coordinate-missing", field="lon", value="")
        return None
    x, y = checked_point(lon, lat)
    return Place(x, y, meaning.datum, _accuracy(_cell(row, columns.accuracy)))


def _accuracy(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        raise Invalid("not-a-number", field="accuracy_m", value=text) from None


def _instant(row: TableRow, meaning: Meaning) -> datetime:
    text = _cell(row, meaning.columns.at)
    if not text:
        raise Invalid("required", field="occurred_at")
    try:
        if meaning.time_format is None:
            moment = datetime.fromisoformat(text)
        else:
            moment = datetime.strptime(text, meaning.time_format)  # noqa: DTZ007 - the next lines
        local = moment if moment.tzinfo else moment.replace(tzinfo=meaning.zone)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        code = "not-a-time" if meaning.time_format is None else "not-in-format"
        raise Invalid(
            code, field="occurred_at", value=text, format=meaning.time_format or "ISO 8601"
        ) from None


def _in_column(fault: Invalid, columns: Columns) -> Invalid:
    """The fault with its field named as the table names it."""
    own = fault.field.removeprefix("location.")
    named = {
        "lon": columns.lon,
        "lat": columns.lat,
        "location": columns.lon,
        "occurred_at": columns.at,
        "category": columns.category,
        "description": columns.text,
        "address": columns.address,
        "accuracy_m": columns.accuracy,
        "client_id": columns.client_id,
        "condition": columns.condition,
    }
    params = {name: value for name, value in fault.params.items() if name != "field"}
    return Invalid(fault.code, field=named.get(own) or own, **params)
