"""The findings of an edition's last check: to be read as a list, and drawn on its map."""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from gridtrack.access import Permission, permits, require
from gridtrack.grids import store as grids
from gridtrack.grids.findings import Weight, fault_of, weight_of
from gridtrack.grids.lifecycle import Act, State, allowed, open_faults
from gridtrack.grids.rules import Fault, FaultCode
from gridtrack.grids.store import GRID
from gridtrack.grids.tables import Edition
from gridtrack.queries.edition_map import edition_extent
from gridtrack.work import Work

PER_PAGE = 50
_ORDER = tuple(Weight)
_NAMES_AT_ONCE = 500
# How a door says a fault in the reader's language.
Tell = Callable[[Fault], str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings are asked for; empty is all of them."""

    code: str = ""
    level: int = 0
    weight: str = ""
    left: bool = False  # only those that nobody accepted

    def fits(self, row: "Finding") -> bool:
        """True where a finding is one of those asked for."""
        return (
            self.code in ("", row.fault.code.value)
            and self.level in (0, row.fault.level)
            and self.weight in ("", row.weight.value)
            and not (self.left and row.accepted)
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault with its number (its position in the check), its weight, and whether it was taken."""

    number: int
    fault: Fault
    weight: Weight
    accepted: bool


@dataclass(frozen=True, slots=True)
class FindingsPage:
    """Everything the page of findings shows."""

    id: int
    name: str
    state: str
    revision: int
    checked_revision: int | None
    current: bool  # the last check saw the edition as it is now
    never: bool
    rule: Mapping[str, Any]
    within: Mapping[str, int]
    total: int
    left: int
    kinds: Mapping[str, int]
    levels: Mapping[int, int]
    weights: Mapping[str, int]
    fitting: int
    findings: tuple[Finding, ...]
    light: tuple[int, ...]  # the numbers of those that fit, are open, and do not block
    faults: tuple[Fault, ...]  # all of them, whatever was asked for
    names: Mapping[str, str]
    page: int
    pages: int
    map_levels: tuple[int, ...]
    extent: str
    may_accept: bool
    may_repair: bool


def findings_page(
    work: Work, edition_id: int, wanted: Wanted, page: int = 1, locale: str = "zh"
) -> FindingsPage:
    """The findings of an edition, the heaviest first, of those the largest; raises NotFound."""
    require(work.actor, Permission.GRIDS_DRAW)
    one = grids.edition(work.session, edition_id)
    found = findings_of(one)
    fitting = [row for row in found if wanted.fits(row)]
    pages = max(1, -(-len(fitting) // PER_PAGE))
    page = min(max(page, 1), pages)
    shown = fitting[(page - 1) * PER_PAGE : page * PER_PAGE]
    current = one.checked_revision == one.revision
    law = permits(work.actor, Permission.GRIDS_EDIT) and Act.EDIT in allowed(State(one.state))
    return FindingsPage(
        id=one.id,
        name=one.name,
        state=one.state,
        revision=one.revision,
        checked_revision=one.checked_revision,
        current=current,
        never=one.findings is None,
        rule=(one.findings or {}).get("rule") or {"tolerance_m": one.tolerance_m},
        within=(one.findings or {}).get("within_tolerance") or {},
        total=len(found),
        left=sum(not row.accepted for row in found),
        kinds=_counted(FaultCode, (row.fault.code for row in found)),
        levels=dict(sorted(Counter(row.fault.level for row in found).items())),
        weights=_counted(Weight, (row.weight for row in found)),
        fitting=len(fitting),
        findings=tuple(shown),
        light=tuple(
            row.number for row in fitting if not row.accepted and row.weight != Weight.BLOCKS
        ),
        faults=tuple(row.fault for row in found),
        names=_names(work, one.id, [code for row in shown for code in row.fault.grids], locale),
        page=page,
        pages=pages,
        map_levels=tuple(int(level) for level in one.source.get("levels") or (1, 2, 3)),
        extent=edition_extent(work, one.id),
        may_accept=law and current,
        may_repair=law and current,
    )


def findings_map(work: Work, edition_id: int, wanted: Wanted, told: Tell) -> bytes:
    """The findings that have a place as gzipped GeoJSON: a point each, and what is known of it.

    `told` makes the sentence of a fault; the faulty ground comes as the property `outline`.
    """
    require(work.actor, Permission.GRIDS_DRAW)
    one = grids.edition(work.session, edition_id)
    rows = (one.findings or {}).get("faults", ())
    features = [
        _feature(row, rows[row.number].get("outline"), told)
        for row in findings_of(one)
        if wanted.fits(row) and row.fault.place is not None
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return gzip.compress(json.dumps(collection, ensure_ascii=False).encode(), 5, mtime=0)


def findings_mark(work: Work, edition_id: int, wanted: Wanted) -> str:
    """What changes whenever `findings_map` does."""
    require(work.actor, Permission.GRIDS_DRAW)
    one = grids.edition(work.session, edition_id)
    return f"findings:{one.id}:{one.checked_revision}:{len(one.accepted)}:{wanted!r}"


def findings_of(one: Edition) -> list[Finding]:
    """Every finding of the last check, the heaviest first, of those the largest."""
    rows = (one.findings or {}).get("faults", ())
    left = {id(row) for row in open_faults(rows, one.accepted)}
    faults = [(n, fault_of(row), id(row) not in left) for n, row in enumerate(rows)]
    found = [Finding(n, fault, weight_of(fault), taken) for n, fault, taken in faults]
    return sorted(found, key=lambda row: (_ORDER.index(row.weight), -row.fault.size, row.number))


def _feature(row: Finding, outline: Any, told: Tell) -> dict[str, Any]:
    assert row.fault.place is not None
    return {
        "type": "Feature",
        "id": row.number,
        "geometry": {"type": "Point", "coordinates": [round(c, 7) for c in row.fault.place]},
        "properties": {
            "number": row.number,
            "weight": row.weight.value,
            "accepted": row.accepted,
            "title": told(row.fault),
            "outline": outline,
        },
    }


def _counted(order: Iterable[Any], found: Iterable[Any]) -> dict[str, int]:
    counts = Counter(found)
    return {one.value: counts[one] for one in order if counts[one]}


def _names(work: Work, edition_id: int, codes: Iterable[str], locale: str) -> dict[str, str]:
    """The names of some grids; a code without a grid is left out."""
    wanted = sorted(set(codes))
    names: dict[str, str] = {}
    for start in range(0, len(wanted), _NAMES_AT_ONCE):
        some = wanted[start : start + _NAMES_AT_ONCE]
        rows = work.session.execute(
            select(GRID.c.code, GRID.c.name, GRID.c.name_en).where(
                GRID.c.edition_id == edition_id, GRID.c.code.in_(some)
            )
        )
        names.update((r.code, (locale == "en" and r.name_en) or r.name) for r in rows)
    return names
