"""Reading each section of a policy document; a fault is raised where it stands. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple, TypeVar

from gridtrack.deadlines.policy_parts import (
    DEFAULT,
    SEALED,
    UNROUTED,
    Extend,
    Lights,
    Offline,
    OwnLimit,
    Pause,
    Quiet,
    twice,
)
from gridtrack.deadlines.rules import Kind, Ladder, Rung
from gridtrack.errors import Invalid, Rejected
from gridtrack.limits import Limit, parse_limit, span

KINDS = tuple(kind.value for kind in Kind)
_CLOCK_TIME = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)$")
# What the ladders of versions stored before there were several clocks are for.
_FOR = {"standard": DEFAULT, "sealed": SEALED, "triage": UNROUTED}


def table(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A section as a table, empty where it is not there; raises Invalid."""
    found = body.get(name, {})
    if not isinstance(found, Mapping):
        raise Invalid("policy-section-bad", field=name, value=found)
    return found


def _list(body: Mapping[str, Any], name: str, field: str) -> list[Mapping[str, Any]]:
    found = body.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise Invalid("policy-section-bad", field=field, value=found)
    return found


def _kind(value: object, field: str) -> Kind:
    if value not in KINDS:
        raise Invalid("clock-unknown", field=field, value=value, known=", ".join(KINDS))
    return Kind(value)


def limits(body: Mapping[str, Any]) -> tuple[OwnLimit, ...]:
    """The limits of its own."""
    found = _each(_limit, _list(body, "limit", "limit"))
    again = twice((x.clock, x.category, x.scope, x.condition) for x in found)
    if again:
        raise Invalid("limit-twice", field="limit", value=" ".join(filter(None, again)))
    return tuple(found)


def _limit(given: Mapping[str, Any], n: int) -> OwnLimit:
    where = f"limit.{n}"
    clock = _kind(given.get("clock"), f"{where}.clock")
    limit = parse_limit(given.get("limit"), f"{where}.limit")
    fits = {name: str(given.get(name, "")) for name in ("category", "scope", "condition")}
    return OwnLimit(clock, limit, **fits)


T = TypeVar("T")


def _each(read: Callable[[Mapping[str, Any], int], T], given: list[Mapping[str, Any]]) -> list[T]:
    """Every one of a list, counted from 1; raises Rejected with the first fault of each."""
    found, faults = [], []
    for n, one in enumerate(given):
        try:
            found.append(read(one, n + 1))
        except Invalid as fault:
            faults.append(fault)
    if faults:
        raise Rejected(faults)
    return found


def ladders(body: Mapping[str, Any]) -> dict[str, Ladder]:
    """The ladders by code."""
    ladders = _each(_ladder, _list(body, "ladder", "ladder"))
    again = twice((one.code,) for one in ladders) or twice(
        (one.clock, one.made_for, one.category, one.scope) for one in ladders
    )
    if again:
        raise Invalid("ladder-twice", field="ladder", value=" ".join(filter(None, again)))
    return {ladder.code: ladder for ladder in ladders}


def _ladder(given: Mapping[str, Any], n: int) -> Ladder:
    code = given.get("code")
    if not isinstance(code, str) or not 0 < len(code) <= 20:
        raise Invalid("ladder-code-bad", field=f"ladder.{n}.code", value=code)
    where = f"ladder.{code}"
    made_for = given.get("for", _FOR.get(code, DEFAULT))
    if made_for not in _FOR.values():
        known = ", ".join(_FOR.values())
        raise Invalid("ladder-for-unknown", field=f"{where}.for", value=made_for, known=known)
    rungs = tuple(_rung(rung, where) for rung in _list(given, "rungs", f"{where}.rungs"))
    if not rungs:
        raise Invalid("ladder-empty", field=f"{where}.rungs")
    again = twice((rung.code,) for rung in rungs)
    if again:
        raise Invalid("ladder-loops", field=f"{where}.rungs", value=again[0])
    every = _positive(given.get("repeat_every"), f"{where}.repeat_every")
    times = _count(given.get("repeat_max", 0), f"{where}.repeat_max", least=0)
    clock = _kind(given.get("clock", Kind.ACKNOWLEDGE.value), f"{where}.clock")
    category, scope = str(given.get("category", "")), str(given.get("scope", ""))
    return Ladder(code, rungs, every, times, clock, str(made_for), category, scope)


def _rung(given: Mapping[str, Any], where: str) -> Rung:
    code, role = given.get("code"), given.get("role")
    if not isinstance(code, str) or not 0 < len(code) <= 20:
        raise Invalid("ladder-code-bad", field=f"{where}.rungs", value=code)
    return Rung(
        code=code,
        role=str(role),
        after=span(given.get("after"), f"{where}.{code}.after"),
        deputy=bool(given.get("deputy", False)),
        takes_over=bool(given.get("takes_over", True)),
    )


def _positive(text: object, field: str) -> timedelta:
    found = span(text, field)
    if not found:
        raise Invalid("bad-span", field=field, value=text)
    return found


def _count(value: object, field: str, *, least: int) -> int:
    if type(value) is not int or not least <= value <= 1000:
        raise Invalid("out-of-range", field=field, value=value, least=least, most=1000)
    return value


def pauses(given: Mapping[str, Any]) -> dict[Kind, Pause]:
    """Which clocks may rest."""
    if not given:
        return {}
    most = _positive(given.get("most"), "pause.most")
    found = {}
    for kind in Kind:
        may = given.get(kind.value, False)
        if not isinstance(may, bool):
            raise Invalid("policy-flag-bad", field=f"pause.{kind.value}", value=may)
        if may:
            found[kind] = Pause(most)
    return found


def extensions(given: Mapping[str, Any]) -> dict[Kind, Extend]:
    """Which clocks may be extended."""
    found = {}
    for name in given:
        where, one = f"extend.{name}", table(given, name)
        by = one.get("by", "next-rung")
        if by != "next-rung":
            raise Invalid("extend-by-unknown", field=f"{where}.by", value=by)
        times = _count(one.get("times"), f"{where}.times", least=1)
        found[_kind(name, where)] = Extend(times, parse_limit(one.get("most"), f"{where}.most"), by)
    return found


class Lighting(NamedTuple):
    """The lights of every clock, and of those that have their own."""

    usual: Lights
    of: dict[Kind, Lights]


def lighting(given: Mapping[str, Any]) -> Lighting:
    """The lights of all clocks, and of some."""
    usual = _light(given, Lights(), "lights")
    own = [name for name in given if name not in ("yellow", "red")]
    return Lighting(
        usual,
        {
            _kind(name, f"lights.{name}"): _light(table(given, name), usual, f"lights.{name}")
            for name in own
        },
    )


def _light(given: Mapping[str, Any], usual: Lights, where: str) -> Lights:
    yellow, red = given.get("yellow", usual.yellow), given.get("red", usual.red)
    for share in (yellow, red):
        if isinstance(share, bool) or not isinstance(share, int | float):
            raise Invalid("lights-bad", field=where, value=share)
    if not 0 < yellow < red <= 1:
        raise Invalid("lights-bad", field=where, value=f"{yellow}, {red}")
    return Lights(float(yellow), float(red))


def quiet(given: Mapping[str, Any]) -> Quiet | None:
    """The quiet hours, None where there are none."""
    if not given:
        return None
    begin, end = (_minute(given.get(name), f"quiet.{name}") for name in ("from", "until"))
    if begin == end:
        raise Invalid("quiet-empty", field="quiet.until", value=given.get("until"))
    return Quiet(begin, end)


def _minute(text: object, field: str) -> int:
    found = _CLOCK_TIME.match(text) if isinstance(text, str) else None
    if found is None:
        raise Invalid("clock-time-bad", field=field, value=text)
    return int(found.group(1)) * 60 + int(found.group(2))


def reminders(given: Mapping[str, Any]) -> dict[Kind, tuple[Limit, ...]]:
    """When handlers are reminded."""
    found = {}
    for name, limits in given.items():
        where = f"remind.{name}"
        if not isinstance(limits, list):
            raise Invalid("policy-section-bad", field=where, value=limits)
        found[_kind(name, where)] = tuple(parse_limit(one, where) for one in limits)
    return found


def offline(given: Mapping[str, Any]) -> Offline:
    """What counts of acts made without a network."""
    usual = Offline()
    skew = span(given["skew"], "offline.skew") if "skew" in given else usual.skew
    longest = _positive(given["longest"], "offline.longest") if "longest" in given else None
    return Offline(skew, longest or usual.longest)
