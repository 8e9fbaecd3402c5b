"""A small map for paper: a grid, what is around it and the roads, as paths of an SVG picture."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gridtrack.geo.metric import metres_per_degree

WIDE, HIGH = 720.0, 500.0
AROUND = 0.22  # of the grid's size is shown around it
LEAST_M = 60.0  # a grid of one house is still shown with its street
LETTER, LATIN = 15.0, 8.0  # how wide a sign is, in units of the picture
BARS_M = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something on the ground, WGS-84: a road, water, a neighbour; `width_m` for roads."""

    name: str
    kind: str
    shape: shapely.Geometry
    width_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Path:
    """A path to be drawn: `d` as SVG has it, `width` of a road in units."""

    kind: str
    d: str
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Label:
    """A name and where it stands, turned by `angle` degrees."""

    kind: str
    text: str
    x: float
    y: float
    angle: float = 0.0


@dataclass(frozen=True, slots=True)
class Sketch:
    """The picture; `bar` is the length of the scale bar in units, `bar_m` in metres."""

    paths: tuple[Path, ...]
    labels: tuple[Label, ...]
    bar: float
    bar_m: int
    wide: float = WIDE
    high: float = HIGH


class _Frame:
    """From degrees to units of the picture, y downwards."""

    def __init__(self, shape: shapely.Geometry) -> None:
        west, south, east, north = shape.bounds
        self._lon, self._lat = (west + east) / 2, (south + north) / 2
        self._x_m, self._y_m = metres_per_degree(self._lat)
        wide_m = max((east - west) * self._x_m, LEAST_M) * (1 + 2 * AROUND)
        high_m = max((north - south) * self._y_m, LEAST_M) * (1 + 2 * AROUND)
        self.scale = min(WIDE / wide_m, HIGH / high_m)
        self.paper = shapely.box(0, 0, WIDE, HIGH)

    def put(self, shape: shapely.Geometry) -> shapely.Geometry:
        """The shape on the paper, what lies beyond cut off."""

        def move(xy: np.ndarray) -> np.ndarray:
            x = WIDE / 2 + (xy[:, 0] - self._lon) * self._x_m * self.scale
            y = HIGH / 2 - (xy[:, 1] - self._lat) * self._y_m * self.scale
            return np.column_stack([x, y])

        moved = shapely.make_valid(shapely.transform(shape, move))
        return shapely.intersection(moved, self.paper)


def sketch(own: Thing, ground: Sequence[Thing], neighbours: Sequence[Thing]) -> Sketch:
    """The picture of `own` in the middle of roads, water and neighbours, all WGS-84."""
    frame = _Frame(own.shape)
    bar_m = max((m for m in BARS_M if m * frame.scale <= WIDE / 4), default=BARS_M[0])
    placed = _Placed()
    shape = frame.put(own.shape)
    labels = [*placed.add(_inside("own", own.name, shape))]
    paths = []
    roads: dict[str, list[shapely.Geometry]] = {}
    for thing in sorted(ground, key=lambda one: one.width_m):
        found = frame.put(thing.shape)
        if shapely.is_empty(found):
            continue
        if thing.width_m:
            paths.append(Path("road", _d(found), max(2.0, thing.width_m * frame.scale)))
            roads.setdefault(thing.name, []).append(found)
        else:
            paths.insert(0, Path(thing.kind, _d(found)))
            labels += placed.add(_inside("place", thing.name, found))
    for neighbour in neighbours:
        found = frame.put(neighbour.shape)
        if not shapely.is_empty(found):
            paths.append(Path("neighbour", _d(found)))
            labels += placed.add(_inside("neighbour", neighbour.name, found))
    for name, pieces in roads.items():
        labels += placed.add(_along(name, pieces))
    paths.append(Path("own", _d(shape)))
    return Sketch(tuple(paths), tuple(labels), bar_m * frame.scale, bar_m)


class _Placed:
    """Names that stand already: one that would cover another is left away."""

    def __init__(self) -> None:
        # The corners of the arrow and of the scale bar are taken from the beginning.
        self._taken = [
            shapely.box(WIDE - 44, 0, WIDE, 76),
            shapely.box(0, HIGH - 42, WIDE / 3, HIGH),
        ]

    def add(self, label: Label | None) -> Iterator[Label]:
        if label is None:
            return
        half = length_of(label.text) / 2
        reach = math.radians(label.angle)
        x, y = half * math.cos(reach), half * math.sin(reach)
        line = shapely.LineString([(label.x - x, label.y - y), (label.x + x, label.y + y)])
        ground = shapely.buffer(line, LETTER * 0.7, cap_style="flat")
        if not any(shapely.intersects(ground, other) for other in self._taken):
            self._taken.append(ground)
            yield label


def length_of(text: str) -> float:
    """How long a name is when written, in units of the picture."""
    return sum(LATIN if letter.isascii() else LETTER for letter in text)


def _inside(kind: str, name: str, shape: shapely.Geometry) -> Label | None:
    """A name in the middle of a shape that is wide enough for it."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    if not parts or not name:
        return None
    part = max(parts, key=lambda one: one.area)
    west, north, east, south = part.bounds
    if east - west < length_of(name) * 0.8 or south - north < LETTER * 1.2:
        return None
    centre = shapely.maximum_inscribed_circle(part, tolerance=2.0)
    x, y = centre.coords[0]
    half = length_of(name) / 2
    return Label(kind, name, round(min(max(x, half + 4), WIDE - half - 4), 1), round(y, 1))


def _along(name: str, pieces: Sequence[shapely.Geometry]) -> Label | None:
    """A name along the longest straight part of a road."""
    merged = shapely.line_merge(shapely.union_all(pieces))
    lines = [line for line in shapely.get_parts(merged) if line.geom_type == "LineString"]
    if not lines or not name:
        return None
    line = max(lines, key=lambda one: one.length)
    need = length_of(name)
    if line.length < need * 1.3:
        return None
    begin, end = (line.interpolate(line.length / 2 + side * need / 2).coords[0] for side in (-1, 1))
    angle = math.degrees(math.atan2(end[1] - begin[1], end[0] - begin[0]))
    if not -90 < angle <= 90:
        angle += 180 if angle <= -90 else -180
    x, y = line.interpolate(line.length / 2).coords[0]
    return Label("road", name, round(x, 1), round(y, 1), round(angle, 1))


def _d(shape: shapely.Geometry) -> str:
    """The path data of lines and polygons."""
    said = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            rings = [part.exterior, *part.interiors]
        elif part.geom_type == "LineString":
            rings = [part]
        else:
            continue
        for ring in rings:
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in ring.coords)
            said.append(f"M{points}{'Z' if part.geom_type == 'Polygon' else ''}")
    return "".join(said)
