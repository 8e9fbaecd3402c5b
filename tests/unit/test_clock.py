"""The clocks: one that runs, one that is moved by hand."""

from datetime import UTC, datetime, timedelta, timezone

from gridtrack.clock import ManualClock, SystemClock, monotonic

START = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def test_the_systems_clock_is_in_utc():
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_a_manual_clock_stands_still():
    clock = ManualClock(START)
    assert (clock.now(), clock.now()) == (START, START)


def test_a_manual_clock_moves_as_told():
    clock = ManualClock(START)
    clock.advance(minutes=4, seconds=59)
    assert clock.now() == START + timedelta(minutes=4, seconds=59)


def test_a_manual_clock_can_be_set_back():
    clock = ManualClock(START)
    clock.set(START - timedelta(hours=1))
    assert clock.now() == START - timedelta(hours=1)


def test_a_manual_clock_answers_in_utc_whatever_it_was_set_to():
    shanghai = timezone(timedelta(hours=8))
    clock = ManualClock(START.astimezone(shanghai))
    assert clock.now().tzinfo is UTC
    assert clock.now() == START


def test_the_monotonic_clock_never_goes_back():
    seen = [monotonic() for _ in range(100)]
    assert seen == sorted(seen)
