"""An address in a report form becomes a place, with and without scripts."""

import re
import uuid

import pytest

from gridtrack.app import create_app
from gridtrack.incidents.tables import Incident
from tests.builders import LAMP, Site
from tests.door_builders import BOOK, bring_in, the_book
from tests.web.visitor import Visitor, a_visitor

HOME = BOOK[0][0]


@pytest.fixture
def book(lite: Site) -> Site:
    bring_in(lite, the_book())
    return lite


def a_form(address: str, **given: str) -> dict[str, object]:
    empty = dict.fromkeys(("lon", "lat", "accuracy_m"), "")
    said = {"client_id": str(uuid.uuid4()), "description": "It is <dark>", "category": LAMP}
    return {**said, **empty, "datum": "wgs84", "address": address, "choice": "hidden", **given}


def stored(site: Site) -> list[Incident]:
    with site.look() as work:
        return list(work.session.query(Incident).order_by(Incident.id))


def offered(page: str) -> dict[str, str]:
    """What a page offers to choose from: value to text."""
    radio = r'name="address_id" value="(\w+)"[^>]*>\s*<span>([^<]+)<'
    return dict(re.findall(radio, page))


def chosen(visitor: Visitor, form: dict[str, object], text: str) -> dict[str, object]:
    page = visitor.post("/", form, seen="/").text
    value = next(value for value, shown in offered(page).items() if shown == text)
    return {**form, "address_id": value}


def test_an_address_like_some_in_the_book_is_asked_back_and_nothing_is_lost(book: Site) -> None:
    form = a_form("朝阳新村3", reporter_name="Lin")
    answer = a_visitor(book).post("/", form, seen="/")
    assert answer.status_code == 422
    assert list(offered(answer.text).values()) == [HOME, BOOK[1][0], "None of these"]
    assert "It is &lt;dark&gt;" in answer.text
    assert 'value="Lin"' in answer.text
    assert 'value="朝阳新村3"' in answer.text
    assert f'value="{LAMP}" selected' in answer.text
    assert stored(book) == []


def test_the_chosen_plate_gives_the_point_and_the_grid(book: Site) -> None:
    visitor = a_visitor(book)
    form = chosen(visitor, a_form("朝阳新村3"), HOME)
    assert visitor.post("/", form, seen="/").status_code == 303
    (row,) = stored(book)
    assert (row.grid_code, row.outcome, row.address) == ("A11", "inside", "朝阳新村3")
    assert row.address_id == int(str(form["address_id"]))
    assert book.told("worker-a11") == ["assigned"]


def test_none_of_these_goes_to_the_desk_with_the_words(book: Site) -> None:
    form = a_form("朝阳新村3", address_id="none")
    assert a_visitor(book).post("/", form, seen="/").status_code == 303
    assert (stored(book)[0].outcome, stored(book)[0].address_id) == ("unplaced", None)
    assert book.told("desk") == ["triage"]


def test_an_exact_address_is_chosen_already_and_confirmed_by_sending(book: Site) -> None:
    page = a_visitor(book).post("/", a_form("朝阳新村三十三号"), seen="/").text
    assert re.search(r'name="address_id" value="\d+" checked', page)
    page = a_visitor(book).post("/", a_form("朝日新村33号"), seen="/").text
    assert not re.search(r'name="address_id" value="\d+" checked', page)


def test_an_address_that_the_book_does_not_know_goes_on_as_before(book: Site) -> None:
    assert a_visitor(book).post("/", a_form("by the old tree"), seen="/").status_code == 303
    assert book.told("desk") == ["triage"]


def test_a_position_needs_no_plate(book: Site) -> None:
    form = a_form("朝阳新村3", lon="119.5015", lat="27.3985")
    assert a_visitor(book).post("/", form, seen="/").status_code == 303


@pytest.mark.parametrize("value", ["99999", "999999999999999999999", "1 OR 1=1", "١"])
def test_a_plate_that_there_is_not_is_refused_or_asked_again(book: Site, value: str) -> None:
    answer = a_visitor(book).post("/", a_form("", address_id=value), seen="/")
    assert answer.status_code in (409, 422)
    assert 'href="#f-' in answer.text
    assert stored(book) == []


def test_a_gridworkers_finding_asks_back_too(book: Site) -> None:
    visitor = a_visitor(book, "worker-a11")
    page = visitor.post("/report", a_form("悦园3栋"), seen="/report").text
    assert BOOK[4][0] in offered(page).values()
    value = next(v for v, text in offered(page).items() if text == BOOK[4][0])
    form = a_form("悦园3栋", address_id=value)
    assert visitor.post("/report", form, seen="/report").status_code == 303
    assert stored(book)[0].grid_code == "B12"


def test_the_incident_page_shows_the_plate_it_was_reported_by(book: Site) -> None:
    visitor = a_visitor(book)
    visitor.post("/", chosen(visitor, a_form("朝阳新村3"), HOME), seen="/")
    assert f"by the door plate {HOME}" in a_visitor(book, "worker-a11").page("/incidents/1")


def test_the_same_form_sent_twice_is_one_report(book: Site) -> None:
    visitor = a_visitor(book)
    form = chosen(visitor, a_form("朝阳新村3"), HOME)
    visitor.post("/", form, seen="/")
    assert visitor.post("/", form, seen="/").status_code == 303
    assert len(stored(book)) == 1


def test_suggestions_are_text_point_and_grid_and_nothing_of_who_lives_there(book: Site) -> None:
    found = a_visitor(book).get("/doors/suggest?q=朝阳新村33号").get_json()["doors"]
    assert found[0]["text"] == HOME
    assert set(found[0]) == {"id", "text", "lon", "lat", "grid", "why"}


@pytest.mark.parametrize("query", ["", "q=", "q=%20", "q=33", "q=" + "%E8%B7%AF" * 3000, "q=%00"])
def test_odd_questions_are_answered_with_a_list(book: Site, query: str) -> None:
    answer = a_visitor(book).get(f"/doors/suggest?{query}")
    assert answer.status_code == 200
    assert isinstance(answer.get_json()["doors"], list)


def test_a_plate_without_a_point_is_not_suggested(lite: Site) -> None:
    bring_in(lite, [{**the_book()[0], "lon": "", "lat": ""}])
    assert a_visitor(lite).get("/doors/suggest?q=朝阳新村33号").get_json()["doors"] == []


def test_strangers_are_slowed_down(book: Site) -> None:
    client = create_app(book.runtime.settings, book.clock, book.runtime).test_client()
    answers = [client.get("/doors/suggest?q=朝阳").status_code for _ in range(130)]
    assert answers[0] == 200
    assert answers[-1] == 429
