"""The administrator's calendar without scripts."""

import io
import json

import pytest

from gridtrack.usecases.calendar import keep_calendars
from tests.web.visitor import a_visitor


@pytest.fixture
def admin(lite):
    with lite.work() as work:
        keep_calendars(work)
    return a_visitor(lite, "admin")


def sent(admin, **form):
    return admin.post("/calendar/day", form, seen="/calendar")


def test_a_year_is_shown_with_what_is_off_and_what_is_worked(admin):
    page = admin.page("/calendar?year=2026")
    assert "248 workdays" in page
    assert 'title="春节"' in page
    assert "by the notice" in page


def test_a_missing_year_is_an_alarm(lite):
    lite.clock.advance(days=3 * 365)
    page = a_visitor(lite, "admin").page("/calendar")
    assert "The notice of 2029 is missing" in page


def test_a_day_is_set_shown_and_taken_back(admin):
    form = {"date": "2026-11-23", "kind": "part", "hours": "09:00-12:00", "name": "Half a day"}
    assert sent(admin, **form).status_code == 303
    page = admin.page("/calendar?year=2026&day=2026-11-23")
    assert "data-local" in page
    assert 'value="Half a day"' in page
    assert sent(admin, date="2026-11-23", remove="1").status_code == 303
    assert "data-local" not in admin.page("/calendar?year=2026")


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"date": "tomorrow", "kind": "off", "name": "x"}, "is no date"),
        ({"date": "2026-11-23", "kind": "part", "hours": "", "name": "x"}, "no working minute"),
        ({"date": "2026-11-23", "kind": "part", "hours": "9", "name": "x"}, "are no hours"),
        ({"date": "2026-11-23", "kind": "off", "name": ""}, "error"),
    ],
)
def test_what_cannot_be_used_is_told_beside_its_field(admin, form, said):
    answer = sent(admin, **form)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_notice_is_taken_in_from_a_file(admin):
    days = [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}]
    body = json.dumps({"year": 2027, "papers": ["p"], "days": days}).encode()
    form = {"file": (io.BytesIO(body), "2027.json")}
    assert admin.post("/calendar/import", form, seen="/calendar").status_code == 303
    assert "The notice of 2027 is taken in." in admin.page("/calendar?year=2027")


def test_a_file_of_another_year_is_refused_with_the_way_out(admin):
    body = json.dumps({"year": 2026, "papers": [], "days": []}).encode()
    form = {"file": (io.BytesIO(body), "2027.json")}
    answer = admin.post("/calendar/import", form, seen="/calendar")
    assert answer.status_code == 422
    assert "take the file of the right year" in answer.text


@pytest.mark.parametrize("address", ["/calendar", "/calendar?year=2026"])
def test_others_may_not_look(lite, address):
    assert a_visitor(lite, "secretary-a").get(address).status_code == 403


@pytest.mark.parametrize("year", ["1999", "2101", "x", "²026"])
def test_a_year_far_away_or_none_is_no_crash(admin, year):
    assert admin.get(f"/calendar?year={year}").status_code in (200, 400, 422)
