"""What if: recorded or given matters under another policy, roster or edition. Writes nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, false, func, or_, select

from gridtrack.access import Actor, Permission, permits, require, scopes
from gridtrack.analytics.forecast import Draw, Forecast, Matter, course
from gridtrack.analytics.load import Bearable, LocalTime
from gridtrack.analytics.reactions import Heard, Reactions
from gridtrack.analytics.record import Lived, Span, choose_matters, happened, lived
from gridtrack.clock import monotonic
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.policy_parts import Policy
from gridtrack.duty.book import Book
from gridtrack.errors import Invalid
from gridtrack.grids import store as grids
from gridtrack.grids.changes import moved_paths
from gridtrack.grids.partition import Partition
from gridtrack.incidents.store import INCIDENT
from gridtrack.queries.duty_over import DutyOver
from gridtrack.queries.scope import under
from gridtrack.queries.who_sees import SEALED
from gridtrack.usecases.forecast_rules import RulesOver, roles_of
from gridtrack.work import Work

DRAWS, SEED = 9, 1
BEYOND = timedelta(days=2)  # so long after the last report a ladder may still climb
BEARABLE = Bearable()
LEARN_FROM = 20_000  # recorded matters from which reactions to given reports are measured

Point = tuple[float, float]  # longitude and latitude in WGS-84


@dataclass(frozen=True, slots=True)
class Given:
    """A report of a file: when, what, and where in WGS-84."""

    at: datetime
    category: str
    point: Point


@dataclass(frozen=True, slots=True)
class Asked:
    """Which matters, and what is to be other than it is; None leaves it as it is."""

    span: Span
    policy: Policy | None = None
    book: Book[int] | None = None
    edition_id: int | None = None
    reports: Sequence[Given] | None = None
    draws: int = DRAWS
    seed: int = SEED
    bearable: Bearable = BEARABLE

    @property
    def changed(self) -> bool:
        """True where anything is other than it is."""
        return (self.policy, self.book, self.edition_id) != (None, None, None)


@dataclass(slots=True)
class Outcome:
    """What happened beside what is forecast under the present rules and under those asked for.

    `happened` is None for reports of a file, `asked` where nothing was to be changed.
    """

    begin: datetime
    end: datetime
    matters: int
    of: int
    set_aside: int
    happened: Draw | None
    present: Forecast
    asked: Forecast | None
    notices: int
    own_curves: int
    names: Mapping[int, str]
    bearable: Bearable
    changed: Mapping[str, int | None]
    complete: bool = True
    took_s: float = 0.0


Watch = Callable[[int, int], bool]


def forecast(work: Work, asked: Asked, watch: Watch = lambda _done, _total: True) -> Outcome:
    """The forecast; `watch` is told how far it is and answers whether to go on.

    Raises Invalid where there is nothing to look at, NotFound for an unknown edition.
    """
    require(work.actor, Permission.FORECAST)
    began = monotonic()
    found = _Forecast(work, asked).go(watch)
    found.took_s = monotonic() - began
    return found


def first_reported(work: Work) -> datetime:
    """When the first of the recorded matters came in; now where there are none."""
    require(work.actor, Permission.FORECAST)
    first: datetime | None = work.session.scalar(select(func.min(INCIDENT.c.reported_at)))
    return first or work.now


def counted(actor: Actor) -> ColumnElement[bool]:
    """Matters that may be counted for this actor: of their scope, sealed ones where they may."""
    sealed = set(scopes(actor, Permission.SEE_SEALED))
    found: list[ColumnElement[bool]] = [
        under(scope) & _unsealed() for scope in scopes(actor, Permission.FORECAST)
    ]
    found += [under(scope) for scope in sealed if permits(actor, Permission.FORECAST, scope)]
    if permits(actor, Permission.TRIAGE):
        nowhere = INCIDENT.c.grid_path == ""
        found.append(nowhere if sealed else nowhere & _unsealed())
    return or_(*found) if found else false()


def _unsealed() -> ColumnElement[bool]:
    return INCIDENT.c.sensitivity < SEALED


@dataclass(slots=True)
class _Cast:
    """Everything that was read: matters with their points, and how people react."""

    matters: list[tuple[Matter, Point | None]] = field(default_factory=list)
    happened: Draw = field(default_factory=Draw)
    heard: list[Heard] = field(default_factory=list)
    set_aside: int = 0
    of: int = 0


class _Forecast:
    """One forecast while it is made."""

    def __init__(self, work: Work, asked: Asked) -> None:
        self._work, self._asked = work, asked
        self._when = LocalTime(ZoneInfo(work.settings.timezone))
        self._now = deadlines.policy_at(work.session, work.memo, work.now)
        # An unknown edition is told before anything is read.
        self._other = None if asked.edition_id is None else self._partition(asked.edition_id)

    def go(self, watch: Watch) -> Outcome:
        """Read, then let every matter go its ways."""
        work, asked = self._work, self._asked
        cast = self._cast()
        begin, end = cast.matters[0][0].at, cast.matters[-1][0].at
        duty = DutyOver(work, begin, end + BEYOND)
        if not duty.names:
            raise Invalid("forecast-nobody", field="from", begin=_day(begin), end=_day(end))
        reactions = Reactions(cast.heard)
        present, other = self._rules(cast, duty, begin, end)
        found = Outcome(
            begin, end, len(cast.matters), cast.of, cast.set_aside,
            None if asked.reports is not None else cast.happened,
            Forecast.of(asked.seed, asked.draws),
            None if other is None else Forecast.of(asked.seed, asked.draws),
            reactions.notices, reactions.own, duty.names, asked.bearable, self._changed(),
        )  # fmt: skip
        for n, (matter, _point) in enumerate(cast.matters):
            if not watch(n, len(cast.matters)):
                found.complete, found.matters = False, n
                break
            found.present.add(course(matter, present, reactions, self._when))
            if found.asked is not None and other is not None:
                found.asked.add(course(matter, other, reactions, self._when))
        return found

    def _rules(
        self, cast: _Cast, duty: DutyOver, begin: datetime, end: datetime
    ) -> tuple[RulesOver, RulesOver | None]:
        work, asked = self._work, self._asked
        present = RulesOver(work, self._now, duty)
        if not asked.changed:
            return present, None
        paths = None if self._other is None else _paths(cast, self._other, work.settings.snap_m)
        if asked.book is not None or self._other is not None:
            duty = DutyOver(work, begin, end + BEYOND, asked.book, self._moves())
        return present, RulesOver(work, asked.policy or self._now, duty, paths)

    def _partition(self, edition_id: int) -> Partition:
        work = self._work
        revision = grids.revision_of(work.session, edition_id)
        return grids.partition_of(work.session, work.memo, edition_id, revision)

    def _moves(self) -> Mapping[str, str]:
        """Posts over a grid that only gets another code go with it, as they would in force."""
        work, edition_id = self._work, self._asked.edition_id
        last = grids.edition_at(work.session, work.now)
        if edition_id is None or last is None or last.id == edition_id:
            return {}
        return moved_paths(work.session, last.id, edition_id)

    def _changed(self) -> dict[str, int | None]:
        asked = self._asked
        return {
            "policy": None if asked.policy is None else asked.policy.version,
            "roster": None if asked.book is None else len(asked.book.all),
            "edition": asked.edition_id,
        }

    def _cast(self) -> _Cast:
        work, asked = self._work, self._asked
        span = asked.span
        if asked.reports is not None:
            span = replace(span, most=LEARN_FROM)
        chosen = choose_matters(work, counted(work.actor), span)
        roles = roles_of([self._now, *([asked.policy] if asked.policy else [])])
        cast = _Cast(of=chosen.of)
        for one in lived(work, chosen.ids, roles):
            cast.heard += one.heard
            if asked.reports is None:
                self._take(cast, one)
        if asked.reports is not None:
            cast.of = len(asked.reports)
            cast.matters = list(self._given(asked.reports))
        if not cast.matters:
            raise Invalid(
                "forecast-no-matters", field="from", begin=_day(span.begin), end=_day(span.end)
            )
        cast.matters.sort(key=lambda one: (one[0].at, one[0].id))
        return cast

    def _take(self, cast: _Cast, one: Lived) -> None:
        if one.set_aside:
            cast.set_aside += 1
            return
        happened(cast.happened, one, self._when)
        cast.matters.append((one.matter, one.point))

    def _given(self, reports: Sequence[Given]) -> Iterator[tuple[Matter, Point]]:
        """Reports of a file, in the grids in force now and the estates there are."""
        work = self._work
        partition = grids.partition_at(work.session, work.memo, work.now)
        zones = grids.zones_at(work.session, work.memo, work.now)
        sensitivities = RulesOver.sensitivities(work)
        found = partition.locate_many(
            [one.point[0] for one in reports], [one.point[1] for one in reports],
            snap_m=work.settings.snap_m,
        )  # fmt: skip
        for n, (one, leaf) in enumerate(zip(reports, found.leaf, strict=True), 1):
            path = partition.paths[leaf] if leaf >= 0 else ""
            sensitivity = sensitivities.get(one.category, 0)
            zone = zones.zone_of(*one.point)
            yield Matter(n, one.at, one.category, sensitivity, path, zone), one.point


def _paths(cast: _Cast, partition: Partition, snap_m: float) -> dict[int, str]:
    """Where the matters lie in another edition; what came without a point stays where it was."""
    placed = [(matter.id, point) for matter, point in cast.matters if point is not None]
    found = partition.locate_many(
        [point[0] for _id, point in placed], [point[1] for _id, point in placed], snap_m=snap_m
    )
    return {
        matter_id: partition.paths[leaf] if leaf >= 0 else ""
        for (matter_id, _point), leaf in zip(placed, found.leaf, strict=True)
    }


def _day(at: datetime | None) -> str:
    return "…" if at is None else at.isoformat(timespec="minutes")
