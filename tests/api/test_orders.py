"""Reminders and orders over the API: the same rules, every refusal as problem details."""

import pytest

from gridtrack.usecases.calendar import keep_calendars
from tests.api.conftest import AsWhom
from tests.builders import LAMP, Site


@pytest.fixture(autouse=True)
def _calendars(lite: Site) -> None:
    with lite.work() as work:
        keep_calendars(work)


def test_urging_twice_says_when_again(lite: Site, as_whom: AsWhom) -> None:
    one = lite.report(LAMP).incident_id
    leader = as_whom("leader-a1")
    first = leader.post(f"/api/v1/incidents/{one}/urges", json={"reason": "hurry"})
    assert (first.status_code, first.json["urges"]) == (201, 1)
    again = leader.post(f"/api/v1/incidents/{one}/urges")
    assert (again.status_code, again.json["code"]) == (429, "urged-lately")
    assert again.headers["Retry-After"] == "1800"


def test_an_order_runs_its_course(lite: Site, as_whom: AsWhom) -> None:
    one = lite.report(LAMP).incident_id
    at = f"/api/v1/incidents/{one}/orders"
    secretary, worker = as_whom("secretary-a"), as_whom("worker-a11")
    matter = f"/api/v1/incidents/{one}"
    assert secretary.get(matter).json["pressed"]["addressees"][0] == "handler"
    made = secretary.post(at, json={"text": "Mend it", "to": "handler", "level": "key"})
    assert made.status_code == 201
    order = f"{at}/{made.json['id']}"
    assert made.json["number"] == "督〔2026〕1号"
    assert worker.get(matter).json["pressed"]["orders"][0]["steps"] == ["answer"]
    answer = worker.post(f"{order}/answer", json={"text": "Done", "round": 1})
    assert (answer.status_code, answer.json["state"]) == (200, "answered")
    assert secretary.post(f"{order}/send-back", json={"reason": "How?"}).json["round"] == 2
    worker.post(f"{order}/answer", json={"text": "By ladder"})
    assert secretary.post(f"{order}/accept").json["state"] == "accepted"
    late = secretary.post(f"{order}/withdraw", json={"reason": "x"})
    assert (late.status_code, late.json["code"]) == (409, "conflict-order")


def test_an_order_is_found_under_its_own_matter_alone(lite: Site, as_whom: AsWhom) -> None:
    one, other = lite.report(LAMP).incident_id, lite.report(LAMP).incident_id
    secretary = as_whom("secretary-a")
    body = {"text": "Mend it", "to": "handler"}
    made = secretary.post(f"/api/v1/incidents/{one}/orders", json=body).json["id"]
    wrong = f"/api/v1/incidents/{other}/orders/{made}/withdraw"
    assert secretary.post(wrong, json={"reason": "x"}).status_code == 404
