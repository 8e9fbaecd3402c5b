"""Searching the book: exact, alias, beginning, nearly alike, in that order, each with its why."""

import pytest

from gridtrack.access import RESIDENT
from gridtrack.addresses.rules import Found
from gridtrack.addresses.store import learned
from gridtrack.queries.doors import Candidate, exactly_one, find_doors
from tests.builders import Site
from tests.door_builders import BOOK, a_row, bring_in, the_book

HOME = BOOK[0][0]


@pytest.fixture
def book(site: Site) -> Site:
    bring_in(site, the_book())
    return site


def find(site: Site, text: str) -> list[Candidate]:
    with site.look(RESIDENT) as work:
        return find_doors(work, text)


def first(site: Site, text: str) -> tuple[str, str]:
    found = find(site, text)
    return (found[0].text, found[0].why.value) if found else ("", "")


@pytest.mark.parametrize(
    "text",
    [
        "朝阳新村33号", "环城路朝阳新村 33 号", "朝阳新村３３号", "朝阳新村三十三号",
        "朝阳新村三三号", "映溪街道环城路朝阳新村33号", "朝阳新村33", "A网格朝阳新村33号",
        "映溪街道 A网格 朝阳新村 33#",
    ],
)  # fmt: skip
def test_every_spelling_of_a_plate_finds_it(book: Site, text: str) -> None:
    assert first(book, text) == (HOME, "exact")


@pytest.mark.parametrize("text", ["悦园3栋", "悦园3号楼", "悦园三幢", "建设路十二号悦园 3座"])
def test_every_word_for_a_building_finds_it(book: Site, text: str) -> None:
    assert first(book, text) == (BOOK[4][0], "exact")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("老纺织宿舍", "alias"),
        ("朝阳新村3", "prefix"),
        ("朝日新村33号", "fuzzy"),
        ("环成路朝阳新村33号", "fuzzy"),
        ("新村33号", "fuzzy"),
    ],
)
def test_what_is_not_exact_says_why(book: Site, text: str, why: str) -> None:
    assert first(book, text) == (HOME, why)


def test_a_bare_building_name_finds_its_plates(book: Site) -> None:
    assert first(book, "东升大厦") == (BOOK[3][0], "prefix")


def test_scores_fall_from_exact_to_fuzzy(book: Site) -> None:
    texts = ("朝阳新村33号", "老纺织宿舍", "朝阳新村3", "朝日新村33号", "环城路9999号")
    scores = [find(book, text)[0].score for text in texts]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1.0
    assert scores[-1] < 0.5


def test_a_number_that_is_not_in_the_book_offers_its_road(book: Site) -> None:
    found = find(book, "环城路9999号")
    assert found
    assert {one.why for one in found} == {Found.FUZZY}


@pytest.mark.parametrize("text", ["", "　", "映溪街道", "xyzzy", "三", "路" * 10_000, "\x00'; --"])
def test_what_names_nothing_finds_nothing_and_breaks_nothing(book: Site, text: str) -> None:
    assert [one for one in find(book, text) if one.score > 0.9] == []


def test_a_candidate_has_its_point_and_grid_and_nothing_of_who_lives_there(book: Site) -> None:
    found = find(book, "朝阳新村33号")[0]
    assert (found.grid_code, found.grid_name) == ("A11", "A11网格")
    assert not hasattr(found, "households")


def test_exactly_one_takes_no_guess(book: Site) -> None:
    with book.look() as work:
        assert exactly_one(work, "朝阳新村33号").text == HOME
        assert exactly_one(work, "朝阳新村3") is None
        assert exactly_one(work, "朝日新村33号") is None


def test_the_town_tells_two_alike_apart(book: Site) -> None:
    bring_in(book, [a_row("鳌阳镇环城路7号", road="环城路", number="7", at="B11")])
    learned(book.runtime.memo)
    with book.look() as work:
        assert exactly_one(work, "环城路7号") is None
        assert exactly_one(work, "鳌阳镇环城路7号").grid_code == "B11"
        assert exactly_one(work, "映溪街道环城路7号").grid_code == "A12"


def test_a_number_that_begins_many_is_still_found_itself(site: Site) -> None:
    bring_in(site, [a_row(f"长路{n}号", road="长路", number=str(n)) for n in range(3, 400)])
    assert first(site, "长路3") == ("长路3号", "exact")


def test_a_number_that_is_not_in_the_book_offers_other_houses_of_the_very_road(book: Site) -> None:
    road = "环城路"
    found = find(book, f"{road}9999号")
    assert found
    assert {one.why for one in found} == {Found.FUZZY}
    assert all(one.text.startswith(road) or road in one.text for one in found)
