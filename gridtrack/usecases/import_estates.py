"""Estates and units brought in from a file beside the grids, all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gridtrack.access import Permission, require
from gridtrack.db.sql import one_at_a_time
from gridtrack.errors import Invalid, Rejected
from gridtrack.geo.geojson import Feature
from gridtrack.geo.layers import Reading, read_layer
from gridtrack.grids import zone_store as zones
from gridtrack.grids.tables import ZoneRow
from gridtrack.grids.zones import Outline, ZoneKind, shape_fault
from gridtrack.usecases.zones import TURN, ZoneGiven, checked, keep_zone, replace_zone
from gridtrack.work import Work

FIELDS = ("code", "name", "manager", "kind")
NEEDED = ("code", "name")


@dataclass(frozen=True, slots=True)
class ZoneFile:
    """How a file of zones is to be read: its fields by our names, and what it says nothing of."""

    fields: Mapping[str, str] = field(default_factory=dict)
    kind: str = ZoneKind.ESTATE.value
    reading: Reading = field(default_factory=Reading)


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import did, by the codes of the zones."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]


def read_estates(path: Path, given: ZoneFile | None = None) -> list[ZoneGiven]:
    """The zones of a file with `code`, `name`, and perhaps `manager` and `kind`.

    Needs no database and holds no lock. Raises Invalid as `read_layer`, or Rejected with every
    fault of a row.
    """
    given = given or ZoneFile()
    for name in given.fields:
        if name not in FIELDS:
            raise Invalid("not-one-of", field="map", value=name, known=", ".join(FIELDS))
    layer = read_layer(path, given.reading)
    read = [_zone(feature, given) for feature in layer.features]
    if not read:
        raise Invalid("zones-none", field="file", value=path.name)
    faults = [fault for one in read for fault in _faults(one)]
    codes = [one.code for one in read]
    faults += [
        Invalid("duplicate-estate", field="code", value=code)
        for code in sorted({code for code in codes if code and codes.count(code) > 1})
    ]
    if faults:
        raise Rejected(faults)
    return read


def _zone(feature: Feature, given: ZoneFile) -> ZoneGiven:
    def text(name: str) -> str:
        value = feature.properties.get(given.fields.get(name, name))
        return "" if value is None else str(value).strip()

    return ZoneGiven(
        text("kind") or given.kind, text("code"), text("name"), text("manager"), feature.shape
    )


def _faults(one: ZoneGiven) -> Sequence[Invalid]:
    missing = [Invalid("required", field=name) for name in NEEDED if not getattr(one, name)]
    wrong = shape_fault(Outline(one.code, one.kind, one.shape))
    return missing if wrong is None else [*missing, wrong]


def import_estates(work: Work, estates: Sequence[ZoneGiven]) -> Brought:
    """Store zones from now on; one whose code is known and that differs is put in its place.

    Raises Rejected with every fault: nothing is stored then.
    """
    require(work.actor, Permission.GRIDS_EDIT)
    one_at_a_time(work.session, TURN)
    there = {row.code: row for row in zones.lasting(work.session, work.now)}
    codes = {one.code.strip() for one in estates}
    tidy = checked(work, estates, [row for code, row in there.items() if code not in codes])
    did: dict[str, list[str]] = {"added": [], "changed": [], "same": []}
    for one in tidy:
        before = there.get(one.code)
        if before is None:
            keep_zone(work, one)
            did["added"].append(one.code)
        elif _is_same(before, one):
            did["same"].append(one.code)
        else:
            replace_zone(work, before, one)
            did["changed"].append(one.code)
    return Brought(*(tuple(did[name]) for name in ("added", "changed", "same")))


def _is_same(row: ZoneRow, one: ZoneGiven) -> bool:
    told = (row.kind, row.name, row.manager) == (one.kind, one.name, one.manager)
    return told and row.until_at is None and bool(row.shape == one.shape)
