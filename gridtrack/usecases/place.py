"""Where is it: a given place becomes a leaf of the edition in force. One step of several verbs."""

from dataclasses import dataclass, replace
from typing import Protocol

from gridtrack.addresses.rules import Status
from gridtrack.addresses.tables import Address
from gridtrack.errors import Conflict
from gridtrack.geo.datum import Datum, to_wgs84
from gridtrack.geo.points import checked_point
from gridtrack.grids import store as grids
from gridtrack.grids.partition import Partition
from gridtrack.incidents.intake import Place, Report
from gridtrack.incidents.numbers import tile
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Placed:
    """A place in WGS-84 degrees with its leaf; `path` is "" where no grid owns it."""

    outcome: str  # inside, snapped, outside, unplaced
    path: str = ""
    code: str | None = None
    edition_id: int | None = None
    lon: float | None = None
    lat: float | None = None
    tile: int | None = None
    border_distance_m: float | None = None
    neighbour_code: str | None = None
    zone: str | None = None


UNPLACED = Placed("unplaced")


def find_place(work: Work, place: Place | None) -> Placed:
    """The leaf of `place` in the edition in force now, and the estate it lies in.

    The border is marked, with the grid beyond it, where it is nearer than `near_border_m` or than
    the accuracy of the position. Raises Invalid for a coordinate or a datum that cannot be used.
    """
    if place is None:
        return UNPLACED
    given_lon, given_lat = checked_point(place.lon, place.lat)
    lon, lat = to_wgs84(given_lon, given_lat, place.datum or "")
    partition = grids.partition_at(work.session, work.memo, work.now)
    return place_in(work, partition, (lon, lat), place.accuracy_m)


def place_in(
    work: Work, partition: Partition, at: tuple[float, float], accuracy_m: float | None
) -> Placed:
    """The leaf of a WGS-84 point in `partition`, and the estate it lies in now."""
    lon, lat = at
    near = max(work.settings.near_border_m, accuracy_m or 0.0)
    found = partition.locate(lon, lat, snap_m=work.settings.snap_m, near_m=near)
    distance = found.border_distance_m
    marked = distance is not None and distance <= near
    zones = grids.zones_at(work.session, work.memo, work.now)
    return Placed(
        outcome=found.outcome,
        path=found.path,
        code=found.code,
        edition_id=partition.edition_id,
        lon=lon,
        lat=lat,
        tile=tile(lon, lat),
        border_distance_m=distance if marked else None,
        neighbour_code=found.neighbour_code if marked else None,
        zone=zones.zone_of(lon, lat),
    )


def partition_now(work: Work) -> Partition:
    """The base grids in force at this very instant, waited for where they are not ready yet."""
    one = grids.edition_at(work.session, work.now)
    if one is None:
        return grids.partition_at(work.session, work.memo, work.now)
    return grids.partition_of(work.session, work.memo, one.id, one.revision)


class Lying(Protocol):
    """A matter, by where it lies and by where its row says that it does."""

    @property
    def lon(self) -> float | None: ...
    @property
    def lat(self) -> float | None: ...
    @property
    def accuracy_m(self) -> float | None: ...
    @property
    def outcome(self) -> str: ...
    @property
    def edition_id(self) -> int | None: ...
    @property
    def grid_code(self) -> str | None: ...
    @property
    def grid_path(self) -> str: ...


def placed_now(work: Work, partition: Partition, row: Lying) -> Placed:
    """Where a matter lies in `partition`; what came without a position stays where it was put."""
    if row.lon is None or row.lat is None:
        return Placed(row.outcome, row.grid_path, row.grid_code, row.edition_id)
    return place_in(work, partition, (row.lon, row.lat), row.accuracy_m)


def same_ground(row: Lying, placed: Placed) -> bool:
    """True where the row says already what the look-up says."""
    return (row.grid_path, row.grid_code) == (placed.path, placed.code)


def plate_of(work: Work, report: Report) -> Report:
    """The report with its door plate's point as its place, and its text where no words came.

    Raises Conflict("door-unknown") for a plate that is not in the book, or no more.
    """
    if report.address_id is None:
        return report
    door = work.session.get(Address, report.address_id)
    if door is None or door.status != Status.LIVE:
        raise Conflict("door-unknown", id=report.address_id)
    place = report.place
    if door.lon is not None and door.lat is not None:
        place = Place(door.lon, door.lat, Datum.WGS84)
    return replace(report, place=place, address=report.address or door.text)


def path_at(work: Work, lon: float | None, lat: float | None) -> str:
    """The path of the grid in force now that a point in WGS-84 lies in, "" for none."""
    if lon is None or lat is None:
        return ""
    partition = grids.partition_at(work.session, work.memo, work.now)
    return partition.locate(lon, lat, snap_m=work.settings.snap_m).path


def ground(placed: Placed) -> dict[str, object]:
    """The incident columns that say where it lies."""
    return {
        "edition_id": placed.edition_id,
        "grid_code": placed.code,
        "grid_path": placed.path,
        "outcome": placed.outcome,
        "border_distance_m": placed.border_distance_m,
        "neighbour_code": placed.neighbour_code,
    }
