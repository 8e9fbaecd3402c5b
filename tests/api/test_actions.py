"""`POST /api/v1/incidents/{id}/{action}`, for every action of the table."""

import io
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from PIL import Image

from gridtrack.access import Permission
from gridtrack.api.act import BODIES, CALLS
from gridtrack.app import create_app
from gridtrack.http.limits import limiter
from gridtrack.incidents.rules import Action
from tests.api.conftest import AsWhom, a_token
from tests.builders import BUILDING, Site

URL = "/api/v1/incidents"
ADVICE = "0806"  # nothing is asked for on resolving it


def do(client: FlaskClient, number: int, action: str, **fields: object) -> tuple[int, dict]:
    answer = client.post(f"{URL}/{number}/{action}", json=fields)
    return answer.status_code, answer.json


def a_photo(side: int = 80, kind: str = "JPEG") -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(out, kind)
    out.seek(0)
    return out


def send(client: FlaskClient, number: int, photo: io.BytesIO, name: str = "a.jpg", **more: str):
    form = {"photo": (photo, name), **more}
    return client.post(f"{URL}/{number}/photos", data=form, content_type="multipart/form-data")


def test_every_action_of_the_table_has_a_body_and_a_call() -> None:
    assert set(BODIES) == set(Action) == set(CALLS)


def test_a_matter_goes_its_whole_way_through_the_api(as_whom: AsWhom, lite: Site) -> None:
    number = lite.report(ADVICE).incident_id
    worker, secretary = as_whom("worker-a11"), as_whom("secretary-a")
    until = "2026-11-21T02:00:00Z"
    assert do(worker, number, "acknowledge")[1]["state"] == "acknowledged"
    assert do(worker, number, "start")[1]["state"] == "in_progress"
    assert do(worker, number, "note", text="asked the owner")[1]["state"] == "in_progress"
    assert do(worker, number, "hold", reason="rain", until=until)[1]["state"] == "on_hold"
    assert do(worker, number, "resume")[1]["state"] == "in_progress"
    assert do(worker, number, "resolve", result="done")[1]["state"] == "resolved"
    assert do(secretary, number, "close", comment="seen")[1]["state"] == "closed"
    assert do(secretary, number, "reopen", reason="again")[1]["state"] == "assigned"
    assert do(worker, number, "hand_back", reason="not mine")[1]["state"] == "reported"
    to = lite.people["worker-a12"]
    assert do(secretary, number, "assign", to=to)[1]["state"] == "assigned"
    assert do(secretary, number, "reject", reason="no matter")[1]["state"] == "rejected"
    assert lite.sums_up(number)


def test_a_duplicate_is_merged_into_the_first(as_whom: AsWhom, lite: Site) -> None:
    first, second = lite.report().incident_id, lite.report().incident_id
    assert do(as_whom("leader-a1"), second, "merge", into=first)[1]["state"] == "duplicate"


def test_an_action_needs_no_body_where_it_has_no_fields(as_whom: AsWhom, lite: Site) -> None:
    number = lite.report().incident_id
    answer = as_whom("worker-a11").post(f"{URL}/{number}/acknowledge")
    done = {"id": number, "version": 3, "state": "acknowledged"}
    assert answer.json == {**done, "outcome": "done", "doubt": None}


def test_a_step_that_the_table_does_not_have_is_409(as_whom: AsWhom, lite: Site) -> None:
    status, problem = do(as_whom("worker-a11"), lite.report().incident_id, "start")
    assert (status, problem["code"]) == (409, "conflict-state")


def test_an_old_version_is_409(as_whom: AsWhom, lite: Site) -> None:
    number = lite.report().incident_id
    status, problem = do(as_whom("worker-a11"), number, "acknowledge", version=1)
    assert (status, problem["code"]) == (409, "conflict-version")


def test_an_action_of_somebody_else_s_is_403(as_whom: AsWhom, lite: Site) -> None:
    number = lite.report().incident_id
    status, problem = do(as_whom("worker-a11"), number, "assign", to=1)
    assert (status, problem["code"]) == (403, "action-forbidden")


def test_nobody_alone_closes_what_needs_a_second_person(as_whom: AsWhom, lite: Site) -> None:
    number = lite.report(BUILDING).incident_id
    secretary = as_whom("secretary-a")
    do(secretary, number, "acknowledge")
    assert send(secretary, number, a_photo(), stage="after").status_code == 201
    do(secretary, number, "resolve", result="taken down")
    status, problem = do(secretary, number, "close")
    assert (status, problem["code"]) == (403, "second-person-needed")


@pytest.mark.parametrize(
    ("action", "fields", "told"),
    [
        ("assign", {}, ("to", "required")),
        ("assign", {"to": "1"}, ("to", "wrong-type")),
        ("assign", {"to": 10**30}, ("to", "out-of-range")),
        ("assign", {"to": 999}, ("to", "no-such-person")),
        ("hold", {"reason": "rain", "until": "soon"}, ("until", "not-a-time")),
        ("reject", {"reason": ""}, ("reason", "required")),
        ("reject", {"reason": "x" * 3000}, ("reason", "too-long")),
        ("merge", {"into": 999}, ("into", "cannot-merge")),
        ("acknowledge", {"why": "me"}, ("why", "unknown-field")),
    ],
)
def test_a_bad_field_of_an_action_is_named(
    as_whom: AsWhom, lite: Site, action: str, fields: dict, told: tuple[str, str]
) -> None:
    status, problem = do(as_whom("secretary-a"), lite.report().incident_id, action, **fields)
    assert status == 422, problem
    assert [(one["field"], one["code"]) for one in problem["errors"]] == [told]


def test_an_action_that_there_is_not_is_404(api: FlaskClient, lite: Site) -> None:
    assert do(api, lite.report().incident_id, "explode")[0] == 404


def test_an_action_on_an_incident_that_there_is_not_is_404(api: FlaskClient) -> None:
    status, problem = do(api, 12345, "acknowledge")
    assert (status, problem["code"]) == (404, "incident-not-found")


def test_a_photo_is_kept_and_shown_with_the_incident(as_whom: AsWhom, lite: Site) -> None:
    number = lite.report().incident_id
    worker = as_whom("worker-a11")
    answer = send(worker, number, a_photo(), stage="before")
    assert answer.status_code == 201, answer.text
    (shown,) = worker.get(f"{URL}/{number}").json["photos"]
    assert (shown["name"], shown["stage"], shown["width"]) == (answer.json["name"], "before", 80)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (io.BytesIO(b"<!DOCTYPE html><html></html>"), "photo-html"),
        (a_photo(side=1), "photo-too-small"),
        (io.BytesIO(b""), "photo-empty"),
        (io.BytesIO(a_photo().getvalue()[:200]), "photo-broken"),
        (io.BytesIO(b"%PDF-1.7"), "photo-format"),
    ],
)
def test_what_is_no_photo_is_refused_whatever_its_name(
    as_whom: AsWhom, lite: Site, data: io.BytesIO, code: str
) -> None:
    number = lite.report().incident_id
    answer = send(as_whom("worker-a11"), number, io.BytesIO(data.getvalue()), "holiday.jpg")
    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json["errors"]] == [("photo", code)]


def test_a_form_without_a_photo_names_it(as_whom: AsWhom, lite: Site) -> None:
    number = lite.report().incident_id
    answer = as_whom("worker-a11").post(
        f"{URL}/{number}/photos", data={"photo": "text", "x": "1"},
        content_type="multipart/form-data",
    )  # fmt: skip
    found = {one["field"]: one["code"] for one in answer.json["errors"]}
    assert found == {"photo": "required", "x": "unknown-field"}


def test_a_part_of_a_form_without_a_name_is_no_server_error(as_whom: AsWhom, lite: Site) -> None:
    part = b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"
    answer = as_whom("worker-a11").post(
        f"{URL}/{lite.report().incident_id}/photos",
        data=part,
        content_type="multipart/form-data; boundary=x",
    )
    assert {one["code"] for one in answer.json["errors"]} == {"required", "unknown-field"}


def test_a_stage_that_is_none_is_named(as_whom: AsWhom, lite: Site) -> None:
    answer = send(as_whom("worker-a11"), lite.report().incident_id, a_photo(), stage="later")
    assert [one["code"] for one in answer.json["errors"]] == ["bad-stage"]


def test_photos_as_json_are_415(as_whom: AsWhom, lite: Site) -> None:
    answer = as_whom("worker-a11").post(f"{URL}/{lite.report().incident_id}/photos", json={})
    assert (answer.status_code, answer.json["code"]) == (415, "not-sent-as-form")


def test_a_request_of_two_hundred_megabytes_is_413_before_it_is_read(api: FlaskClient) -> None:
    answer = api.post(
        f"{URL}/1/photos",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": "200000000"},
    )
    assert answer.status_code == 413
    assert answer.mimetype == "application/problem+json"


def test_a_stranger_to_the_incident_adds_no_photo(as_whom: AsWhom, lite: Site) -> None:
    number = lite.report().incident_id
    assert send(as_whom("worker-b11"), number, a_photo()).status_code == 404


def test_a_token_that_only_reports_acts_on_nothing(as_whom: AsWhom, lite: Site) -> None:
    number = lite.report().incident_id
    reporting = as_whom("worker-a11", Permission.REPORT)
    assert do(reporting, number, "acknowledge")[0] == 403
    assert send(reporting, number, a_photo()).status_code == 403


def test_photos_without_end_are_slowed_down_and_told_until_when(lite: Site) -> None:
    app = create_app(lite.runtime.settings, lite.clock, lite.runtime)
    limiter.reset()  # it counts for the whole process
    headers = {"Authorization": f"Bearer {a_token(lite, 'worker-a11')}"}
    client = app.test_client()
    asked = [client.post(f"{URL}/1/photos", headers=headers) for _ in range(121)]
    limiter.reset()
    assert {one.status_code for one in asked[:-1]} == {415}
    assert (asked[-1].status_code, asked[-1].json["code"]) == (429, "too-many")
    assert int(asked[-1].headers["Retry-After"]) > 0


def test_a_photo_can_be_fetched_with_the_token_that_reads_the_incident(
    as_whom: AsWhom, lite: Site
) -> None:
    number = lite.report().incident_id
    worker = as_whom("worker-a11")
    name = send(worker, number, a_photo()).json["name"]
    answer = worker.get(f"/incidents/{number}/photos/{name}")
    with answer:
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")


ACT = "0b0f1c4e-6a52-4d0e-9c1d-3a7f10f5b201"


def offline(site: Site, made_ago: timedelta, behind: timedelta = timedelta(0)) -> dict[str, str]:
    """The fields of an act made `made_ago`, by a phone whose clock is `behind`."""
    now = site.clock.now() - behind
    return {
        "act_id": ACT, "acted_at": (now - made_ago).isoformat(), "sent_at": now.isoformat(),
    }  # fmt: skip


def test_an_act_sent_twice_is_done_once_and_answered_alike(as_whom: AsWhom, lite: Site) -> None:
    number = lite.report().incident_id
    worker = as_whom("worker-a11")
    first = do(worker, number, "note", text="asked", act_id=ACT)
    assert do(worker, number, "note", text="asked", act_id=ACT.upper()) == first
    status, problem = do(worker, number, "note", text="asked again", act_id=ACT)
    assert (status, problem["code"]) == (409, "act-id-reused")
    assert lite.kinds(number).count("note") == 1


def test_an_act_made_without_a_signal_shows_both_its_times(as_whom: AsWhom, lite: Site) -> None:
    number = lite.report().incident_id
    lite.clock.advance(hours=2)
    worker = as_whom("worker-a11")
    made = offline(lite, timedelta(hours=1, minutes=59), timedelta(seconds=12))
    status, acted = do(worker, number, "acknowledge", version=1, **made)
    assert (status, acted["outcome"], acted["doubt"]) == (200, "done", None)
    seen = worker.get(f"{URL}/{number}").json
    moment = seen["timeline"][-1]
    assert (moment["at"], moment["recorded_at"]) == ("2026-11-20T02:01:00Z", "2026-11-20T04:00:00Z")
    assert moment["data"]["offline"]["offset_s"] == 12.0
    assert seen["promise"]["breached_at"] is None


def test_a_doubt_is_told_in_the_answer(as_whom: AsWhom, lite: Site) -> None:
    number = lite.report().incident_id
    lite.clock.advance(hours=2)
    made = offline(lite, timedelta(hours=1, minutes=59), timedelta(hours=8))
    assert do(as_whom("worker-a11"), number, "acknowledge", **made)[1]["doubt"] == "clock-off"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"sent_at": None}, ("sent_at", "required")),
        ({"act_id": None}, ("act_id", "required")),
        ({"act_id": "7"}, ("act_id", "not-a-uuid")),
        ({"acted_at": "2026-11-20T02:00:01Z"}, ("acted_at", "acted-after-sent")),
        ({"acted_at": "1970-01-01T00:00:00Z"}, ("acted_at", "too-long-ago")),
        ({"acted_at": "2026-11-20T02:00:00"}, ("acted_at", "not-a-time")),
    ],
)
def test_times_that_cannot_be_are_named(
    as_whom: AsWhom, lite: Site, changes: dict, told: tuple[str, str]
) -> None:
    number = lite.report().incident_id
    given = {**offline(lite, timedelta(0)), **changes}
    status, problem = do(as_whom("worker-a11"), number, "acknowledge", **given)
    assert status == 422, problem
    assert [(one["field"], one["code"]) for one in problem["errors"]] == [told]
    assert lite.incident(number).state == "assigned"


def test_what_is_decided_at_a_desk_has_no_time_of_a_phone(as_whom: AsWhom, lite: Site) -> None:
    number = lite.report().incident_id
    status, problem = do(
        as_whom("secretary-a"), number, "assign", to=1, **offline(lite, timedelta(0))
    )
    assert (status, problem["code"]) == (422, "rejected")
    assert {one["code"] for one in problem["errors"]} == {"unknown-field"}
