"""Tables as rows travel through them between the two databases: unread, so nothing is changed.

JSON goes as its text and a shape as its bytes: what SQL knows apart (NULL and the JSON word null)
stays apart, and nothing is parsed.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Dialect,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    cast,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from gridtrack.db.base import Base
from gridtrack.db.types import SRID, Shape


class _Words(TypeDecorator[str]):
    """JSON as the text it is stored as; SQLite keeps a bare number as a number."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: Any, _dialect: Dialect) -> str | None:
        return None if value is None else str(value)


class _Jsonb(_Words):
    """The same on PostgreSQL."""

    cache_ok = True

    def bind_expression(self, bindvalue: Any) -> ColumnElement[Any]:
        return cast(bindvalue, JSONB)

    def column_expression(self, column: Any) -> ColumnElement[Any]:
        return cast(column, Text)


class _Wkb(TypeDecorator[bytes]):
    """A PostGIS geometry as the bytes that SQLite has."""

    impl = LargeBinary
    cache_ok = True

    def bind_expression(self, bindvalue: Any) -> ColumnElement[Any]:
        return func.ST_GeomFromWKB(bindvalue, SRID)

    def column_expression(self, column: Any) -> ColumnElement[Any]:
        return func.ST_AsBinary(column)


@lru_cache(maxsize=2)
def carriers(dialect: str) -> tuple[Table, ...]:
    """Every table of ours for `dialect`, owners before what they own."""
    apart = MetaData()
    return tuple(
        Table(
            table.name, apart, *(Column(c.name, _carried(c.type, dialect)) for c in table.columns)
        )
        for table in Base.metadata.sorted_tables
    )


def _carried(kind: TypeEngine[Any], dialect: str) -> TypeEngine[Any]:
    postgres = dialect == "postgresql"
    if isinstance(kind, JSON):
        return _Jsonb() if postgres else _Words()
    if isinstance(kind, Shape):
        return _Wkb() if postgres else LargeBinary()
    return kind
