"""Door plates out of tables: a bad row is told, the others go on, and twice is once."""

import pytest

from gridtrack.addresses import store
from gridtrack.errors import Forbidden, Rejected
from gridtrack.geo.datum import from_wgs84
from gridtrack.usecases import import_doors as module
from tests.builders import Site, middle
from tests.door_builders import BOOK, a_row, bring_in, texts, the_book


def counts(result: module.Result) -> dict[str, int]:
    told = result.as_json()
    names = ("added", "changed", "same", "again", "refused")
    return {name: told[name] for name in names if told[name]}


def test_a_book_comes_in_whole(site: Site) -> None:
    assert counts(bring_in(site, the_book())) == {"added": 5}
    assert texts(site) == [row[0] for row in BOOK]


def test_the_same_file_twice_changes_nothing(site: Site) -> None:
    bring_in(site, the_book())
    with site.look() as work:
        before = [(row.id, row.version) for row in store.page(work.session, 0, 10)]
    assert counts(bring_in(site, the_book())) == {"same": 5}
    with site.look() as work:
        assert [(row.id, row.version) for row in store.page(work.session, 0, 10)] == before


def test_a_changed_row_changes_its_plate_and_no_other(site: Site) -> None:
    bring_in(site, the_book())
    rows = the_book()
    rows[2]["households"] = 9
    assert counts(bring_in(site, rows, "street")) == {"changed": 1, "same": 4}
    with site.look() as work:
        row = store.page(work.session, 0, 10)[2]
    assert (row.households, row.version, row.changed_by) == (9, 2, "street")


def test_a_preview_tells_the_same_and_writes_nothing(site: Site) -> None:
    assert counts(bring_in(site, the_book(), write=False)) == {"added": 5}
    assert texts(site) == []


def test_bad_rows_are_told_with_line_and_column_and_the_others_go_on(site: Site) -> None:
    rows = [
        a_row("环城路1号"),
        a_row("", road="环城路", number="9"),
        a_row("=cmd"),
        a_row("环城路3号"),
    ]
    rows[0]["lat"] = "127.4"
    result = bring_in(site, rows)
    assert counts(result) == {"added": 2, "refused": 2}
    told = [(line, fault.code, fault.params["field"]) for line, fault in result.first]
    assert told == [(2, "coordinate-out-of-range", "lat"), (4, "door-formula", "address")]
    assert texts(site) == ["环城路9号", "环城路3号"]


def test_rows_without_a_point_come_in_and_are_counted(site: Site) -> None:
    rows = [
        {**a_row(f"环城路{n}号"), **({} if n % 5 > 1 else {"lon": "", "lat": ""})}
        for n in range(50)
    ]
    result = bring_in(site, rows)
    assert (result.added, result.pointless) == (50, 20)


def test_a_row_twice_is_told_where_it_differs(site: Site) -> None:
    rows = [
        a_row("环城路1号"),
        a_row("环城路 １号"),
        a_row("环城路1号"),
        a_row("环城路1号", households=5),
    ]
    result = bring_in(site, rows)
    assert counts(result) == {"added": 1, "again": 1, "refused": 2}
    assert dict(result.codes) == {"door-twice": 2}


def test_a_row_twice_is_known_across_batches(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    rows = [a_row(f"环城路{n}号") for n in (1, 2, 3, 1, 2)]
    assert counts(bring_in(site, rows)) == {"added": 3, "again": 2}


def test_a_point_is_kept_as_given_and_stored_in_wgs84(site: Site) -> None:
    lon, lat = from_wgs84(*middle("A11"), "gcj02")
    row = {**a_row("环城路1号"), "lon": f"{lon:.7f}", "lat": f"{lat:.7f}"}
    bring_in(site, [row], datum="gcj02")
    with site.look() as work:
        (found,) = store.page(work.session, 0, 10)
    assert (found.lon, found.lat) == pytest.approx(middle("A11"), abs=1e-6)
    assert (found.given_lon, found.datum) == (pytest.approx(lon, abs=1e-6), "gcj02")


def test_a_wrong_datum_is_doubted_before_anything_is_written(lite: Site) -> None:
    assert bring_in(lite, the_book(), datum="gcj02", write=False).better == "wgs84"
    assert bring_in(lite, the_book(), datum="wgs84", write=False).better == ""


def test_no_datum_no_import(lite: Site) -> None:
    with pytest.raises(Rejected) as refused:
        bring_in(lite, the_book(), datum="")
    assert [fault.code for fault in refused.value.faults] == ["datum-missing"]
    assert texts(lite) == []


def test_a_secretary_brings_in_plates_of_their_own_community_only(site: Site) -> None:
    result = bring_in(site, the_book(), "secretary-a")
    assert counts(result) == {"added": 3, "refused": 2}
    assert dict(result.codes) == {"door-outside-scope": 2}


def test_a_secretary_cannot_move_a_plate_out_of_another_community(site: Site) -> None:
    bring_in(site, the_book())
    moved = [{**the_book()[3], **dict(zip(("lon", "lat"), map(str, middle("A11")), strict=True))}]
    assert dict(bring_in(site, moved, "secretary-a").codes) == {"door-outside-scope": 1}


def test_a_gridworker_may_not(lite: Site) -> None:
    with pytest.raises(Forbidden):
        bring_in(lite, the_book(), "worker-a11")


def test_an_import_that_is_stopped_leaves_whole_batches(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    result = bring_in(site, the_book(), watch=lambda _: False)
    assert (result.stopped, counts(result), len(texts(site))) == (True, {"added": 2}, 2)
    assert counts(bring_in(site, the_book())) == {"added": 3, "same": 2}
