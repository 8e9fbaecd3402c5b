"""The ladder: pure, by hand and by property."""

from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.deadlines.policy import load, parse
from gridtrack.deadlines.rules import ClockFace, Kind, Ladder, Rung, decide, step_key
from gridtrack.errors import Invalid, Rejected
from gridtrack.limits import span

T0 = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
MIN = timedelta(minutes=1)
SHIPPED = (files("gridtrack.deadlines") / "policy.toml").read_text("utf-8")
STANDARD = parse(load(SHIPPED), 1).ladders["standard"]
EVERYBODY = {"gridworker": 1, "leader": 2, "secretary": 3, "street": 4}


def face(step: int = 0, repeat: int = 0, at: datetime = T0) -> ClockFace:
    return ClockFace(due_at=T0, next_fire_at=at, step=step, repeat=repeat)


def holder(rung: Rung) -> int | None:
    return EVERYBODY.get(rung.role)


def nobody(_rung: Rung) -> int | None:
    return None


def test_a_missed_clock_goes_to_the_deputy_at_the_due_instant() -> None:
    decision = decide(face(), STANDARD, T0, holder)
    assert [(f.rung.code, f.holder, f.late_ms) for f in decision.fired] == [("deputy", 1, 0)]
    assert decision.next_fire_at == T0 + 5 * MIN


def test_lateness_is_now_minus_due() -> None:
    assert (
        decide(face(), STANDARD, T0 + timedelta(milliseconds=730), holder).fired[0].late_ms == 730
    )


def test_a_vacant_rung_is_passed_at_once_and_noted() -> None:
    without_deputy = {**EVERYBODY, "gridworker": None}
    decision = decide(face(), STANDARD, T0, lambda rung: without_deputy[rung.role])
    assert [(f.rung.code, f.holder) for f in decision.fired] == [("deputy", None), ("leader", 2)]


def test_a_little_lateness_does_not_drift_up_the_ladder() -> None:
    decision = decide(face(), STANDARD, T0 + timedelta(seconds=2), holder)
    assert decision.next_fire_at == T0 + 5 * MIN


def test_after_a_gap_the_next_rung_gets_its_full_window_from_now() -> None:
    now = T0 + timedelta(hours=6)
    decision = decide(face(), STANDARD, now, holder)
    assert len(decision.fired) == 1
    assert decision.fired[0].gap
    assert decision.next_fire_at == now + 5 * MIN


def test_the_top_rung_repeats_and_then_says_that_it_is_exhausted() -> None:
    at, step, repeat, told = T0, 3, 0, 0
    while True:
        decision = decide(face(step, repeat, at), STANDARD, at, holder)
        told += 1
        if decision.exhausted:
            break
        assert decision.next_fire_at == at + STANDARD.repeat_every
        at, step, repeat = decision.next_fire_at, decision.step, decision.repeat
    assert told == 1 + STANDARD.repeat_max


def test_a_ladder_with_nobody_on_it_still_ends_at_the_top_and_repeats() -> None:
    decision = decide(face(), STANDARD, T0, nobody)
    assert [f.rung.code for f in decision.fired] == ["deputy", "leader", "secretary", "street"]
    assert decision.next_fire_at == T0 + STANDARD.repeat_every


rungs = st.lists(
    st.builds(Rung, code=st.uuids().map(str), role=st.sampled_from(sorted(EVERYBODY)),
              after=st.integers(0, 120).map(lambda m: m * MIN)),
    min_size=1, max_size=6,
)  # fmt: skip


@given(rungs, st.sets(st.sampled_from(sorted(EVERYBODY))), st.integers(0, 5), st.integers(0, 5000))
def test_every_rung_is_fired_exactly_once_in_order_whoever_is_there(
    made: list[Rung], present: set[str], repeats: int, late_s: int
) -> None:
    ladder = Ladder("any", tuple(made), 10 * MIN, repeats)
    clock, seen, now = face(), [], T0
    for _ in range(len(made) + repeats + 1):
        now = max(now, clock.next_fire_at) + timedelta(seconds=late_s)
        decision = decide(
            clock, ladder, now, lambda r: EVERYBODY[r.role] if r.role in present else None
        )
        seen += [(f.step, f.repeat) for f in decision.fired]
        if decision.next_fire_at is None:
            break
        assert decision.next_fire_at >= clock.next_fire_at
        clock = ClockFace(T0, decision.next_fire_at, decision.step, decision.repeat)
    top = len(made) - 1
    assert seen == [(n, 0) for n in range(top)] + [(top, r) for r in range(repeats + 1)]


def test_the_key_of_a_step_is_the_same_when_it_is_redone() -> None:
    assert step_key(7, "acknowledge", 1, 2, 0) == "esc:7:acknowledge:1:2"
    assert step_key(7, "acknowledge", 1, 3, 2) == "esc:7:acknowledge:1:3:2"


def test_the_shipped_policy_gives_five_minutes_and_four_rungs() -> None:
    policy = parse(load(SHIPPED), 1)
    assert policy.acknowledge_default.span == 5 * MIN
    assert [r.code for r in STANDARD.rungs] == ["deputy", "leader", "secretary", "street"]


def test_a_sealed_matter_climbs_past_gridworkers_and_leaders() -> None:
    policy = parse(load(SHIPPED), 1)
    ladder = policy.ladder(Kind.ACKNOWLEDGE, sensitivity=3)
    assert ladder is not None
    assert ladder.code == "sealed"
    assert {r.role for r in policy.ladders["sealed"].rungs} == {"secretary", "street"}


@pytest.mark.parametrize("text", ["", "5", "5 weeks", "-5min", None, 5])
def test_a_bad_span_is_refused_by_name(text: object) -> None:
    with pytest.raises(Invalid) as caught:
        span(text, "acknowledge.default")
    assert caught.value.params["field"] == "acknowledge.default"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (('5min"          #', '0min" #'), "category-limit-range"),
        (('for = "unrouted"', 'for = "default"'), "ladder-twice"),
        (('{ code = "street", ', '{ code = "leader", '), "ladder-loops"),
        (('repeat_every = "20min"', 'repeat_every = "0min"'), "bad-span"),
        (("name =", "name ="), ""),
    ],
)  # fmt: skip
def test_a_policy_that_cannot_work_is_refused_where_it_is_read(
    change: tuple[str, str], code: str
) -> None:
    text = SHIPPED.replace(*change)
    if not code:
        assert load(text)
        return
    with pytest.raises(Invalid) as caught:
        load(text)
    told = caught.value
    # A change that spoils several ladders is told for each of them.
    assert {one.code for one in (told.faults if isinstance(told, Rejected) else [told])} == {code}
