"""A real report file goes through the real product, and people who answer are made up beside it.

The database is the one in force. A run that was stopped goes on where it stood: rows that were
taken in are known by their client id, and what people had planned is drawn again from the seed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from gridtrack.analytics.auditor import Audit, audit
from gridtrack.categories import store as categories
from gridtrack.categories.rules import Record, Tree
from gridtrack.clock import ManualClock, monotonic
from gridtrack.errors import GridtrackError, Invalid
from gridtrack.incidents.intake import Place, Report, Source
from gridtrack.incidents.rules import Action, State
from gridtrack.incidents.store import EVENT, INCIDENT
from gridtrack.incidents.tables import Incident
from gridtrack.simulation.crowd import Crowd
from gridtrack.simulation.day import SECOND, Arrival, Day, Notice, run
from gridtrack.simulation.outcome import Outcome, measure
from gridtrack.simulation.rows import Read, Row
from gridtrack.simulation.staff import Plan, make_staff, staffed
from gridtrack.simulation.steps import ANSWER, Step
from gridtrack.simulation.texts import Names, document
from gridtrack.usecases.backdate_edition import backdate_edition
from gridtrack.usecases.report import Receipt
from gridtrack.work import Runtime, Work

CHUNK = 500
HANDLING = frozenset({State.ACKNOWLEDGED.value, State.IN_PROGRESS.value, State.ON_HOLD.value})


@dataclass(frozen=True, slots=True)
class Given:
    """What a run is made from, beside its rows."""

    crowd: Crowd
    datum: str
    default_category: str
    category_as: Mapping[str, str]
    locale: str


@dataclass(frozen=True, slots=True)
class Ready:
    """How the place was found or made ready: its edition, and people made up for it."""

    edition_id: int
    edition: str
    backdated: bool
    made_up: int
    known: int
    others: int


@dataclass(slots=True)
class FromFile:
    """What the file says became of a matter: resolved when it was closed there, then checked."""

    crowd: Crowd
    words: Mapping[str, str]
    mine: set[int] = field(default_factory=set)
    closed: dict[int, datetime] = field(default_factory=dict)

    def arrived(self, arrival: Arrival, receipt: Receipt) -> Iterable[Step]:
        """Remember the incident and when the file closed it."""
        self.remember(receipt.incident_id, arrival.about)
        return ()

    def remember(self, incident_id: int, closed_at: datetime | None) -> None:
        """This incident belongs to the run."""
        self.mine.add(incident_id)
        if closed_at is not None:
            self.closed[incident_id] = closed_at

    def minds(self, notice: Notice) -> bool:
        """Only what came from the file: other matters of this database are left alone."""
        return notice.incident_id in self.mine

    def after(self, work: Work, step: Step, done: str) -> Iterator[Step]:
        """An answered matter is resolved when the file says, a resolved one is looked at."""
        if done == ANSWER:
            yield from self._resolve(step.incident_id, work.now)
        elif done == Action.RESOLVE:
            yield from self._check(step.incident_id, work.now)

    def resume(self, work: Work, incident: Incident) -> Iterator[Step]:
        """What is still to come for an incident that was answered before."""
        if incident.state in HANDLING:
            yield from self._resolve(incident.id, work.now)
        elif incident.resolved_at is not None:
            for step in self._check(incident.id, incident.resolved_at):
                yield replace(step, at=max(step.at, work.now))

    def _resolve(self, incident_id: int, now: datetime) -> Iterator[Step]:
        if incident_id in self.closed:
            at = max(self.closed[incident_id], now + SECOND)
            result = {"result": self.words["resolved"]}
            yield Step(at, incident_id, Action.RESOLVE.value, given=result)

    def _check(self, incident_id: int, resolved_at: datetime) -> Iterator[Step]:
        random = self.crowd.random("check", incident_id)
        if random.random() < self.crowd.check.chance:
            at = resolved_at + self.crowd.check.delay(random)
            comment = {"comment": self.words["closed"]}
            yield Step(at, incident_id, Action.CLOSE.value, "secretary", comment)


@dataclass(slots=True)
class Replay:
    """A run that is ready to go; `go` may be stopped and gives what came out so far."""

    day: Day
    clock: ManualClock
    script: FromFile
    ready: Ready
    read: Read
    refused: list[tuple[str, int, GridtrackError]]
    arrivals: Sequence[Arrival]
    rows: Mapping[str, Row]

    def go(self, watch: Callable[[], bool]) -> "Result":
        """Let the whole file happen, and afterwards all that follows from it."""
        began = monotonic()
        begin = self.clock.now()
        complete = run(self.day, self.clock, self.arrivals, watch=watch)
        for arrival, error in self.day.refused:
            row = self.rows[arrival.report.client_id]
            self.refused.append((row.file, row.line, error))
        with self.day.runtime.look() as work:
            outcome, audited = measure(work, self.script.mine), audit(work)
        end = self.clock.now()
        return Result(self, outcome, audited, complete, (begin, end), monotonic() - began)


@dataclass(frozen=True, slots=True)
class Result:
    """What came out of a run."""

    of: Replay
    outcome: Outcome
    audit: Audit
    complete: bool
    between: tuple[datetime, datetime]
    took_s: float

    def as_json(self) -> dict[str, Any]:
        """Everything for machines; the counts cover the rows taken in so far."""
        of = self.of
        return {
            "reports": of.read.total,
            "complete": self.complete,
            **self.outcome.as_json(),
            "unusable": len(of.refused),
            "repeated": of.read.repeated,
            "auditor": {
                name: getattr(self.audit, name)
                for name in ("promises", "fired", "missing", "double", "early", "worst_late_ms")
            },
            "edition": {"id": of.ready.edition_id, "name": of.ready.edition},
            "people": {"model": of.day.crowd.name, "made_up": of.ready.made_up},
            "seed": of.day.crowd.seed,
            "known": of.ready.known,
            "between": [at.isoformat() for at in self.between],
            "refused_steps": dict(sorted(of.day.failed.items())),
            "took_s": round(self.took_s, 3),
            "unusable_rows": [
                {"file": file, "line": line, "code": error.code, **error.params}
                for file, line, error in of.refused
            ],
        }


def prepare(runtime: Runtime, read: Read, given: Given) -> Replay:
    """Make place, people and rows ready; raises Invalid where no row is usable.

    `runtime` is on the database in force; the run gets its own clock, beginning at the first row.
    """
    if not read.rows:
        raise Invalid("no-usable-row", field="REPORTS", value=read.total)
    begin, end = read.rows[0].at, max(row.closed_at or row.at for row in read.rows)
    clock = ManualClock(begin)
    own = replace(runtime, clock=clock)
    known = _known(own, read.rows)
    script = FromFile(given.crowd, document("replay.toml")[given.locale])
    for row in read.rows:
        if row.client_id in known:
            script.remember(known[row.client_id], row.closed_at)
    ready = _make_ready(own, given, (begin, end), len(known))
    day = Day(own, given.crowd, script)
    with own.look() as work:
        tree = categories.tree(work.memo, work.settings.instance)
        arrivals = [_arrival(row, given, tree) for row in read.rows if row.client_id not in known]
        clock.set(_stood_at(work, script.mine) or begin)
    with own.look() as work:
        day.catch_up(work, script.mine)
    refused: list[tuple[str, int, GridtrackError]] = [
        (one.file, one.line, one.error) for one in read.unusable
    ]
    rows = {row.client_id: row for row in read.rows}
    return Replay(day, clock, script, ready, read, refused, arrivals, rows)


def _make_ready(
    runtime: Runtime, given: Given, span: tuple[datetime, datetime], known: int
) -> Ready:
    begin, end = span
    with runtime.work(now=begin) as work:
        edition, backdated = backdate_edition(work, begin)
        made = 0
        if not staffed(work):
            names = Names.of(given.locale)
            plan = Plan(
                begin - timedelta(days=1), end + timedelta(days=31), names, given.crowd.seed
            )
            made = len(make_staff(work, edition.id, plan))
        total = work.session.scalar(select(func.count()).select_from(INCIDENT)) or 0
        return Ready(edition.id, edition.name, backdated, made, known, total - known)


def _known(runtime: Runtime, rows: Sequence[Row]) -> dict[str, int]:
    """The incidents that an earlier run of the same rows and seed made."""
    found: dict[str, int] = {}
    with runtime.look() as work:
        for start in range(0, len(rows), CHUNK):
            ids = [row.client_id for row in rows[start : start + CHUNK]]
            query = select(INCIDENT.c.client_id, INCIDENT.c.id)
            for row in work.session.execute(query.where(INCIDENT.c.client_id.in_(ids))):
                found[row.client_id] = row.id
    return found


def _stood_at(work: Work, mine: set[int]) -> datetime | None:
    """Where a run that was stopped stood: the last thing it wrote."""
    latest: datetime | None = None
    wanted = sorted(mine)
    for start in range(0, len(wanted), CHUNK):
        at = work.session.scalar(
            select(func.max(EVENT.c.recorded_at)).where(
                EVENT.c.incident_id.in_(wanted[start : start + CHUNK])
            )
        )
        latest = max(filter(None, (latest, at)), default=None)
    return latest


def _arrival(row: Row, given: Given, tree: Tree) -> Arrival:
    report = Report(
        client_id=row.client_id,
        category=_category(row.category, given, tree),
        source=Source.IMPORT,
        description=row.text or row.category,
        place=Place(row.lon, row.lat, given.datum),
    )
    return Arrival(row.at, report, about=row.closed_at)


def _category(word: str, given: Given, tree: Tree) -> str:
    """A code of the tree stays, a word that was mapped is mapped, the rest is the default."""
    code = given.category_as.get(word, word)
    known = tree.categories.get(code)
    fits = known is not None and known.record is Record.MATTER
    return code if fits else given.default_category
