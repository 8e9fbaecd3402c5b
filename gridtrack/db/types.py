"""Column types, and every difference between SQLite and PostgreSQL that a column can have."""

from datetime import UTC, datetime, timedelta
from typing import Any

import shapely
from geoalchemy2 import Geometry
from geoalchemy2.elements import WKBElement
from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Integer,
    LargeBinary,
    String,
    TypeDecorator,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

SRID = 4326
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Json = JSON().with_variant(JSONB(), "postgresql")
# SQLite only numbers rows by itself where the key is exactly INTEGER.
BigKey = BigInteger().with_variant(Integer(), "sqlite")

# Byte order, whatever the server's language: a scope is a range of paths and uses the index.
PathText = String(200).with_variant(String(200, collation="C"), "postgresql")


class Instant(TypeDecorator[datetime]):
    """An instant in UTC: timestamptz on PostgreSQL, whole microseconds since 1970 on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect is not None and dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return DateTime(timezone=True)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("an instant needs a zone")
        return (value - _EPOCH) // _MICROSECOND if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return _EPOCH + timedelta(microseconds=value)
        instant: datetime = value.astimezone(UTC)
        return instant


class Shape(TypeDecorator[shapely.Geometry]):
    """A Shapely geometry in WGS-84 lon/lat: PostGIS geometry, or WKB bytes on SQLite.

    SpatiaLite is not used: many Python builds cannot load SQLite extensions (design.md §4.2).
    """

    impl = Geometry(srid=SRID, spatial_index=False)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        # GeoAlchemy2's events ask with no dialect at all while a table is being declared.
        if dialect is not None and dialect.name == "sqlite":
            return dialect.type_descriptor(LargeBinary())
        return Geometry(srid=SRID, spatial_index=False)

    def process_bind_param(self, value: shapely.Geometry | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return shapely.to_wkb(value)
        return WKBElement(shapely.to_wkb(value), srid=SRID)

    def process_result_value(self, value: Any, _dialect: Dialect) -> shapely.Geometry | None:
        if value is None:
            return None
        if isinstance(value, WKBElement):
            value = bytes(value.data) if not isinstance(value.data, str) else value.data
        return shapely.from_wkb(value)

    class comparator_factory(TypeDecorator.Comparator[shapely.Geometry]):  # noqa: N801 - its name
        """Plain comparison only: spatial questions are asked of Shapely."""
