"""Open matters near a place that a resident may join instead of reporting the same again.

Only what lies open to everybody is ever offered: sensitivity 0, no name to hide, in no sealed kind.
A resident learns class, distance, state and how many follow; never words, photos, names or points.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select

from gridtrack.access import require_anyone
from gridtrack.categories import store as categories
from gridtrack.categories.rules import Category, Record, Sensitivity, Tree
from gridtrack.geo.datum import to_wgs84
from gridtrack.geo.metric import metres_per_degree
from gridtrack.geo.points import checked_point
from gridtrack.incidents.intake import Place
from gridtrack.incidents.numbers import tile_rows
from gridtrack.incidents.rules import State
from gridtrack.incidents.tables import Incident
from gridtrack.residents import store as residents
from gridtrack.work import Work

JOINED = (State.REPORTED, State.ASSIGNED, State.ACKNOWLEDGED, State.IN_PROGRESS, State.ON_HOLD)


@dataclass(frozen=True, slots=True)
class NearMatter:
    """What a resident may know of a matter that somebody else reported."""

    incident_id: int
    category_name: str
    state: str
    metres: int
    reported_at: datetime
    followers: int


def near(
    work: Work, place: Place | None, category: str, locale: str, *, own: str = ""
) -> tuple[NearMatter, ...]:
    """The nearest open matters like one of `category` at `place`; none where it is not open to all.

    `own` is the client id of the report itself: sent again after a lost answer it is no other's.
    Raises Invalid for a coordinate or a datum that cannot be used.
    """
    require_anyone(work.actor)
    tree = categories.tree(work.memo, work.settings.instance)
    terms = residents.terms(work.memo, work.settings.instance).near
    alike = [code for code in terms.like(category) if _open_to_all(tree, code)]
    if place is None or not alike:
        return ()
    lon, lat = to_wgs84(*checked_point(place.lon, place.lat), place.datum or "")
    found = work.session.execute(
        select(
            Incident.id, Incident.category, Incident.state, Incident.reported_at,
            Incident.lon, Incident.lat,
        ).where(
            Incident.is_open,
            Incident.client_id != own,
            Incident.sensitivity == Sensitivity.OPEN.value,
            Incident.category.in_(alike),
            Incident.state.in_([one.value for one in JOINED]),
            Incident.reported_at >= work.now - timedelta(days=terms.days),
            _around(lon, lat, terms.metres),
        )
    )  # fmt: skip
    measured = sorted((_metres((lon, lat), (row.lon, row.lat)), row.id, row) for row in found)
    nearest = [(metres, row) for metres, _, row in measured if metres <= terms.metres][: terms.most]
    follow = residents.follower_counts(work.session, [row.id for _, row in nearest])
    return tuple(
        NearMatter(
            row.id,
            tree.get(row.category).name(locale),
            row.state,
            max(5, 5 * round(metres / 5)),  # no finer than that: it is no way to find a door
            row.reported_at,
            follow.get(row.id, 0),
        )
        for metres, row in nearest
    )


def _open_to_all(tree: Tree, code: str) -> bool:
    found: Category | None = tree.categories.get(code)
    return (
        found is not None
        and found.public
        and found.record is Record.MATTER
        and found.sensitivity == Sensitivity.OPEN
        and not found.name_hidden
    )


def _around(lon: float, lat: float, metres: int) -> ColumnElement[bool]:
    wide, high = (metres / one for one in metres_per_degree(lat))
    box = (lon - wide, lat - high, lon + wide, lat + high)
    tiles = or_(*(Incident.tile.between(low, top) for low, top in tile_rows(box)))
    inside = Incident.lon.between(box[0], box[2]) & Incident.lat.between(box[1], box[3])
    return tiles & inside


def _metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    wide, high = metres_per_degree(one[1])
    return math.hypot((one[0] - other[0]) * wide, (one[1] - other[1]) * high)
