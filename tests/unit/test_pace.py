"""No robot is ever called more often than its service takes, however messages come."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.notifications.pace import (
    DIGEST_FROM,
    LIMITS,
    Bucket,
    digest_key,
    filled,
    is_severe,
    limit_of,
    merges,
    ready_at,
    robot_key,
    severity,
)

NOON = datetime(2026, 11, 20, 4, 10, tzinfo=UTC)
# What the services say themselves: (calls, span) that are never exceeded.
PROMISED = {
    "wecombot": [(20, 60)],
    "dingtalk": [(20, 60)],
    "feishu": [(100, 60), (5, 1)],
    "lark": [(100, 60), (5, 1)],
}


def calls(scheme: str, tries: list[int]) -> list[datetime]:
    """When a greedy sender that tries after so many milliseconds each gets through."""
    limit, bucket, at, sent = LIMITS[scheme], None, NOON, []
    for pause in tries:
        at += timedelta(milliseconds=pause)
        bucket = filled(bucket, limit, at)
        if ready_at(bucket, limit, f"{scheme}://x", severe=True) <= at:
            sent.append(at)
            bucket = Bucket(bucket.tokens - 1, at)
    return sent


@given(st.sampled_from(sorted(PROMISED)), st.lists(st.integers(0, 9000), max_size=400))
def test_in_no_window_are_there_more_calls_than_the_service_takes(
    scheme: str, tries: list[int]
) -> None:
    sent = calls(scheme, tries)
    for most, seconds in PROMISED[scheme]:
        for n, first in enumerate(sent):
            inside = [one for one in sent[n:] if one - first < timedelta(seconds=seconds)]
            assert len(inside) <= most


def test_a_bucket_that_waited_is_full_again() -> None:
    assert len(calls("wecombot", [0] * 30)) == 10
    assert len(calls("wecombot", [*[0] * 30, 6000, 6000, 60_000, *[0] * 30])) == 22


def test_a_clock_set_back_adds_and_takes_nothing() -> None:
    bucket = filled(Bucket(3.0, NOON), LIMITS["dingtalk"], NOON - timedelta(hours=1))
    assert bucket.tokens == 3.0


def test_the_next_call_is_when_the_next_token_is_there() -> None:
    at = ready_at(Bucket(0.5, NOON), LIMITS["wecombot"], "wecombot://x", severe=True)
    assert at == NOON + timedelta(seconds=3)


def test_a_robot_that_said_enough_rests() -> None:
    until = NOON + timedelta(minutes=10)
    bucket = Bucket(10.0, NOON, until)
    assert ready_at(bucket, LIMITS["dingtalk"], "dingtalk://x", severe=True) == until


@pytest.mark.parametrize(
    ("scheme", "severe", "waits"),
    [("feishu", False, 12), ("feishu", True, 0), ("wecombot", False, 0)],
)
def test_only_what_is_mild_waits_while_the_hour_strikes(
    scheme: str, severe: bool, waits: int
) -> None:
    struck = datetime(2026, 11, 20, 4, 30, 3, tzinfo=UTC)
    bucket = filled(None, LIMITS[scheme], struck)
    at = ready_at(bucket, LIMITS[scheme], f"{scheme}://x", severe=severe)
    assert at - struck == timedelta(seconds=waits)


def test_one_robot_has_one_name_whatever_stands_beside_its_token() -> None:
    assert robot_key("dingtalk://S@T/138") == robot_key("DINGTALK://T") != robot_key("dingtalk://U")
    assert "T" not in robot_key("dingtalk://T")


def test_a_storm_and_what_there_is_no_call_for_go_as_one() -> None:
    assert merges(DIGEST_FROM, None)
    assert not merges(DIGEST_FROM - 1, None)
    assert merges(3, 2.9)
    assert not merges(3, 3.0)
    assert not merges(1, 0.0)


def test_what_climbed_is_more_severe_than_what_is_new() -> None:
    kinds = ["exhausted", "escalated", "triage", "assigned", "acknowledged"]
    assert sorted(kinds, key=severity) == kinds
    assert [kind for kind in kinds if is_severe(kind)] == ["exhausted", "escalated"]


def test_a_digest_of_the_same_messages_has_the_same_key() -> None:
    assert digest_key(["a", "b"]) == digest_key(["b", "a"]) != digest_key(["a"])


def test_an_unknown_service_has_no_limit() -> None:
    assert limit_of("https://x") is None
