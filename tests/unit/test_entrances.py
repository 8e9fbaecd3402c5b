"""Six entrances over one form: each says what it is for and what it begins with."""

from importlib.resources import files

import pytest

from gridtrack.categories.shipped import shipped_tree
from gridtrack.errors import Invalid
from gridtrack.limits import Unit
from gridtrack.residents.entrances import first, parse
from gridtrack.residents.rules import is_open, wait_s
from gridtrack.residents.rules import parse as parse_terms
from tests.builders import NOW

TEXT = (files("gridtrack.residents") / "entrances.toml").read_text("utf-8")
SIX = parse(TEXT)
TERMS = parse_terms((files("gridtrack.residents") / "residents.toml").read_text("utf-8"))


def test_the_six_are_those_of_the_mini_programme() -> None:
    words = [one.word("", "zh") for one in SIX.values()]
    assert words == ["随手拍", "投诉建议", "在线求助", "民意畅达", "微心愿", "我要表扬"]


def test_every_category_that_an_entrance_names_is_one_for_residents() -> None:
    codes = {one.code for one in shipped_tree().public()}
    known = codes | {code[:2] for code in codes}
    for one in SIX.values():
        assert {*one.groups, *one.usual} | ({one.preset} - {""}) <= known


def test_complaints_hide_the_name_unless_the_person_says_otherwise() -> None:
    assert SIX["complaint"].choice == "hidden"
    assert SIX["help"].choice == "hidden"


@pytest.mark.parametrize("entrance", ["wish", "praise"])
def test_no_five_minute_alarm_rings_for_wishes_and_thanks(entrance: str) -> None:
    limit = shipped_tree().get(SIX[entrance].preset).acknowledge
    assert limit is not None
    assert limit.unit is Unit.DAY


def test_an_entrance_puts_its_own_first_and_hides_nothing() -> None:
    offered = ["0401", "0701", "12"]
    assert first(offered, SIX["complaint"])[0] == "0701"
    assert sorted(first(offered, SIX["complaint"])) == offered


@pytest.mark.parametrize("bad", ["x = 1", "[[entrance]]\ncode = 'a'", TEXT + "\nx = 1"])
def test_a_wrong_file_is_told(bad: str) -> None:
    with pytest.raises(Invalid):
        parse(bad)


def test_alike_kinds_are_alike_both_ways() -> None:
    assert TERMS.near.like("0601") == TERMS.near.like("0602") == {"0601", "0602"}
    assert TERMS.near.like("0603") == {"0603"}


def test_waits_begin_after_the_free_tries_double_and_end_at_the_longest() -> None:
    waits = [wait_s(wrong, 3, 5, 60) for wrong in range(9)]
    assert waits == [0, 0, 0, 5, 10, 20, 40, 60, 60]
    assert wait_s(10_000, 3, 5, 60) == 60


def test_a_window_holds_to_its_last_instant() -> None:
    within = TERMS.reopen_within
    assert is_open(NOW, within, NOW + within)
    assert not is_open(NOW, within, NOW + within + within / 10_000)
    assert not is_open(None, within, NOW)


@pytest.mark.parametrize("name", ["metres = 80", "number_free = 5", 'within = "7d"'])
def test_terms_that_lack_a_figure_are_refused(name: str) -> None:
    text = (files("gridtrack.residents") / "residents.toml").read_text("utf-8")
    with pytest.raises(Invalid):
        parse_terms(text.replace(name, "", 1))
