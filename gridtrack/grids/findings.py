"""Findings as they are kept with an edition, and how much each of them weighs. Pure.

The weight is one written rule, so that the command, the page and the record agree:

- `blocks`: some ground has no owner that anybody could tell, or the tree is broken. No parent, a
  code used twice, a level without grids, a grid without ground; a gap or an overlap in which a
  point can lie farther than `SNAP_M` from its border, so that no snapping and no border rule is
  meant for it; a child of which more than half lies outside its parent.
- `mend`: the other faults beyond the tolerance.
- `note`: a piece narrower than `NOTE_M`, or a repaired polygon that changed by less than 1 m2. It
  is found only where the tolerance was set that low.

Nothing of this decides what may come into force: each fault is mended or accepted, whatever its
weight. But what blocks is accepted one by one, never by its kind.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import shapely

from gridtrack.grids.check import Findings, Rule
from gridtrack.grids.partition import SNAP_M
from gridtrack.grids.rules import Fault, FaultCode

NOTE_M = 0.5
NOTE_M2 = 1.0
WRONG_PARENT = 0.5


class Weight(StrEnum):
    """How much a finding weighs, the heaviest first."""

    BLOCKS = "blocks"
    MEND = "mend"
    NOTE = "note"


def weight_of(fault: Fault) -> Weight:
    """The weight of a fault by the rule of this module."""
    code, params = fault.code, fault.params
    if code in (FaultCode.GAP, FaultCode.OVERLAP):
        return _by_width(_number(params, "width_m"), 2 * SNAP_M)
    if code == FaultCode.OUTSIDE_PARENT:
        if _number(params, "share") > WRONG_PARENT:
            return Weight.BLOCKS
        return _by_width(_number(params, "farthest_m"), float("inf"))
    if code == FaultCode.INVALID_POLYGON and _number(params, "area_after_m2") > 0:
        return Weight.NOTE if fault.size < NOTE_M2 else Weight.MEND
    return Weight.BLOCKS


def _by_width(width_m: float, blocks_m: float) -> Weight:
    if width_m > blocks_m:
        return Weight.BLOCKS
    return Weight.NOTE if width_m < NOTE_M else Weight.MEND


def _number(params: Mapping[str, object], name: str) -> float:
    value = params.get(name)
    return float(value) if isinstance(value, int | float) else 0.0


def found_row(findings: Findings) -> dict[str, Any]:
    """What a check found, as it is kept with an edition."""
    rule = findings.rule
    return {
        "summary": findings.summary,
        "within_tolerance": findings.within_tolerance,
        "rule": {"tolerance_m": rule.tolerance_m, "depth": rule.depth, "plane": rule.plane},
        "faults": [fault_row(fault) for fault in findings.faults],
    }


def fault_row(fault: Fault) -> dict[str, Any]:
    """One fault as it is kept; `outline` is a GeoJSON geometry or null."""
    return {
        "code": fault.code.value,
        "level": fault.level,
        "grids": list(fault.grids),
        "size": fault.size,
        "unit": fault.unit,
        "place": None if fault.place is None else list(fault.place),
        "params": dict(fault.params),
        "weight": weight_of(fault).value,
        "outline": outline_json(fault),
    }


def outline_json(fault: Fault) -> dict[str, Any] | None:
    """The outline of a fault as a GeoJSON geometry, or None."""
    if fault.outline is None:
        return None
    shape: dict[str, Any] = shapely.geometry.mapping(fault.outline)
    return shape


def fault_of(row: Mapping[str, Any]) -> Fault:
    """The fault that was kept as `row`; rows from before outlines were kept have none."""
    outline, place = row.get("outline"), row.get("place")
    return Fault(
        FaultCode(row["code"]),
        int(row["level"]),
        tuple(row.get("grids", ())),
        float(row.get("size") or 0.0),
        str(row.get("unit") or "m2"),
        (float(place[0]), float(place[1])) if place else None,
        dict(row.get("params", {})),
        shapely.geometry.shape(outline) if outline else None,
    )


def rule_of(tolerance_m: float, source: Mapping[str, Any]) -> Rule:
    """The rule that an edition was checked by, from what was recorded with it."""
    return Rule(tolerance_m, int(source.get("depth") or 3), str(source.get("plane") or ""))
