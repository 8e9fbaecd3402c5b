"""What two versions of the policy say differently, line by line. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gridtrack.deadlines.policy_parts import Policy
from gridtrack.deadlines.rules import Kind, Ladder

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One line that differs; None where a version does not have it.

    `key` begins with what kind of line it is: default, limit, calendar, ladder, for, order, repeat,
    rung, pause, extend, lights, quiet, remind, offline.
    """

    key: Key
    before: Any
    after: Any


def differences(old: Policy, new: Policy) -> list[Change]:
    """What changes from `old` to `new`, in the order of the document."""
    before, after = dict(_lines(old)), dict(_lines(new))
    order = {key: n for n, key in enumerate([*after, *before])}
    changed = [
        Change(key, before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys(), key=order.__getitem__)
        if before.get(key) != after.get(key)
    ]
    # A ladder or a rung that is new or gone is one line, not one for each of its parts.
    whole = {one.key for one in changed if None in (one.before, one.after)}
    return [one for one in changed if not _inside(one.key, whole) and not _same_order(one)]


def _inside(key: Key, whole: set[Key]) -> bool:
    if key[0] in ("order", "repeat", "for") or (key[0] == "rung" and len(key) > 2):
        parents: set[Key] = {("ladder", key[1])}
        if len(key) == 4:
            parents.add(key[:3])
        return bool(parents & whole)
    return False


def _same_order(one: Change) -> bool:
    """Rungs that came or went are told themselves; the order only where the others changed it."""
    if one.key[0] != "order" or one.before is None or one.after is None:
        return False
    both = set(one.before) & set(one.after)
    return [code for code in one.before if code in both] == [c for c in one.after if c in both]


def _lines(policy: Policy) -> Iterator[tuple[Key, Any]]:
    yield ("default",), policy.acknowledge_default
    for own in policy.limits:
        yield ("limit", own.clock.value, own.category, own.scope, own.condition), own.limit
    for name in dict.fromkeys([*(kind.value for kind in Kind), *policy.calendars]):
        if name in policy.calendars or name != Kind.SUPERVISE.value:
            yield ("calendar", name), policy.calendars.get(name, "24x7")
    for ladder in policy.ladders.values():
        yield from _ladder_lines(ladder)
    for kind in Kind:
        pause, extend, remind = policy.pause(kind), policy.extend(kind), policy.remind(kind)
        yield ("pause", kind.value), pause and pause.most
        yield ("extend", kind.value), extend and (extend.times, extend.most)
        yield ("lights", kind.value), policy.lights(kind)
        yield ("remind", kind.value), remind or None
    yield ("quiet",), policy.quiet
    yield ("offline", "skew"), policy.offline.skew
    yield ("offline", "longest"), policy.offline.longest


def _ladder_lines(ladder: Ladder) -> Iterator[tuple[Key, Any]]:
    code = ladder.code
    yield ("ladder", code), True
    yield ("for", code), (ladder.clock.value, ladder.made_for, ladder.category, ladder.scope)
    yield ("order", code), tuple(rung.code for rung in ladder.rungs)
    yield ("repeat", code), (ladder.repeat_every, ladder.repeat_max)
    for rung in ladder.rungs:
        where = ("rung", code, rung.code)
        yield where, True
        yield (*where, "who"), (rung.role, rung.deputy)
        yield (*where, "after"), rung.after
        yield (*where, "takes-over"), rung.takes_over
