"""Polygon files of every accepted kind, read into one form and brought to WGS-84."""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError
from pyproj import CRS, Transformer

from gridtrack.errors import Invalid
from gridtrack.geo import datum as datums
from gridtrack.geo.geojson import Feature, Layer, read_geojson
from gridtrack.geo.metric import crs_named
from gridtrack.geo.unpack import LIMITS, Limits, unpacked

WGS84 = "EPSG:4326"
MOST_TEXT_BYTES = 300_000_000
_SQLITE = b"SQLite format 3\x00"
_SHP = b"\x00\x00\x27\x0a"
_AREA_MARGIN_DEG = 2.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a person declares about a file; empty: what the file says, else WGS-84 and UTF-8."""

    crs: str = ""
    datum: str = datums.Datum.WGS84
    layer: str = ""
    encoding: str = ""
    limits: Limits = LIMITS


def read_layer(path: Path, reading: Reading | None = None) -> Layer:
    """The features of a GeoJSON, GeoPackage or Shapefile (gz, zip) in WGS-84, flat.

    Raises Invalid naming file and feature: those of `unpack` and `geojson`, "file-unreadable",
    "layer-choose", "crs-unknown", "crs-disagrees", "crs-elsewhere", "lonlat-out-of-range",
    "lonlat-swapped", "lonlat-zero", "datum-unknown".
    """
    reading = reading or Reading()
    datums.datum_named(reading.datum)
    if reading.crs:
        crs_named(reading.crs)
    with unpacked(path, reading.limits) as plain:
        layer = _raw(plain, path.name, reading)
    layer = _to_wgs84(layer, reading)
    _check_range(layer, declared=bool(reading.crs or layer.crs))
    return layer if reading.datum == datums.Datum.WGS84 else _from_datum(layer, reading.datum)


def _raw(plain: Path, name: str, reading: Reading) -> Layer:
    with plain.open("rb") as file:
        magic = file.read(16)
        if magic != _SQLITE and not magic.startswith(_SHP):
            data = magic + file.read(MOST_TEXT_BYTES)
            if len(data) > MOST_TEXT_BYTES:
                raise Invalid("file-too-large", field="file", value=name, most=MOST_TEXT_BYTES)
            return read_geojson(data, name)
    try:
        with warnings.catch_warnings():
            # GDAL's remarks about a file go nowhere useful: its errors are what counts.
            warnings.simplefilter("ignore", RuntimeWarning)
            return _with_gdal(plain, name, reading)
    except (DataSourceError, DataLayerError, FeatureError, GeometryError) as error:
        raise Invalid("file-unreadable", field="file", value=name, reason=str(error)) from None
    except (UnicodeDecodeError, LookupError):
        raise Invalid(
            "file-encoding", field="encoding", value=reading.encoding or "UTF-8", file=name
        ) from None


def _with_gdal(plain: Path, name: str, reading: Reading) -> Layer:
    layers = [str(found) for found, kind in pyogrio.list_layers(plain) if kind is not None]
    if reading.layer not in layers if reading.layer else len(layers) != 1:
        raise Invalid(
            "layer-choose", field="layer", value=reading.layer, file=name, layers=", ".join(layers)
        )
    layer = reading.layer or layers[0]
    meta, _, shapes, columns = _columns(plain, layer, reading.encoding)
    texts = {str(field): column for field, column in zip(meta["fields"], columns, strict=True)}
    geometries = shapely.force_2d(shapely.from_wkb(shapes, on_invalid="ignore"))
    for i in np.flatnonzero(shapely.is_missing(geometries)):
        if shapes[i] is not None:
            raise Invalid("shape-broken", field="shape", value=int(i), file=name, feature=int(i))
    features = tuple(
        Feature(i, {field: _plain(column[i]) for field, column in texts.items()}, geometry)
        for i, geometry in enumerate(geometries)
    )
    return Layer(name, features, meta["crs"])


def _columns(plain: Path, layer: str, encoding: str) -> tuple[Any, ...]:
    """Read with the encoding given, else the file's own; a bare Shapefile is UTF-8 or GB 18030."""
    bare = plain.suffix.lower() == ".shp" and not plain.with_suffix(".cpg").exists()
    if encoding or not bare:
        found: tuple[Any, ...] = pyogrio.raw.read(plain, layer=layer, encoding=encoding or None)
        return found
    try:
        found = pyogrio.raw.read(plain, layer=layer, encoding="UTF-8")
    except UnicodeDecodeError:
        found = pyogrio.raw.read(plain, layer=layer, encoding="GB18030")
    return found


def _plain(value: object) -> object:
    """A cell as Python has it: NaN (a missing number) is None, 350924.0 is 350924."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        if np.isnan(value):
            return None
        return int(value) if value.is_integer() else value
    return value


def _shapes(features: Iterable[Feature]) -> NDArray[np.object_]:
    return np.array([feature.shape for feature in features] or [], dtype=object)


def _with_shapes(layer: Layer, shapes: NDArray[np.object_]) -> Layer:
    pairs = zip(layer.features, shapes, strict=True)
    return replace(layer, features=tuple(replace(f, shape=shape) for f, shape in pairs))


def _to_wgs84(layer: Layer, reading: Reading) -> Layer:
    named = reading.crs or layer.crs
    if not named:
        return layer
    source = crs_named(named)
    own = crs_named(layer.crs) if layer.crs else source
    if source != own and not _same(source, own):
        raise Invalid(
            "crs-disagrees", field="crs", value=reading.crs, file=layer.name, own=own.name
        )
    if _same(source, crs_named(WGS84)):
        return layer
    to_wgs84 = Transformer.from_crs(source, WGS84, always_xy=True)

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_wgs84.transform(xy[:, 0], xy[:, 1]))

    moved = _with_shapes(layer, shapely.transform(_shapes(layer.features), move))
    _check_area(moved, source, named)
    return moved


def _same(one: CRS, other: CRS) -> bool:
    """Equal for our use: by code, or by content whatever the order of the axes."""
    return one.equals(other, ignore_axis_order=True) or (
        one.to_epsg() is not None and one.to_epsg() == other.to_epsg()
    )


def _check_area(layer: Layer, source: CRS, named: str) -> None:
    """A wrong system lands data outside the ground it was made for: refuse that."""
    area = source.area_of_use
    if area is None or area.west > area.east:
        return
    bounds = shapely.bounds(_shapes(layer.features))
    bounds = np.where(np.isfinite(bounds), bounds, np.inf)
    margin = _AREA_MARGIN_DEG
    outside = (
        (bounds[:, 0] < area.west - margin)
        | (bounds[:, 1] < area.south - margin)
        | ~(bounds[:, 2] <= area.east + margin)
        | ~(bounds[:, 3] <= area.north + margin)
    )
    outside &= ~_empty(layer)
    if outside.any():
        index = int(outside.argmax())
        value = ", ".join(f"{edge:.6g}" for edge in bounds[index][:2])
        raise Invalid(
            "crs-elsewhere",
            field="crs",
            value=value,
            file=layer.name,
            feature=layer.features[index].index,
            crs=named[:60],
            area=area.name[:120],
        )


def _empty(layer: Layer) -> NDArray[np.bool_]:
    shapes = _shapes(layer.features)
    empty: NDArray[np.bool_] = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    return empty


def _check_range(layer: Layer, *, declared: bool) -> None:
    """Degrees must be degrees; what projected metres or swapped axes look like is said so."""
    shapes = _shapes(layer.features)
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    x, y = np.abs(xy[:, 0]), np.abs(xy[:, 1])
    bad = ~((x <= 180) & (y <= 90))
    zero = (x == 0) & (y == 0)
    if not bad.any() and not zero.any():
        return
    at = int((bad if bad.any() else zero).argmax())
    code = "lonlat-zero" if not bad.any() else "lonlat-out-of-range"
    if bad.any() and ((x[bad] <= 90) & (y[bad] <= 180)).all():
        code = "lonlat-swapped"
    raise Invalid(
        code,
        field="crs" if code == "lonlat-out-of-range" else "coordinates",
        value=f"{xy[at, 0]:.10g}, {xy[at, 1]:.10g}",
        file=layer.name,
        feature=layer.features[int(owner[at])].index,
        declared=declared,
    )


def _from_datum(layer: Layer, datum: str) -> Layer:
    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(datums.to_wgs84(xy[:, 0], xy[:, 1], datum))

    return _with_shapes(layer, shapely.transform(_shapes(layer.features), move))
