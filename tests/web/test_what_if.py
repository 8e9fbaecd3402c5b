"""The page for forecasts without scripts: a form that only asks."""

import pytest

from tests.usecases.test_what_if import a_month
from tests.web.visitor import a_visitor


@pytest.fixture
def month(lite):
    a_month(lite, 12)
    return lite


def test_the_past_weeks_stand_beside_the_forecast(month):
    page = a_visitor(month, "street").page("/forecast")
    assert "12 matters of" in page
    assert "Forecast as it is" in page
    assert "Forecast what if" not in page
    assert "now 5min, for the" in page


def test_a_changed_number_is_forecast_on_the_same_luck(month):
    asked = "/forecast?limit=30&wait-leader=1&without=secretary"
    page = a_visitor(month, "street").page(asked)
    assert "Forecast what if" in page
    assert "On the same luck" in page
    assert 'value="30"' in page


def test_numbers_that_are_as_they_are_change_nothing(month):
    asked = "/forecast?limit=5&wait-deputy=0&wait-leader=5&wait-secretary=5&wait-street=10"
    assert "Forecast what if" not in a_visitor(month, "street").page(asked)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("limit=0", "minutes to acknowledge"),
        ("limit=ten", "is no number"),
        ("wait-leader=9999", "out of range"),
        ("without=deputy&without=leader&without=secretary&without=street", "has no rungs"),
    ],
)
def test_a_number_that_cannot_be_is_told_beside_its_field(month, asked, said):
    answer = a_visitor(month, "street").get(f"/forecast?{asked}")
    assert answer.status_code == 422
    assert said in answer.text
    assert "error-text" in answer.text


def test_a_secretary_sees_nobody_elses_people(month):
    page = a_visitor(month, "secretary-b").page("/forecast")
    assert "3 matters of" in page
    assert "worker-a11" not in page


def test_with_nothing_reported_the_page_says_so(lite):
    assert "Nothing to look at yet" in a_visitor(lite, "admin").page("/forecast")


def test_a_gridworker_is_not_let_in(lite):
    assert a_visitor(lite, "worker-a11").get("/forecast").status_code == 403


def test_another_version_of_the_policy_is_asked_about_from_its_page(month):
    visitor = a_visitor(month, "admin")
    assert "/forecast?version=1" in visitor.page("/policies/1")
    page = visitor.page("/forecast?version=1")
    assert "the time limits of version 1" in page
    assert "Forecast what if" in page
    assert visitor.get("/forecast?version=99").status_code == 404


def test_a_secretary_reads_no_draft(month):
    assert a_visitor(month, "secretary-a").get("/forecast?draft=1").status_code == 403
