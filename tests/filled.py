"""A street in which every table has rows, made by the product or made up, and all of them read."""

import json
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from gridtrack.cli import db
from gridtrack.db.base import Base
from gridtrack.db.carriers import carriers
from gridtrack.db.engine import WRITE
from gridtrack.db.types import Instant, Shape
from tests.builders import NOW, PARKING, Site, leaves

assert db.TABLES  # every table is known before it is filled

VALUES: dict[type, Any] = {
    Instant: NOW,
    Shape: leaves()["A11"],
    sa.JSON: {"x": [1, None]},
    sa.Boolean: True,
    sa.Integer: 1,
    sa.Float: 1.5,
    sa.Date: date(2026, 11, 20),
    sa.LargeBinary: b"x",
    sa.String: "x",
}
# Older schemas know one clock and drop the others, as their downgrade says.
NAMED = {"clock": "acknowledge"}
Rows = dict[str, list[dict[str, Any]]]


def made_up(column: sa.Column[Any], connection: sa.Connection) -> Any:
    """A value that fits the column: of the table it points to, else of its type."""
    for key in column.foreign_keys:
        return connection.execute(select(sa.func.max(key.column))).scalar_one()
    if column.name in NAMED:
        return NAMED[column.name]
    return next(value for kind, value in VALUES.items() if isinstance(column.type, kind))


def filled(site: Site) -> Rows:
    """Matters and people by the product itself, and a row in every table that is empty then."""
    site.report()
    site.report(PARKING)
    site.sweep(minutes=6)
    with site.runtime.engine.connect().execution_options(**{WRITE: True}) as here, here.begin():
        for table in Base.metadata.sorted_tables:
            if here.execute(select(table).limit(1)).first() is None:
                row = {one.name: made_up(one, here) for one in table.columns}
                here.execute(table.insert(), row)
    found = everything(site.runtime.engine)
    assert all(found.values()), [name for name, rows in found.items() if not rows]
    return found


def everything(engine: sa.Engine) -> Rows:
    """Every row of every table, by key."""
    with engine.connect() as here:
        return {
            one.name: [plain(row) for row in here.execute(in_order(one)).mappings()]
            for one in carriers(engine.dialect.name)
        }


def plain(row: sa.RowMapping) -> dict[str, Any]:
    """A row as it is the same in both databases: they space JSON otherwise."""
    return {
        name: json.loads(value) if isinstance(value, str) and value[:1] in "{[" and value else value
        for name, value in row.items()
    }


def in_order(table: sa.Table) -> sa.Select[Any]:
    keys = Base.metadata.tables[table.name].primary_key
    return select(table).order_by(*(table.c[one.name] for one in keys))
