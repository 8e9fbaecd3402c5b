"""A sign at a station fills in the place; who directs there puts it up and takes it down."""

import re

import pytest

from gridtrack.access import RESIDENT
from gridtrack.errors import Forbidden, Invalid, NotFound
from gridtrack.incidents.intake import Place
from gridtrack.queries.stations import grid_signs, sign, stations
from gridtrack.usecases.stations import add_station, end_station
from tests.builders import Site, middle
from tests.web.test_resident import a_form
from tests.web.visitor import a_visitor


def at(leaf: str) -> Place:
    return Place(*middle(leaf), "wgs84")


def put_up(site: Site, leaf: str = "A11", who: str = "secretary-a") -> str:
    with site.work(who) as work:
        return add_station(work, "三号门", at(leaf), "岗亭")


def test_whoever_scans_a_sign_reports_from_there(site: Site) -> None:
    code = put_up(site)
    with site.look(RESIDENT) as work:
        found = sign(work, code.lower(), "zh")
        assert found is not None
        assert (found.name, found.of_grid) == ("三号门", False)
        assert (found.lon, found.lat) == middle("A11")


def test_a_base_grid_has_a_sign_by_its_code_and_a_larger_one_has_none(site: Site) -> None:
    with site.look(RESIDENT) as work:
        found = sign(work, "A11", "en")
        assert found is not None
        assert (found.name, found.of_grid) == ("Grid A11", True)
        assert sign(work, "A1", "en") is None
        assert sign(work, "nothing", "en") is None
    with site.look("secretary-a") as work:
        assert [one.code for one in grid_signs(work, "zh")] == ["A11", "A12", "A21", "A22"]


def test_only_who_directs_there_puts_it_up_and_takes_it_down(lite: Site) -> None:
    code = put_up(lite)
    with lite.work("secretary-b") as work, pytest.raises(Forbidden):
        add_station(work, "三号门", at("A11"))
    with lite.work("secretary-b") as work, pytest.raises(Forbidden):
        end_station(work, code)
    with lite.work("worker-a11") as work, pytest.raises(Forbidden):
        add_station(work, "三号门", at("A11"))
    with lite.look("secretary-b") as work:
        assert list(stations(work)) == []
    with lite.work("secretary-a") as work:
        end_station(work, code)
    with lite.look(RESIDENT) as work:
        assert sign(work, code, "zh") is None
    with lite.work("secretary-a") as work, pytest.raises(NotFound):
        end_station(work, code)


@pytest.mark.parametrize(
    ("name", "place", "code"),
    [
        ("", at("A11"), "required"),
        ("x", None, "place-missing"),
        ("x", Place(1.0, 1.0, "wgs84"), "station-outside"),
    ],
)
def test_a_station_needs_a_name_and_a_place_in_a_grid(
    lite: Site, name: str, place: Place | None, code: str
) -> None:
    with lite.work("street") as work, pytest.raises(Invalid, match=code):
        add_station(work, name, place)


def test_a_scanned_sign_fills_the_form_and_stands_in_the_record(lite: Site) -> None:
    code = put_up(lite)
    visitor = a_visitor(lite)
    answer = visitor.get(f"/r/{code}")
    assert answer.headers["Location"] == f"/?station={code}"
    page = visitor.page(answer.headers["Location"])
    assert "You report from 三号门" in page
    lon, _ = middle("A11")
    assert f'name="lon" value="{lon:.6f}"' in page
    assert visitor.post("/", a_form(station=code), seen="/").status_code == 303
    assert lite.events(1)[0].data["came"] == {"station": code}
    assert lite.incident(1).source == "station"


def test_an_unknown_sign_leads_to_the_empty_form(lite: Site) -> None:
    visitor = a_visitor(lite)
    page = visitor.page(visitor.get("/r/NONE").headers["Location"])
    assert "data-station" not in page
    visitor.post("/", a_form(station="NONE"), seen="/")
    assert lite.incident(1).source == "resident"


def test_the_secretary_prints_a_sheet_of_signs(lite: Site) -> None:
    visitor = a_visitor(lite, "secretary-a")
    lon, lat = middle("A12")
    form = {"name": "Gate 3", "lon": str(lon), "lat": str(lat), "datum": "wgs84"}
    assert visitor.post("/stations", form, seen="/stations").status_code == 303
    code = re.search(r"/stations/([A-Z0-9]+)/end", visitor.page("/stations"))
    assert code is not None
    signs = visitor.page("/stations/signs")
    assert f"/r/{code.group(1)}" in signs
    assert signs.count("<svg viewBox") == 1
    assert visitor.page("/stations/signs?of=grids").count("<svg viewBox") == 4


def test_a_station_at_words_that_are_no_plate_is_asked_back(lite: Site) -> None:
    visitor = a_visitor(lite, "secretary-a")
    answer = visitor.post("/stations", {"name": "Gate", "address": "nowhere"}, seen="/stations")
    assert answer.status_code == 422
    assert 'value="nowhere"' in answer.text


def test_a_place_outside_every_grid_is_told_before_it_is_sent(lite: Site) -> None:
    visitor = a_visitor(lite)
    lon, lat = middle("A11")
    inside = {"lon": str(lon), "lat": str(lat), "datum": "wgs84"}
    assert "Grid A11" in visitor.post("/place-check", inside).text
    far = {"lon": str(lon + 0.05), "lat": str(lat), "datum": "wgs84"}
    assert "outside the area" in visitor.post("/place-check", far).text
    assert visitor.post("/place-check", {"lon": "x", "lat": "y"}).text.strip() == ""
