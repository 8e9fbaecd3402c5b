"""A policy document: what it answers, what is refused and where; old ones stay readable."""

import tomllib
from datetime import timedelta
from importlib.resources import files

import pytest

from gridtrack.deadlines.policy import Known, check, load, parse
from gridtrack.deadlines.policy_parts import Lights, Offline, Policy, Quiet
from gridtrack.deadlines.rules import Kind
from gridtrack.errors import Invalid, Rejected
from gridtrack.limits import Limit, Unit

SHIPPED = (files("gridtrack.deadlines") / "policy.toml").read_text("utf-8")
KNOWN = Known(
    ("24x7", "duty", "workdays"), ("01", "0101", "0102"), {"0101": ["night"], "": ["night"]}
)
# As version 1 was stored before there were several clocks.
OLD = """
name = "shipped"
[acknowledge]
default = "5min"
[[ladder]]
code = "standard"
rungs = [
  { code = "a", role = "leader", after = "0min" },
  { code = "b", role = "leader", after = "5min" },
]
repeat_every = "20min"
repeat_max = 3
[[ladder]]
code = "sealed"
rungs = [{ code = "a", role = "secretary", after = "0min" }]
repeat_every = "20min"
[[ladder]]
code = "triage"
for = "unrouted"
rungs = [{ code = "a", role = "secretary", after = "0min" }]
repeat_every = "20min"
"""
OWN = """
[[limit]]
clock = "resolve"
limit = "9d"
[[limit]]
clock = "resolve"
category = "01"
limit = "8d"
[[limit]]
clock = "resolve"
category = "0101"
limit = "7d"
[[limit]]
clock = "resolve"
category = "0101"
condition = "night"
limit = "6d"
[[limit]]
clock = "resolve"
scope = "A"
limit = "5d"
[[limit]]
clock = "resolve"
scope = "A/A1"
limit = "same-day"
"""


def policy(text: str = SHIPPED) -> Policy:
    return check(tomllib.loads(text), KNOWN)


def test_the_shipped_policy_keeps_four_clocks_each_with_a_ladder_for_sealed_matters() -> None:
    shipped = policy()
    for kind in Kind:
        assert shipped.ladder(kind) is not None
        sealed = shipped.ladder(kind, sensitivity=3)
        assert sealed is not None
        assert {rung.role for rung in sealed.rungs} <= {"secretary", "street"}
    unrouted = shipped.ladder(Kind.RESOLVE, routed=False)
    assert unrouted is not None
    assert unrouted.code == "resolve"


def test_the_shipped_policy_says_what_may_rest_and_what_may_be_extended() -> None:
    shipped = policy()
    assert shipped.pause(Kind.ACKNOWLEDGE) is None
    rest = shipped.pause(Kind.RESOLVE)
    assert rest is not None
    assert rest.most == timedelta(days=30)
    more = shipped.extend(Kind.RESOLVE)
    assert more is not None
    assert (more.times, str(more.most), more.by) == (1, "5wd", "next-rung")
    assert shipped.extend(Kind.ARRIVE) is None
    assert shipped.lights(Kind.ARRIVE) == Lights(0.8, 1.0)
    assert shipped.quiet == Quiet(22 * 60, 7 * 60)
    assert shipped.remind(Kind.RESOLVE) == (Limit(1, Unit.WORKDAY), Limit(2, Unit.HOUR))
    assert shipped.offline == Offline(timedelta(minutes=2), timedelta(hours=24))


def test_a_unit_counts_on_the_clocks_own_calendar_or_on_that_for_working_time() -> None:
    shipped = policy()
    assert shipped.calendar(Kind.RESOLVE, Unit.MINUTE) == "24x7"
    assert shipped.calendar(Kind.RESOLVE, Unit.WORKDAY) == "workdays"
    assert shipped.calendar(Kind.RESOLVE, Unit.SAME_DAY) == "duty"
    own = policy(SHIPPED.replace('acknowledge = "24x7"', 'acknowledge = "duty"'))
    assert {own.calendar(Kind.ACKNOWLEDGE, unit) for unit in Unit} == {"duty"}


@pytest.mark.parametrize(
    ("category", "path", "condition", "limit"),
    [
        ("0601", "B/B1", "", "9d"),
        ("0102", "B/B1", "", "8d"),
        ("0101", "B/B1", "", "7d"),
        ("0101", "B/B1", "night", "6d"),
        ("0101", "A/A2/A21", "night", "5d"),
        ("0101", "A/A1/A11", "night", "same-day"),
        ("0101", "A/A11", "", "5d"),
    ],
)
def test_the_most_specific_scope_then_category_then_condition_goes_first(
    category: str, path: str, condition: str, limit: str
) -> None:
    assert str(policy(SHIPPED + OWN).limit(Kind.RESOLVE, category, path, condition)) == limit
    assert policy(SHIPPED + OWN).limit(Kind.ARRIVE, category, path, condition) is None


def test_a_ladder_may_be_for_one_scope_alone() -> None:
    own = (
        SHIPPED
        + """
[[ladder]]
code = "resolve-a"
clock = "resolve"
scope = "A"
rungs = [{ code = "street", role = "street", after = "0min", takes_over = false }]
repeat_every = "1d"
"""
    )
    found = [policy(own).ladder(Kind.RESOLVE, path=path) for path in ("A/A1", "B/B1")]
    assert [one.code for one in found if one] == ["resolve-a", "resolve"]


def test_a_version_stored_before_there_were_several_clocks_is_still_read() -> None:
    old = parse(tomllib.loads(OLD), 1)
    codes = [
        found.code
        for found in (
            old.ladder(Kind.ACKNOWLEDGE),
            old.ladder(Kind.ACKNOWLEDGE, sensitivity=3),
            old.ladder(Kind.ACKNOWLEDGE, routed=False),
        )
        if found
    ]
    assert codes == ["standard", "sealed", "triage"]
    assert old.ladder(Kind.RESOLVE) is None  # no ladder, no such clock
    assert old.calendar(Kind.ACKNOWLEDGE) == "24x7"
    with pytest.raises(Invalid, match="ladder-loops"):
        check(tomllib.loads(OLD))


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        (('[[ladder]]\ncode = "resolve"', '[[ladder]]\ncode = "x"\ncategory = "01"'),
         "ladder-missing", "ladder"),
        (('arrive = "24x7"', 'arrive = "office"'), "calendar-unknown", "calendars.arrive"),
        (('role = "street",     after = "5min"', 'role = "mayor", after = "5min"'),
         "role-unknown", "ladder.triage.street.role"),
        (('role = "street",     after = "5min"', 'role = "secretary", after = "5min"'),
         "ladder-loops", "ladder.triage.rungs"),
        (("{ times = 1", "{ times = 0"), "out-of-range", "extend.resolve.times"),
        (('most = "5wd"', 'most = "0wd"'), "category-limit-range", "extend.resolve.most"),
        (('by = "next-rung"', 'by = "me"'), "extend-by-unknown", "extend.resolve.by"),
        (("yellow = 0.8", "yellow = 1.2"), "lights-bad", "lights"),
        (('from = "22:00"', 'from = "25:00"'), "clock-time-bad", "quiet.from"),
        (('from = "22:00"', 'from = "07:00"'), "quiet-empty", "quiet.until"),
        (('longest = "24h"', 'longest = "0h"'), "bad-span", "offline.longest"),
        (('most = "30d"', 'most = "0d"'), "bad-span", "pause.most"),
        (("arrive = true", 'arrive = "yes"'), "policy-flag-bad", "pause.arrive"),
        (("[pause]", "[pauze]"), "policy-field-unknown", "pauze"),
        (("repeat_max = 3", "repeat_most = 3"), "policy-field-unknown", "ladder.1.repeat_most"),
        (('clock = "arrive"', 'clock = "leave"'), "clock-unknown", "ladder.arrive.clock"),
        (('for = "unrouted"', 'for = "nobody"'), "ladder-for-unknown", "ladder.triage.for"),
    ],
)  # fmt: skip
def test_a_document_that_cannot_work_is_refused_where_it_is_wrong(
    change: tuple[str, str], code: str, field: str
) -> None:
    text = SHIPPED.replace(*change, 1)
    assert text != SHIPPED
    with pytest.raises(Invalid) as caught:
        policy(text)
    assert (caught.value.code, caught.value.field) == (code, field)


@pytest.mark.parametrize(
    ("own", "code", "field"),
    [
        ('clock = "resolve"\nlimit = "0wd"', "category-limit-range", "limit.1.limit"),
        ('clock = "resolve"\nlimit = "-3d"', "category-limit-range", "limit.1.limit"),
        ('clock = "lunch"\nlimit = "3d"', "clock-unknown", "limit.1.clock"),
        ('clock = "resolve"\ncategory = "77"\nlimit = "3d"', "policy-category-unknown",
         "limit.1.category"),
        ('clock = "resolve"\nlimit = "3d"\n[[limit]]\nclock = "resolve"\nlimit = "4d"',
         "limit-twice", "limit"),
    ],
)  # fmt: skip
def test_a_limit_of_its_own_is_checked(own: str, code: str, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        policy(f"{SHIPPED}\n[[limit]]\n{own}\n")
    assert (caught.value.code, caught.value.field) == (code, field)


def test_every_fault_is_told_at_once() -> None:
    text = SHIPPED.replace("yellow = 0.8", "yellow = 0").replace('most = "30d"', 'most = "soon"')
    with pytest.raises(Rejected) as caught:
        load(text)
    assert [fault.field for fault in caught.value.faults] == ["pause.most", "lights"]
