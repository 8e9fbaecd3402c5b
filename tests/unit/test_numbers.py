"""Numbers survive being read aloud and typed; tiles cover their box."""

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.incidents.numbers import (
    CODE_LENGTH,
    hash_code,
    number,
    parse_number,
    tile,
    tile_rows,
    tracking_code,
)

IDS = st.integers(1, 2**63 - 1).filter(lambda n: n < 10**18)
DAYS = st.dates(date(2020, 1, 1), date(2099, 12, 31))
LONS = st.floats(-180, 180)
LATS = st.floats(-90, 90)


@given(IDS, DAYS)
def test_a_number_reads_back_to_its_incident(incident_id, day):
    assert parse_number(number(incident_id, day)) == incident_id


@given(IDS, DAYS, st.sampled_from(["", "-", " - ", "—", "－"]), st.booleans())
def test_a_number_is_understood_as_people_type_it(incident_id, day, dash, wide):
    typed = number(incident_id, day).replace("-", dash)
    if wide:
        typed = typed.translate({ord(str(n)): chr(ord("０") + n) for n in range(10)})
    assert parse_number(f"  {typed} ") == incident_id


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_any_text_is_a_number_or_none(text):
    found = parse_number(text)
    assert found is None or 0 <= found < 2**63


@pytest.mark.parametrize("digits", [25, 400, 5000])
def test_a_number_longer_than_any_key_is_none(digits):
    assert parse_number("261120-" + "9" * digits) is None


@given(st.uuids().map(str))
def test_a_code_can_be_read_over_the_phone(client_id):
    code = tracking_code("secret", client_id)
    assert len(code) == CODE_LENGTH
    assert set(code) <= set(string.ascii_uppercase + string.digits) - set("01OIL")


@given(st.uuids().map(str))
def test_a_code_is_the_same_for_the_same_report_and_differs_by_deployment(client_id):
    assert tracking_code("secret", client_id) == tracking_code("secret", client_id)
    assert tracking_code("secret", client_id) != tracking_code("other secret", client_id)


def test_case_and_spaces_of_a_code_do_not_matter():
    assert hash_code(" abc234 ") == hash_code("ABC234")


def test_a_code_is_not_stored_readably():
    assert "ABC234" not in hash_code("ABC234")


@given(st.tuples(LONS, LONS), st.tuples(LATS, LATS), st.data())
def test_the_rows_of_a_box_cover_every_point_in_it(lons, lats, data):
    west, east = sorted(lon + 0.0 for lon in lons)  # -0.0 would be an empty range for Hypothesis
    south, north = sorted(lat + 0.0 for lat in lats)
    lon = data.draw(st.floats(west, east))
    lat = data.draw(st.floats(south, north))
    spans = tile_rows((west, south, east, north), zoom=8)
    assert any(low <= tile(lon, lat, zoom=8) <= high for low, high in spans)


@given(LONS, LATS)
def test_the_rows_of_a_point_are_its_tile(lon, lat):
    assert tile_rows((lon, lat, lon, lat)) == [(tile(lon, lat), tile(lon, lat))]


@pytest.mark.parametrize("corner", [(-180, 90), (180, 90), (-180, -90), (180, -90)])
def test_the_corners_of_the_world_have_a_tile(corner):
    assert 0 <= tile(*corner) < 4**15
