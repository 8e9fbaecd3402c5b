"""Stations: places with a sign that residents scan, put up and taken down by who directs there."""

import secrets

from gridtrack.access import Permission, require
from gridtrack.errors import Invalid
from gridtrack.incidents.intake import ADDRESS_LIMIT, NAME_LIMIT, Place, tidy_text
from gridtrack.incidents.numbers import code_of
from gridtrack.residents import store as residents
from gridtrack.residents.tables import Station
from gridtrack.usecases.place import find_place
from gridtrack.work import Work


def add_station(work: Work, name: str, place: Place | None, address: str = "") -> str:
    """Put up a station at a place of one's scope; returns the code of its sign.

    Raises Invalid for a missing name or place, and for a place outside every grid.
    """
    require(work.actor, Permission.DIRECT)
    told = tidy_text("name", name, NAME_LIMIT)
    if not told:
        raise Invalid("required", field="name")
    placed = find_place(work, place)
    if placed.lon is None or placed.lat is None:
        raise Invalid("place-missing", field="location")
    if not placed.path:
        raise Invalid("station-outside", field="location")
    require(work.actor, Permission.DIRECT, placed.path)
    assert work.actor.person_id is not None
    station = Station(
        code=code_of(secrets.randbits(64)),
        name=told,
        lon=placed.lon,
        lat=placed.lat,
        address=tidy_text("address", address, ADDRESS_LIMIT),
        grid_path=placed.path,
        made_at=work.now,
        made_by=work.actor.person_id,
        ended_at=None,
    )
    residents.add_station(work.session, station)
    return station.code


def end_station(work: Work, code: str) -> None:
    """Take a station down: its sign leads to the empty form from now on."""
    require(work.actor, Permission.DIRECT)
    station = residents.station(work.session, code)
    require(work.actor, Permission.DIRECT, station.grid_path)
    residents.end_station(work.session, station, work.now)
