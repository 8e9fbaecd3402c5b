"""Imports through their tasks, on both databases: all or nothing, whatever happens in between."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import shapely

from gridtrack.errors import Conflict, Forbidden, Invalid, NotFound
from gridtrack.geo.unpack import Limits
from gridtrack.grids import store as grids
from gridtrack.grids.tables import Edition
from gridtrack.imports import store as imports
from gridtrack.jobs import imports as handlers
from gridtrack.jobs.perform import perform
from gridtrack.jobs.tasks import TaskRunner
from gridtrack.queries.imports import open_imports
from gridtrack.tasks import files
from gridtrack.tasks.rules import KEPT, LEASE, State
from gridtrack.tasks.tables import Task
from gridtrack.usecases.cancel_task import cancel_task
from gridtrack.usecases.grid_imports import (
    Decision,
    accept_findings,
    cancel_import,
    declare_datum,
    look_again,
    map_fields,
)
from gridtrack.usecases.run_task import take_task
from tests.builders import SOUTH, STEP, WEST, Site, leaves
from tests.imports import (
    FIELDS,
    accepted,
    as_file,
    begun,
    checked,
    looked,
    mapped,
    nothing_left,
    page_of,
    row_of,
    written,
)
from tests.jobs.toil import do_next

GAP = {"A11": shapely.box(*(leaves()["A11"].buffer(-0.0005).bounds))}


def last_error(site: Site) -> dict[str, object]:
    with site.look() as work:
        task = work.session.query(Task).order_by(Task.id.desc()).first()
    assert task is not None
    assert task.error is not None
    return task.error


# --- the way through ---


def test_a_file_becomes_a_draft_like_any_other(site: Site) -> None:
    one = accepted(site)
    assert do_next(site) is State.DONE
    ended = row_of(site, one)
    assert (ended.state, ended.step) == ("done", "done")
    with site.look() as work:
        edition = grids.edition(work.session, ended.edition_id or 0)
        stored = {g.code: (g.path, g.level, g.name, g.shape) for g in
                  grids.grids_of(work.session, edition.id)}  # fmt: skip
        lawful = {g.code: (g.path, g.level, g.name, g.shape) for g in
                  grids.grids_of(work.session, 1)}  # fmt: skip
        record = [entry.kind for entry in grids.entries(work.session, edition.id)]
    assert (edition.name, edition.state, edition.created_by) == ("spring", "draft", "admin")
    assert "task" not in edition.source
    assert record == ["imported"]
    assert stored.keys() == lawful.keys()
    assert all(stored[code][:3] == lawful[code][:3] for code in lawful)
    assert all(stored[code][3].equals_exact(lawful[code][3], 1e-9) for code in lawful)


def test_the_files_go_when_the_draft_is_there(lite: Site) -> None:
    accepted(lite)
    do_next(lite)
    assert list((lite.runtime.settings.instance / files.FOLDER).iterdir()) == []


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
def test_the_distances_name_the_datum_a_file_was_drawn_in(lite: Site, datum: str) -> None:
    page = page_of(lite, looked(lite, data=written(as_file(datum))))
    assert page.looked is not None
    metres = page.looked["metres"]
    assert min(metres, key=lambda name: metres[name]) == datum
    assert metres[datum] < 0.01
    assert all(far > 30 for name, far in metres.items() if {name, datum} != {"wgs84", "cgcs2000"}
               and name != datum)  # fmt: skip
    assert page.looked["against"] == "grids"


def test_a_shifted_file_comes_in_where_it_belongs(site: Site) -> None:
    one = accepted(site, datum="gcj02", data=written(as_file("gcj02")))
    do_next(site)
    with site.look() as work:
        stored = grids.grids_of(work.session, row_of(site, one).edition_id or 0)
    lawful = leaves()
    far = max(g.shape.hausdorff_distance(lawful[g.code]) for g in stored if g.level == 3)
    assert far * 111_000 < 0.001


def test_columns_are_guessed_and_shown_with_values(lite: Site) -> None:
    page = page_of(lite, looked(lite))
    assert page.looked is not None
    assert page.looked["guess"] == {n: n for n in ("code", "level", "parent", "name")}
    assert {c["name"]: c["samples"] for c in page.looked["columns"]}["level"] == ["1", "2", "3"]


def test_faults_are_told_as_the_command_tells_them_and_must_be_taken(site: Site) -> None:
    one = checked(site, data=written(as_file(**GAP)))
    page = page_of(site, one)
    assert page.checked is not None
    assert set(page.checked["summary"]) == {"gap"}
    with pytest.raises(Invalid, match="import-faults-left"), site.work("admin") as work:
        accept_findings(work, one, Decision("spring", frozenset(), "why"))
    with pytest.raises(Invalid, match="required"), site.work("admin") as work:
        accept_findings(work, one, Decision("spring", frozenset({"gap"}), " "))
    with site.work("admin") as work:
        accept_findings(work, one, Decision("spring", frozenset({"gap"}), "the council knows"))
    assert do_next(site) is State.DONE
    with site.look() as work:
        edition = grids.edition(work.session, row_of(site, one).edition_id or 0)
    assert [row["code"] for row in edition.accepted] == ["gap"]
    assert edition.note == "the council knows"


# --- what cannot be used ---


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("cut.geojson", written(as_file())[:-200], "geojson-broken"),
        ("empty.json", b'{"type": "FeatureCollection", "features": []}', "import-no-polygons"),
        ("points.json", b'{"type": "Point", "coordinates": [119.5, 27.4]}', "import-no-polygons"),
        ("no.zip", b"PK\x03\x04 no archive", "file-damaged"),
        ("far.json", written({"type": "Polygon", "coordinates": [[[39500000, 3030000],
         [39500900, 3030000], [39500900, 3030900], [39500000, 3030000]]]}), "lonlat-out-of-range"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told_and_can_be_looked_at_again(
    lite: Site, name: str, data: bytes, code: str
) -> None:
    one = begun(lite, data, name=name)
    assert do_next(lite) is State.FAILED
    error = last_error(lite)
    assert error["code"] == code
    assert page_of(lite, one).looked is None
    with lite.work("admin") as work:
        look_again(work, one, {"crs": "EPSG:4527"})
    assert page_of(lite, one).said["crs"] == "EPSG:4527"


def test_an_archive_that_unpacks_to_more_than_it_may_is_refused(
    lite: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "LIMITS", Limits(unpacked=10_000))
    begun(lite, b" " * 5_000_000, name="bomb.geojson.gz")
    assert do_next(lite) is State.FAILED
    assert last_error(lite)["code"] == "file-unpacks-too-large"


def test_ground_of_two_communities_is_a_finding(lite: Site) -> None:
    wide = {"A": shapely.box(WEST, SOUTH - 2 * STEP, WEST + 3 * STEP, SOUTH)}
    page = page_of(lite, checked(lite, data=written(as_file(**wide))))
    assert page.checked is not None
    assert page.checked["summary"]["overlap"] == 1


def test_a_column_that_is_not_there_is_told_with_those_that_are(lite: Site) -> None:
    one = looked(lite)
    with lite.work("admin") as work:
        declare_datum(work, one, "wgs84")
    with pytest.raises(Invalid) as fault, lite.work("admin") as work:
        map_fields(work, one, {**FIELDS, "parent": "above"}, "1", "3")
    assert (fault.value.field, fault.value.params["value"]) == ("parent", "above")
    assert "code" in str(fault.value.params["there"])


@pytest.mark.parametrize(
    ("tolerance", "depth", "field"), [("wide", "3", "tolerance"), ("1", "0", "depth")]
)
def test_a_rule_that_makes_no_sense_is_refused(
    lite: Site, tolerance: str, depth: str, field: str
) -> None:
    one = looked(lite)
    with lite.work("admin") as work:
        declare_datum(work, one, "wgs84")
    with pytest.raises(Invalid) as fault, lite.work("admin") as work:
        map_fields(work, one, FIELDS, tolerance, depth)
    assert fault.value.field == field


def test_a_datum_is_said_by_a_person(lite: Site) -> None:
    one = looked(lite)
    for datum, code in (("", "required"), ("wgs72", "datum-unknown")):
        with pytest.raises(Invalid, match=code), lite.work("admin") as work:
            declare_datum(work, one, datum)


def test_steps_are_taken_in_their_order(lite: Site) -> None:
    one = looked(lite)
    with pytest.raises(Conflict, match="import-not-there-yet"), lite.work("admin") as work:
        map_fields(work, one, FIELDS, "1", "3")
    with pytest.raises(Conflict, match="import-not-there-yet"), lite.work("admin") as work:
        accept_findings(work, one, Decision("x", frozenset(), ""))


def test_another_datum_makes_the_check_void(lite: Site) -> None:
    one = checked(lite)
    with lite.work("admin") as work:
        declare_datum(work, one, "gcj02")
    assert row_of(lite, one).checked is None


# --- whose it is ---


def test_only_whoever_began_it_sees_it(site: Site) -> None:
    one = begun(site)
    with pytest.raises(Forbidden):
        page_of(site, one, "secretary-a")
    with site.look("admin") as work:
        assert [page.id for page in open_imports(work)] == [one]


def test_what_was_left_for_a_day_is_gone(site: Site) -> None:
    one = begun(site)
    site.clock.advance(seconds=KEPT.total_seconds() + 1)
    with pytest.raises(NotFound):
        page_of(site, one)
    instance = site.runtime.settings.instance
    files.touch(instance, row_of(site, one).folder, site.clock.now() - KEPT - timedelta(1))
    TaskRunner(site.runtime).tidy()
    assert nothing_left(site)
    with site.look() as work, pytest.raises(NotFound):
        imports.get(work.session, one)


# --- cancelled ---

STAGES: dict[str, Callable[[Site], int]] = {
    "look waits": begun,
    "looked": looked,
    "check waits": mapped,
    "checked": checked,
    "store waits": accepted,
}


@pytest.mark.parametrize("stage", STAGES)
def test_cancelling_at_any_stage_leaves_nothing(site: Site, stage: str) -> None:
    one = STAGES[stage](site)
    folder = row_of(site, one).folder
    with site.work("admin") as work:
        cancel_import(work, one)
    files.drop(site.runtime.settings.instance, folder)  # as the page does where nothing runs
    assert nothing_left(site)
    with site.look() as work:
        assert not [t for t in work.session.query(Task) if t.finished_at is None]


PHASES = [
    (begun, "read"),
    (begun, "compare"),
    (begun, "draw"),
    (mapped, "read"),
    (mapped, "check"),
    (accepted, "read"),
    (accepted, "store"),
]


@pytest.mark.parametrize(("stage", "phase"), PHASES, ids=[f"{s.__name__}-{p}" for s, p in PHASES])
def test_cancelling_in_any_phase_leaves_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch, stage: Callable[[Site], int], phase: str
) -> None:
    one = stage(site)
    real = handlers.Progress.phase

    def told(self: handlers.Progress, name: str, total: int = 0) -> None:
        if name == phase:
            with site.work("admin") as work:
                cancel_import(work, one)
        real(self, name, total)

    monkeypatch.setattr(handlers.Progress, "phase", told)
    assert do_next(site) is State.CANCELLED
    assert nothing_left(site)


def test_cancelling_while_grids_are_being_stored_leaves_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = accepted(site)
    monkeypatch.setattr(handlers, "BATCH", 4)
    monkeypatch.setattr("gridtrack.jobs.progress.EVERY_S", 0.0)
    real, counted = handlers.store_some, []

    def some(work, edition_id, rows):  # type: ignore[no-untyped-def]
        counted.append(len(rows))
        real(work, edition_id, rows)

    monkeypatch.setattr(handlers, "store_some", some)
    told = handlers.Progress.__call__

    def ask(self: handlers.Progress, done: int, total: int) -> None:
        if done == 8:
            with site.work("admin") as work:
                cancel_import(work, one)
        told(self, done, total)

    monkeypatch.setattr(handlers.Progress, "__call__", ask)
    assert do_next(site) is State.CANCELLED
    assert counted == [4, 4]
    assert nothing_left(site)


def test_what_is_stored_to_its_end_cannot_be_cancelled_any_more(site: Site) -> None:
    one = accepted(site)
    do_next(site)
    with pytest.raises(Conflict, match="import-over"), site.work("admin") as work:
        cancel_import(work, one)
    assert row_of(site, one).state == "done"


def test_cancelling_the_task_alone_keeps_the_import(site: Site) -> None:
    one = accepted(site)
    task_id = row_of(site, one).task_id or 0
    with site.work("admin") as work:
        cancel_task(work, task_id)
    with site.work("admin") as work:
        accept_findings(work, one, Decision("summer", frozenset(), ""))
    assert do_next(site) is State.DONE
    assert row_of(site, one).state == "done"


# --- cut short ---


def test_a_worker_that_dies_among_the_grids_stores_all_or_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = accepted(site)
    monkeypatch.setattr(handlers, "BATCH", 4)
    real, counted = handlers.store_some, []

    class Dies(BaseException):
        pass

    def some(work, edition_id, rows):  # type: ignore[no-untyped-def]
        if len(counted) == 2:
            raise Dies
        counted.append(len(rows))
        real(work, edition_id, rows)

    with monkeypatch.context() as patch:
        patch.setattr(handlers, "store_some", some)
        with site.work() as work:
            taken = take_task(work)
        assert taken is not None
        with pytest.raises(Dies):
            perform(site.runtime, taken)
    with site.look() as work:
        states = [e.state for e in work.session.query(Edition).order_by(Edition.id)]
        shown = [e.id for e in grids.editions(work.session)]
        assert states == ["active", "arriving"]
        assert shown == [1]
        with pytest.raises(NotFound):
            grids.edition(work.session, 2)
    site.clock.advance(seconds=LEASE.total_seconds())
    assert do_next(site) is State.DONE
    with site.look() as work:
        found = [e.state for e in work.session.query(Edition)]
        assert sorted(found) == ["active", "draft"]
        assert len(grids.grids_of(work.session, row_of(site, one).edition_id or 0)) == 14


def test_a_worker_that_dies_after_its_last_word_does_not_store_twice(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = accepted(site)

    def dies(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(handlers.files, "drop", dies)
        with site.work() as work:
            taken = take_task(work)
        assert taken is not None
        with pytest.raises(KeyboardInterrupt):
            perform(site.runtime, taken)
    site.clock.advance(seconds=LEASE.total_seconds())
    assert do_next(site) is State.DONE
    with site.look() as work:
        assert work.session.query(Edition).count() == 2
    assert row_of(site, one).edition_id is not None
