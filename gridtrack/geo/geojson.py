"""GeoJSON read strictly (RFC 7946): what is wrong is refused with the place where it stands.

Taken in although the standard says SHOULD NOT: rings wound the other way, more than three numbers
in a position (Z and M are dropped), nested or single GeometryCollections, the old "crs" member.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import shapely

from gridtrack.errors import Invalid, Rejected
from gridtrack.geo.geojson_shapes import GEOMETRY_TYPES, packed, shape_of, wrong

MOST_FAULTS = 20
POLYGONS = ("Polygon", "MultiPolygon")
GEOMETRY_MEMBERS = ("coordinates", "geometries")


@dataclass(frozen=True, slots=True)
class Feature:
    """One row of a file: where it stands (from 0), its attributes, its geometry or None."""

    index: int
    properties: Mapping[str, object]
    shape: shapely.Geometry | None


@dataclass(frozen=True, slots=True)
class Layer:
    """The features of one file and the reference system that the file itself names, if any."""

    name: str
    features: tuple[Feature, ...]
    crs: str | None = None


Reader = Callable[[int, str, object], Feature]


def read_geojson(data: bytes, name: str) -> Layer:
    """The features of a GeoJSON text; `name` stands in messages.

    Raises Invalid("geojson-…") with `file`, `field` (the path to the faulty member) and `value`,
    or Rejected with up to 20 of them when several features are faulty.
    """
    root = _parsed(data, name)
    try:
        make, rows, crs = _rows(root)
    except Invalid as fault:
        raise _in_file(fault, name) from None
    features, faults = [], []
    for index, (where, row) in enumerate(rows):
        try:
            features.append(make(index, where, row))
        except Invalid as fault:
            faults.append(_in_file(fault, name, index))
            if len(faults) == MOST_FAULTS:
                break
    if faults:
        raise faults[0] if len(faults) == 1 else Rejected(faults)
    return Layer(name, tuple(features), crs)


def _in_file(fault: Invalid, name: str, index: int | None = None) -> Invalid:
    params = {key: value for key, value in fault.params.items() if key not in ("field", "value")}
    return Invalid(
        fault.code,
        field=fault.field,
        value=fault.params["value"],
        file=name,
        feature=index,
        **params,
    )


def _parsed(data: bytes, name: str) -> object:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(
            "geojson-encoding", field="file", value=name, file=name, byte=error.start
        ) from None
    try:
        return json.loads(text, object_pairs_hook=_members, parse_constant=_no_number)
    except Invalid as fault:
        raise _in_file(fault, name) from None
    except json.JSONDecodeError as error:
        raise Invalid(
            "geojson-broken",
            field="file",
            value=text[error.pos : error.pos + 30],
            file=name,
            line=error.lineno,
            column=error.colno,
        ) from None
    except RecursionError:
        raise Invalid("geojson-too-deep", field="file", value=name, file=name) from None
    except ValueError:  # a whole number of more than 4,300 digits
        raise Invalid("geojson-number", field="file", value=name, file=name) from None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Invalid("geojson-duplicate-member", field=twice, value=twice)
    if found.get("type") in POLYGONS and "coordinates" in found:
        found["coordinates"] = packed(found["coordinates"])
    return found


def _no_number(text: str) -> NoReturn:
    raise Invalid("geojson-number", field="coordinates", value=text)


def _rows(root: object) -> tuple[Reader, Sequence[tuple[str, object]], str | None]:
    """How to read the rows, their (path, object), and the crs."""
    if not isinstance(root, dict):
        wrong("geojson-root", "$", root)
    kind = _type(root, "")
    _bbox(root, "")
    crs = _crs(root.get("crs"))
    if kind == "FeatureCollection":
        _forbid(root, "", (*GEOMETRY_MEMBERS, "geometry", "properties"))
        features = _member(root, "", "features")
        if not isinstance(features, list):
            wrong("geojson-member-kind", "features", features, wanted="array")
        return _feature, [(f"features[{i}]", row) for i, row in enumerate(features)], crs
    return _feature if kind == "Feature" else _bare, [("", root)], crs


def _feature(index: int, where: str, row: object) -> Feature:
    if not isinstance(row, dict):
        wrong("geojson-member-kind", where, row, wanted="object")
    kind = _type(row, where)
    if kind != "Feature":
        wrong("geojson-not-a-feature", _at(where, "type"), kind)
    _forbid(row, where, (*GEOMETRY_MEMBERS, "features"))
    _bbox(row, where)
    number = row.get("id")
    if "id" in row and (isinstance(number, bool) or not isinstance(number, str | int | float)):
        wrong("geojson-id", _at(where, "id"), number)
    properties = _member(row, where, "properties")
    if properties is not None and not isinstance(properties, dict):
        wrong("geojson-member-kind", _at(where, "properties"), properties, wanted="object")
    geometry = _member(row, where, "geometry")
    shape = None if geometry is None else _geometry(geometry, _at(where, "geometry"))
    return Feature(index, properties or {}, shape)


def _bare(index: int, where: str, geometry: object) -> Feature:
    """A file that is one geometry and nothing else."""
    return Feature(index, {}, _geometry(geometry, where))


def _geometry(value: object, where: str) -> shapely.Geometry:
    if not isinstance(value, dict):
        wrong("geojson-member-kind", where, value, wanted="object")
    kind = _type(value, where)
    if kind not in GEOMETRY_TYPES:
        wrong("geojson-type-unknown", _at(where, "type"), kind)
    _forbid(value, where, ("geometry", "properties", "features"))
    _bbox(value, where)
    if kind != "GeometryCollection":
        return shape_of(kind, _member(value, where, "coordinates"), _at(where, "coordinates"))
    parts = _member(value, where, "geometries")
    if not isinstance(parts, list):
        wrong("geojson-member-kind", _at(where, "geometries"), parts, wanted="array")
    at = _at(where, "geometries")
    shapes = [_geometry(part, f"{at}[{i}]") for i, part in enumerate(parts)]
    return shapely.GeometryCollection(shapes)


def _type(value: dict[str, Any], where: str) -> str:
    kind = _member(value, where, "type")
    if not isinstance(kind, str):
        wrong("geojson-member-kind", _at(where, "type"), kind, wanted="string")
    return kind


def _member(value: dict[str, Any], where: str, name: str) -> object:
    if name not in value:
        wrong("geojson-member-missing", _at(where, name), None)
    found: object = value[name]
    return found


def _forbid(value: dict[str, Any], where: str, names: Sequence[str]) -> None:
    for name in names:
        if name in value:
            wrong("geojson-member-forbidden", _at(where, name), value[name])


def _bbox(value: dict[str, Any], where: str) -> None:
    if "bbox" not in value:
        return
    box = value["bbox"]
    numbers = isinstance(box, list) and all(type(edge) in (int, float) for edge in box)
    if not numbers or len(box) not in (4, 6):
        wrong("geojson-bbox", _at(where, "bbox"), box)


def _crs(value: object) -> str | None:
    """The name in the "crs" member of GeoJSON before RFC 7946; null means none."""
    if value is None:
        return None
    properties = value.get("properties") if isinstance(value, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        wrong("geojson-crs", "crs", value)
    return name


def _at(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
