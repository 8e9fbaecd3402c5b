"""Zones: polygons beside the grids that add a co-handler. What is wrong with them, and which grids
they touch. Pure.

The checks are those of grids without the demand to cover anything: a zone may leave gaps and cross
the borders of grids. Two of one kind may not overlap; an estate and a unit in it may.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from numpy.typing import NDArray

from gridtrack.errors import Invalid
from gridtrack.geo.metric import Plane, plane_over
from gridtrack.grids.partition import Partition

TOLERANCE_M = 1.0  # two outlines that overlap by a narrower strip only touch
LEAST_M2 = 1.0  # a zone touches a grid from this ground on
MOST_POINTS = 5000  # what a person may type or trace
AREAS = ("Polygon", "MultiPolygon")


class ZoneKind(StrEnum):
    """What a zone is: a residential estate, or a unit (school, market, works)."""

    ESTATE = "estate"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Outline:
    """A zone as the checks see it, in WGS-84 degrees."""

    code: str
    kind: str
    shape: shapely.Geometry | None


@dataclass(frozen=True, slots=True)
class Touch:
    """The ground that a zone and a base grid share; shares are parts of one."""

    zone: int  # position in what was asked
    grid: str
    path: str
    area_m2: float
    of_zone: float
    of_grid: float


def shape_fault(one: Outline) -> Invalid | None:
    """What is wrong with an outline by itself: "zone-empty" or "zone-invalid" with its place."""
    shape = one.shape
    if shape is None or shapely.is_empty(shape) or shape.geom_type not in AREAS:
        return Invalid("zone-empty", field="outline", value=one.code)
    if shapely.is_valid(shape):
        return None
    reason, _, place = shapely.is_valid_reason(shape).partition("[")
    return Invalid(
        "zone-invalid",
        field="outline",
        value=one.code,
        reason=reason.strip(),
        place=place.rstrip("]"),
    )


def overlaps(new: Sequence[Outline], there: Sequence[Outline]) -> list[Invalid]:
    """One "zone-overlap" for each pair of a new zone and another of its kind; all are valid."""
    every = [*new, *there]
    if not new:
        return []
    flat = _plane([one.shape for one in every]).flat(_array(one.shape for one in every))
    first, second = shapely.STRtree(flat).query(flat[: len(new)], predicate="intersects")
    found = []
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        if b <= a or every[a].kind != every[b].kind:
            continue
        shared = shapely.intersection(flat[a], flat[b])
        if shapely.is_empty(shapely.buffer(shared, -TOLERANCE_M / 2)):
            continue
        size = round(float(shapely.area(shared)))
        found.append(
            Invalid(
                "zone-overlap", field="outline", value=every[a].code, other=every[b].code, size=size
            )
        )
    return found


def touches(zones: Sequence[shapely.Geometry], partition: Partition) -> list[Touch]:
    """Which base grids the zones touch and with how much ground, by zone, the largest first."""
    shapes = _array(zones)
    pairs = partition.touching(shapes)
    if not len(pairs.leaf):
        return []
    plane = _plane(zones)
    flat = plane.flat(shapes)
    sizes = shapely.area(flat)
    leaf_sizes = shapely.area(plane.flat(pairs.shapes))
    shared = shapely.area(
        plane.flat(shapely.intersection(shapes[pairs.asked], pairs.shapes))
    ).tolist()
    found = [
        Touch(
            zone,
            partition.codes[leaf],
            partition.paths[leaf],
            area_m2,
            area_m2 / float(sizes[zone]),
            area_m2 / float(leaf_m2),
        )
        for zone, leaf, area_m2, leaf_m2 in zip(
            pairs.asked.tolist(), pairs.leaf.tolist(), shared, leaf_sizes.tolist(), strict=True
        )
        if area_m2 >= LEAST_M2
    ]
    return sorted(found, key=lambda one: (one.zone, -one.area_m2, one.grid))


def area_m2(shapes: Sequence[shapely.Geometry]) -> list[float]:
    """Square metres of zones."""
    if not shapes:
        return []
    sizes: list[float] = shapely.area(_plane(shapes).flat(_array(shapes))).tolist()
    return sizes


def outline_of(text: str) -> shapely.Geometry:
    """The polygon that lines of `lon, lat` say; an empty line begins another ring.

    A ring inside an earlier one is a hole. Raises Invalid naming the line: "outline-line",
    "outline-short", "outline-long".
    """
    rings: list[list[tuple[float, float]]] = [[]]
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            if rings[-1]:
                rings.append([])
            continue
        rings[-1].append(_point(line, number))
    rings = [ring for ring in rings if ring]
    count = sum(map(len, rings))
    if count > MOST_POINTS:
        raise Invalid("outline-long", field="outline", value=count, most=MOST_POINTS)
    for ring in rings or [[]]:
        if len(set(ring)) < 3:
            raise Invalid("outline-short", field="outline", value=len(ring))
    return _area(rings)


def outline_text(shape: shapely.Geometry) -> str:
    """The lines that `outline_of` reads as this shape."""
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return "\n\n".join(
        "\n".join(f"{lon:.7f}, {lat:.7f}" for lon, lat in ring.coords[:-1]) for ring in rings
    )


def _point(line: str, number: int) -> tuple[float, float]:
    words = line.replace("，", " ").replace(",", " ").split()
    try:
        lon, lat = (float(word) for word in words)
    except ValueError:
        raise Invalid("outline-line", field="outline", value=line.strip(), line=number) from None
    # Swapped or in metres: both are out of range where people live.
    if not (-180 <= lon <= 180 and -85 <= lat <= 85) or (lon, lat) == (0, 0):
        raise Invalid("outline-line", field="outline", value=line.strip(), line=number)
    return lon, lat


def _area(rings: Iterable[Sequence[tuple[float, float]]]) -> shapely.Geometry:
    parts: list[tuple[Sequence[tuple[float, float]], list[Sequence[tuple[float, float]]]]] = []
    for ring in rings:
        inside = shapely.Polygon(ring).representative_point() if len(ring) > 2 else None
        outer = next(
            (p for p in parts if inside is not None and shapely.Polygon(p[0]).contains(inside)),
            None,
        )
        if outer is None:
            parts.append((ring, []))
        else:
            outer[1].append(ring)
    shapes = [shapely.Polygon(shell, holes) for shell, holes in parts]
    return shapes[0] if len(shapes) == 1 else shapely.MultiPolygon(shapes)


def _array(shapes: Iterable[shapely.Geometry | None]) -> NDArray[np.object_]:
    listed = list(shapes)
    made = np.empty(len(listed), dtype=object)
    made[:] = listed
    return made


def _plane(shapes: Sequence[shapely.Geometry | None]) -> Plane:
    return plane_over([shape for shape in shapes if shape is not None])
