"""A report file goes through the real use cases, on a clock of its own, and may be stopped."""

import csv
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from gridtrack.cli.context import Doors
from gridtrack.cli.replay import replay
from gridtrack.clock import ManualClock
from gridtrack.errors import Invalid, Unavailable
from gridtrack.grids.check import Rule
from gridtrack.grids.files import GridFiles
from gridtrack.grids.store import EDITION
from gridtrack.incidents.store import EVENT, INCIDENT
from gridtrack.notifications.store import MESSAGE
from gridtrack.settings import Settings
from gridtrack.simulation.crowd import Crowd
from gridtrack.simulation.replay import Given, prepare
from gridtrack.simulation.rows import Columns, Line, read
from gridtrack.usecases.activate_edition import activate_edition
from gridtrack.usecases.import_grids import NewEdition, import_grids, read_and_check
from gridtrack.usecases.initialise import keep_policy
from gridtrack.work import make_runtime
from tests.builders import NOW, a_site, middle

SHANGHAI = ZoneInfo("Asia/Shanghai")
NYC = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "nyc"
COLUMNS = Columns("x", "y", "opened", "closed", "kind")
START = NOW.astimezone(SHANGHAI).replace(tzinfo=None)  # ten in the morning


def people(chance=1.0, median_s=60, first=None):
    """Everybody answers alike: with `chance`, after `median_s` seconds."""
    rungs = ("first", "property", "deputy", "leader", "secretary", "street", "desk")
    lines = ['name = "test"']
    for rung in rungs:
        own = chance if rung != "first" or first is None else first
        lines += [f"[answer.{rung}]", f"chance = {own}", f"median_s = {median_s}", "sigma = 0"]
    for name in ("check", "start"):
        lines += [f"[{name}]", "median_s = 600", "sigma = 0"]
    return "\n".join(lines)


def row(minutes=0, at="A11", closed=None, kind="0601", **given):
    """A line of the file: so many minutes after the start, in the middle of a leaf."""
    lon, lat = middle(at)
    opened = START + timedelta(minutes=minutes)
    ended = "" if closed is None else (opened + timedelta(minutes=closed)).isoformat()
    line = {"x": lon, "y": lat, "opened": opened.isoformat(), "closed": ended, "kind": kind}
    return {**line, **given}


def write(path, rows):
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, ["x", "y", "opened", "closed", "kind"])
        writer.writeheader()
        writer.writerows(rows)
    return path


def lines(rows):
    texts = [{name: str(value) for name, value in one.items()} for one in rows]
    return [Line("r.csv", n, one, 1 + texts[: n - 2].count(one)) for n, one in enumerate(texts, 2)]


def given(text=None, seed=1, **changes):
    crowd = Crowd.parse(text or people(), "Asia/Shanghai", seed)
    return replace(Given(crowd, "wgs84", "13", {}, "zh"), **changes)


def ready(site, rows, how=None, seed=1):
    found = read(lines(rows), COLUMNS, SHANGHAI, seed)
    return prepare(site.runtime, found, how or given(seed=seed))


def play(site, rows, how=None, seed=1):
    return ready(site, rows, how, seed).go(lambda: True).as_json()


def everything(site):
    """All rows that a run writes, as plain values."""
    with site.look() as work:
        return [
            [tuple(r) for r in work.session.execute(select(table).order_by(table.c.id))]
            for table in (INCIDENT, EVENT, MESSAGE)
        ]


def test_reports_are_routed_to_the_leaf_their_place_lies_in(site):
    out = play(site, [row(0), row(1), row(2, at="A12")])
    assert (out["reports"], out["routed"], out["per_grid"]) == (3, 3, {"A11": 2, "A12": 1})


def test_who_answers_within_five_minutes_is_counted_as_in_time(site):
    out = play(site, [row(0), row(1)])
    assert (out["acknowledged_in_time"], out["escalations"]) == (2, {})


def test_nobody_answering_climbs_every_rung_to_the_end(site):
    out = play(site, [row(0)], given(people(chance=0)))
    assert out["escalations"] == {"deputy": 1, "leader": 1, "secretary": 1, "street": 4}
    assert out["acknowledged"] == 0


def test_the_sweep_comes_at_the_due_instant_itself(site):
    out = play(site, [row(0)], given(people(chance=0)))
    assert out["lateness_s"] == {"p50": 0, "p99": 0, "max": 0}


def test_what_the_deputy_answers_is_not_in_time(site):
    out = play(site, [row(0)], given(people(first=0)))
    assert (out["acknowledged"], out["acknowledged_in_time"]) == (1, 0)
    assert out["escalations"] == {"deputy": 1}


def test_an_answer_at_the_very_last_instant_is_in_time(site):
    out = play(site, [row(0)], given(people(median_s=300)))
    assert (out["acknowledged_in_time"], out["escalations"]) == (1, {})


def test_what_the_file_closed_is_resolved_then_and_checked_by_the_secretary(site):
    out = play(site, [row(0, closed=90, kind="0104")])
    assert (out["resolved"], out["closed"]) == (1, 1)
    resolved = next(e for e in site.events(1) if e.kind == "resolve")
    assert resolved.at == NOW + timedelta(minutes=90)


def test_what_was_closed_before_anybody_answered_is_resolved_after_the_answer(site):
    play(site, [row(0, closed=0, kind="0104")])
    kinds = [event.kind for event in site.events(1)]
    assert kinds == ["reported", "assigned", "acknowledged", "resolve", "closed"]


def test_what_the_file_left_open_stays_open(site):
    assert play(site, [row(0)])["resolved"] == 0


def test_a_place_outside_every_grid_goes_to_the_desk_which_gives_it_to_the_street(site):
    out = play(site, [row(0, x=121.0, y=30.0)])
    assert (out["routed"], out["triaged"]) == (0, 1)
    assert site.incident(1).handler_id == site.people["street"]


def test_rows_without_coordinates_are_told_and_the_rest_goes_on(site):
    out = play(site, [row(0, x=""), row(1), row(2, y="north"), row(3, opened="soon")])
    assert (out["unusable"], out["routed"]) == (3, 1)
    assert [(r["line"], r["code"]) for r in out["unusable_rows"]] == [
        (2, "coordinate-missing"), (4, "coordinate-not-a-number"), (5, "not-a-time"),
    ]  # fmt: skip


def test_routed_triaged_and_unusable_add_up_to_the_rows_read(site):
    out = play(site, [row(0), row(1, x=""), row(2, x=121.0, y=30.0)])
    assert out["routed"] + out["triaged"] + out["unusable"] == out["reports"]


def test_an_unknown_category_is_taken_as_the_default_one(site):
    play(site, [row(0, kind="Noise - Street")])
    assert (site.incident(1).category, site.incident(1).description) == ("13", "Noise - Street")


def test_a_mapped_word_is_taken_as_its_category(site):
    how = given(category_as={"Illegal Parking": "0104"})
    play(site, [row(0, kind="Illegal Parking")], how)
    assert site.incident(1).category == "0104"


def test_rows_are_replayed_in_the_order_of_their_times(site):
    play(site, [row(9, at="A12"), row(0)])
    assert [site.incident(n).grid_code for n in (1, 2)] == ["A11", "A12"]


def test_every_row_equals_the_sum_of_its_events_afterwards(site):
    crowd = Crowd.shipped("Asia/Shanghai", 3)
    rows = [
        row(n, at=leaf, closed=30 * (n % 3) or None) for n in range(20) for leaf in ("A11", "B12")
    ]
    out = play(site, rows, given(crowd=crowd))
    assert all(site.sums_up(n) for n in range(1, 41))
    assert out["auditor"]["missing"] == out["auditor"]["double"] == out["auditor"]["early"] == 0
    assert out["auditor"]["promises"] == 40


def test_the_same_seed_gives_the_same_days(sqlite_template, tmp_path):
    days = []
    for n in (1, 2):
        file = tmp_path / f"{n}.sqlite"
        file.write_bytes(sqlite_template.read_bytes())
        instance = tmp_path / f"instance{n}"
        instance.mkdir()
        (instance / "secret_key").write_text("what was sent is hashed with it")
        site = a_site(f"sqlite:///{file}", instance)
        crowd = Crowd.shipped("Asia/Shanghai", 5)
        play(site, [row(n, closed=60) for n in range(15)], given(crowd=crowd), seed=5)
        days.append(everything(site))
        site.runtime.engine.dispose()
    assert days[0] == days[1]


def test_a_stopped_run_tells_what_came_out_so_far(site):
    left = iter([True] * 3 + [False])
    out = ready(site, [row(n) for n in range(9)]).go(lambda: next(left)).as_json()
    assert (out["complete"], out["routed"], out["reports"]) == (False, 2, 9)


@pytest.mark.parametrize("happenings", [1, 7, 23, 40])
def test_a_stopped_run_goes_on_and_ends_like_one_that_was_not(
    sqlite_template, tmp_path, happenings
):
    outcomes = []
    for n, stops in enumerate(((), (happenings,))):
        file = tmp_path / f"{n}.sqlite"
        file.write_bytes(sqlite_template.read_bytes())
        instance = tmp_path / f"instance{n}"
        instance.mkdir()
        (instance / "secret_key").write_text("what was sent is hashed with it")
        site = a_site(f"sqlite:///{file}", instance)
        rows = [row(n, closed=60, kind="0104") for n in range(15)]
        how = given(crowd=Crowd.shipped("Asia/Shanghai", 2))
        for stop in stops:
            left = iter([True] * stop + [False])
            ready(site, rows, how).go(lambda left=left: next(left))
        out = play(site, rows, how)
        outcomes.append(
            {k: out[k] for k in ("routed", "acknowledged_in_time", "escalations", "closed")}
        )
        assert [site.sums_up(n) for n in range(1, 16)] == [True] * 15
        site.runtime.engine.dispose()
    assert outcomes[0] == outcomes[1]


def test_the_same_rows_again_change_nothing(site):
    rows = [row(n, closed=60, kind="0104") for n in range(5)]
    play(site, rows)
    before = everything(site)
    out = play(site, rows)
    assert (out["known"], out["routed"]) == (5, 5)
    assert everything(site) == before


def test_another_seed_makes_matters_of_its_own(site):
    play(site, [row(0)], seed=1)
    play(site, [row(0)], seed=2)
    with site.look() as work:
        assert work.session.scalar(select(func.count()).select_from(INCIDENT)) == 2


def test_other_matters_of_the_database_are_left_to_their_own_people(site):
    other = site.report(at=middle("A12"))
    out = play(site, [row(0)])
    assert site.incident(other.incident_id).acknowledged_at is None
    assert out["routed"] == 1


def test_a_place_with_people_keeps_them(site):
    assert play(site, [row(0)])["people"]["made_up"] == 0


def test_a_place_without_people_gets_some_for_every_post(site):
    site.clock.advance(days=400)
    with site.runtime.work() as work:
        work.session.connection().exec_driver_sql("DELETE FROM post")
    out = play(site, [row(0), row(1, at="B22")])
    assert out["people"]["made_up"] >= 8 + 4 + 2 + 2
    assert (out["routed"], out["triaged"]) == (2, 0)


def test_reports_older_than_the_first_edition_are_placed_in_it(site):
    with site.runtime.work() as work:
        work.session.execute(EDITION.update().values(valid_from=NOW + timedelta(days=9)))
    made = ready(site, [row(0)])
    assert made.ready.backdated
    assert made.go(lambda: True).as_json()["per_grid"] == {"A11": 1}


def test_without_any_edition_the_way_out_is_told(site):
    with site.runtime.work() as work:
        work.session.execute(EDITION.update().values(state="draft", valid_from=None))
    with pytest.raises(Unavailable, match="no-edition"):
        ready(site, [row(0)])


def test_a_file_without_a_usable_row_is_refused(site):
    with pytest.raises(Invalid, match="no-usable-row"):
        ready(site, [row(0, x="")])


# --- the command ---


def command(site, file, *more):
    doors = Doors(site.runtime.settings, lambda *_: None, ManualClock(NOW))
    asked = [str(file), "--lon", "x", "--lat", "y", "--at", "opened", "--tz", "Asia/Shanghai"]
    return CliRunner().invoke(replay, [*asked, *more], obj=doors)


def test_the_command_prints_for_people_and_writes_for_machines(lite, tmp_path):
    file, out = (
        write(tmp_path / "r.csv", [row(0, kind="0104"), row(1, x="")]),
        tmp_path / "out.json",
    )
    done = command(lite, file, "--category", "kind", "--closed", "closed", "--json", str(out))
    assert done.exit_code == 0, done.output
    assert "自动派到人" in done.stdout
    asked = {
        "reports", "routed", "triaged", "unusable", "acknowledged_in_time", "escalations",
        "lateness_s", "per_grid", "auditor",
    }  # fmt: skip
    assert asked <= set(json.loads(out.read_text()))


def test_the_command_limits_the_rows_it_reads(lite, tmp_path):
    file = write(tmp_path / "r.csv", [row(n) for n in range(5)])
    done = command(lite, file, "--limit", "2", "--json", "-")
    assert json.loads(done.stdout)["reports"] == 2


def test_a_missing_column_is_named_with_those_there_are(lite, tmp_path):
    file = write(tmp_path / "r.csv", [row(0)])
    done = command(lite, file, "--closed", "done_at")
    assert done.exit_code == 2
    assert "done_at" in done.stderr
    assert "opened" in done.stderr


@pytest.mark.parametrize(
    ("more", "word"),
    [(("--tz", "Mars/Base"), "Mars/Base"), (("--category-as", "noise"), "noise")],
)
def test_what_cannot_be_meant_is_told(lite, tmp_path, more, word):
    done = command(lite, write(tmp_path / "r.csv", [row(0)]), *more)
    assert done.exit_code == 2
    assert word in done.stderr


def test_one_report_in_two_files_is_one_report(lite, tmp_path):
    first, second = (write(tmp_path / name, [row(0), row(n)]) for n, name in ((1, "a"), (2, "b")))
    out = json.loads(command(lite, first, str(second), "--json", "-").stdout)
    assert (out["reports"], out["routed"], out["repeated"]) == (4, 3, 1)


# --- real input ---


@pytest.fixture
def new_york(sqlite_template, tmp_path):
    """An instance with the three levels of New York, imported like anybody's."""
    if not NYC.exists():
        pytest.skip("no shared data beside the project")
    instance = tmp_path / "instance"
    instance.mkdir()
    (instance / "gridtrack.sqlite").write_bytes(sqlite_template.read_bytes())
    runtime = make_runtime(Settings(instance=instance), ManualClock(NOW))
    files = {level: NYC / f"level{level}.geojson.gz" for level in (1, 2, 3)}
    checked = read_and_check(GridFiles(files, {"code": "id", "parent": "parent_id"}), Rule())
    with runtime.work() as work:
        keep_policy(work)
        edition = import_grids(work, checked, NewEdition("nyc", frozenset({"all"})))
        activate_edition(work, edition.id)
    yield runtime.settings
    runtime.engine.dispose()


@pytest.mark.shared
@pytest.mark.slow
def test_a_night_of_new_york_goes_through(new_york, tmp_path):
    file = NYC / "original" / "nyc311_fetched_2026-06-22.csv.gz"
    asked = [
        str(file), "--lon", "longitude", "--lat", "latitude", "--at", "created_date", "--closed",
        "closed_date", "--category", "complaint_type", "--tz", "America/New_York", "--limit",
        "1500", "--json", "-",
    ]  # fmt: skip
    doors = Doors(new_york, lambda *_: None, ManualClock(NOW))
    out = json.loads(CliRunner().invoke(replay, asked, obj=doors).stdout)
    assert out["routed"] + out["triaged"] + out["unusable"] == out["reports"] == 1500
    assert out["auditor"]["missing"] == out["auditor"]["double"] == out["auditor"]["early"] == 0
    assert out["acknowledged_in_time"] > 500
    assert set(out["escalations"]) == {"deputy", "leader", "secretary", "street"}
