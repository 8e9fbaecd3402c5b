"""A small street of three levels, and ways to spoil it."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gridtrack.grids.rules import Grid, with_paths

WEST, SOUTH, STEP = 119.5, 27.4, 0.001
METRE = 1 / 111_000  # degrees of latitude; of longitude it is 0.89 m here
SHARED = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"


def square(column: float, row: float, wide: float = 1, high: float = 1) -> shapely.Polygon:
    """A rectangle of the street's raster of about 100 m, column and row from its south-west."""
    return shapely.box(
        WEST + STEP * column,
        SOUTH + STEP * row,
        WEST + STEP * (column + wide),
        SOUTH + STEP * (row + high),
    )


def street() -> list[Grid]:
    """Two communities A and B, each of two columns (A1, A2) of two leaves (A11 below A12).

    From west to east the columns are A1 A2 B1 B2; each leaf is one square of the raster.
    """
    grids = []
    for c, community in enumerate("AB"):
        grids.append(Grid(community, 1, "", f"{community}社区", square(2 * c, 0, 2, 2)))
        for column in (1, 2):
            at, code = 2 * c + column - 1, f"{community}{column}"
            grids.append(Grid(code, 2, community, f"{code}片", square(at, 0, 1, 2)))
            for row in (1, 2):
                leaf = f"{code}{row}"
                grids.append(Grid(leaf, 3, code, f"{leaf}格", square(at, row - 1)))
    return with_paths(grids)


def leaves(grids: Iterable[Grid] | None = None) -> list[Grid]:
    return [grid for grid in grids or street() if grid.level == 3]


def without(grids: Iterable[Grid], *codes: str) -> list[Grid]:
    return [grid for grid in grids if grid.code not in codes]


def changed(grids: Iterable[Grid], code: str, **new: Any) -> list[Grid]:
    """The grids with other values for one of them."""
    return [replace(grid, **new) if grid.code == code else grid for grid in grids]


def moved(shape: shapely.Geometry, east_m: float = 0, north_m: float = 0) -> shapely.Geometry:
    """A shape pushed by metres."""
    east = east_m * METRE / 0.8878  # the cosine of the latitude
    return shapely.transform(shape, lambda xy: np.add(xy, [east, north_m * METRE]))


def as_geojson(grids: Iterable[Grid]) -> dict[str, Any]:
    """One file with all levels."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "code": grid.code,
                    "level": grid.level,
                    "parent": grid.parent or None,
                    "name": grid.name,
                },
                "geometry": None
                if grid.shape.is_empty
                else json.loads(shapely.to_geojson(grid.shape)),
            }
            for grid in grids
        ],
    }


def written(path: Path, grids: Iterable[Grid]) -> Path:
    """The grids as a GeoJSON file."""
    path.write_text(json.dumps(as_geojson(grids), ensure_ascii=False), encoding="utf-8")
    return path


def shared(city: str, level: int) -> Path:
    """A level of the shared real data."""
    plain = SHARED / city / f"level{level}.geojson"
    return plain if plain.exists() else plain.with_suffix(".geojson.gz")
