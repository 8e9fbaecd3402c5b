"""Reading a policy document into a Policy; every fault is told where it stands. Pure.

A stored version is read for ever, so what a newer document must have (`load`) is more than what an
older one may lack (`parse`).
"""

import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gridtrack.access import Role
from gridtrack.deadlines import policy_sections as sections
from gridtrack.deadlines.policy_parts import (
    DAY,
    DEFAULT,
    SEALED,
    UNROUTED,
    WORK,
    Policy,
    twice,
)
from gridtrack.deadlines.policy_sections import KINDS
from gridtrack.deadlines.rules import Kind, Ladder
from gridtrack.errors import Invalid, Rejected
from gridtrack.limits import parse_limit

FIELDS = {
    "acknowledge": ("default",),
    "calendars": (*KINDS, WORK, DAY),
    "limit": ("clock", "category", "scope", "condition", "limit"),
    "ladder": ("code", "for", "clock", "category", "scope", "rungs", "repeat_every", "repeat_max"),
    "pause": (*KINDS, "most"),
    "extend": KINDS,
    "lights": (*KINDS, "yellow", "red"),
    "quiet": ("from", "until"),
    "remind": KINDS,
    "offline": ("skew", "longest"),
}
RUNG = ("code", "role", "deputy", "after", "takes_over")


@dataclass(frozen=True, slots=True)
class Known:
    """What a document may name: calendars, categories with their headings, filing conditions.

    `conditions` are those of each category; a heading has those of all below it.
    """

    calendars: Collection[str]
    categories: Collection[str]
    conditions: Mapping[str, Collection[str]] = field(default_factory=dict)


def load(text: str, known: Known | None = None) -> dict[str, Any]:
    """The document in a TOML text, checked; raises Invalid, or Rejected with every fault."""
    try:
        body = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("bad-toml", field="policy", value=str(error)) from error
    check(body, known)
    return body


def check(body: Mapping[str, Any], known: Known | None = None) -> Policy:
    """The policy in a new document; raises Invalid, or Rejected with every fault.

    Without `known` its calendars and categories are not looked up.
    """
    faults = [*_strange_names(body)]
    try:
        policy = parse(body, version=0)
    except Invalid as fault:
        raise _all([*faults, *_each(fault)]) from fault
    faults += [*_missing_ladders(policy), *_bad_rungs(policy)]
    faults += _unknown(policy, known) if known else ()
    if faults:
        raise _all(faults)
    return policy


def parse(body: Mapping[str, Any], version: int) -> Policy:
    """The policy in a document, also in one of an older form; raises Invalid or Rejected."""
    read_by: dict[str, Callable[[], Any]] = {
        "acknowledge_default": lambda: parse_limit(
            sections.table(body, "acknowledge").get("default"), "acknowledge.default"
        ),
        "ladders": lambda: sections.ladders(body),
        "limits": lambda: sections.limits(body),
        "calendars": lambda: {k: str(v) for k, v in sections.table(body, "calendars").items()},
        "pauses": lambda: sections.pauses(sections.table(body, "pause")),
        "extensions": lambda: sections.extensions(sections.table(body, "extend")),
        "lighting": lambda: sections.lighting(sections.table(body, "lights")),
        "quiet": lambda: sections.quiet(sections.table(body, "quiet")),
        "reminders": lambda: sections.reminders(sections.table(body, "remind")),
        "offline": lambda: sections.offline(sections.table(body, "offline")),
    }
    found: dict[str, Any] = {}
    faults: list[Invalid] = []
    for name, read in read_by.items():
        try:
            found[name] = read()
        except Invalid as fault:
            faults += _each(fault)
    if faults:
        raise _all(faults)
    light, lights_of = found.pop("lighting")
    return Policy(version, light=light, lights_of=lights_of, **found)


def _each(fault: Invalid) -> Sequence[Invalid]:
    return fault.faults if isinstance(fault, Rejected) else (fault,)


def _all(faults: list[Invalid]) -> Invalid:
    return faults[0] if len(faults) == 1 else Rejected(faults)


def _strange_names(body: Mapping[str, Any]) -> Iterator[Invalid]:
    """Sections and fields that mean nothing: mostly a slip of the pen, which would go unseen."""
    for name, section in body.items():
        if name == "name":
            continue
        if name not in FIELDS:
            yield Invalid("policy-field-unknown", field=name, known=", ".join(FIELDS))
            continue
        for where, table in _tables(name, section):
            known = FIELDS[name]
            for key in table:
                if key not in known:
                    field = f"{where}.{key}"
                    yield Invalid("policy-field-unknown", field=field, known=", ".join(known))


def _tables(name: str, section: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for n, one in enumerate(section if isinstance(section, list) else [section]):
        where = f"{name}.{n + 1}" if isinstance(section, list) else name
        if isinstance(one, Mapping):
            yield where, one
            for rung in one.get("rungs", ()) if isinstance(one.get("rungs"), list) else ():
                strange = set(rung) - set(RUNG) if isinstance(rung, Mapping) else ()
                if strange:
                    yield f"{where}.rungs", dict.fromkeys(strange)


def _missing_ladders(policy: Policy) -> Iterator[Invalid]:
    """Every clock with a ladder has one for all and one for sealed matters."""
    made = {(one.clock, one.made_for) for one in policy.ladders.values() if _for_all(one)}
    for kind in {one.clock for one in policy.ladders.values()} | {Kind.ACKNOWLEDGE}:
        needed = [DEFAULT, SEALED, *([UNROUTED] if kind is Kind.ACKNOWLEDGE else [])]
        for made_for in needed:
            if (kind, made_for) not in made:
                value = f"{kind.value} {made_for}"
                yield Invalid("ladder-missing", field="ladder", value=value)


def _bad_rungs(policy: Policy) -> Iterator[Invalid]:
    """Rungs that nobody can hold, and ladders that come back to somebody told already."""
    for ladder in policy.ladders.values():
        where = f"ladder.{ladder.code}"
        for rung in ladder.rungs:
            if rung.role not in set(Role):
                field, known = f"{where}.{rung.code}.role", ", ".join(Role)
                yield Invalid("role-unknown", field=field, value=rung.role, known=known)
        again = twice((rung.role, "deputy" if rung.deputy else "") for rung in ladder.rungs)
        if again:
            value = " ".join(filter(None, again))
            yield Invalid("ladder-loops", field=f"{where}.rungs", value=value)


def _for_all(one: Ladder) -> bool:
    return not one.category and not one.scope


def _unknown(policy: Policy, known: Known) -> Iterator[Invalid]:
    for name, code in policy.calendars.items():
        if code not in known.calendars:
            there = ", ".join(sorted(known.calendars))
            yield Invalid("calendar-unknown", field=f"calendars.{name}", value=code, known=there)
    for n, own in enumerate(policy.limits, 1):
        filed = known.conditions.get(own.category, ())
        if own.condition and own.condition not in filed:
            where, value = f"limit.{n}.condition", own.condition
            yield Invalid("condition-unknown", field=where, value=value, known=", ".join(filed))
    named = [(f"limit.{n + 1}", one.category) for n, one in enumerate(policy.limits)]
    named += [(f"ladder.{one.code}", one.category) for one in policy.ladders.values()]
    for where, category in named:
        if category and category not in known.categories:
            yield Invalid("policy-category-unknown", field=f"{where}.category", value=category)
