"""Zones beside the grids: drawn, changed and ended by date, each checked before it counts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import shapely

from gridtrack.access import Permission, require
from gridtrack.db.sql import one_at_a_time
from gridtrack.errors import Conflict, Invalid, Rejected
from gridtrack.grids import store as grids
from gridtrack.grids import zone_store as zones
from gridtrack.grids.tables import ZoneRow
from gridtrack.grids.zones import Outline, Touch, ZoneKind, overlaps, shape_fault, touches
from gridtrack.incidents.intake import tidy_text
from gridtrack.work import Work

TURN = "zones"  # two who draw at once would each miss the other's outline
_CODE = re.compile(r"[\w.\-]{1,64}")
NAME_LIMIT = 120


@dataclass(frozen=True, slots=True)
class ZoneGiven:
    """A zone as a person or a file gives it; `from_at` None is now."""

    kind: str
    code: str
    name: str
    manager: str
    shape: shapely.Geometry | None
    from_at: datetime | None = None


def draw_zone(work: Work, given: ZoneGiven) -> int:
    """Store a new zone and return its id.

    Raises Rejected with every fault by field; Forbidden where it lies outside the actor's scope.
    """
    require(work.actor, Permission.GRIDS_DRAW)
    one_at_a_time(work.session, TURN)
    there = zones.lasting(work.session, work.now)
    tidy = checked(work, [given], there)[0]
    _own_ground(work, tidy)
    return keep_zone(work, tidy)


def change_zone(work: Work, zone_id: int, given: ZoneGiven) -> int:
    """End a zone and begin another of the same code in its place; returns the id of the new one.

    Matters that were reported before keep the zone they had. Raises as `draw_zone`, and Conflict
    where the zone was changed or ended meanwhile.
    """
    require(work.actor, Permission.GRIDS_DRAW)
    one_at_a_time(work.session, TURN)
    before = _open(work, zone_id)
    there = [row for row in zones.lasting(work.session, work.now) if row.id != zone_id]
    tidy = checked(work, [given], there)[0]
    if tidy.code != before.code:
        raise Rejected([Invalid("zone-code-kept", field="code", value=tidy.code, was=before.code)])
    _own_ground(work, tidy)
    return replace_zone(work, before, tidy)


def replace_zone(work: Work, before: ZoneRow, tidy: ZoneGiven) -> int:
    """The checked zone in place of the one before; returns the id of the new one."""
    require(work.actor, Permission.GRIDS_DRAW)
    at = tidy.from_at or work.now
    zones.end(work.session, before.id, max(at, before.from_at), work.actor.name)
    return keep_zone(work, tidy)


def end_zone(work: Work, zone_id: int, at: datetime | None) -> None:
    """Let a zone end at an instant, now unless it is given; it stays readable.

    Raises Invalid for an instant that is over, Conflict where somebody was faster.
    """
    require(work.actor, Permission.GRIDS_DRAW)
    one_at_a_time(work.session, TURN)
    row = _open(work, zone_id)
    _to_come(work, "until", at)
    zones.end(work.session, zone_id, max(at or work.now, row.from_at), work.actor.name)
    work.memo.forget("zones")


def checked(work: Work, given: Sequence[ZoneGiven], there: Sequence[ZoneRow]) -> list[ZoneGiven]:
    """The zones with their texts tidied; raises Rejected naming every fault at once.

    `there` are the zones in force or to come that stay beside them.
    """
    require(work.actor, Permission.GRIDS_DRAW)
    faults: list[Invalid] = []
    tidy = [_tidied(work, one, faults) for one in given]
    codes = [one.code for one in tidy]
    taken = {row.code for row in there}
    for code in sorted(set(codes)):
        if code in taken:
            faults.append(Invalid("zone-code-taken", field="code", value=code))
        if codes.count(code) > 1:
            faults.append(Invalid("duplicate-estate", field="code", value=code))
    outlines = [Outline(one.code, one.kind, one.shape) for one in tidy]
    bad = [shape_fault(one) for one in outlines]
    faults += [fault for fault in bad if fault is not None]
    whole = [one for one, fault in zip(outlines, bad, strict=True) if fault is None]
    faults += overlaps(whole, [Outline(row.code, row.kind, row.shape) for row in there])
    faults += _outside(work, whole)
    if faults:
        raise Rejected(faults)
    return tidy


def _tidied(work: Work, given: ZoneGiven, faults: list[Invalid]) -> ZoneGiven:
    code = given.code.strip()
    if not code:
        faults.append(Invalid("required", field="code"))
    elif not _CODE.fullmatch(code):
        faults.append(Invalid("zone-code-bad", field="code", value=code[:80]))
    if given.kind not in set(ZoneKind):
        known = ", ".join(ZoneKind)
        faults.append(Invalid("not-one-of", field="kind", value=given.kind[:80], known=known))
    name = _text("name", given.name, faults)
    if not name:
        faults.append(Invalid("required", field="name"))
    manager = _text("manager", given.manager, faults)
    try:
        _to_come(work, "begins", given.from_at)
    except Invalid as fault:
        faults.append(fault)
    return ZoneGiven(given.kind, code, name, manager, given.shape, given.from_at)


def _text(field: str, text: str, faults: list[Invalid]) -> str:
    try:
        return tidy_text(field, text, NAME_LIMIT)
    except Invalid as fault:
        faults.append(fault)
        return ""


def _to_come(work: Work, field: str, at: datetime | None) -> None:
    if at is not None and at < work.now:
        raise Invalid("zone-date-past", field=field, value=at.isoformat())


def _outside(work: Work, outlines: Sequence[Outline]) -> list[Invalid]:
    """Zones with no ground in any grid; nothing to say where no edition is in force."""
    partition = grids.partition_at(work.session, work.memo, work.now)
    if not partition.codes:
        return []
    shapes = [one.shape for one in outlines if one.shape is not None]
    inside = {touch.zone for touch in touches(shapes, partition)}
    return [
        Invalid("zone-outside", field="outline", value=one.code)
        for n, one in enumerate(outlines)
        if n not in inside
    ]


def _own_ground(work: Work, given: ZoneGiven) -> None:
    """A zone may be drawn by whoever may draw in every grid that it touches."""
    assert given.shape is not None
    for touch in _touched(work, given.shape):
        require(work.actor, Permission.GRIDS_DRAW, touch.path)


def _open(work: Work, zone_id: int) -> ZoneRow:
    """The zone, not ended yet, on the actor's own ground as it is now."""
    row = zones.zone(work.session, zone_id)
    if row.until_at is not None:
        raise Conflict("zone-changed", id=zone_id)
    for touch in _touched(work, row.shape):
        require(work.actor, Permission.GRIDS_DRAW, touch.path)
    return row


def _touched(work: Work, shape: shapely.Geometry) -> Sequence[Touch]:
    partition = grids.partition_at(work.session, work.memo, work.now)
    found = touches([shape], partition)
    if not found:  # beside every grid: nobody's ground but the whole street's
        require(work.actor, Permission.GRIDS_DRAW, "")
    return found


def keep_zone(work: Work, tidy: ZoneGiven) -> int:
    """Store a checked zone as one that begins; returns its id."""
    require(work.actor, Permission.GRIDS_DRAW)
    work.memo.forget("zones")
    return zones.add(
        work.session,
        {
            "kind": tidy.kind,
            "code": tidy.code,
            "name": tidy.name,
            "manager": tidy.manager,
            "shape": tidy.shape,
            "from_at": tidy.from_at or work.now,
            "until_at": None,
            "made_by": work.actor.name,
            "ended_by": "",
        },
    )
