"""Editions in a database: stored whole or not at all, one in force at an instant, read once."""

from dataclasses import replace
from datetime import timedelta

import pytest
import shapely
from sqlalchemy import event, func, select

from gridtrack.access import Actor
from gridtrack.db.memo import Memo
from gridtrack.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from gridtrack.grids import store
from gridtrack.grids.check import Rule, examine
from gridtrack.grids.rules import Grid
from gridtrack.grids.tables import Edition, GridRow
from gridtrack.usecases.activate_edition import activate_edition
from gridtrack.usecases.import_grids import Checked, NewEdition, import_grids
from tests.builders import NOW, Site, leaves, middle
from tests.grid_builders import changed, square, street, without

BOW_TIE = shapely.Polygon(
    [(119.5, 27.4), (119.501, 27.401), (119.501, 27.4), (119.5, 27.401), (119.5, 27.4)]
)
MIDDLE_OF_A11 = (119.5005, 27.4005)  # of the street of grid_builders


def checked(grids=None):
    grids = street() if grids is None else grids
    return Checked(grids, examine(grids, Rule()), {"files": {"0": "street.geojson"}})


def imported(site, grids=None, who="engine", **new):
    with site.work(who) as work:
        return import_grids(work, checked(grids), NewEdition("another street", **new)).id


def activated(site, edition_id, at=None, who="engine"):
    with site.work(who) as work:
        activate_edition(work, edition_id, at)


def stored(site, edition_id):
    with site.look() as work:
        return {grid.code: grid for grid in store.grids_of(work.session, edition_id)}


def edition(site, edition_id):
    with site.look() as work:
        return store.edition(work.session, edition_id)


def code_at(site, lon, lat, at=NOW, memo=None):
    with site.look() as work:
        partition = store.partition_at(work.session, memo or Memo(), at)
    return partition.locate(lon, lat).code


def rows(site):
    with site.look() as work:
        counts = (work.session.scalar(select(func.count(t.id))) for t in (Edition, GridRow))
        return tuple(counts)


def test_an_import_makes_a_draft_with_its_grids(site: Site) -> None:
    made = imported(site)
    assert edition(site, made).state == "draft"
    assert {code: grid.path for code, grid in stored(site, made).items()} == {
        grid.code: grid.path for grid in street()
    }


def test_shapes_come_back_exactly(site: Site) -> None:
    found = stored(site, imported(site))
    assert all(shapely.equals_identical(found[g.code].shape, g.shape) for g in street())


def test_areas_and_boxes_are_stored(site: Site) -> None:
    made = imported(site)
    with site.look() as work:
        row = work.session.scalar(select(GridRow).filter_by(edition_id=made, code="A11"))
    assert row.area_m2 == pytest.approx(98.84 * 110.8, rel=0.01)
    assert (row.min_lon, row.min_lat) == pytest.approx((119.5, 27.4))


def test_where_it_came_from_is_remembered(site: Site) -> None:
    source = edition(site, imported(site)).source
    assert (source["files"], source["levels"]) == (
        {"0": "street.geojson"},
        {"1": 2, "2": 4, "3": 8},
    )


def test_faults_stop_an_import_before_anything_is_stored(site: Site) -> None:
    before = rows(site)
    with pytest.raises(Invalid, match="grids-faulty"):
        imported(site, without(street(), "A21"))
    assert rows(site) == before


def test_only_the_named_faults_are_accepted(site: Site) -> None:
    spoilt = changed(without(street(), "A21"), "B11", parent="")
    with pytest.raises(Invalid, match="missing-parent"):
        imported(site, spoilt, accept=frozenset({"gap"}))


def test_accepted_faults_are_recorded_with_the_edition(site: Site) -> None:
    made = imported(site, without(street(), "A21"), accept=frozenset({"gap"}))
    (fault,) = edition(site, made).accepted
    assert (fault["code"], fault["level"], fault["unit"]) == ("gap", 3, "m2")


def test_all_accepts_every_kind(site: Site) -> None:
    spoilt = [*changed(street(), "B11", parent=""), *street()[2:3]]
    found = edition(site, imported(site, spoilt, accept=frozenset({"all"}))).accepted
    assert sorted(row["code"] for row in found) == ["duplicate-code", "missing-parent"]


def test_an_accepted_invalid_polygon_enters_repaired_and_says_so(site: Site) -> None:
    made = imported(site, changed(street(), "A11", shape=BOW_TIE), accept=frozenset({"all"}))
    assert stored(site, made)["A11"].shape.is_valid
    record = next(r for r in edition(site, made).accepted if r["code"] == "invalid-polygon")
    assert (record["done"], record["params"]["area_after_m2"]) == (
        "repaired",
        pytest.approx(5476, rel=0.01),
    )


def test_of_a_code_used_twice_the_first_grid_enters(site: Site) -> None:
    twice = [*street(), Grid("A11", 3, "A1", "other", square(0, 0, 0.5, 0.5))]
    made = imported(site, twice, accept=frozenset({"all"}))
    assert stored(site, made)["A11"].name == "A11格"
    record = next(r for r in edition(site, made).accepted if r["code"] == "duplicate-code")
    assert record["done"] == "first-kept"


def test_a_grid_without_ground_is_left_out_and_said_so(site: Site) -> None:
    spoilt = changed(street(), "A11", shape=shapely.Polygon())
    made = imported(site, spoilt, accept=frozenset({"all"}))
    assert "A11" not in stored(site, made)
    assert "left-out" in [row.get("done") for row in edition(site, made).accepted]


def test_an_unknown_code_cannot_be_accepted(site: Site) -> None:
    with pytest.raises(Invalid, match="fault-code-unknown"):
        imported(site, accept=frozenset({"gaps"}))


def test_nothing_cannot_be_imported(site: Site) -> None:
    with pytest.raises(Invalid, match="grids-none"):
        imported(site, [], accept=frozenset({"all"}))


@pytest.mark.parametrize("who", ["worker-a11", "secretary-a", "security"])
def test_only_who_may_edit_grids_imports_them(site: Site, who: str) -> None:
    with pytest.raises(Forbidden):
        imported(site, who=who)


def test_the_system_administrator_imports_and_is_named(site: Site) -> None:
    assert edition(site, imported(site, who="admin")).created_by == "admin"


def test_a_stranger_activates_nothing(site: Site) -> None:
    made = imported(site)
    with pytest.raises(Unauthenticated):
        activated(site, made, who=Actor(None, "stranger"))


def test_progress_tells_the_grids_stored(site: Site) -> None:
    told = []
    with site.work() as work:
        import_grids(work, checked(), NewEdition("x"), lambda *step: told.append(step))
    assert told == [(14, 14)]


def test_an_interrupted_import_leaves_nothing(site: Site) -> None:
    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    before = rows(site)
    with pytest.raises(KeyboardInterrupt), site.work() as work:
        import_grids(work, checked(), NewEdition("x"), stop)
    assert rows(site) == before


def test_activation_ends_the_one_before_which_stays_readable(site: Site) -> None:
    made = imported(site)
    activated(site, made)
    with site.look() as work:
        first = store.edition_at(work.session, NOW - timedelta(days=1))
        assert (first.state, first.valid_to) == ("retired", NOW)
        assert len(store.grids_of(work.session, first.id)) == 14
        assert store.edition_at(work.session, NOW).id == made


def test_an_edition_may_begin_later(site: Site) -> None:
    made = imported(site)
    later = NOW + timedelta(days=3)
    activated(site, made, later)
    with site.look() as work:
        before, after = (store.edition_at(work.session, at) for at in (NOW, later))
    assert (before.name, after.id) == ("the street", made)


def test_an_edition_cannot_begin_before_what_was_in_force(site: Site) -> None:
    made = imported(site)
    with pytest.raises(Invalid, match="edition-in-the-past"):
        activated(site, made, NOW - timedelta(minutes=1))


def test_an_edition_is_activated_once(site: Site) -> None:
    made = imported(site)
    activated(site, made)
    with pytest.raises(Conflict, match="edition-state"):
        activated(site, made)


def test_an_edition_that_is_not_there_is_not_found(site: Site) -> None:
    with pytest.raises(NotFound):
        activated(site, 999_999)


def test_editions_are_listed_newest_first(site: Site) -> None:
    made = imported(site)
    with site.look() as work:
        assert next(e.id for e in store.editions(work.session)) == made


def test_grids_of_one_level_below_one_path_are_found(site: Site) -> None:
    made = imported(site)
    with site.look() as work:
        found = store.grids_of(work.session, made, level=3, under="A/A1")
    assert [grid.code for grid in found] == ["A11", "A12"]


def test_a_path_is_no_prefix_of_letters(site: Site) -> None:
    longer = [*street(), Grid("A1-", 2, "A", "", square(9, 9))]
    made = imported(site, longer, accept=frozenset({"all"}))
    with site.look() as work:
        found = store.grids_of(work.session, made, under="A/A1")
    assert [grid.code for grid in found] == ["A1", "A11", "A12"]


def test_a_point_is_located_in_the_edition_of_its_time(site: Site) -> None:
    renamed = [replace(g, code=f"N{g.code}", parent=g.parent and f"N{g.parent}") for g in street()]
    activated(site, imported(site, renamed))
    lon, lat = MIDDLE_OF_A11
    assert code_at(site, lon, lat, NOW) == "NA11"
    old_lon, old_lat = middle("A11")
    assert code_at(site, old_lon, old_lat, NOW - timedelta(days=1)) == "A11"


def test_before_the_first_edition_there_is_no_partition(site: Site) -> None:
    lon, lat = middle("A11")
    assert code_at(site, lon, lat, NOW - timedelta(days=4000)) is None


def test_leaves_are_the_grids_without_children(site: Site) -> None:
    with site.look() as work:
        partition = store.partition_at(work.session, Memo(), NOW)
    assert sorted(partition.codes) == sorted(leaves())


def test_polygons_are_read_once_for_many_lookups(site: Site) -> None:
    memo, asked = Memo(), []
    engine = site.runtime.engine

    def count(_c, _cursor, statement, *_rest):
        if "grid" in statement:
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    for _ in range(5):
        code_at(site, *middle("A11"), memo=memo)
    event.remove(engine, "before_cursor_execute", count)
    assert len(asked) == 1


def test_another_processs_edition_is_seen_within_two_seconds(site: Site) -> None:
    now = [100.0]
    memo = Memo(clock=lambda: now[0])  # another process: the activation below forgets nothing in it
    code_at(site, *MIDDLE_OF_A11, memo=memo)
    renamed = [replace(g, code=f"N{g.code}", parent=g.parent and f"N{g.parent}") for g in street()]
    activated(site, imported(site, renamed))
    now[0] += 2.0
    assert code_at(site, *MIDDLE_OF_A11, memo=memo) == "NA11"


def test_this_processs_own_activation_is_seen_at_once(site: Site) -> None:
    memo = site.runtime.memo
    code_at(site, *MIDDLE_OF_A11, memo=memo)
    renamed = [replace(g, code=f"N{g.code}", parent=g.parent and f"N{g.parent}") for g in street()]
    activated(site, imported(site, renamed))
    assert code_at(site, *MIDDLE_OF_A11, memo=memo) == "NA11"


def test_a_zone_is_found_by_a_point_in_it(site: Site) -> None:
    estate = leaves()["A11"]
    west, south, east, north = estate.bounds
    with site.look() as work:
        zones = store.zones_at(work.session, Memo(), NOW)
    assert zones.zone_of(west + (east - west) / 6, (south + north) / 2) == "E1"
    assert zones.zone_of(*middle("A11")) is None
