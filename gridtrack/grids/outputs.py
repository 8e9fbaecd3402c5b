"""Grids into files that other programs, and our own import, read: every digit of them.

GeoJSON and GeoPackage keep shapes as they are; a Shapefile winds rings its own way and cuts names
at 254 bytes, which is the format's doing. Written in batches, so that a city fits into memory.
"""

import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyogrio.raw
import shapely
from numpy.typing import NDArray

from gridtrack.geo.datum import Datum, from_wgs84
from gridtrack.geo.thin import Shapes
from gridtrack.grids.features import as_text

TEXTS = ("code", "parent", "name", "name_en", "path")
DATUMS = (Datum.WGS84, Datum.CGCS2000, Datum.GCJ02)
# GCJ-02 has no code that programs know: such a file names no system, and its name says it.
_CRS = {Datum.WGS84: "EPSG:4326", Datum.CGCS2000: "EPSG:4490"}


class Format(StrEnum):
    """What grids can be written as."""

    GEOJSON = "geojson"
    GPKG = "gpkg"
    SHP = "shp"


ENDING = {Format.GEOJSON: "geojson", Format.GPKG: "gpkg", Format.SHP: "zip"}
MEDIA = {
    Format.GEOJSON: "application/geo+json",
    Format.GPKG: "application/geopackage+sqlite3",
    Format.SHP: "application/zip",
}


class Row(Protocol):
    """The columns of `grid` that are written."""

    code: str
    level: int
    parent: str
    name: str
    name_en: str
    path: str
    shape: shapely.Geometry
    area_m2: float
    households: int | None


Progress = Callable[[int, int], None]
Batches = Iterable[Sequence[Any]]


def write_grids(batches: Batches, out: Path, kind: Format, datum: Datum, name: str) -> int:
    """Write batches of rows to `out` and return how many; whole or, on any error, not at all."""
    write = {Format.GEOJSON: _geojson, Format.GPKG: _geopackage, Format.SHP: _shapefile}[kind]
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".export-") as folder:
        made = Path(folder) / f"{name}.{ENDING[kind]}"
        count = write(batches, made, datum)
        made.replace(out)
    return count


def moved(shapes: Shapes, datum: Datum) -> Shapes:
    """WGS-84 shapes in another datum; as they are where it is the same within a metre."""
    if datum in (Datum.WGS84, Datum.CGCS2000):
        return shapes

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], datum))

    shifted: Shapes = shapely.transform(shapes, move)
    return shifted


def _geojson(batches: Batches, path: Path, datum: Datum) -> int:
    count = 0
    said = "" if datum == Datum.WGS84 else f'"datum":{as_text(datum.value)},'
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{{"type":"FeatureCollection",{said}"features":[')
        for rows in batches:
            shapes = moved(np.array([row.shape for row in rows], dtype=object), datum)
            for row, shape in zip(rows, shapely.to_geojson(shapes), strict=True):
                known = as_text({name: getattr(row, name) for name in PROPERTIES})
                file.write(",\n" if count else "\n")
                file.write(f'{{"type":"Feature","properties":{known},"geometry":{shape}}}')
                count += 1
        file.write("\n]}\n")
    return count


PROPERTIES = ("code", "level", "parent", "name", "name_en", "path", "area_m2", "households")


def _geopackage(batches: Batches, path: Path, datum: Datum) -> int:
    return _with_gdal(batches, path, datum, driver="GPKG", geometry_type="Unknown", layer="grids")


def _shapefile(batches: Batches, path: Path, datum: Datum) -> int:
    folder = path.parent / "shp"
    folder.mkdir()
    bare = folder / f"{path.stem}.shp"
    count = _with_gdal(
        batches, bare, datum, driver="ESRI Shapefile", geometry_type="Polygon", layer=path.stem
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in sorted(folder.iterdir()):
            packed.write(part, part.name)
    shutil.rmtree(folder)
    return count


def _with_gdal(batches: Batches, path: Path, datum: Datum, **options: Any) -> int:
    count = 0
    for rows in batches:
        shapes = moved(np.array([row.shape for row in rows], dtype=object), datum)
        data, mask = _columns(rows)
        with warnings.catch_warnings():
            # That a file in GCJ-02 names no system is meant.
            warnings.simplefilter("ignore", UserWarning)
            pyogrio.raw.write(
                path,
                shapely.to_wkb(shapes),
                data,
                np.array(PROPERTIES, dtype=object),
                field_mask=mask,
                crs=_CRS.get(datum),
                encoding="UTF-8",
                append=count > 0,
                **options,
            )
        count += len(rows)
    return count


def _columns(rows: Sequence[Row]) -> tuple[list[Any], list[Any]]:
    """The values of each property, and which of them are missing."""
    missing = np.array([row.households is None for row in rows])
    columns: dict[str, Any] = {
        name: np.array([getattr(row, name) for row in rows], dtype=object) for name in TEXTS
    }
    columns["level"] = np.array([row.level for row in rows], dtype=np.int32)
    columns["area_m2"] = np.array([row.area_m2 for row in rows], dtype=np.float64)
    columns["households"] = np.array([row.households or 0 for row in rows], dtype=np.int32)
    masks = [missing if name == "households" else None for name in PROPERTIES]
    return [columns[name] for name in PROPERTIES], masks
