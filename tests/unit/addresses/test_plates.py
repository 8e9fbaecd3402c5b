"""Rows of a table as plates, and what a plate is found by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.addresses.columns import Meaning, checked, guessed, read_plate
from gridtrack.addresses.matching import nearby, nearest, pairs, prefix_score, readings
from gridtrack.addresses.rules import Plate, completed, keys_of
from gridtrack.errors import Rejected

HEADER = ("地址", "经度", "纬度", "户数", "别名")
MEANING = Meaning(guessed(HEADER), "wgs84")


def read(*cells: str) -> object:
    return read_plate(dict(zip(HEADER, cells, strict=True)), MEANING)


def codes(*cells: str) -> list[tuple[str, str]]:
    return [(fault.code, fault.field) for fault in read(*cells).faults]


def test_a_chinese_header_is_understood() -> None:
    wanted = {
        "address": "地址",
        "lon": "经度",
        "lat": "纬度",
        "households": "户数",
        "aliases": "别名",
    }
    assert guessed(HEADER) == wanted


def test_a_text_alone_is_read_into_its_parts() -> None:
    plate = completed(Plate("福建省宁德市映溪街道环城路朝阳新村33号"))
    assert (plate.town, plate.road, plate.number) == ("福建省宁德市映溪街道", "环城路", "")
    plate = completed(Plate("映溪街道解放路95号三委楼小区1幢"))
    assert (plate.town, plate.road, plate.number) == ("映溪街道", "解放路", "95")


def test_parts_alone_make_a_text() -> None:
    plate = completed(Plate("", town="映溪街道", road="环城路", number="7", estate="悦园"))
    assert plate.text == "映溪街道环城路7号悦园"


def test_a_plate_is_found_with_and_without_its_road_and_by_its_estates_short_name() -> None:
    plate = Plate("映溪街道建设路79号龙庭国际小区1幢", road="建设路", estate="龙庭国际小区")
    own = {one.text for one in keys_of(completed(plate)).keys if one.own}
    assert own == {"建设路79号龙庭国际小区1幢", "龙庭国际小区1幢", "龙庭国际1幢"}


def test_the_same_plate_has_the_same_mark_however_it_is_written() -> None:
    one = keys_of(completed(Plate("映溪街道环城路7号"))).mark
    other = keys_of(completed(Plate("环城路 ７号", town="映溪街道"))).mark
    assert one == other


def test_the_keepers_own_key_tells_two_alike_apart() -> None:
    assert keys_of(Plate("环城路7号", key="1")).mark != keys_of(Plate("环城路7号", key="2")).mark


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (("", "119.4", "27.4", "3", ""), [("required", "地址")]),
        (("，。", "119.4", "27.4", "3", ""), [("required", "地址")]),
        (("=1+1", "119.4", "27.4", "", ""), [("door-formula", "地址")]),
        (("环城路7号", "27.4", "119.4", "", ""), [("coordinates-swapped", "纬度")]),
        (("环城路7号", "119.4", "", "", ""), [("coordinate-missing", "纬度")]),
        (("环城路7号", "x", "27.4", "", ""), [("coordinate-not-a-number", "经度")]),
        (("环城路7号", "119.4", "27.4", "三", ""), [("door-households", "户数")]),
        (("环城路7号", "119.4", "27.4", "-1", ""), [("out-of-range", "户数")]),
        (("路" * 100_000, "119.4", "27.4", "", ""), [("too-long", "地址")]),
        (
            ("=A1", "0", "0", "1.5", ""),
            [("coordinate-zero", "经度"), ("door-households", "户数"), ("door-formula", "地址")],
        ),
    ],
)
def test_a_bad_cell_is_named_by_its_column(cells: tuple[str, ...], found: list[object]) -> None:
    assert codes(*cells) == found


def test_a_row_without_a_point_is_a_plate_all_the_same() -> None:
    assert read("环城路7号", "", "", "12户", "老邮局；邮电所").plate == Plate(
        "环城路7号", road="环城路", number="7", aliases=("老邮局", "邮电所"), households=12
    )


@pytest.mark.parametrize(
    ("columns", "datum", "code"),
    [
        ({"address": "地址", "lon": "经度", "lat": "纬度"}, "", "datum-missing"),
        ({"address": "地址", "lon": "经度", "lat": "纬度"}, "wgs1984", "datum-unknown"),
        ({"address": "地址", "lon": "经度"}, "wgs84", "door-column-half"),
        ({"lon": "经度", "lat": "纬度"}, "wgs84", "door-column-none"),
        ({"address": "不存在"}, "", "door-column"),
        ({"address": "地址", "colour": "户数"}, "", "unknown-field"),
    ],
)
def test_columns_that_cannot_be_used_are_refused(columns: dict[str, str], datum: str, code: str):
    with pytest.raises(Rejected) as refused:
        checked(Meaning(columns, datum), HEADER)
    assert code in [fault.code for fault in refused.value.faults]


def test_a_table_without_points_needs_no_datum() -> None:
    assert checked(Meaning({"address": "地址"}), HEADER).datum == ""


@pytest.mark.parametrize(
    ("name", "text", "edits", "part"),
    [
        ("环城路", "环城路7号", 0, "环城路"),
        ("环城路", "环成路7号", 1, "环成路"),
        ("朝阳新村", "环城路朝日新村33号", 1, "朝日新村"),
        ("朝阳新村", "新村33号", 2, "新村"),
        ("龙庭国际小区", "龙庭国际3幢", 2, "龙庭国际"),
    ],
)
def test_a_name_is_found_where_it_is_most_alike(name: str, text: str, edits: int, part: str):
    cost, begin, end = nearest(name, text)
    assert (cost, text[begin:end]) == (edits, part)


@given(st.text("环城路新1号", min_size=2, max_size=5), st.text("环城路新1号2", max_size=9))
def test_a_near_name_is_where_the_whole_text_says_and_a_far_one_is_nowhere(name: str, text: str):
    for most in range(1, len(name)):
        whole = nearest(name, text)
        assert nearby(name, text, most) == (whole if whole[0] <= most else None)


def test_one_wrong_sign_in_three_leaves_a_pair_that_is_right() -> None:
    for wrong in ("幻城路", "环成路", "环城街"):
        assert pairs("环城路") & pairs(wrong)


def test_readings_put_the_name_where_it_was_misspelt() -> None:
    found = readings("环成路7号", [("环城路", 1)])
    assert found[0].key == "环城路7号"
    assert found[0].edits == 1


def test_a_number_that_goes_on_counts_less_than_one_that_ends() -> None:
    assert prefix_score("环城路3", "环城路3号") > prefix_score("环城路3", "环城路31")
