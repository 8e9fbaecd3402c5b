"""The chain of the audit as values: what fits, and what is found where somebody tampered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gridtrack.access import ENGINE, RESIDENT, Actor, Holding, Role
from gridtrack.audit.check import Head, Kept, Kind, Vouched, examine
from gridtrack.audit.rules import (
    SEAL,
    Key,
    Line,
    Note,
    Origin,
    line_of,
    lines_of,
    refusals_of,
)
from gridtrack.errors import Forbidden, Invalid
from tests.builders import NOW

KEY = Key.of("the secret of this instance")
SECRETARY = Actor(7, "林书记", (Holding(Role.SECRETARY, "A"),))
WEB = Origin("web", "incident_close", "incident:17", "203.0.113.9", "s:4")


def a_line(text: str = "x") -> Line:
    return line_of(Note("closed", text), SECRETARY, WEB, NOW)


def a_lane(size: int, lane: str = "aa", first_id: int = 1, key: Key = KEY) -> list[Kept]:
    before, rows = lane, []
    for seq in range(1, size + 1):
        line = a_line(f"incident:{seq}")
        before = key.sealed(lane, seq, before, line)
        rows.append(Kept(first_id + seq - 1, lane, seq, key.name, before, line))
    return rows


def found(rows: list[Kept], told: Vouched | None = None) -> list[tuple[str, int, int]]:
    return [(one.kind.value, one.id, one.seq) for one in examine(rows, [KEY], told)]


@pytest.mark.parametrize("digest", ["sha256", "sm3"])
def test_a_chain_that_nobody_touched_fits(digest: str) -> None:
    key = Key.of("the secret of this instance", digest)
    rows = a_lane(3, key=key) + a_lane(2, "bb", 4, key)
    assert list(examine(rows, [KEY, key])) == []


CHANGES: list[Callable[[Line], Line]] = [
    lambda line: replace(line, at=line.at + timedelta(microseconds=1)),
    lambda line: replace(line, person_id=8),
    lambda line: replace(line, person_id=None),
    lambda line: replace(line, post="gridworker@A/A1"),
    lambda line: replace(line, door="api"),
    lambda line: replace(line, act="reopened"),
    lambda line: replace(line, subject="incident:18"),
    lambda line: replace(line, outcome="refused"),
    lambda line: replace(line, address="203.0.113.8"),
    lambda line: replace(line, session="s:5"),
    lambda line: replace(line, details='{"a": 1}'),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_line_changed_in_any_part_is_found_and_named(change: Callable[[Line], Line]) -> None:
    rows = a_lane(3)
    rows[1] = replace(rows[1], line=change(rows[1].line))
    assert found(rows) == [("changed", 2, 2)]


def test_every_part_of_a_line_is_sealed() -> None:
    assert len(CHANGES) - 1 == len(Line.__dataclass_fields__)  # the person is tried twice


def test_a_line_moved_to_another_place_is_found() -> None:
    rows = a_lane(4)
    rows[1], rows[2] = replace(rows[2], seq=2), replace(rows[1], seq=3)
    assert ("changed", rows[1].id, 2) in found(rows)


def test_a_missing_line_is_found_where_it_was() -> None:
    rows = a_lane(4)
    del rows[1:3]
    assert found(rows) == [("removed", 4, 2)]


def test_the_first_line_is_missed_too() -> None:
    assert found(a_lane(3)[1:]) == [("removed", 2, 1)]


def test_a_line_that_nothing_vouches_for_was_put_in() -> None:
    forged = a_lane(1, "cc", 9, Key.of("another secret"))[0]
    assert found([*a_lane(2), replace(forged, key=KEY.name)]) == [("inserted", 9, 1)]


def test_a_line_of_a_strange_key_is_told_as_such() -> None:
    assert found(a_lane(1, key=Key.of("another secret"))) == [("strange-key", 1, 1)]


def sealed(rows: list[Kept]) -> Vouched:
    heads = {row.lane: Head(row.seq, row.digest[:16], 99) for row in rows}
    return Vouched(heads)


def test_lines_cut_off_at_the_end_are_missed_by_what_the_seal_saw() -> None:
    rows = a_lane(4)
    assert found(rows[:2], sealed(rows)) == [("removed", 99, 3)]


def test_a_whole_lane_is_missed() -> None:
    rows = a_lane(2, "bb", 5)
    assert found(a_lane(2), sealed(rows)) == [("removed", 99, 2)]


def test_after_a_cut_a_lane_begins_where_the_cut_says() -> None:
    rows = a_lane(4)
    cut = Vouched(cuts={"aa": Head(3, rows[1].digest)})
    assert found(rows[2:], cut) == []
    assert found(rows[3:], cut) == [("removed", 4, 3)]


def test_seals_are_read_as_they_are_written() -> None:
    told = Vouched.by([(5, SEAL, '{"lanes": [["aa", 3, "d1"]]}'), (9, SEAL, '{"lanes": []}')])
    assert told.heads == {"aa": Head(3, "d1", 5)}


@given(some.integers(2, 30), some.data())
def test_whatever_single_line_is_taken_away_is_found(size: int, data: some.DataObject) -> None:
    rows = a_lane(size)
    gone = data.draw(some.integers(0, size - 1))
    assert any(one.kind is Kind.REMOVED for one in examine(
        rows[:gone] + rows[gone + 1 :], [KEY], sealed(rows)
    ))  # fmt: skip


# --- what becomes a line -----------------------------------------------------------------------


def test_what_befell_a_matter_is_one_line_however_many_events_it_were() -> None:
    befell = [("assigned", "incident:3"), ("acknowledged", "incident:3")]
    lines = lines_of([], befell, SECRETARY, WEB, NOW)
    assert [(one.act, one.subject) for one in lines] == [("assigned", "incident:3")]


def test_an_act_that_says_nothing_is_called_what_its_door_calls_it() -> None:
    (line,) = lines_of([], [], SECRETARY, WEB, NOW)
    assert (line.act, line.subject, line.post) == ("incident_close", "incident:17", "secretary@A")


def test_the_sweep_leaves_no_line_and_a_command_does() -> None:
    step = [("escalated", "incident:3")]
    assert lines_of([], step, ENGINE, Origin("job", "task-x"), NOW) == []
    (line,) = lines_of([], step, ENGINE, Origin("console", "users add"), NOW)
    assert line.post == "engine"


def test_of_a_resident_no_address_is_kept() -> None:
    (line,) = lines_of([], [("reported", "incident:3")], RESIDENT, WEB, NOW)
    assert (line.post, line.address) == ("resident", "")


def test_who_tries_to_log_in_leaves_an_address() -> None:
    (line,) = lines_of([Note("log-in")], [], RESIDENT, WEB, NOW)
    assert line.address == "203.0.113.9"


def test_a_refusal_is_a_line_and_a_form_sent_back_is_none() -> None:
    (line,) = refusals_of([], Forbidden("forbidden"), SECRETARY, WEB, NOW)
    assert (line.outcome, line.details) == ("refused", '{"error": "forbidden"}')
    assert refusals_of([], Invalid("required", field="x"), SECRETARY, WEB, NOW) == []


def test_a_stranger_at_a_closed_door_fills_no_table() -> None:
    assert refusals_of([], Forbidden("forbidden"), RESIDENT, WEB, NOW) == []


def test_too_long_words_are_cut_and_still_sealed() -> None:
    line = line_of(Note("x" * 200, "y" * 200, details={"z": "z" * 99_999}), SECRETARY, WEB, NOW)
    assert (len(line.act), len(line.subject), line.details) == (60, 80, '{"cut": 100008}')
