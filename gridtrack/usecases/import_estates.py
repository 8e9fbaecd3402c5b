"""Residential estates with their property managers, brought in beside the grids."""

from collections.abc import Sequence
from pathlib import Path

import shapely

from gridtrack.access import Permission, require
from gridtrack.errors import Invalid, Rejected
from gridtrack.geo.geojson import Feature, Layer
from gridtrack.geo.layers import read_layer
from gridtrack.grids import store as grids
from gridtrack.work import Work

NEEDED = ("code", "name")


def read_estates(path: Path) -> Layer:
    """The estates of a file with `code`, `name` and `manager`; raises Rejected with every fault.

    Needs no database and holds no lock. Estates may overlap grids and leave gaps: they only add a
    co-handler where they are.
    """
    layer = read_layer(path)
    faults = [fault for feature in layer.features for fault in _faults(feature)]
    codes = [str(feature.properties.get("code")) for feature in layer.features]
    faults += [
        Invalid("duplicate-estate", field="code", value=code)
        for code in sorted({code for code in codes if codes.count(code) > 1})
    ]
    if faults:
        raise Rejected(faults)
    return layer


def _faults(feature: Feature) -> Sequence[Invalid]:
    missing = [
        Invalid("required", field=name)
        for name in NEEDED
        if not str(feature.properties.get(name) or "").strip()
    ]
    if not shapely.is_valid(feature.shape):
        reason = shapely.is_valid_reason(feature.shape)
        code = feature.properties.get("code")
        missing.append(Invalid("invalid-estate", field="code", value=code, reason=reason))
    return missing


def import_estates(work: Work, estates: Layer) -> int:
    """Store estates from now on; one whose code is known is replaced. Returns how many."""
    require(work.actor, Permission.GRIDS_EDIT)
    rows = [
        {
            "kind": "estate",
            "code": str(one.properties["code"]),
            "name": str(one.properties["name"]),
            "manager": str(one.properties.get("manager") or ""),
            "shape": one.shape,
            "from_at": work.now,
            "until_at": None,
        }
        for one in estates.features
    ]
    grids.put_zones(work.session, rows)
    work.memo.forget("zones")
    return len(rows)
