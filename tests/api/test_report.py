"""`POST /api/v1/incidents`: what is taken in, and how what is not is told."""

import json
import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient

from gridtrack.access import Permission
from gridtrack.incidents.tables import Incident, Reporter
from tests.api.conftest import AsWhom, a_body
from tests.builders import NOW, Site, middle

URL = "/api/v1/incidents"


def faults(answer: Any, status: int = 422) -> dict[str, str]:
    """The codes of a refusal by field."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    return {one["field"]: one["code"] for one in answer.json["errors"]}


def test_a_report_is_created_with_its_number_and_address(api: FlaskClient) -> None:
    answer = api.post(URL, json=a_body())
    assert answer.status_code == 201
    assert answer.json["number"] == "261120-00001"
    assert answer.json["state"] == "assigned"
    assert answer.headers["Location"] == f"{URL}/{answer.json['id']}"


def test_what_was_sent_is_what_is_stored(api: FlaskClient, lite: Site) -> None:
    body = a_body(address="新村 33 号", occurred_at="2026-11-20T09:30:00+08:00")
    stored = lite.incident(api.post(URL, json=body).json["id"])
    assert stored.client_id == body["client_id"]
    assert (stored.description, stored.address) == ("楼下的路灯坏了", "新村 33 号")
    assert (stored.source, stored.datum, stored.accuracy_m) == ("hotline", "wgs84", 8.0)
    assert (NOW - stored.occurred_at).total_seconds() == 1800


def test_the_same_report_sent_again_is_answered_200_with_the_first_number(
    api: FlaskClient, lite: Site
) -> None:
    body = a_body()
    first = api.post(URL, json=body).json
    again = api.post(URL, json=body)
    assert again.status_code == 200
    assert again.json == {**first, "created": False}
    with lite.look() as work:
        assert work.session.query(Incident).count() == 1


def test_other_content_under_a_used_client_id_is_409(api: FlaskClient) -> None:
    body = a_body()
    api.post(URL, json=body)
    answer = api.post(URL, json={**body, "description": "another matter"})
    assert answer.status_code == 409
    assert answer.json["code"] == "client-id-reused"


def test_a_reporter_gets_a_tracking_code_and_a_record_of_their_own(
    api: FlaskClient, lite: Site
) -> None:
    who = {"name": "林某", "contact": "13800000000", "choice": "hidden"}
    answer = api.post(URL, json=a_body(reporter=who)).json
    assert len(answer["code"]) == 6
    with lite.look() as work:
        kept = work.session.get(Reporter, answer["id"])
        assert kept is not None
        name = work.keys.open(kept.sealed_name, f"reporter/{answer['id']}/name")
        assert (name, kept.choice) == ("林某", "hidden")


def test_without_a_reporter_there_is_no_code_to_track_with(api: FlaskClient) -> None:
    assert api.post(URL, json=a_body()).json["code"] is None


def test_a_report_without_a_location_but_with_an_address_goes_to_the_desk(api: FlaskClient) -> None:
    body = a_body(address="东升大厦")
    del body["location"]
    assert api.post(URL, json=body).json["state"] == "reported"


def test_nobody_without_a_token_reports_here(as_whom: AsWhom) -> None:
    answer = as_whom(None).post(URL, json=a_body())
    assert answer.status_code == 401
    assert answer.json["code"] == "login-required"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_without_the_permission_is_403(as_whom: AsWhom) -> None:
    answer = as_whom("street", Permission.SEE).post(URL, json=a_body())
    assert answer.status_code == 403
    assert answer.json["code"] == "forbidden"


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        ("lon", "119.5", "wrong-type"),
        ("lat", True, "wrong-type"),
        ("lon", None, "wrong-type"),
        ("lon", [119.5], "wrong-type"),
        ("lon", 181, "coordinate-out-of-range"),
        ("lat", 119.5, "coordinate-out-of-range"),
        ("datum", None, "datum-missing"),
        ("datum", "mars", "datum-unknown"),
        ("accuracy_m", -1, "accuracy-bad"),
        ("altitude", 3, "unknown-field"),
    ],
)
def test_a_bad_part_of_a_location_is_named(
    api: FlaskClient, part: str, value: object, code: str
) -> None:
    body = a_body()
    body["location"][part] = value
    assert faults(api.post(URL, json=body)) == {f"location.{part}": code}


def test_a_missing_datum_is_refused_and_not_guessed(api: FlaskClient) -> None:
    body = a_body()
    del body["location"]["datum"]
    answer = api.post(URL, json=body)
    assert faults(answer) == {"location.datum": "datum-missing"}
    assert "gcj02" in answer.json["errors"][0]["message"]


def test_the_datum_decides_the_grid(api: FlaskClient) -> None:
    as_wgs = api.get(f"{URL}/{api.post(URL, json=a_body()).json['id']}").json
    body = a_body()
    body["location"]["datum"] = "gcj02"
    as_gcj = api.get(f"{URL}/{api.post(URL, json=body).json['id']}").json
    assert as_wgs["grid_code"] == "A11"
    assert as_gcj["grid_code"] != "A11"


def test_zero_zero_is_no_place(api: FlaskClient) -> None:
    found = faults(api.post(URL, json=a_body(at=(0, 0))))
    assert found == {"location.lon": "coordinate-zero"}


def test_swapped_coordinates_are_said_to_be_swapped(api: FlaskClient) -> None:
    lon, lat = middle("A11")
    found = faults(api.post(URL, json=a_body(at=(lat, lon))))
    assert found == {"location.lat": "coordinates-swapped"}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400])
def test_a_number_that_is_none_is_named(api: FlaskClient, number: str) -> None:
    text = json.dumps(a_body()).replace(str(middle("A11")[0]), number)
    answer = api.post(URL, data=text, content_type="application/json")
    assert faults(answer) == {"location.lon": "not-finite"}
    json.loads(answer.text, parse_constant=pytest.fail)  # the refusal itself is JSON


def test_several_faults_are_told_at_once(api: FlaskClient) -> None:
    body = a_body(client_id="x", description="a\x00b", occurred_at="2027-11-20T02:00:00Z")
    assert faults(api.post(URL, json=body)) == {
        "client_id": "not-a-uuid",
        "description": "control-characters",
        "occurred_at": "in-the-future",
    }


def test_a_description_of_a_hundred_thousand_characters_is_too_long(api: FlaskClient) -> None:
    answer = api.post(URL, json=a_body(description="灯" * 100_000))
    assert faults(answer) == {"description": "too-long"}
    assert answer.json["errors"][0]["value"] == "100000"


@pytest.mark.parametrize("text", ["2027-11-20T02:00:00Z", "2027-01-01T00:00:00+08:00"])
def test_a_report_dated_next_year_is_refused(api: FlaskClient, text: str) -> None:
    assert faults(api.post(URL, json=a_body(occurred_at=text))) == {"occurred_at": "in-the-future"}


@pytest.mark.parametrize(
    "text", ["2026-11-20T02:00:00", "yesterday", "2026-11-20", "0001-01-01T00:00:00+14:00", "0", 0]
)
def test_a_time_without_zone_or_sense_is_refused(api: FlaskClient, text: object) -> None:
    assert faults(api.post(URL, json=a_body(occurred_at=text))) == {"occurred_at": "not-a-time"}


def test_an_unknown_category_is_named(api: FlaskClient) -> None:
    answer = api.post(URL, json=a_body("9999"))
    assert faults(answer) == {"category": "category-unknown"}
    assert answer.json["errors"][0]["value"] == "9999"


def test_unknown_fields_are_named(api: FlaskClient) -> None:
    answer = api.post(URL, json=a_body(colour="red", location2={}))
    assert faults(answer) == {"colour": "unknown-field", "location2": "unknown-field"}


def test_an_unknown_source_lists_those_there_are(api: FlaskClient) -> None:
    answer = api.post(URL, json=a_body(source="pigeon"))
    assert faults(answer) == {"source": "not-one-of"}
    assert "hotline" in answer.json["errors"][0]["message"]


def test_an_empty_body_names_what_is_required(api: FlaskClient) -> None:
    assert faults(api.post(URL)) == {"client_id": "required", "category": "required"}


@pytest.mark.parametrize("body", ["[]", "null", '"x"', "1"])
def test_a_body_that_is_no_object_is_refused(api: FlaskClient, body: str) -> None:
    answer = api.post(URL, data=body, content_type="application/json")
    assert faults(answer) == {"body": "wrong-type"}


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe", b'{"a":1}x', b'{"a":"\\ud800"}', b"[" * 100_000, b"<html>", b"client_id=1"],
)
def test_a_body_that_is_no_json_is_400(api: FlaskClient, body: bytes) -> None:
    answer = api.post(URL, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert answer.json["code"] == "body-not-json"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_of_another_type_is_415(api: FlaskClient, kind: str) -> None:
    answer = api.post(URL, data=json.dumps(a_body()), content_type=kind)
    assert answer.status_code == 415
    assert answer.json["code"] == "not-sent-as-json"


def test_a_body_of_two_megabytes_is_413(api: FlaskClient) -> None:
    answer = api.post(URL, json=a_body(description="x" * 2_000_000))
    assert answer.status_code == 413
    assert answer.mimetype == "application/problem+json"


def test_a_number_too_long_to_write_down_is_no_server_error(api: FlaskClient) -> None:
    text = json.dumps(a_body(client_id=0)).replace('"client_id": 0', f'"client_id": {"9" * 4000}')
    answer = api.post(URL, data=text, content_type="application/json")
    assert faults(answer) == {"client_id": "wrong-type"}


def test_refusals_speak_the_language_that_is_asked_for(api: FlaskClient) -> None:
    zh = api.post(URL, json=a_body("9999"), headers={"Accept-Language": "zh-CN"})
    en = api.post(URL, json=a_body("9999"), headers={"Accept-Language": "en"})
    assert "类别" in zh.json["errors"][0]["message"]
    assert "category" in en.json["errors"][0]["message"]


def test_a_refused_report_leaves_nothing_behind(api: FlaskClient, lite: Site) -> None:
    api.post(URL, json=a_body(description="x" * 5000, client_id=str(uuid.uuid4())))
    with lite.look() as work:
        assert work.session.query(Incident).count() == 0
