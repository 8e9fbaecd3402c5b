"""GeoJSON coordinates checked and made into Shapely geometries."""

from collections.abc import Callable
from itertools import chain
from typing import Any, NoReturn

import numpy as np
import shapely
from numpy.typing import NDArray

from gridtrack.errors import Invalid

XY = NDArray[np.float64]
NUMBERS = {int, float}


def wrong(code: str, where: str, value: object, **params: object) -> NoReturn:
    """Refuse what stands at the path `where`."""
    raise Invalid(code, field=where or "$", value=value, **params)


def shape_of(kind: str, coordinates: object, where: str) -> shapely.Geometry:
    """The geometry of a GeoJSON type and its coordinates, which stand at the path `where`.

    Z and M are dropped. Raises Invalid("geojson-…").
    """
    return _MAKERS[kind](coordinates, where)


def _point(value: object, where: str) -> shapely.Geometry:
    positions = _list(value, where)
    return shapely.Point(_positions([positions], where, single=True)[0]) if positions else _NOWHERE


def _multipoint(value: object, where: str) -> shapely.Geometry:
    return shapely.MultiPoint(_positions(_list(value, where), where))


def _line(value: object, where: str) -> shapely.Geometry:
    positions = _list(value, where)
    xy = _positions(positions, where)
    if len(xy) < 2:
        wrong("geojson-line-short", where, value, count=len(xy))
    return shapely.linestrings(xy)


def _multiline(value: object, where: str) -> shapely.Geometry:
    return shapely.MultiLineString(_each(value, where, _line))


def _polygon(value: object, where: str) -> shapely.Geometry:
    rings = _each(value, where, _ring)
    return shapely.polygons(rings[0], holes=rings[1:] or None) if rings else shapely.Polygon()


def _multipolygon(value: object, where: str) -> shapely.Geometry:
    return shapely.MultiPolygon(_each(value, where, _polygon))


def _ring(value: object, where: str) -> shapely.Geometry:
    positions = _list(value, where)
    xy = _positions(positions, where)
    if len(xy) < 4:
        wrong("geojson-ring-short", where, value, count=len(xy))
    first, last = positions[0], positions[-1]
    if first[:2] != last[:2] or len(first) != len(last):
        wrong("geojson-ring-open", where, f"{first} … {last}")
    return shapely.linearrings(xy)


def _list(value: object, where: str) -> list[Any]:
    if not isinstance(value, list):
        wrong("geojson-member-kind", where, value, wanted="array")
    return value


def _each(
    value: object, where: str, make: Callable[[object, str], shapely.Geometry]
) -> list[shapely.Geometry]:
    return [make(part, f"{where}[{i}]") for i, part in enumerate(_list(value, where))]


def _positions(positions: list[Any], where: str, *, single: bool = False) -> XY:
    """An (n, 2) array of the positions; the common case takes no Python loop over them."""
    try:
        kinds = set(map(type, chain.from_iterable(positions)))
        lengths = set(map(len, positions))
        if kinds <= NUMBERS and min(lengths, default=2) >= 2:
            flat = positions if lengths <= {2} else [position[:2] for position in positions]
            xy = np.array(flat, dtype=np.float64).reshape(-1, 2)
            if np.isfinite(xy).all():
                return xy
    except (TypeError, OverflowError):
        pass  # the loop below says which position it was
    for i, position in enumerate(positions):
        _check_position(position, where if single else f"{where}[{i}]")
    raise AssertionError(where)


def _check_position(position: object, where: str) -> None:
    if not isinstance(position, list):
        wrong("geojson-position", where, position)
    if len(position) < 2:
        wrong("geojson-position-short", where, position)
    for i, number in enumerate(position):
        if type(number) not in NUMBERS:
            wrong("geojson-coordinate", f"{where}[{i}]", number)
        if not abs(number) < 1e300:
            wrong("geojson-number", f"{where}[{i}]", str(number))


_NOWHERE = shapely.Point()
_MAKERS: dict[str, Callable[[object, str], shapely.Geometry]] = {
    "Point": _point,
    "MultiPoint": _multipoint,
    "LineString": _line,
    "MultiLineString": _multiline,
    "Polygon": _polygon,
    "MultiPolygon": _multipolygon,
}
GEOMETRY_TYPES = frozenset(_MAKERS) | {"GeometryCollection"}
