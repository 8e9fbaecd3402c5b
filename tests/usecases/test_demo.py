"""The demo: a street with thirty days behind it, the same for the same seed, and then life."""

import json
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from gridtrack.accounts.log_in_rules import Device
from gridtrack.analytics.auditor import audit
from gridtrack.categories.shipped import shipped_tree
from gridtrack.cli.context import Doors
from gridtrack.cli.demo import demo as command
from gridtrack.clock import ManualClock
from gridtrack.db import migrate
from gridtrack.db.relaxed import relax
from gridtrack.errors import Conflict
from gridtrack.incidents.reporters import bound
from gridtrack.incidents.rules import OPEN, State, replay
from gridtrack.incidents.store import EVENT, INCIDENT, REPORTER
from gridtrack.incidents.tables import Incident
from gridtrack.jobs.sweeper import tick
from gridtrack.notifications.store import MESSAGE
from gridtrack.settings import Settings
from gridtrack.simulation import demo, town
from gridtrack.simulation.live import Live
from gridtrack.simulation.stories import span
from gridtrack.simulation.texts import Words, document
from gridtrack.usecases.log_in import ask_to_log_in, is_right
from gridtrack.work import make_runtime

NOW = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)  # half past three in the afternoon in the street


def runtime_in(folder):
    runtime = make_runtime(Settings(instance=folder), ManualClock(NOW))
    relax(runtime.engine)
    return runtime


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    """Thirty days, made once for all tests that only look."""
    runtime = runtime_in(tmp_path_factory.mktemp("demo"))
    day = demo.build(runtime)
    yield runtime, day
    runtime.engine.dispose()


@pytest.fixture(scope="module")
def two_days(tmp_path_factory):
    """The folder of a street with two days behind it, made once and copied."""
    folder = tmp_path_factory.mktemp("two-days") / "instance"
    runtime = runtime_in(folder)
    demo.build(runtime, days=2)
    runtime.engine.dispose()
    return folder


@pytest.fixture
def yesterday(tmp_path, two_days):
    """A street with two days behind it, to be changed."""
    runtime = runtime_in(shutil.copytree(two_days, tmp_path / "yesterday"))
    yield runtime
    runtime.engine.dispose()


def rows(runtime, *columns, where=None):
    query = select(*columns)
    with runtime.look() as work:
        return work.session.execute(query if where is None else query.where(where)).all()


def log_of(runtime, incident_id):
    found = rows(runtime, EVENT.c.kind, EVENT.c.data, where=EVENT.c.incident_id == incident_id)
    return [(row.kind, row.data) for row in found]


def story(runtime, words):
    """The incident of a story, found by what was reported."""
    found = rows(runtime, INCIDENT, where=INCIDENT.c.description.contains(words))
    assert found, words
    return found[0]


def live_for(runtime, seconds):
    """Let the town live for so many seconds, sweeping each second as the worker does."""
    live = Live.begin(runtime)
    for _ in range(seconds):
        runtime.clock.advance(seconds=1)
        tick(runtime)
        live.tick()
    return live


# --- thirty days ---


def test_some_hundred_matters_are_told(street):
    day = street[1]
    assert 400 <= day.reported <= 1500
    assert day.refused == []


def test_every_state_is_there(street):
    states = {row.state for row in rows(street[0], INCIDENT.c.state)}
    # Who waits for an answer or for the desk comes with the life of the demo.
    assert states >= set(State) - {State.ASSIGNED, State.REPORTED}


def test_at_the_start_of_its_life_matters_wait_for_answers_and_for_the_desk(yesterday):
    Live.begin(yesterday)
    states = {row.state for row in rows(yesterday, INCIDENT.c.state)}
    assert states >= {State.ASSIGNED, State.REPORTED}


def test_every_row_equals_the_sum_of_its_events(street):
    events = {}
    for row in rows(street[0], EVENT.c.incident_id, EVENT.c.seq, EVENT.c.data):
        events.setdefault(row.incident_id, []).append((row.seq, row.data))
    with street[0].look() as work:
        for incident in work.session.scalars(select(Incident)):
            summed = replay(sorted(events[incident.id], key=lambda one: one[0]))
            assert all(getattr(incident, name) == value for name, value in summed.items())


def test_the_auditor_finds_no_fault_in_it(street):
    with street[0].look() as work:
        audited = audit(work)
    assert audited.faults == ()
    assert audited.fired > 50


def test_nothing_happens_after_now(street):
    latest = rows(street[0], func.max(EVENT.c.recorded_at).label("at"))[0].at
    assert latest <= NOW


def test_nights_are_quieter_than_days(street):
    hours = Counter(
        (row.reported_at.hour + 8) % 24 for row in rows(street[0], INCIDENT.c.reported_at)
    )
    assert sum(hours[h] for h in range(5)) * 4 < sum(hours[h] for h in range(8, 13))


def test_a_product_refuses_next_to_nothing_of_what_its_people_do(street):
    assert sum(street[1].failed.values()) < 30


def test_all_doors_of_reporting_are_used(street):
    sources = {row.source for row in rows(street[0], INCIDENT.c.source)}
    assert sources == {"resident", "patrol", "hotline", "station"}
    datums = {row.datum for row in rows(street[0], INCIDENT.c.datum)}
    assert datums == {"wgs84", "gcj02", None}


def test_the_desk_got_what_no_grid_owns(street):
    assert {row.outcome for row in rows(street[0], INCIDENT.c.outcome)} >= {"outside", "unplaced"}


def test_every_telephone_number_is_nobodys(street):
    keys = street[0].keys
    contacts = {
        keys.open(row.sealed_contact, bound(row.incident_id, "contact"))
        for row in rows(street[0], REPORTER.c.incident_id, REPORTER.c.sealed_contact)
    }
    assert all(one == "" or one.startswith("1390000") for one in contacts)


# --- the sources' own cases ---


def test_the_building_is_reported_acknowledged_and_stopped_by_the_area_above(street):
    told = log_of(street[0], story(street[0], "东升大厦内今天发现有抢建现象").id)
    why = [reason["code"] for reason in told[1][1]["why"]]
    assert "reporter-not-alone" in why
    assert ("note", "收到，马上核实！") in [(kind, data.get("text")) for kind, data in told]
    assert told[-1][0] == "closed"


def test_the_funeral_is_sealed_and_the_family_agreed(street):
    row = story(street[0], "朝阳新村33号有居民要办丧事")
    assert (row.sensitivity, row.grid_code) == (3, "35099900100202006")
    resolved = next(data for kind, data in log_of(street[0], row.id) if kind == "resolve")
    assert resolved["outcome"] == "agreed"


def test_the_lamp_told_in_the_morning_is_mended_in_the_afternoon_by_the_property(street):
    row = story(street[0], "三号楼楼梯的电灯坏了")
    local = [(at.hour + 8) % 24 for at in (row.reported_at, row.resolved_at)]
    assert local[0] < 12 < local[1]
    assert row.resolved_by == row.co_handler_id


def test_the_poultry_on_the_roof_was_talked_over_and_went_home(street):
    row = story(street[0], "楼顶就是养鸡场")
    assert row.state == "closed"
    assert {kind for kind, _ in log_of(street[0], row.id)} >= {"hold", "resume", "note"}


def test_a_missed_clock_in_a_story_went_to_the_next_rung(street):
    kinds = [kind for kind, _ in log_of(street[0], story(street[0], "又有人推电动车进电梯").id)]
    assert "escalated" in kinds


@pytest.mark.parametrize("one", document("stories.toml")["story"], ids=lambda one: one["title"])
def test_every_story_was_told_to_its_end(street, one):
    end = span(one["steps"][-1]["after"]) + timedelta(days=-one["days_ago"])
    row = story(street[0], one["text"])
    assert row.state == ("closed" if end < -timedelta(days=1) else row.state)


def test_one_matter_is_urged_one_ordered_and_one_answered(street):
    urged, ordered, answered = (
        log_of(street[0], story(street[0], words).id)
        for words in ("路口的垃圾桶", "地下车库旁", "五号楼三层的灯")
    )
    assert [kind for kind, _ in urged].count("urged") == 2
    assert [kind for kind, _ in ordered if kind.startswith("order")] == ["ordered"]
    assert [kind for kind, _ in answered if kind.startswith("order")] == [
        "ordered",
        "order-answered",
    ]


# --- the words ---


def test_every_word_file_speaks_of_categories_there_are():
    known = {one.code for one in shipped_tree().leaves()}
    used = {one.category for one in Words.shipped().matters}
    used |= {one["category"] for one in document("stories.toml")["story"]}
    assert used <= known


# --- people ---


def test_every_login_that_is_shown_opens(street):
    runtime = street[0]
    with runtime.look() as work:
        shown = town.logins(work)
        assert [one.login for one in shown] == list(town.LOGINS)
        asked = ask_to_log_in(work, "gridworker", Device("a browser", "127.0.0.1"))
        assert asked.person_id == town.load(work).visitor_id
    assert is_right(asked, town.PASSWORD)


def test_the_visitor_is_the_gridworker_of_the_sixth_grid(street):
    with street[0].look() as work:
        first = town.logins(work)[0]
    assert (first.login, first.place) == ("gridworker", town.VISITOR_GRID)


# --- again ---


def test_the_same_seed_and_the_same_present_give_the_same_history(tmp_path, yesterday):
    folder = tmp_path / "again"
    folder.mkdir()
    shutil.copy(
        yesterday.settings.instance / "secret_key", folder
    )  # what was sent is hashed with it
    again = runtime_in(folder)
    demo.build(again, days=2)
    for table in (INCIDENT, EVENT, MESSAGE):
        assert rows(again, *table.c) == rows(yesterday, *table.c)
    again.engine.dispose()


def test_another_seed_gives_another_history(tmp_path, yesterday):
    runtime = runtime_in(tmp_path / "other")
    demo.build(runtime, seed=7, days=2)
    texts = [rows(one, INCIDENT.c.client_id) for one in (yesterday, runtime)]
    runtime.engine.dispose()
    assert texts[0] != texts[1]


# --- life ---


def test_within_two_minutes_there_is_an_answer_a_miss_and_an_escalation(yesterday):
    live_for(yesterday, 120)
    happened = Counter(row.kind for row in rows(yesterday, EVENT.c.kind, where=EVENT.c.at > NOW))
    assert happened["acknowledged"] >= 1
    assert happened["escalated"] >= 2
    assert happened["reported"] >= 5


def test_what_the_first_told_missed_the_deputy_takes_up(yesterday):
    live_for(yesterday, 240)
    rungs = rows(yesterday, INCIDENT.c.rung, where=INCIDENT.c.acknowledged_at > NOW)
    assert "deputy" in {row.rung for row in rungs} or "leader" in {row.rung for row in rungs}


def waiting_for(live):
    """What the visitor has still to acknowledge."""
    mine = INCIDENT.c.handler_id == live.life.visitor_id
    return mine & INCIDENT.c.is_open & INCIDENT.c.acknowledged_at.is_(None)


def test_the_visitors_matters_are_left_to_the_visitor(yesterday):
    live = live_for(yesterday, 200)
    assert rows(yesterday, INCIDENT.c.id, where=waiting_for(live))
    answered = (EVENT.c.kind == "acknowledged") & (EVENT.c.at > NOW - timedelta(minutes=5))
    by = {row.actor_id for row in rows(yesterday, EVENT.c.actor_id, where=answered)}
    assert live.life.visitor_id not in by


def test_the_visitor_never_has_more_than_a_few_waiting(yesterday):
    live = live_for(yesterday, 280)
    assert len(rows(yesterday, INCIDENT.c.id, where=waiting_for(live))) <= 4


def test_the_auditor_finds_no_fault_in_a_quarter_of_an_hour_of_life(yesterday):
    live_for(yesterday, 900)
    with yesterday.look() as work:
        assert audit(work).faults == ()


def test_a_demo_that_stood_still_for_a_day_catches_up_and_says_how_late(yesterday):
    live_for(yesterday, 60)
    yesterday.clock.advance(hours=20)
    live_for(yesterday, 900)
    late = [
        row.data["late_ms"]
        for row in rows(yesterday, EVENT.c.data, where=EVENT.c.kind == "escalated")
        if row.data["cause"] == "engine-gap"
    ]
    assert late
    assert max(late) > 19 * 3_600_000
    left = rows(yesterday, INCIDENT.c.id, where=INCIDENT.c.state == "assigned")
    open_ = rows(yesterday, INCIDENT.c.id, where=INCIDENT.c.state.in_([s.value for s in OPEN]))
    assert len(left) < len(open_) / 3


# --- the instance ---


def test_a_database_that_is_no_demo_is_left_alone(site):
    with pytest.raises(Conflict, match="not-a-demo"):
        demo.check_is_demo(site.runtime)
    with pytest.raises(Conflict, match="not-a-demo"):
        demo.empty(site.runtime)


def test_an_empty_database_may_become_a_demo(tmp_path):
    runtime = runtime_in(tmp_path / "instance")
    migrate.upgrade(runtime.engine)
    demo.check_is_demo(runtime)
    runtime.engine.dispose()


def test_a_reset_takes_everything_away(yesterday):
    demo.empty(yesterday)
    assert migrate.current(yesterday.engine) is None
    assert not (yesterday.settings.instance / "photos").exists()
    assert demo.mark_of(yesterday) is None


def test_days_that_were_not_finished_are_no_demo_yet(yesterday):
    assert demo.is_built(yesterday)
    path = yesterday.settings.instance / demo.MARK
    path.write_text(json.dumps({**json.loads(path.read_text()), "finished": False}))
    assert not demo.is_built(yesterday)


def test_a_demo_whose_database_was_taken_away_is_made_again(yesterday):
    migrate.downgrade(yesterday.engine, "base")
    assert not demo.is_built(yesterday)


def test_the_mark_of_one_database_does_not_speak_for_another(site, yesterday):
    mark = (yesterday.settings.instance / demo.MARK).read_text()
    (site.runtime.settings.instance / demo.MARK).write_text(mark)
    with pytest.raises(Conflict, match="not-a-demo"):
        demo.empty(site.runtime)


def test_the_command_refuses_a_database_that_is_no_demo(lite):
    doors = Doors(lite.runtime.settings, lambda *_: None, ManualClock(NOW))
    done = CliRunner().invoke(command, ["--port", "18999"], obj=doors)
    assert done.exit_code == 2
    assert "GRIDTRACK_INSTANCE" in done.stderr
