"""The matters behind a number of the figures: the same mask, as a list."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from gridtrack.access import Permission, require
from gridtrack.errors import Invalid
from gridtrack.figures.measures import MEASURES, Measure, Unit, masks
from gridtrack.incidents.tables import Incident
from gridtrack.queries.figures import By, Wanted, keys_of, load
from gridtrack.queries.names import Line, lines
from gridtrack.queries.scope import visible
from gridtrack.work import Work

PAGE = 50


class Part(StrEnum):
    """Which of a measure's matters a list shows."""

    AMONG = "among"
    HIT = "hit"
    MISS = "miss"


@dataclass(frozen=True, slots=True)
class Behind:
    """The number whose matters are asked for."""

    measure: str
    part: Part = Part.AMONG
    by: By | None = None
    key: str = ""
    level: int = 3
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the matters behind a number, newest first."""

    total: int
    lines: tuple[Line, ...]
    page: int
    pages: int


def matters_behind(work: Work, wanted: Wanted, behind: Behind) -> list[int]:
    """The ids of the matters behind a number, newest first; raises Invalid."""
    require(work.actor, Permission.FIGURES)
    measure = measure_of(behind.measure)
    facts = load(work, wanted)
    among, hit = masks(measure, facts)
    chosen = {Part.AMONG: among, Part.HIT: hit, Part.MISS: among & ~hit}[behind.part]
    if measure.unit is Unit.COUNT and behind.part is Part.AMONG:
        chosen = hit
    if behind.by is not None:
        keys = keys_of(facts, behind.by, behind.level)
        chosen = chosen & (keys.astype(str) == behind.key)
    ids: list[int] = facts["incident_id"][chosen].tolist()
    return sorted(ids, reverse=True)


def listed_behind(work: Work, wanted: Wanted, behind: Behind, locale: str) -> Listed:
    """A page of the matters behind a number, as lines of any list."""
    ids = matters_behind(work, wanted, behind)
    pages = max(1, -(-len(ids) // PAGE))
    page = min(max(1, behind.page), pages)
    some = ids[(page - 1) * PAGE : page * PAGE]
    rows = work.session.scalars(
        select(Incident).where(Incident.id.in_(some), visible(work.actor))
        .order_by(Incident.id.desc())
    )  # fmt: skip
    return Listed(len(ids), lines(work, rows, locale), page, pages)


def measure_of(code: str) -> Measure:
    """A measure by its code; raises Invalid."""
    found = MEASURES.get(code)
    if found is None:
        raise Invalid("figures-measure", field="measure", value=code, known=", ".join(MEASURES))
    return found
