"""How far a file lies from what is known, for each datum it might be in: figures and pictures.

The figure is the mean distance of the file's vertices from the nearest known line. It says which
datum fits best, not that it is right: a person looks at the pictures and chooses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridtrack.geo.datum import Datum
from gridtrack.geo.metric import Plane, plane_over
from gridtrack.imports.preview import Shapes, moved_to

DATUMS = tuple(datum.value for datum in Datum)
MOST_POINTS = 2000
WINDOW_M = 400.0  # half the side of a picture: the wrong datum is some 500 m off
_NEAR_DEG = 0.03  # farther from the file nothing is compared
_FITTING_M = 30.0


@dataclass(frozen=True, slots=True)
class Known:
    """Lines of the deployment in WGS-84, by what they are, the best to compare with first."""

    lines: Mapping[str, Shapes]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the datums come to; `against` is the kind of line measured to, "" where there is none.

    `paths` are SVG paths in metres around one place: what is known by kind, the file by datum.
    """

    against: str
    metres: Mapping[str, float]
    known: Mapping[str, str]
    paths: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """As it is kept with an import."""
        return {
            "against": self.against,
            "metres": dict(self.metres),
            "known": dict(self.known),
            "paths": dict(self.paths),
            "window_m": WINDOW_M,
        }


def compare(shapes: Shapes, known: Known) -> Comparison:
    """Compare polygons of a file, as they stand in it, with what is known near them."""
    xy = shapely.get_coordinates(shapes)
    if not len(xy):
        return Comparison("", {}, {}, {})
    points = xy[:: max(1, len(xy) // MOST_POINTS)]
    near = {kind: _near(lines, points) for kind, lines in known.lines.items()}
    near = {kind: lines for kind, lines in near.items() if len(lines)}
    plane = plane_over([shapely.box(*_bounds(points, _NEAR_DEG))])
    flat = {kind: plane.flat(lines) for kind, lines in near.items()}
    against = next(iter(flat), "")
    found = {datum: _laid(plane, moved_to(points, datum)) for datum in DATUMS}
    away = {d: _distances(flat[against], p) for d, p in found.items()} if against else {}
    metres = {datum: round(float(far.mean()), 2) for datum, far in away.items()}
    best = min(metres, key=lambda datum: metres[datum]) if metres else Datum.WGS84.value
    at = _spot(found[best], away.get(best))
    window = (at[0] - WINDOW_M, at[1] - WINDOW_M, at[0] + WINDOW_M, at[1] + WINDOW_M)
    return Comparison(
        against,
        metres,
        {kind: _path(lines, window, at) for kind, lines in flat.items()},
        {datum: _path(_outlines(shapes, datum, plane), window, at) for datum in DATUMS},
    )


def _bounds(points: NDArray[np.float64], margin: float) -> tuple[float, float, float, float]:
    west, south = points.min(axis=0) - margin
    east, north = points.max(axis=0) + margin
    return float(west), float(south), float(east), float(north)


def _near(lines: Shapes, points: NDArray[np.float64]) -> Shapes:
    if not len(lines):
        return lines
    box = shapely.box(*_bounds(points, _NEAR_DEG))
    found: Shapes = lines[shapely.intersects(lines, box)]
    return found


def _laid(plane: Plane, xy: NDArray[np.float64]) -> Shapes:
    return plane.flat(shapely.points(xy))


def _distances(lines: Shapes, points: Shapes) -> NDArray[np.float64]:
    tree = shapely.STRtree(lines)
    far: NDArray[np.float64] = shapely.distance(points, lines[tree.nearest(points)])
    return far


def _spot(points: Shapes, away: NDArray[np.float64] | None) -> tuple[float, float]:
    """The place of the pictures: a vertex near the middle of the file, with something known by."""
    xy = shapely.get_coordinates(points)
    from_middle = np.hypot(*(xy - np.median(xy, axis=0)).T)
    if away is not None and (away < _FITTING_M).any():
        from_middle = np.where(away < _FITTING_M, from_middle, np.inf)
    x, y = xy[int(from_middle.argmin())]
    return float(x), float(y)


def _outlines(shapes: Shapes, datum: str, plane: Plane) -> Shapes:
    moved = shapely.transform(shapes, lambda xy: moved_to(xy, datum))
    outlines: Shapes = shapely.boundary(plane.flat(moved))
    return outlines


def _path(lines: Shapes, window: tuple[float, float, float, float], at: tuple[float, float]) -> str:
    """The lines inside the window as an SVG path, metres from its middle, north up."""
    parts = shapely.get_parts(shapely.clip_by_rect(lines, *window))
    said = []
    for part in parts[~shapely.is_empty(parts)]:
        xy = shapely.get_coordinates(part)
        steps = (f"{x - at[0]:.1f} {at[1] - y:.1f}" for x, y in xy.tolist())
        said.append("M" + "L".join(steps))
    return "".join(said)
