"""A category is suggested from the words, with the words that say so, and never chosen."""

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.categories.shipped import shipped_tree
from gridtrack.errors import Invalid
from gridtrack.residents.suggest import Lexicon, parse, suggest

SHIPPED = parse((files("gridtrack.residents") / "resident-words.toml").read_text("utf-8"))
SMALL = Lexicon(
    {"0403": {"漏水": 2, "水": 1}, "0605": {"水管": 2}, "0505": {"lift": 2}}, enough=2, most=2
)


def test_the_words_that_made_it_are_named() -> None:
    (found,) = suggest(SMALL, "楼上漏水了")
    assert (found.category, found.because) == ("0403", ("漏水",))


def test_of_words_in_one_another_the_longer_counts_alone() -> None:
    assert suggest(SMALL, "漏水")[0].score == 2


def test_a_faint_hint_alone_suggests_nothing() -> None:
    assert suggest(SMALL, "水") == []


def test_grave_words_come_first_however_much_else_is_said() -> None:
    text = "楼道灯坏了，灯不亮，楼道灯一直坏，还听见有人被打"
    assert suggest(SHIPPED, text)[0].category == "0601"
    assert suggest(SHIPPED, text, {"0203"})[0].category == "0203"


def test_latin_words_begin_where_a_word_begins_in_any_case() -> None:
    assert [one.category for one in suggest(SMALL, "The LIFT is stuck")] == ["0505"]
    assert suggest(SMALL, "a shoplift") == []


def test_full_width_letters_are_the_same_letters() -> None:
    assert [one.category for one in suggest(SMALL, "ＬＩＦＴ")] == ["0505"]


@given(st.text(max_size=200))
def test_a_suggestion_is_never_made_of_words_that_were_not_written(text: str) -> None:
    for one in suggest(SHIPPED, text):
        assert one.because
        assert len(suggest(SHIPPED, "")) == 0
        assert one.score >= SHIPPED.enough


def test_every_category_with_words_is_one_that_residents_may_report() -> None:
    public = {one.code for one in shipped_tree().public()}
    assert set(SHIPPED.weights) - public == set()


def test_every_category_for_residents_has_words_but_the_one_for_all_the_rest() -> None:
    public = {one.code for one in shipped_tree().public()}
    assert public - set(SHIPPED.weights) == {"13"}


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("三楼一直有男人打老婆，孩子在哭", "0203"),
        ("My husband hits me", "0203"),
        ("有人打电话诈骗老人的钱", "0509"),
        ("村口有人在赌博", "0509"),
        ("我们家老人去世了，想办丧事", "0301"),
        ("电梯困人了", "0505"),
        ("闻到煤气味", "0506"),
    ],
)
def test_grave_words_are_heard(text: str, category: str) -> None:
    assert category in [one.category for one in suggest(SHIPPED, text)]


def test_nine_in_ten_of_the_demos_own_sentences_get_their_category_among_the_suggestions() -> None:
    demo = tomllib.loads((files("gridtrack.simulation") / "words.toml").read_text("utf-8"))
    told = [(one["category"], text) for one in demo["matter"] for text in one["texts"]]
    told = [(category, text) for category, text in told if category in SHIPPED.weights]
    heard = [c in [one.category for one in suggest(SHIPPED, text)] for c, text in told]
    assert sum(heard) >= 0.9 * len(told)


@pytest.mark.parametrize("bad", ['[0401]\n"x" = 9', "[04x]", '[0401]\n"x" = true', "x ="])
def test_a_wrong_file_is_told_by_its_entry(bad: str) -> None:
    with pytest.raises(Invalid):
        parse(f"[terms]\nenough = 2\nmost = 3\n{bad}")
