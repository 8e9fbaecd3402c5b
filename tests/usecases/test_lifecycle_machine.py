"""Anybody does anything at any time: the row stays the sum of its events, no promise is forgotten.

Hypothesis plays people, clocks and the sweep in any order. What it may not do is refused with an
error of ours and changes nothing; after every step the whole database is looked over.
"""

import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from gridtrack.access import RESIDENT
from gridtrack.analytics.auditor import audit
from gridtrack.clock import ManualClock
from gridtrack.db.relaxed import relax
from gridtrack.deadlines.calendar_days import LocalDay
from gridtrack.deadlines.offline import Judged, Phone
from gridtrack.deadlines.tables import ClockRow
from gridtrack.errors import Conflict, GridtrackError, Invalid, NotFound
from gridtrack.incidents.rules import Action, State
from gridtrack.incidents.tables import Event, Incident, Photo
from gridtrack.jobs.recounter import recount
from gridtrack.jobs.sweeper import tick
from gridtrack.notifications.tables import Message
from gridtrack.queries.incident import incident_page
from gridtrack.queries.policies import row_of
from gridtrack.settings import Settings
from gridtrack.usecases.acknowledge import acknowledge
from gridtrack.usecases.assign import assign
from gridtrack.usecases.calendar import set_day
from gridtrack.usecases.close import close, merge, reopen
from gridtrack.usecases.extend import ask_extension, decide_extension
from gridtrack.usecases.family import drop_parent, set_parent
from gridtrack.usecases.handle import HANDLING, handle
from gridtrack.usecases.people import set_absence
from gridtrack.usecases.place import partition_now
from gridtrack.usecases.policies import publish
from gridtrack.usecases.report import report_incident
from gridtrack.usecases.send_act import Sent, send_act
from gridtrack.usecases.set_condition import set_condition
from gridtrack.usecases.split import split
from gridtrack.work import Work, make_runtime
from tests.builders import (
    BUILDING,
    FUNERAL,
    LAMP,
    NOW,
    PARKING,
    PEOPLE,
    SOUTH,
    WEST,
    Site,
    a_report,
    a_site,
    in_estate,
    middle,
)
from tests.conftest import POSTGRES
from tests.edition_builders import in_force, moved, the_other_way
from tests.matter_checks import check_clocks, check_state, check_steps, check_sum

MOST = 5
# Who may do much comes more often, else most of a life is refusals.
ACTORS = st.sampled_from([login for login, *_ in PEOPLE] + ["street", "secretary-a"] * 4)
HOLDERS = st.sampled_from(
    ["worker-a11", "deputy-a11", "worker-a12", "leader-a1", "secretary-a", "secretary-a2", "street"]
)
PLACES = st.sampled_from(
    [middle("A11"), middle("A12"), middle("A21"), middle("B11"), in_estate(), (WEST - 1, SOUTH)]
)
CATEGORIES = st.sampled_from([LAMP, BUILDING, FUNERAL, PARKING])
REPORTERS = st.sampled_from([None, "worker-a11", "secretary-a", "desk", "property-e1"])
# Just before, at and just after what the ladder waits for; a pause of the machine; a night.
SECONDS = st.sampled_from(
    [0.001, 1, 59, 60, 61, 240, 299, 300, 301, 600, 1199, 1200, 25_000, 400_000]
)
OFF = st.sampled_from([0, 12, -90, 121, 7200])  # what a phone's clock is behind, in seconds
FIELDS = {"reason": "说明", "until": "2026-11-24", "result": "办好了", "text": "记一笔"}
FILED = ("building", "built", "demolition")  # of the building: shorter, shorter, as it was


class Life(RuleBasedStateMachine):
    """A street in which some matters live through anything."""

    open_site: ClassVar[Callable[[], Any]]

    def __init__(self) -> None:
        super().__init__()
        self._opened = type(self).open_site()
        self.site: Site = self._opened.__enter__()
        self.ids: list[int] = []
        self.client_ids: list[str] = []

    def teardown(self) -> None:
        try:
            with self.site.look() as work:
                found = audit(work)
            assert (found.double, found.early, found.misjudged) == (0, 0, 0), found.faults
        finally:
            self._opened.__exit__(None, None, None)

    def attempt(self, who: str, act: Callable[[Work], object]) -> None:
        """Let somebody try; a refusal is an error of ours, and then nothing has happened."""
        before = self.versions()
        try:
            with self.site.work(who) as work:
                act(work)
        except GridtrackError:
            assert self.versions() == before

    def versions(self) -> dict[int, int]:
        with self.site.look() as work:
            return {row.id: row.version for row in work.session.query(Incident)}

    def pick(self, number: int) -> int:
        return self.ids[number % len(self.ids)]

    # --- what people do ---

    @initialize(category=CATEGORIES, at=PLACES, by=REPORTERS)
    def it_begins_with_a_report(self, category: str, at: tuple[float, float], by: Any) -> None:
        self.report(category, at, by)

    @precondition(lambda self: len(self.ids) < MOST)
    @rule(category=CATEGORIES, at=PLACES, by=REPORTERS)
    def reports(self, category: str, at: tuple[float, float], by: Any) -> None:
        self.report(category, at, by)

    def report(self, category: str, at: tuple[float, float], by: str | None) -> None:
        client_id = str(uuid.uuid4())
        with self.site.work(by or RESIDENT) as work:
            given = a_report(category, at=at, client_id=client_id)
            self.ids.append(report_incident(work, given).incident_id)
        self.client_ids.append(client_id)

    @rule(number=st.integers(0, MOST), who=ACTORS)
    def acknowledge(self, number: int, who: str) -> None:
        self.attempt(who, lambda work: acknowledge(work, self.pick(number)))

    @rule(number=st.integers(0, MOST), who=ACTORS, ago=SECONDS, off=OFF)
    def acknowledge_without_a_signal(self, number: int, who: str, ago: float, off: int) -> None:
        """It arrives now, was made a while ago, and the phone's clock may be wrong."""
        one, phones_now = self.pick(number), self.site.clock.now() - timedelta(seconds=off)
        phone = Phone(phones_now - timedelta(seconds=ago), phones_now)
        sent = Sent(str(uuid.uuid4()), phone)

        def act(work: Work) -> object:
            verb = partial(acknowledged_at, work, one)
            return send_act(work, one, Action.ACKNOWLEDGE, {}, sent=sent, verb=verb)

        self.attempt(who, act)

    @rule(number=st.integers(0, MOST), who=ACTORS, choice=st.integers(0, 11), to=HOLDERS)
    def somebody_takes_an_offer(self, number: int, who: str, choice: int, to: str) -> None:
        """What the page offers may be refused for what is missing, never for who asks."""
        one = self.pick(number)
        before = self.versions()
        try:
            with self.site.work(who) as work:
                offered = [a for a in incident_page(work, one, "zh").actions if a != Action.NOTE]
                if offered:
                    self.act(work, one, Action(offered[choice % len(offered)]), to)
        except (Conflict, Invalid, NotFound):
            assert self.versions() == before

    def act(self, work: Work, one: int, action: Action, to: str) -> None:
        verbs: dict[Action, Callable[[], object]] = {
            Action.ACKNOWLEDGE: lambda: acknowledge(work, one),
            Action.ASSIGN: lambda: assign(work, one, self.site.people[to]),
            Action.CLOSE: lambda: close(work, one),
            Action.MERGE: lambda: merge(work, one, self.ids[0]),
            Action.REOPEN: lambda: reopen(work, one, reason="又来了"),
            Action.SPLIT: lambda: split(work, one, reason="不是同一件"),
            Action.PARENT: lambda: set_parent(work, one, self.ids[0]),
            Action.UNPARENT: lambda: drop_parent(work, one),
            Action.EXTEND: lambda: ask_extension(work, one, self.later(one), reason="等材料"),
            Action.GRANT: lambda: decide_extension(work, one, grant=True),
            Action.DENY: lambda: decide_extension(work, one, grant=False, reason="不行"),
            Action.CONDITION: lambda: set_condition(work, one, FILED[len(to) % len(FILED)]),
        }
        verbs.get(action, lambda: handle(work, one, action, FIELDS))()

    def later(self, one: int) -> datetime:
        """A little after the matter is due, which may be asked for."""
        return (self.site.incident(one).due_at or self.site.clock.now()) + timedelta(hours=1)

    @rule(number=st.integers(0, MOST), grant=st.booleans())
    def more_time_is_asked_for_and_decided(self, number: int, grant: bool) -> None:
        one = self.pick(number)
        handler = self.site.incident(one).handler_id
        for who, person_id in self.site.people.items():
            if person_id == handler:
                self.attempt(
                    who, lambda work: ask_extension(work, one, self.later(one), reason="等材料")
                )
        self.attempt(
            "street", lambda work: decide_extension(work, one, grant=grant, reason="看情况")
        )

    @rule(number=st.integers(0, MOST), who=ACTORS, to=HOLDERS)
    def assign(self, number: int, who: str, to: str) -> None:
        one, person = self.pick(number), self.site.people[to]
        self.attempt(who, lambda work: assign(work, one, person, reason="换人"))

    @rule(number=st.integers(0, MOST), who=ACTORS, action=st.sampled_from(HANDLING))
    def handle(self, number: int, who: str, action: Action) -> None:
        one = self.pick(number)
        self.attempt(who, lambda work: handle(work, one, action, FIELDS))

    @rule(number=st.integers(0, MOST), choice=st.integers(0, 11), to=HOLDERS)
    def the_handler_takes_an_offer(self, number: int, choice: int, to: str) -> None:
        handler = self.site.incident(self.pick(number)).handler_id
        for who, person_id in self.site.people.items():
            if person_id == handler:
                self.somebody_takes_an_offer(number, who, choice, to)

    @rule(number=st.integers(0, MOST), choice=st.integers(0, 2))
    def it_goes_well(self, number: int, choice: int) -> None:
        """The next step of a matter that goes as it should, by whoever may take it."""
        row = self.site.incident(self.pick(number))
        forward = {
            State.ASSIGNED.value: (Action.ACKNOWLEDGE,),
            State.ACKNOWLEDGED.value: (Action.START, Action.HOLD, Action.RESOLVE),
            State.IN_PROGRESS.value: (Action.RESOLVE, Action.HOLD),
            State.ON_HOLD.value: (Action.RESUME,),
            State.RESOLVED.value: (Action.CLOSE,),
        }.get(row.state, (Action.ASSIGN,))
        action = forward[choice % len(forward)]
        for who in ("leader-a1", "checker-a", "street"):
            self.attempt(who, lambda work: self.act(work, row.id, action, "worker-a11"))

    @rule(number=st.integers(0, MOST), who=ACTORS)
    def close(self, number: int, who: str) -> None:
        self.attempt(who, lambda work: close(work, self.pick(number)))

    @rule(number=st.integers(0, MOST), into=st.integers(0, MOST), who=ACTORS)
    def merge(self, number: int, into: int, who: str) -> None:
        self.attempt(who, lambda work: merge(work, self.pick(number), self.pick(into)))

    @rule(number=st.integers(0, MOST), who=ACTORS)
    def reopen(self, number: int, who: str) -> None:
        self.attempt(who, lambda work: reopen(work, self.pick(number), reason="又来了"))

    @rule(number=st.integers(0, MOST))
    def a_photo_of_after(self, number: int) -> None:
        with self.site.work() as work:
            work.session.add(Photo(
                incident_id=self.pick(number), name=uuid.uuid4().hex, width=64, height=64,
                stage="after", added_by=None, added_at=work.now,
            ))  # fmt: skip
            work.session.flush()

    @rule(number=st.integers(0, MOST))
    def the_same_report_comes_again(self, number: int) -> None:
        before = self.versions()
        place = number % len(self.ids)
        row = self.site.incident(self.ids[place])
        given = a_report(
            row.category, at=(row.given_lon, row.given_lat), client_id=self.client_ids[place]
        )
        with self.site.work("desk") as work:
            receipt = report_incident(work, given)
        assert (receipt.incident_id, receipt.created) == (row.id, False)
        assert self.versions() == before

    @rule(who=HOLDERS, hours=st.integers(1, 48))
    def somebody_goes_away(self, who: str, hours: int) -> None:
        with self.site.work() as work:
            until = work.now + timedelta(hours=hours)
            set_absence(work, self.site.people[who], work.now, until)

    # --- what the law does ---

    @rule(hand_over=st.booleans(), tell_new=st.booleans())
    def the_grids_change(self, hand_over: bool, tell_new: bool) -> None:
        """The border between A11, A12 and B11 moves there, or back; the worker follows later."""
        draft = the_other_way(self.site)
        in_force(self.site, draft, hand_over=hand_over, tell_new=tell_new)

    @rule()
    def a_worker_follows_the_grids(self) -> None:
        moved(self.site)
        with self.site.look() as work:
            partition = partition_now(work)
            for row in work.session.query(Incident).filter_by(is_open=True):
                place = partition.locate(row.lon, row.lat, snap_m=work.settings.snap_m)
                assert (row.grid_path, row.grid_code) == (place.path, place.code)

    @rule(ahead=st.integers(0, 12), is_workday=st.booleans())
    def a_notice_comes_later(self, ahead: int, is_workday: bool) -> None:
        """A day that was worked is none any more, or one that was not is; clocks follow later."""
        day = self.site.clock.now().date() + timedelta(days=ahead)
        with self.site.work() as work:
            set_day(work, LocalDay(day, "通知", is_workday))

    @rule()
    def a_worker_counts_again(self) -> None:
        before = self.due_of_clocks()
        recount(self.site.runtime)
        for key, due_at in self.due_of_clocks().items():
            assert due_at >= before[key], "a change of the calendars never takes time away"

    def due_of_clocks(self) -> dict[tuple[int, str, int], datetime]:
        with self.site.look() as work:
            rows = work.session.query(ClockRow)
            return {(row.incident_id, row.kind, row.cycle): row.due_at for row in rows}

    @rule(minutes=st.integers(1, 9), hours=st.integers(0, 30))
    def the_policy_is_changed(self, minutes: int, hours: int) -> None:
        """Another version from now or later on: what was promised stays as it was promised."""
        before = self.due_of_clocks()
        now = self.site.clock.now()

        def edit(work: Work) -> object:
            body = {**row_of(work).body, "acknowledge": {"default": f"{minutes}min"}}
            body["limit"] = [{"clock": "resolve", "category": PARKING, "limit": f"{minutes}h"}]
            return publish(work, body, now + timedelta(hours=hours) if hours else None, "试行")

        self.attempt("admin", edit)
        assert self.due_of_clocks() == before

    # --- what time does ---

    @rule(seconds=SECONDS)
    def time_passes_unseen(self, seconds: float) -> None:
        self.site.clock.advance(seconds=seconds)

    @rule(seconds=SECONDS)
    def time_passes_and_the_sweep_comes(self, seconds: float) -> None:
        self.site.clock.advance(seconds=seconds)
        assert tick(self.site.runtime, batch=2).quarantined == 0
        now = self.site.clock.now()
        with self.site.look() as work:
            left = [i.id for i in work.session.query(Incident) if i.next_due_at is not None
                    and i.next_due_at <= now]  # fmt: skip
        assert left == []

    # --- what must always hold ---

    @invariant()
    def all_is_well(self) -> None:
        with self.site.look() as work:
            for row in work.session.query(Incident):
                events = work.session.query(Event).filter_by(incident_id=row.id)
                clocks = work.session.query(ClockRow).filter_by(incident_id=row.id)
                told = work.session.query(Message).filter_by(incident_id=row.id)
                check_sum(row, events.order_by(Event.seq).all())
                check_state(row, self.site)
                check_clocks(row, clocks.order_by(ClockRow.cycle).all())
                check_steps(events.order_by(Event.seq).all(), told.all())


def acknowledged_at(work: Work, one: int, made: Judged | None) -> int:
    """The verb of an acknowledgement that was made on a phone."""
    return acknowledge(work, one, made=made)


# --- a street for every life ---


@pytest.fixture(scope="module")
def lite_lives(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every life begins with a copy of one file."""
    folder = tmp_path_factory.mktemp("lives")
    first = folder / "first.sqlite"
    first.write_bytes(sqlite_template.read_bytes())
    made = a_site(f"sqlite:///{first}", folder / "instance", every_clock=True)
    with made.runtime.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.rollback()
    made.runtime.engine.dispose()

    @contextmanager
    def opened() -> Iterator[Site]:
        with tempfile.TemporaryDirectory(dir=folder) as own:
            copy = Path(own) / "life.sqlite"
            copy.write_bytes(first.read_bytes())
            yield from living(f"sqlite:///{copy}", folder / "instance", made.people)

    Life.open_site = staticmethod(opened)


@pytest.fixture(scope="module")
def elephant_lives(postgres_template: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every life begins with an empty database."""
    folder = tmp_path_factory.mktemp("lives")
    plain = POSTGRES.replace("postgresql+psycopg://", "postgresql://")

    @contextmanager
    def opened() -> Iterator[Site]:
        name = f"life_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(plain, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{postgres_template}"')
            url = f"{POSTGRES.rsplit('/', 1)[0]}/{name}"
            made = a_site(url, folder / "instance", every_clock=True)
            try:
                yield made
            finally:
                made.runtime.engine.dispose()
                admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    Life.open_site = staticmethod(opened)


def living(url: str, instance: Path, people: dict[str, int]) -> Iterator[Site]:
    clock = ManualClock(NOW)
    runtime = make_runtime(Settings(instance=instance, database_url=url), clock)
    relax(runtime.engine)
    try:
        yield Site(runtime, clock, people)
    finally:
        runtime.engine.dispose()


# The same lives in every run. To look for more: derandomize=False and max_examples=1000. A life is
# readable as it is, and shrinking one takes minutes.
CALM = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "derandomize": True,
    "phases": (Phase.explicit, Phase.generate),
}


@pytest.mark.usefixtures("lite_lives")
class TestOnSqlite(Life.TestCase):
    settings = settings(max_examples=20, stateful_step_count=45, **CALM)


@pytest.mark.postgres
@pytest.mark.usefixtures("elephant_lives")
class TestOnPostgres(Life.TestCase):
    settings = settings(max_examples=4, stateful_step_count=50, **CALM)
