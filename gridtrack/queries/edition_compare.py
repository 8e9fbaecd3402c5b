"""Two editions side by side: which grids differ, how, and where on the map."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from gridtrack.access import Permission, require
from gridtrack.geo.metric import Plane, plane_of, plane_over
from gridtrack.grids import store as grids
from gridtrack.grids.changes import differing, grid_of
from gridtrack.grids.compare import Difference, Kind, compare, summary
from gridtrack.grids.lifecycle import State
from gridtrack.grids.rules import Grid
from gridtrack.grids.tables import Edition
from gridtrack.queries.edition import Other
from gridtrack.work import Work

MOST_DRAWN = 2000
_DIGITS = 1e-6  # of a degree: a decimetre
# One colour for a grid on the map: the first of these that it has.
_DRAWN_AS = (Kind.ADDED, Kind.REMOVED, Kind.MOVED, Kind.RENUMBERED, Kind.PARENT, Kind.RENAMED)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs from one edition to another, by level and path."""

    before: Other
    after: Other
    differences: tuple[Difference, ...]
    summary: Mapping[str, int]
    mark: str  # what it was made from: both editions as they were


def comparison(work: Work, before_id: int, after_id: int) -> Comparison:
    """The differences from `before_id` to `after_id`; raises NotFound.

    Grids that are the same byte for byte are left in the database: ten thousand of which ten differ
    cost as much as the ten.
    """
    require(work.actor, Permission.GRIDS_DRAW)
    before, after = (grids.edition(work.session, one) for one in (before_id, after_id))
    old, new = (
        [grid_of(row) for row in rows] for rows in differing(work.session, before_id, after_id)
    )
    found = compare(old, new, _plane(after, [*old, *new]))
    return Comparison(
        before=Other(before.id, before.name, before.state),
        after=Other(after.id, after.name, after.state),
        differences=tuple(found),
        summary=summary(found),
        mark=comparison_mark(before, after),
    )


def comparison_mark(before: Edition, after: Edition) -> str:
    """What a comparison depends on."""
    return f"compare:{before.id}:{before.revision}:{after.id}:{after.revision}"


def comparable(work: Work, edition_id: int) -> tuple[Other, ...]:
    """The editions that one may be compared with, newest first."""
    require(work.actor, Permission.GRIDS_DRAW)
    return tuple(
        Other(one.id, one.name, one.state)
        for one in grids.editions(work.session)
        if one.id != edition_id and one.state != State.DISCARDED.value
    )


def drawn(found: Comparison) -> str:
    """The differences as GeoJSON: the ground that changed hands, and each grid as it is or was."""
    features = _ground(found.differences)
    for one in found.differences[:MOST_DRAWN]:
        kind = next(kind for kind in _DRAWN_AS if kind in one.kinds)
        features.append(_feature(one, kind.value, one.grid.shape))
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def _ground(differences: Iterable[Difference]) -> list[dict[str, Any]]:
    """What went from one grid to another, each piece once although both and those above have it."""
    pieces = [
        shapely.symmetric_difference(one.before.shape, one.after.shape)
        for one in differences
        if one.before is not None and one.after is not None and Kind.MOVED in one.kinds
    ]
    fine = shapely.set_precision(shapely.union_all(pieces), _DIGITS)
    return [
        {
            "type": "Feature",
            "geometry": shapely.geometry.mapping(piece),
            "properties": {"kind": "ground"},
        }
        for piece in shapely.get_parts(fine)
        if isinstance(piece, shapely.Polygon)
    ]


def extent_of(differences: Iterable[Difference]) -> str:
    """`west,south,east,north` around all differences; empty where there are none."""
    shapes = [
        grid.shape for one in differences for grid in (one.before, one.after) if grid is not None
    ]
    if not shapes:
        return ""
    return ",".join(f"{edge:.6f}" for edge in shapely.total_bounds(shapes).tolist())


def _feature(one: Difference, kind: str, shape: shapely.Geometry) -> dict[str, Any]:
    fine = shapely.set_precision(shape, _DIGITS)
    return {
        "type": "Feature",
        "id": f"{kind}:{one.grid.level}:{one.grid.code}",
        "geometry": shapely.geometry.mapping(fine),
        "properties": {
            "kind": kind,
            "code": one.grid.code,
            "name": one.grid.name,
            "name_en": one.grid.name_en,
            "level": one.grid.level,
        },
    }


def _plane(after: Edition, found: Sequence[Grid]) -> Plane:
    """The plane that the later edition was checked in, else one over what differs."""
    named = str(after.source.get("plane") or "")
    if named:
        return plane_of(named)
    shapes = np.empty(len(found), dtype=object)
    shapes[:] = [grid.shape for grid in found]
    return plane_over(shapes)
