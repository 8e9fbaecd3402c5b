"""In which grid a place would be reported, for whoever is about to; anybody may know the grids."""

from dataclasses import dataclass

from gridtrack.access import require_anyone
from gridtrack.geo.datum import to_wgs84
from gridtrack.geo.points import checked_point
from gridtrack.grids import store as grids
from gridtrack.incidents.intake import Place
from gridtrack.queries.names import grid_name
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Placing:
    """The base grid of a place; outside every grid there is none, and the desk decides."""

    grid: str
    outside: bool


def placing(work: Work, place: Place | None, locale: str) -> Placing | None:
    """Where a place lies in the grids in force; None without one.

    Raises Invalid for a coordinate or a datum that cannot be used.
    """
    require_anyone(work.actor)
    if place is None:
        return None
    lon, lat = to_wgs84(*checked_point(place.lon, place.lat), place.datum or "")
    partition = grids.partition_at(work.session, work.memo, work.now)
    found = partition.locate(lon, lat, snap_m=work.settings.snap_m)
    name = grid_name(work, partition.edition_id, found.code, locale)
    return Placing(name, outside=not found.path)
