"""What comes in with an address is taken only where it is what we hand out ourselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.sheets.csv_text import csv_text
from gridtrack.web.asked import ours, whole


@pytest.mark.parametrize(
    "asked",
    ["//evil.example", "/\\evil.example", "/\t/evil.example", "/\n/evil.example",
     "/\r\\evil.example", "https://evil.example", "javascript:alert(1)", "", "board", "/a\\x"],
)  # fmt: skip
def test_an_address_of_another_site_is_none_of_ours(asked: str) -> None:
    assert ours(asked) == ""


@pytest.mark.parametrize("asked", ["/", "/board", "/incidents/7?tab=log#e3", "/map?q=朝阳新村33号"])
def test_an_address_of_this_site_stays_as_it_is(asked: str) -> None:
    assert ours(asked) == asked


@given(st.integers(0, 10**18 - 1))
def test_a_number_in_figures_is_that_number(number: int) -> None:
    assert whole(str(number)) == number


@pytest.mark.parametrize("text", ["", "-1", "1.5", "²", "１２", "٣", "9" * 19, "9" * 5000, " 7"])
def test_what_no_id_can_be_is_no_number(text: str) -> None:
    assert whole(text) is None


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-x", "@sum", "\t=1", "\r=1"])
def test_no_cell_is_a_formula_to_a_spreadsheet(cell: str) -> None:
    written = csv_text([("name",), (cell,)])
    assert f"'{cell[:1]}" in written


def test_numbers_and_empty_cells_stay_as_they_are() -> None:
    assert csv_text([("a", "b", "c"), ("", -1.5, None)]) == "\ufeffa,b,c\r\n,-1.5,\r\n"
