"""Whatever people type, a report is tidied or refused field by field; nothing crashes."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.errors import Invalid, Rejected
from gridtrack.incidents.intake import (
    CONTACT_LIMIT,
    DESCRIPTION_LIMIT,
    FUTURE_SKEW,
    NAME_LIMIT,
    OLDEST,
    Choice,
    Place,
    Report,
    ReporterGiven,
    Source,
    check,
    digest,
    tidy_text,
)

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)  # half characters too


def a_report(**changes) -> Report:
    given_ = {
        "client_id": "0b0e2c9e-94a6-4b0e-8a54-3f1ad0a3ef10",
        "category": "0601",
        "source": Source.RESIDENT,
        "description": "楼下的路灯坏了",
        "place": Place(119.5, 27.4, "wgs84"),
        **changes,
    }
    return Report(**given_)


def faults(report: Report) -> set[tuple[str, str]]:
    with pytest.raises(Rejected) as caught:
        check(report, NOW)
    return {(fault.field, fault.code) for fault in caught.value.faults}


@given(client_id=ANYTHING, description=ANYTHING, address=ANYTHING, name=ANYTHING, contact=ANYTHING)
def test_any_text_is_tidied_or_refused_and_what_passes_can_be_stored(
    client_id, description, address, name, contact
):
    report = a_report(
        client_id=client_id,
        description=description,
        address=address,
        reporter=ReporterGiven(name, contact),
    )
    try:
        tidy = check(report, NOW)
    except Rejected:
        return
    for text in (tidy.client_id, tidy.description, tidy.address, tidy.reporter.name):
        text.encode()
        assert "\x00" not in text
    assert len(digest(tidy, "k")) == 64


@given(ANYTHING)
def test_tidying_twice_is_tidying_once(text):
    try:
        once = tidy_text("text", text, 100)
    except Invalid:
        return
    assert tidy_text("text", once, 100) == once


def test_half_a_character_is_refused_by_its_number():
    assert faults(a_report(description="灯\ud800坏了")) == {("description", "control-characters")}


@pytest.mark.parametrize("control", ["\x00", "\x08", "\x1b", "\x7f"])
def test_a_control_character_is_refused(control):
    assert faults(a_report(address=f"a{control}b")) == {("address", "control-characters")}


@pytest.mark.parametrize("allowed", ["\n", "\t"])
def test_a_line_break_and_a_tab_may_stay(allowed):
    assert check(a_report(description=f"a{allowed}b"), NOW).description == f"a{allowed}b"


def test_line_ends_of_windows_become_plain_ones():
    assert check(a_report(description="一\r\n二"), NOW).description == "一\n二"


def test_letters_in_pieces_are_put_together():
    assert check(a_report(description="Cafe\u0301"), NOW).description == "Café"


def test_every_fault_is_told_at_once():
    report = a_report(
        client_id="no uuid",
        description="x" * (DESCRIPTION_LIMIT + 1),
        place=Place(119.5, 27.4, None, accuracy_m=-1),
        reporter=ReporterGiven("x" * (NAME_LIMIT + 1), "x" * (CONTACT_LIMIT + 1)),
        occurred_at=NOW + timedelta(days=365),
    )
    assert faults(report) == {
        ("client_id", "not-a-uuid"),
        ("description", "too-long"),
        ("location.datum", "datum-missing"),
        ("location.accuracy_m", "accuracy-bad"),
        ("reporter.name", "too-long"),
        ("reporter.contact", "too-long"),
        ("occurred_at", "in-the-future"),
    }


def test_a_report_needs_a_place_or_an_address():
    assert faults(a_report(place=None)) == {("location", "place-missing")}


def test_an_address_will_do_for_a_place():
    assert check(a_report(place=None, address="朝阳新村33号"), NOW).address == "朝阳新村33号"


@pytest.mark.parametrize("accuracy", [float("nan"), float("inf"), -0.1, 100_001])
def test_an_accuracy_must_be_a_radius(accuracy):
    place = Place(119.5, 27.4, "wgs84", accuracy)
    assert faults(a_report(place=place)) == {("location.accuracy_m", "accuracy-bad")}


@pytest.mark.parametrize("at", [NOW + FUTURE_SKEW, NOW - OLDEST, NOW])
def test_a_time_on_the_edge_is_taken(at):
    assert check(a_report(occurred_at=at), NOW).occurred_at == at


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (NOW + FUTURE_SKEW + timedelta(microseconds=1), "in-the-future"),
        (NOW - OLDEST - timedelta(microseconds=1), "too-long-ago"),
        (NOW.replace(tzinfo=None), "not-a-time"),
    ],
)
def test_a_time_beyond_the_edge_or_without_a_zone_is_refused(at, code):
    assert faults(a_report(occurred_at=at)) == {("occurred_at", code)}


@given(st.uuids())
def test_a_client_id_is_the_same_however_it_is_written(one: uuid.UUID):
    spellings = (str(one), str(one).upper(), one.hex, f"{{{one}}}", one.urn)
    assert {check(a_report(client_id=text), NOW).client_id for text in spellings} == {str(one)}


CHANGES = (
    {"category": "0101"},
    {"source": Source.API},
    {"description": "另一盏"},
    {"address": "33号"},
    {"occurred_at": NOW},
    {"place": Place(119.5, 27.400001, "wgs84")},
    {"place": Place(119.5, 27.4, "gcj02")},
    {"place": Place(119.5, 27.4, "wgs84", 5)},
    {"place": None},
    {"reporter": ReporterGiven("林某")},
    {"reporter": ReporterGiven("", "林某")},
    {"reporter": ReporterGiven(choice=Choice.NAMED)},
    {"extra": {"lamp": "17"}},
)


@pytest.mark.parametrize("changes", CHANGES, ids=lambda c: next(iter(c)))
def test_a_fingerprint_changes_with_everything_that_was_said(changes):
    assert digest(a_report(**changes), "k") != digest(a_report(), "k")


def test_a_fingerprint_does_not_depend_on_the_client_id_or_the_order_of_extras():
    one = a_report(extra={"a": "1", "b": "2"})
    other = a_report(extra={"b": "2", "a": "1"}, client_id=str(uuid.uuid4()))
    assert digest(one, "k") == digest(other, "k")
