"""GeoJSON coordinates checked and made into Shapely geometries."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Any, NoReturn

import numpy as np
import shapely
from numpy.typing import NDArray

from gridtrack.errors import Invalid

XY = NDArray[np.float64]
NUMBERS = {int, float}
_LEAST_RING = 4


def wrong(code: str, where: str, value: object, **params: object) -> NoReturn:
    """Refuse what stands at the path `where`."""
    raise Invalid(code, field=where or "$", value=value, **params)


def shape_of(kind: str, coordinates: object, where: str) -> shapely.Geometry:
    """The geometry of a GeoJSON type and its coordinates, which stand at the path `where`.

    Z and M are dropped. Raises Invalid("geojson-…").
    """
    return _MAKERS[kind](coordinates, where)


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring without any fault, as numbers: as lists it takes ten times the memory."""

    xy: XY


def packed(coordinates: object) -> object:
    """Coordinates with every faultless ring packed; what has a fault stays as it was read."""
    if not isinstance(coordinates, list) or not coordinates:
        return coordinates
    first = coordinates[0]
    if isinstance(first, list) and first and type(first[0]) in NUMBERS:
        return _ring_packed(coordinates)
    return [packed(part) for part in coordinates]


def _ring_packed(positions: list[Any]) -> object:
    """A closed ring of four or more pairs of finite numbers; else the positions as they are."""
    if len(positions) < _LEAST_RING or positions[0] != positions[-1]:
        return positions
    xy = _clean(positions)
    return positions if xy is None or set(map(len, positions)) != {2} else Ring(xy)


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
    if isinstance(value, Ring):
        return shapely.linearrings(value.xy)
    positions = _list(value, where)
    xy = _positions(positions, where)
    if len(xy) < _LEAST_RING:
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
    xy = _clean(positions)
    if xy is not None:
        return xy
    for i, position in enumerate(positions):
        _check_position(position, where if single else f"{where}[{i}]")
    raise AssertionError(where)


def _clean(positions: list[Any]) -> XY | None:
    """An (n, 2) array of positions that are all finite numbers, else None."""
    try:
        kinds = set(map(type, chain.from_iterable(positions)))
        lengths = set(map(len, positions))
        if kinds <= NUMBERS and min(lengths, default=2) >= 2:
            flat = positions if lengths <= {2} else [position[:2] for position in positions]
            xy = np.array(flat, dtype=np.float64).reshape(-1, 2)
            return xy if np.isfinite(xy).all() else None
    except (TypeError, OverflowError):
        pass  # whoever asked says which position it was
    return None


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
