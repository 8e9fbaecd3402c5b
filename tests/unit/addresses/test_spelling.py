"""One key for all spellings of an address."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.addresses.spelling import KEY_LIMIT, Prefixes, key_of
from tests.grid_builders import SHARED

SHARED_OSM, SHARED_STREETS = SHARED / "osm_shanghai", SHARED / "names_cn" / "fujian_streets.csv"
no_data = pytest.mark.skipif(not SHARED.exists(), reason="no shared data")
FIGURES = "零一二三四五六七八九"
WORDS = st.text(
    "朝阳环城路新村幢号楼栋座单元梯弄巷之第零一二三十百千 　-—#0123456789０３ＡaB", max_size=30
)


def in_words(number: int) -> str:
    """A number under ten thousand as people write it: 105 is 一百零五, 12 is 十二."""
    if not number:
        return FIGURES[0]
    said, gap = "", False
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        figure = number // unit % 10
        if not figure:
            gap = bool(said)
            continue
        said += ("零" if gap else "") + FIGURES[figure] + word
        gap = False
    return said.removeprefix("一") if said.startswith("一十") else said


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@given(st.text(max_size=80) | WORDS)
def test_the_key_of_a_key_is_itself(text: str) -> None:
    key = key_of(text)
    assert key_of(key) == key
    assert len(key) <= KEY_LIMIT


@given(st.integers(0, 9999), st.sampled_from(["号", "栋", "单元", "弄", ""]))
def test_a_number_is_the_same_in_figures_words_and_wide_signs(number: int, unit: str) -> None:
    written = f"朝阳新村{number}{unit}"
    assert key_of(written) == key_of(f"朝阳新村{in_words(number)}{unit}")
    assert key_of(written) == key_of(wide(written))


@given(st.integers(10, 9999))
def test_figures_said_one_by_one_are_the_number(number: int) -> None:
    said = "".join(FIGURES[int(figure)] for figure in str(number))
    assert key_of(f"解放路{said}号") == f"解放路{number}号"


@given(WORDS)
def test_wide_signs_spaces_and_case_make_no_difference(text: str) -> None:
    assert key_of(wide(text)) == key_of(text)
    assert key_of(text.upper()) == key_of(text)
    assert key_of(f"  {text}　") == key_of(text)


@pytest.mark.parametrize(
    ("spellings", "key"),
    [
        (("3栋", "3幢", "3号楼", "3座", "三号楼", "第三幢", "０３栋"), "3幢"),
        (("12弄5号", "12巷5号", "十二弄五号"), "12巷5号"),
        (("2单元", "2梯", "二单元", "02单元"), "2单元"),
        (("33-2号", "33之2号", "33—2号", "三十三之二号", "33 - 2号"), "33-2号"),
        (("33#", "33号"), "33号"),
        (("环城路悦园33号", "环城路 悦园, 33 号", "环城路（悦园）３３号"), "环城路悦园33号"),
        (("A座502室", "a座502房", "Ａ栋502"), None),
    ],
)  # fmt: skip
def test_what_people_write_for_one_thing_is_one_key(
    spellings: tuple[str, ...], key: str | None
) -> None:
    keys = {key_of(one).removesuffix("室") for one in spellings}
    assert len(keys) == 1
    assert key is None or keys == {key}


@pytest.mark.parametrize(("one", "other"), [("33号2", "332号"), ("3号", "13号"), ("3 3号", "33号")])
def test_numbers_never_run_together(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


@pytest.mark.parametrize("text", ["", "　", "——", "，。", "\x00\ud800"])
def test_what_holds_no_sign_has_no_key(text: str) -> None:
    assert key_of(text) == ""


def test_a_text_of_a_hundred_thousand_signs_is_answered_at_once() -> None:
    assert len(key_of("路" * 100_000)) == KEY_LIMIT


def test_known_prefixes_are_left_out_and_named() -> None:
    known = {"福建省", "宁德市", "映溪街道"}
    key = key_of("福建省宁德市映溪街道环城路7号")
    assert Prefixes(known).without(key) == ("环城路7号", ("福建省", "宁德市", "映溪街道"))


def test_a_prefix_alone_is_left_as_it_is() -> None:
    assert Prefixes({"映溪街道"}).without("映溪街道") == ("映溪街道", ())


@pytest.mark.shared
@no_data
def test_names_of_fujians_towns_keep_apart() -> None:
    lines = SHARED_STREETS.read_text("utf-8").splitlines()[1:]
    names = {line.split(",")[1].strip('"') for line in lines}
    keys: dict[str, str] = {}
    for name in names:
        assert key_of(key_of(name)) == key_of(name)
        assert keys.setdefault(key_of(name), name) == name


@pytest.mark.shared
@no_data
def test_shanghais_names_are_the_same_in_wide_signs_and_apart_from_each_other() -> None:
    names = set()
    for file in ("buildings", "pois", "roads"):
        features = json.loads((SHARED_OSM / f"{file}.geojson").read_text("utf-8"))["features"]
        names |= {f["properties"]["name"] for f in features if f["properties"]["name"]}
    for name in names:
        assert key_of(wide(name)) == key_of(name)
    keys = {key_of(name) for name in names}
    # What falls together differs by case, width, spaces or numerals only.
    assert len(names) - len(keys) <= 12
