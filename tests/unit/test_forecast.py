"""The forecast as a rule: everybody at once, nobody at all, more time never worse."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridtrack.analytics.forecast import Forecast, Matter, Someone, Start, course
from gridtrack.analytics.forecast_told import change, side
from gridtrack.analytics.load import Bearable, LocalTime
from gridtrack.analytics.reactions import (
    DEFAULT,
    DESK,
    FIRST,
    OWN_NEEDS,
    Basis,
    Curve,
    Heard,
    Reactions,
    curve,
)
from gridtrack.deadlines.rules import ClockFace, Ladder, Rung, decide

BEGIN = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
WHEN = LocalTime(ZoneInfo("Asia/Shanghai"))
MINUTE = timedelta(minutes=1)
AT_ONCE, NEVER = Curve((0.0,), (1.0,)), Curve((), ())
WORKER, DEPUTY, LEADER, STREET = range(1, 5)


def a_ladder(*waits, repeat_max=2):
    codes = ("deputy", "leader", "street")[: len(waits)]
    rungs = tuple(Rung(c, c, MINUTE * w) for c, w in zip(codes, waits, strict=True))
    return Ladder("standard", rungs, 20 * MINUTE, repeat_max)


@dataclass
class Town:
    """Rules in which everybody is on duty but those who are `away`."""

    limit: timedelta = 5 * MINUTE
    ladder: Ladder = field(default_factory=lambda: a_ladder(0, 5, 10))
    away: frozenset[str] = frozenset()

    def start(self, matter):
        handler = None if "first" in self.away else Someone(WORKER, "worker")
        return Start(matter.at + self.limit, self.ladder, handler)

    def holder(self, _matter, rung, _at):
        there = {"deputy": DEPUTY, "leader": LEADER, "street": STREET}
        return None if rung.code in self.away else Someone(there[rung.code], rung.role)

    def desk(self, _matter, _at):
        return (Someone(9, DESK),)


def matters(count=50, **changes):
    return [
        replace(Matter(n, BEGIN + n * MINUTE, "0601", 0, "A/A1/A11"), **changes)
        for n in range(1, count + 1)
    ]


def run(rules, reactions=None, over=None, draws=5, seed=1):
    found = Forecast.of(seed, draws)
    for one in over or matters():
        found.add(course(one, rules, reactions or Reactions(), WHEN))
    return found


def all_react(how):
    return Reactions(default=how)


def test_everybody_answering_at_once_is_wholly_in_time():
    found = run(Town(), all_react(AT_ONCE))
    assert [draw.in_time for draw in found.draws] == [50] * 5
    assert not any(draw.climbed for draw in found.draws)


def test_nobody_answering_climbs_exactly_what_decide_fires():
    rules = Town(away=frozenset({"leader"}))
    found = run(rules, all_react(NEVER), draws=1).draws[0]
    one = matters(1)[0]
    due_at, climbed, skipped = one.at + rules.limit, Counter(), Counter()
    face = ClockFace(due_at, due_at, 0, 0)
    known = {"deputy": DEPUTY, "leader": None, "street": STREET}
    while True:
        decision = decide(face, rules.ladder, face.next_fire_at, lambda rung: known[rung.code])
        for fired in decision.fired:
            (climbed if fired.holder else skipped)[fired.rung.code] += 50
        if decision.exhausted:
            break
        face = ClockFace(due_at, decision.next_fire_at, decision.step, decision.repeat)
    assert (found.climbed, found.skipped) == (climbed, skipped)
    assert (found.answered, found.in_time, found.exhausted) == (0, 0, 50)


def test_a_hole_in_the_roster_climbs_at_once():
    slow = Curve((30.0,), (1.0,))
    rules = Town(ladder=a_ladder(0, 5, 10), away=frozenset({"deputy"}))
    step = course(matters(1)[0], rules, all_react(NEVER), WHEN).step(1)
    assert (step.climbed, step.skipped) == (("leader",), ("deputy",))
    assert step.at_s == (matters(1)[0].at + rules.limit).timestamp()
    assert slow.after(0.5) == 30.0


def test_what_nobody_has_is_told_to_the_desk_which_may_answer_in_time():
    found = run(Town(away=frozenset({"first"})), all_react(AT_ONCE), draws=1).draws[0]
    assert (found.in_time, found.answered_by) == (50, {DESK: 50})


def test_whoever_reports_what_is_theirs_has_answered():
    found = run(Town(), all_react(NEVER), matters(3, reporter_id=WORKER), draws=1).draws[0]
    assert (found.in_time, found.answered_by, found.load.hours) == (3, {FIRST: 3}, {})


def test_an_answer_at_the_last_instant_is_in_time_and_climbs_nothing():
    found = run(Town(), all_react(Curve((300.0,), (1.0,))), draws=1).draws[0]
    assert (found.in_time, dict(found.climbed)) == (50, {})


def test_whoever_is_told_again_decides_anew():
    # The street answers eleven minutes after a notice, and is told again after ten.
    rules = Town(ladder=replace(a_ladder(0, repeat_max=1), repeat_every=10 * MINUTE))
    found = run(rules, all_react(Curve((660.0,), (1.0,))), matters(1), draws=1).draws[0]
    assert found.answered_by == {FIRST: 1}
    assert found.waited_s == [660.0]


def test_the_same_seed_gives_the_same_forecast_and_another_does_not():
    one, same, other = (run(Town(), seed=seed).draws for seed in (1, 1, 2))
    assert one == same
    assert one != other


@given(
    limits=st.tuples(st.integers(1, 60), st.integers(0, 60)),
    waits=st.lists(st.integers(0, 15), min_size=3, max_size=3),
    away=st.frozensets(st.sampled_from(["first", "deputy", "leader", "street"])),
    heard=st.lists(st.tuples(st.floats(0, 4000), st.booleans()), min_size=1, max_size=30),
    seed=st.integers(0, 9),
)
@settings(max_examples=60, deadline=None)
def test_a_longer_limit_never_lets_fewer_be_in_time(limits, waits, away, heard, seed):
    least, more = limits
    ladder = a_ladder(*waits)
    short = Town(least * MINUTE, ladder, away)
    long = replace(short, limit=(least + more) * MINUTE)
    reactions = all_react(curve(heard, Basis.OWN))
    before, after = (run(rules, reactions, matters(8), 2, seed) for rules in (short, long))
    assert change(before.draws, after.draws).least >= 0


@given(st.lists(st.tuples(st.floats(0, 1e6), st.booleans()), max_size=40))
def test_a_curve_rises_and_never_beyond_everybody(heard):
    found = curve(heard, Basis.OWN)
    assert list(found.seconds) == sorted(set(found.seconds))
    assert list(found.shares) == sorted(found.shares)
    assert all(0 < share <= 1 + 1e-9 for share in found.shares)


def test_who_was_overtaken_does_not_count_as_silent():
    # Half were answered by somebody faster after ten seconds; the others all answer after a minute.
    found = curve([(10.0, False)] * 50 + [(60.0, True)] * 50, Basis.OWN)
    assert found.after(0.99) == 60.0


def test_without_answers_of_their_own_a_person_reacts_like_the_role_then_like_the_default():
    busy = [Heard(1, FIRST, "worker", 60, answered=True)] * OWN_NEEDS
    others = [Heard(n, FIRST, "worker", 90, answered=True) for n in range(100, 130)]
    found = Reactions([*busy, *others])
    assert found.of(1, FIRST, "worker").basis is Basis.OWN
    assert found.of(2, FIRST, "worker").basis is Basis.RUNG
    assert found.of(2, "deputy", "worker").basis is Basis.ROLE
    assert found.of(2, FIRST, "leader") is DEFAULT


def test_the_default_is_as_stated():
    assert DEFAULT.after(0.4) == pytest.approx(120, rel=0.05)
    assert DEFAULT.after(0.81) is None


def test_the_load_of_a_person_is_told_by_hour_and_day_with_its_peak():
    found = side(run(Town(), all_react(AT_ONCE), draws=3).draws, Bearable(hour=40, day=60))
    who, load = found.people[0]
    assert (who, load.told, load.answered, load.peak_day) == (WORKER, 50, 50, 50)
    assert (load.peak_hour, load.over_share) == (50, 1.0)
    assert (found.overloaded.least, found.overloaded.most) == (1, 1)
