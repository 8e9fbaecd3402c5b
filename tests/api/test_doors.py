"""`GET /api/v1/doors`, and a report by a door plate."""

import pytest
from flask.testing import FlaskClient

from tests.api.conftest import AsWhom, a_body
from tests.builders import Site
from tests.door_builders import BOOK, bring_in, the_book


@pytest.fixture
def book(lite: Site) -> Site:
    bring_in(lite, the_book())
    return lite


def test_candidates_come_with_score_why_point_and_grid(api: FlaskClient, book: Site) -> None:
    found = api.get("/api/v1/doors", query_string={"q": "朝日新村33号"}).json["doors"]
    told = [found[0][name] for name in ("text", "why", "grid_code")]
    assert told == [BOOK[0][0], "fuzzy", "A11"]
    assert 0 < found[0]["score"] < 0.7
    assert "households" not in found[0]


def test_a_report_by_a_plate_has_its_point_and_its_words(api: FlaskClient, book: Site) -> None:
    door = api.get("/api/v1/doors", query_string={"q": "悦园三幢", "limit": 1}).json["doors"][0]
    body = a_body(address_id=door["id"])
    del body["location"]
    answer = api.post("/api/v1/incidents", json=body)
    assert answer.status_code == 201, answer.text
    told = api.get(answer.headers["Location"]).json
    assert (told["grid_code"], told["address"]) == ("B12", BOOK[4][0])
    assert told["address_id"] == door["id"]
    assert api.post("/api/v1/incidents", json=body).status_code == 200


def test_a_plate_that_is_not_in_the_book_is_a_conflict(api: FlaskClient, book: Site) -> None:
    answer = api.post("/api/v1/incidents", json=a_body(address_id=999))
    assert (answer.status_code, answer.json["code"]) == (409, "door-unknown")


def test_a_search_without_words_is_refused_by_name(api: FlaskClient) -> None:
    answer = api.get("/api/v1/doors")
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json["errors"]] == ["q"]


def test_nobody_without_a_token_searches_here(as_whom: AsWhom) -> None:
    assert as_whom(None).get("/api/v1/doors?q=x").status_code == 401
