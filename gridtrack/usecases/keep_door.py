"""One door plate added, changed, retired or taken back by hand, inside the keeper's scope."""

from collections.abc import Sequence

from gridtrack.access import Permission, require
from gridtrack.addresses import store as addresses
from gridtrack.addresses.rules import Plate, Status, completed, faults_of, keys_of
from gridtrack.addresses.tables import Address
from gridtrack.errors import Conflict, Invalid, Rejected
from gridtrack.geo.datum import to_wgs84
from gridtrack.geo.points import checked_point
from gridtrack.usecases.import_doors import values_of
from gridtrack.usecases.place import path_at
from gridtrack.work import Work


def add_door(work: Work, given: Plate) -> int:
    """Take a plate into the book; returns its id. Raises Rejected, Conflict where it is there."""
    plate, point = _checked(given)
    require(work.actor, Permission.DOORS_EDIT, path_at(work, *point))
    keys = keys_of(plate)
    there = addresses.known(work.session, [keys.mark]).get(keys.mark)
    if there is not None:
        raise Conflict("door-there", id=there.id)
    addresses.add(work.session, [(values_of(plate, point, work.actor.name), keys)], work.now)
    addresses.learned(work.memo)
    found: int = addresses.known(work.session, [keys.mark])[keys.mark].id
    return found


def change_door(work: Work, address_id: int, given: Plate, version: int | None = None) -> None:
    """Overwrite a plate; both where it was and where it will be must be in scope.

    Raises Rejected, NotFound, Conflict where another plate is like this or somebody was faster.
    """
    door = _mine(work, address_id, version)
    plate, point = _checked(_kept(given, door))
    require(work.actor, Permission.DOORS_EDIT, path_at(work, *point))
    values = values_of(plate, point, work.actor.name, door.status)
    addresses.change(work.session, address_id, values, keys_of(plate), work.now)
    addresses.learned(work.memo)


def set_door(work: Work, address_id: int, status: Status, version: int | None = None) -> None:
    """Retire a plate, which is then found no more, or take it back."""
    door = _mine(work, address_id, version)
    plate = plate_as_kept(door)
    values = values_of(plate, (door.lon, door.lat), work.actor.name, status)
    addresses.change(work.session, address_id, values, keys_of(plate), work.now)


def plate_as_kept(door: Address) -> Plate:
    """A stored plate as it was given."""
    names = ("text", "town", "road", "number", "estate", "building", "unit", "kind", "households")
    return Plate(
        **{name: getattr(door, name) for name in names},
        aliases=tuple(door.aliases),
        lon=door.given_lon,
        lat=door.given_lat,
        datum=door.datum,
        key=_key(door),
    )


def _key(door: Address) -> str:
    return door.mark.removeprefix("k:") if door.mark.startswith("k:") else ""


def _kept(given: Plate, door: Address) -> Plate:
    """The keeper's key is not asked on the page: a plate keeps the one it came with."""
    names = [name for name in Plate.__slots__ if name != "key"]
    return Plate(**{name: getattr(given, name) for name in names}, key=_key(door))


def _mine(work: Work, address_id: int, version: int | None) -> Address:
    door = addresses.get(work.session, address_id)
    require(work.actor, Permission.DOORS_EDIT, path_at(work, door.lon, door.lat))
    if version is not None and version != door.version:
        raise Conflict("door-version", given=version, version=door.version)
    return door


def _checked(given: Plate) -> tuple[Plate, tuple[float | None, float | None]]:
    """The plate completed, with its point in WGS-84; raises Rejected with every fault."""
    plate = completed(given)
    faults: Sequence[Invalid] = list(faults_of(plate))
    point: tuple[float | None, float | None] = (None, None)
    if plate.lon is not None or plate.lat is not None:
        try:
            lon, lat = checked_point(plate.lon, plate.lat)
            point = to_wgs84(lon, lat, plate.datum or "")
        except Invalid as fault:
            faults = [*faults, fault]
    if faults:
        raise Rejected(faults)
    return plate, point
