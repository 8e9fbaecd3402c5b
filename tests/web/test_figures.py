"""The figures without scripts: choose, read, open the list behind a number."""

import re

import pytest

from gridtrack.jobs.gathering import gather_news
from tests.web.visitor import a_visitor


@pytest.fixture
def day(lite):
    for _ in range(4):
        lite.report()
    lite.clock.advance(minutes=6)
    gather_news(lite.runtime)
    return lite


def test_every_number_opens_its_list(day):
    visitor = a_visitor(day, "secretary-a")
    page = visitor.page("/figures")
    links = re.findall(r'href="(/figures/list[^"]+)"', page)
    assert len(links) > 20
    for link in links[:6] + links[-6:]:
        assert "matter" in visitor.page(link.replace("&amp;", "&"))


def test_the_list_says_how_many_and_leads_to_the_matters(day):
    page = a_visitor(day, "secretary-a").page("/figures/list?measure=ack-kept&part=miss")
    assert "4 matters" in page
    assert page.count('href="/incidents/') == 4


@pytest.mark.parametrize("by", ["grid", "category", "person", "source", "hour", "weekday", "day"])
def test_the_table_can_be_told_apart(day, by):
    page = a_visitor(day, "secretary-a").page(f"/figures?by={by}")
    assert 'id="t-groups"' in page


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("begin=2026-13-01", "is no date"),
        ("begin=2026-11-20&end=2026-11-01", "lies before the first day"),
        ("begin=2001-01-01", "too long"),
        ("grids_on=1999-01-01", "no edition of the grids"),
        ("category=zz", "zz"),
    ],
)
def test_what_cannot_be_counted_is_told_beside_its_field(day, asked, said):
    answer = a_visitor(day, "secretary-a").get(f"/figures?{asked}")
    assert answer.status_code == 422
    assert said in answer.text
    assert "for the first time" not in answer.text


def test_an_unknown_measure_is_told(day):
    answer = a_visitor(day, "secretary-a").get("/figures/list?measure=luck")
    assert answer.status_code == 422


def test_a_gridworker_is_not_led_there_and_not_let_in(day):
    visitor = a_visitor(day, "worker-a11")
    assert "/figures" not in visitor.page("/inbox")
    assert visitor.get("/figures").status_code == 403


def test_nothing_counted_yet_says_so(lite):
    page = a_visitor(lite, "secretary-a").page("/figures")
    assert "Nothing was reported" in page
