"""Estates and units with the grids they touch, and grids with the zones that touch them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import shapely

from gridtrack.access import Permission, covers, permits, require, scopes
from gridtrack.errors import NotFound
from gridtrack.geo.box import Box
from gridtrack.grids import store as grids
from gridtrack.grids import zone_store
from gridtrack.grids.tables import ZoneRow
from gridtrack.grids.views import extent_of
from gridtrack.grids.zones import Touch, area_m2, outline_text
from gridtrack.queries.on_duty import on_duty
from gridtrack.work import Work

ENDED_MOST = 100


@dataclass(frozen=True, slots=True)
class Share:
    """Ground that a zone and a base grid share: its other side, square metres, parts of one."""

    code: str
    name: str
    area_m2: float
    of_zone: float
    of_grid: float
    zone_id: int = 0  # where the other side is a zone


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """A zone in the list; `grids` are those of the edition in force that it touches."""

    id: int
    kind: str
    code: str
    name: str
    manager: str
    state: str  # in-force, to-come, ended
    from_at: datetime
    until_at: datetime | None
    made_by: str
    ended_by: str
    area_m2: float
    holders: tuple[str, ...]  # who is on duty as its property manager
    grids: tuple[Share, ...]
    may_change: bool


@dataclass(frozen=True, slots=True)
class GridLine:
    """A base grid with the zones that touch it."""

    code: str
    name: str
    zones: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class ZonesPage:
    """What the page of zones shows."""

    zones: tuple[ZoneLine, ...]
    grids: tuple[GridLine, ...]
    ended: tuple[ZoneLine, ...]
    edition_id: int | None
    extent: str


@dataclass(frozen=True, slots=True)
class ZonePage:
    """One zone with every outline its code ever had."""

    zone: ZoneLine
    outlines: tuple[ZoneLine, ...]
    outline: str
    edition_id: int | None
    extent: str


def zones_page(work: Work, locale: str) -> ZonesPage:
    """The zones on the actor's ground, in force and to come, and those that ended last."""
    require(work.actor, Permission.GRIDS_DRAW)
    found = _Lines(work, locale, zone_store.lasting(work.session, work.now))
    over = _Lines(work, locale, zone_store.ended(work.session, work.now, ENDED_MOST))
    return ZonesPage(
        zones=found.lines(),
        grids=found.by_grid(),
        ended=over.lines(),
        edition_id=found.edition_id,
        extent=_extent(work, found.edition_id),
    )


def zone_page(work: Work, zone_id: int, locale: str) -> ZonePage:
    """One zone; raises NotFound, also for one on ground that is not the actor's."""
    require(work.actor, Permission.GRIDS_DRAW)
    row = zone_store.zone(work.session, zone_id)
    found = _Lines(work, locale, [row]).lines()
    if not found:
        raise NotFound("zone-not-found", id=zone_id)
    every = _Lines(work, locale, zone_store.outlines(work.session, row.code))
    return ZonePage(
        zone=found[0],
        outlines=every.lines(),
        outline=outline_text(row.shape),
        edition_id=every.edition_id,
        extent=Box(*row.shape.bounds).around(),
    )


def new_zone(work: Work) -> tuple[int | None, str]:
    """The edition in force and what a map for a new zone shows first."""
    require(work.actor, Permission.GRIDS_DRAW)
    edition = grids.edition_at(work.session, work.now)
    found = edition.id if edition else None
    return found, _extent(work, found)


def zones_drawn(work: Work, locale: str, zone_id: int | None = None) -> str:
    """The zones of the list, or one, as GeoJSON."""
    require(work.actor, Permission.GRIDS_DRAW)
    rows = (
        zone_store.lasting(work.session, work.now)
        if zone_id is None
        else [zone_store.zone(work.session, zone_id)]
    )
    shapes = {row.id: row.shape for row in rows}
    features = [
        {
            "type": "Feature",
            "properties": {
                "id": line.id,
                "code": line.code,
                "name": line.name,
                "kind": line.kind,
                "state": line.state,
            },
            "geometry": json.loads(shapely.to_geojson(shapes[line.id])),
        }
        for line in _Lines(work, locale, rows).lines()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


class _Lines:
    """Zones with what they touch, for those rows that lie on the actor's ground."""

    def __init__(self, work: Work, locale: str, rows: Sequence[ZoneRow]) -> None:
        self._work = work
        touched = zone_store.touches_at(work.session, work.memo, rows, work.now)
        by_zone: dict[int, list[Touch]] = {}
        for one in touched:
            by_zone.setdefault(one.zone, []).append(one)
        own = scopes(work.actor, Permission.GRIDS_DRAW)
        pairs = [(row, by_zone.get(n, [])) for n, row in enumerate(rows)]
        self._rows = [
            (row, found)
            for row, found in pairs
            if "" in own or any(covers(scope, t.path) for t in found for scope in own)
        ]
        edition = grids.edition_at(work.session, work.now)
        self.edition_id = edition.id if edition else None
        self._names: Mapping[str, str] = (
            grids.names(work.session, work.memo, edition.id, locale) if edition else {}
        )

    def lines(self) -> tuple[ZoneLine, ...]:
        """The rows as lines, in their order."""
        sizes = area_m2([row.shape for row, _ in self._rows])
        holders = self._holders()
        return tuple(
            self._line(row, found, size, holders)
            for (row, found), size in zip(self._rows, sizes, strict=True)
        )

    def by_grid(self) -> tuple[GridLine, ...]:
        """The grids that are touched, by code, with their zones, the largest share first."""
        found: dict[str, list[Share]] = {}
        for row, touched in self._rows:
            for one in touched:
                share = Share(row.code, row.name, one.area_m2, one.of_zone, one.of_grid, row.id)
                found.setdefault(one.grid, []).append(share)
        return tuple(
            GridLine(
                code,
                self._names.get(code, code),
                tuple(sorted(shares, key=lambda share: -share.area_m2)),
            )
            for code, shares in sorted(found.items())
        )

    def _holders(self) -> Mapping[str, list[str]]:
        codes = sorted({row.code for row, _ in self._rows})
        found: dict[str, list[str]] = {}
        if codes:
            for one in on_duty(self._work, (), codes):
                if one.present and one.zone is not None:
                    found.setdefault(one.zone, []).append(one.name)
        return found

    def _line(
        self, row: ZoneRow, found: Sequence[Touch], size: float, holders: Mapping[str, list[str]]
    ) -> ZoneLine:
        actor, now = self._work.actor, self._work.now
        over = row.until_at is not None and row.until_at <= now
        paths = [one.path for one in found] or [""]
        return ZoneLine(
            id=row.id,
            kind=row.kind,
            code=row.code,
            name=row.name,
            manager=row.manager,
            state="ended" if over else "to-come" if row.from_at > now else "in-force",
            from_at=row.from_at,
            until_at=row.until_at,
            made_by=row.made_by,
            ended_by=row.ended_by,
            area_m2=size,
            holders=tuple(holders.get(row.code, ())) if not over else (),
            grids=tuple(
                Share(t.grid, self._names.get(t.grid, t.grid), t.area_m2, t.of_zone, t.of_grid)
                for t in found
            ),
            may_change=row.until_at is None
            and all(permits(actor, Permission.GRIDS_DRAW, path) for path in paths),
        )


def _extent(work: Work, edition_id: int | None) -> str:
    """The actor's own ground as `west,south,east,north`; empty where there are no grids."""
    if edition_id is None:
        return ""
    own = [path for path in scopes(work.actor, Permission.GRIDS_DRAW) if path]
    found = extent_of(work.session, edition_id, 1, own) if own else None
    found = found or extent_of(work.session, edition_id, 1)
    return Box(*found).around() if found else ""
