"""Bring grids in: read and check files, then store them as a draft edition, all or nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely

from gridtrack.access import Permission, require
from gridtrack.errors import Invalid
from gridtrack.geo.metric import plane_of
from gridtrack.grids import store as grids
from gridtrack.grids.check import Findings, Rule, examine
from gridtrack.grids.files import GridFiles, levels_given, read_grids
from gridtrack.grids.findings import fault_row, found_row
from gridtrack.grids.regions import repaired
from gridtrack.grids.rules import Fault, FaultCode, Grid, with_paths
from gridtrack.grids.tables import Edition
from gridtrack.work import Work

ALL = "all"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Checked:
    """Grids as read, what their check found, and where they came from."""

    grids: Sequence[Grid]
    findings: Findings
    source: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NewEdition:
    """How an edition is named, and the fault codes taken knowingly ("all" is every one)."""

    name: str
    accept: frozenset[str] = field(default_factory=frozenset)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What will be stored: the columns of the edition, its grids as rows, its line in the record.

    Making it takes seconds for a large file, so it is made outside of any transaction.
    """

    edition: Mapping[str, Any]
    rows: Sequence[dict[str, Any]]
    said: Mapping[str, Any]


def read_and_check(files: GridFiles, rule: Rule, progress: Progress | None = None) -> Checked:
    """Read files and check them by `rule`; needs no database and holds no lock."""
    read = read_grids(files)
    findings = examine(read, rule, progress)
    return Checked(read, findings, source_of(files))


def source_of(files: GridFiles) -> dict[str, Any]:
    """Where grids came from, as it is kept with their edition."""
    return {
        "files": {str(level): path.name for level, path in sorted(files.files.items())},
        "fields": {name: field for name, field in files.fields.items() if field},
        "crs": files.reading.crs,
        "datum": str(files.reading.datum),
    }


def import_grids(
    work: Work, checked: Checked, new: NewEdition, progress: Progress | None = None
) -> Edition:
    """Store checked grids as a draft edition; `progress(done, total)` counts the grids stored.

    Faults must be accepted by code. What accepting does is recorded with the edition: a polygon
    that is not valid enters repaired, of a code used twice the first grid enters, a grid without
    any ground does not. Raises Invalid("grids-none"), "grids-faulty" with the codes not accepted,
    or "fault-code-unknown".
    """
    require(work.actor, Permission.GRIDS_EDIT)
    prepared = prepare(checked, new)
    edition = Edition(
        **prepared.edition, state="draft", created_at=work.now, created_by=work.actor.name
    )
    grids.save_edition(work.session, edition, prepared.rows, progress)
    record_import(work, edition, prepared)
    return edition


def record_import(work: Work, edition: Edition, prepared: Prepared) -> None:
    """The first line of a draft that came in: from which files, with which faults accepted."""
    require(work.actor, Permission.GRIDS_EDIT)
    said = prepared.said
    grids.record(work.session, edition.id, "imported", said, actor=work.actor, at=work.now)


def prepare(checked: Checked, new: NewEdition) -> Prepared:
    """The rows of a draft with what was accepted, or the errors of `import_grids`."""
    _check_accepted(checked, new)
    kept, accepted = _enter(checked)
    if not kept:
        raise Invalid("grids-none", field="file", value="")
    rule = checked.findings.rule
    edition = {
        "name": new.name,
        "tolerance_m": rule.tolerance_m,
        "source": {
            **checked.source,
            "plane": rule.plane,
            "depth": rule.depth,
            "levels": {str(level): count for level, count in levels_given(kept).items()},
            "within_tolerance": checked.findings.within_tolerance,
        },
        "accepted": accepted,
        "note": new.note,
        "checked_revision": 0,
        "findings": found_row(checked.findings),
    }
    said = {"files": checked.source["files"], "accepted": checked.findings.summary}
    return Prepared(edition, _rows(kept, rule.plane), said)


def _check_accepted(checked: Checked, new: NewEdition) -> None:
    known = {code.value for code in FaultCode} | {ALL}
    for code in sorted(new.accept - known):
        raise Invalid(
            "fault-code-unknown", field="accept", value=code, known=", ".join(sorted(known))
        )
    if not checked.grids:
        raise Invalid("grids-none", field="file", value="")
    summary = checked.findings.summary
    left = {code: n for code, n in summary.items() if not new.accept & {code, ALL}}
    if left:
        kinds = ", ".join(f"{code} {count}" for code, count in left.items())
        raise Invalid("grids-faulty", field="file", value=kinds, count=sum(left.values()))


def _enter(checked: Checked) -> tuple[list[Grid], list[dict[str, Any]]]:
    """The grids as they enter, and the record of every accepted fault with what was done."""
    entered: dict[str, Grid] = {}
    done: dict[str, str] = {}
    for grid in checked.grids:
        shape = grid.shape if shapely.is_valid(grid.shape) else repaired(grid.shape)
        if shapely.is_empty(shape):
            done[grid.code] = "left-out"
            continue
        if grid.code in entered:
            continue
        if shape is not grid.shape:
            done[grid.code] = "repaired"
        entered[grid.code] = replace(grid, shape=shape)
    record = [_recorded(fault, done) for fault in checked.findings.faults]
    return with_paths(list(entered.values())), record


def _recorded(fault: Fault, done: Mapping[str, str]) -> dict[str, Any]:
    row = fault_row(fault)
    del row["outline"]  # it is with the finding
    if fault.code == FaultCode.INVALID_POLYGON:
        row["done"] = done[fault.grids[0]]
    elif fault.code == FaultCode.DUPLICATE_CODE:
        row["done"] = "first-kept"
    return row


def _rows(kept: Sequence[Grid], plane: str) -> list[dict[str, Any]]:
    shapes = np.array([grid.shape for grid in kept], dtype=object)
    areas = shapely.area(plane_of(plane).flat(shapes)).tolist()
    bounds = shapely.bounds(shapes).tolist()
    return [
        {
            "code": grid.code,
            "level": grid.level,
            "parent": grid.parent,
            "name": grid.name,
            "name_en": grid.name_en,
            "path": grid.path,
            "shape": grid.shape,
            "area_m2": area,
            "households": None,
            "min_lon": west,
            "min_lat": south,
            "max_lon": east,
            "max_lat": north,
        }
        for grid, area, (west, south, east, north) in zip(kept, areas, bounds, strict=True)
    ]
