"""Reading incidents: only what the token's person may see, page by page."""

import pytest
from flask.testing import FlaskClient

from gridtrack.access import Permission
from gridtrack.incidents.intake import Choice, ReporterGiven
from tests.api.conftest import AsWhom
from tests.builders import BUILDING, LAMP, Site, middle

URL = "/api/v1/incidents"
P = Permission
ADVICE, FAMILY = "0806", "0202"


@pytest.fixture
def lite(site: Site) -> Site:
    """Lists are made by SQL of some length: these tests run on both databases."""
    return site


def ids(answer) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json["incidents"]]


def test_an_incident_is_told_with_its_timeline_and_the_reason(as_whom: AsWhom, lite: Site) -> None:
    number = lite.report().incident_id
    found = as_whom("worker-a11").get(f"{URL}/{number}").json
    assert found["state"] == "assigned"
    assert [one["kind"] for one in found["timeline"]] == ["reported", "assigned"]
    assert found["why"][0]["code"] == "on-duty"
    assert found["promise"]["due_at"] == "2026-11-20T02:05:00Z"
    assert "acknowledge" in found["actions"]


def test_one_outside_the_scope_does_not_exist(as_whom: AsWhom, lite: Site) -> None:
    number = lite.report().incident_id
    answer = as_whom("worker-b11").get(f"{URL}/{number}")
    assert answer.status_code == 404
    assert answer.json["code"] == "incident-not-found"


@pytest.mark.parametrize("text", ["0", "-1", "abc", "9223372036854775808", "1.5", "1e3"])
def test_an_id_that_is_none_is_404_as_problem_details(api: FlaskClient, text: str) -> None:
    answer = api.get(f"{URL}/{text}")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"


def test_the_largest_id_is_just_not_there(api: FlaskClient) -> None:
    assert api.get(f"{URL}/{2**63 - 1}").json["code"] == "incident-not-found"


def test_a_token_that_only_reports_reads_nothing(as_whom: AsWhom, lite: Site) -> None:
    number = lite.report().incident_id
    reporting = as_whom("worker-a11", P.REPORT)
    assert reporting.get(f"{URL}/{number}").status_code == 403
    assert reporting.get(URL).status_code == 403


def test_a_token_that_only_sees_is_not_its_person_s_handler(as_whom: AsWhom, lite: Site) -> None:
    sealed = lite.report(FAMILY).incident_id
    assert lite.incident(sealed).sensitivity == 3
    assert lite.incident(sealed).handler_id == lite.people["secretary-a"]
    assert ids(as_whom("secretary-a").get(URL)) == [sealed]
    watching = as_whom("secretary-a", P.SEE)
    assert ids(watching.get(URL)) == []
    assert watching.get(f"{URL}/{sealed}").status_code == 404
    assert watching.post(f"{URL}/{sealed}/acknowledge").status_code == 403


def test_the_list_is_newest_first_and_only_of_the_scope(as_whom: AsWhom, lite: Site) -> None:
    first = lite.report().incident_id
    lite.report(at=middle("B11"))
    third = lite.report(at=middle("A12")).incident_id
    assert ids(as_whom("secretary-a").get(URL)) == [third, first]


def test_pages_hang_together_without_gap_or_repeat(as_whom: AsWhom, lite: Site) -> None:
    every = [lite.report().incident_id for _ in range(7)]
    client = as_whom("secretary-a")
    found, address = [], f"{URL}?limit=3&state=assigned"
    while address:
        page = client.get(address)
        found += ids(page)
        address = page.json["next"]
    assert found == every[::-1]


def test_a_page_keeps_its_place_while_new_ones_come_in(as_whom: AsWhom, lite: Site) -> None:
    every = [lite.report().incident_id for _ in range(4)]
    client = as_whom("secretary-a")
    first = client.get(f"{URL}?limit=2")
    lite.report()
    assert ids(client.get(first.json["next"])) == [every[1], every[0]]


def test_filters_narrow_by_state_category_group_and_scope(as_whom: AsWhom, lite: Site) -> None:
    lamp = lite.report(LAMP).incident_id
    other = lite.report(ADVICE, at=middle("A12")).incident_id
    lite.acknowledge(lamp, "worker-a11")
    client = as_whom("secretary-a")
    assert ids(client.get(f"{URL}?state=acknowledged")) == [lamp]
    assert ids(client.get(f"{URL}?state=acknowledged&state=assigned")) == [other, lamp]
    assert ids(client.get(f"{URL}?category={LAMP}")) == [lamp]
    assert ids(client.get(f"{URL}?category={LAMP[:2]}")) == [lamp]
    assert ids(client.get(f"{URL}?scope=A/A1/A12")) == [other]
    assert ids(client.get(f"{URL}?scope=A/A1")) == [other, lamp]
    assert ids(client.get(f"{URL}?scope=B")) == []


def test_since_is_the_instant_of_the_report(as_whom: AsWhom, lite: Site) -> None:
    lite.report()
    lite.clock.advance(minutes=10)
    later = lite.report().incident_id
    found = as_whom("secretary-a").get(f"{URL}?since=2026-11-20T10:05:00%2B08:00")
    assert ids(found) == [later]


@pytest.mark.parametrize(
    ("asked", "field", "code"),
    [
        ("state=asleep", "state.0", "not-one-of"),
        ("limit=0", "limit", "out-of-range"),
        ("limit=201", "limit", "out-of-range"),
        ("limit=ten", "limit", "wrong-type"),
        ("before=99999999999999999999", "before", "out-of-range"),
        ("since=yesterday", "since", "not-a-time"),
        ("category=9999", "category", "category-unknown"),
        ("colour=red", "colour", "unknown-field"),
        ("limit=1&limit=2", "limit", "given-twice"),
    ],
)
def test_a_bad_filter_is_named(api: FlaskClient, asked: str, field: str, code: str) -> None:
    answer = api.get(f"{URL}?{asked}")
    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json["errors"]] == [(field, code)]


def test_a_sealed_matter_is_listed_without_words_address_or_place(
    as_whom: AsWhom, lite: Site
) -> None:
    lite.report(FAMILY, description="家里的事", address="新村 33 号")
    (line,) = as_whom("secretary-a").get(URL).json["incidents"]
    assert (line["summary"], line["address"], line["lon"], line["lat"]) == ("", "", None, None)


def test_a_leader_does_not_see_a_sealed_matter_of_the_scope(as_whom: AsWhom, lite: Site) -> None:
    lite.report(FAMILY)
    assert ids(as_whom("leader-a1").get(URL)) == []


def test_the_reporter_is_told_to_the_secretary_and_not_to_the_handler(
    as_whom: AsWhom, lite: Site
) -> None:
    hidden = ReporterGiven("林某", "13800000000", Choice.HIDDEN)
    number = lite.report(LAMP, reporter=hidden).incident_id
    worker, secretary = as_whom("worker-a11"), as_whom("secretary-a")
    assert worker.get(f"{URL}/{number}").json["reporter"] is None
    known = secretary.get(f"{URL}/{number}").json["reporter"]
    assert known == {"choice": "hidden", "named": True, "reachable": True}
    said = {"purpose": "call-back"}
    assert worker.post(f"{URL}/{number}/reporter", json=said).status_code == 403
    assert secretary.post(f"{URL}/{number}/reporter", json={"purpose": "x"}).status_code == 422
    found = secretary.post(f"{URL}/{number}/reporter", json=said)
    assert (found.json["contact"], found.headers["Cache-Control"]) == ("13800000000", "no-store")


def test_me_tells_the_person_the_posts_and_what_the_token_may(as_whom: AsWhom) -> None:
    found = as_whom("secretary-a", P.SEE, P.CLOSE, P.AUDIT).get("/api/v1/me").json
    assert found["name"] == "secretary-a"
    assert found["posts"] == [{"role": "secretary", "scope": "A", "zone": None}]
    assert found["permissions"] == ["see", "close"]  # audit is not among a secretary's


def test_categories_tell_what_may_be_reported(api: FlaskClient) -> None:
    found = api.get("/api/v1/categories").json
    codes = {one["code"]: one for one in found["categories"]}
    assert codes[LAMP]["acknowledge"] == "5min"
    assert codes[LAMP]["reportable"]
    assert codes[BUILDING]["group"] == BUILDING[:2]
    assert {one["code"] for one in found["groups"]} >= {one[:2] for one in codes}


def test_a_point_is_told_its_grid_and_the_way_down_to_it(api: FlaskClient) -> None:
    lon, lat = middle("A11")
    found = api.get(f"/api/v1/grids/at?lon={lon}&lat={lat}&datum=wgs84").json
    assert (found["outcome"], found["grid_path"]) == ("inside", "A/A1/A11")
    assert [one["code"] for one in found["grids"]] == ["A", "A1", "A11"]


def test_a_point_beside_every_grid_is_told_so(api: FlaskClient) -> None:
    found = api.get("/api/v1/grids/at?lon=100&lat=30&datum=wgs84").json
    assert (found["outcome"], found["grid_code"], found["grids"]) == ("outside", None, [])


@pytest.mark.parametrize(
    ("asked", "field", "code"),
    [
        ("lon=119.5&lat=27.4", "datum", "datum-missing"),
        ("lon=119.5&lat=27.4&datum=mars", "datum", "datum-unknown"),
        ("lon=x&lat=27.4&datum=wgs84", "lon", "wrong-type"),
        ("lon=nan&lat=27.4&datum=wgs84", "lon", "not-finite"),
        ("lat=27.4&datum=wgs84", "lon", "required"),
        ("lon=0&lat=0&datum=wgs84", "lon", "coordinate-zero"),
    ],
)
def test_a_point_that_is_none_is_named(api: FlaskClient, asked: str, field: str, code: str) -> None:
    answer = api.get(f"/api/v1/grids/at?{asked}")
    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json["errors"]] == [(field, code)]


def test_an_address_that_is_none_is_404_as_problem_details(api: FlaskClient) -> None:
    answer = api.get("/api/v1/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_another_method_is_405_and_says_which_are_allowed(api: FlaskClient) -> None:
    answer = api.delete(URL)
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))
    assert answer.mimetype == "application/problem+json"


def test_an_address_that_is_none_is_404_for_strangers_too(as_whom: AsWhom) -> None:
    assert as_whom(None).post("/api/v1/nothing").status_code == 404


def test_the_scheme_of_a_token_may_be_written_small(api: FlaskClient) -> None:
    header = api.environ_base["HTTP_AUTHORIZATION"].replace("Bearer", "bearer")
    assert api.get("/api/v1/me", headers={"Authorization": header}).status_code == 200


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic Zm9vOmJhcg==", "Bearer \u00e9"])
def test_a_header_that_holds_no_token_is_401(as_whom: AsWhom, header: str) -> None:
    answer = as_whom(None).get("/api/v1/me", headers={"Authorization": header})
    assert answer.status_code == 401
