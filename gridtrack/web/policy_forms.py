"""Sections of a policy document as forms, and back: fields are named by the places of the document.

So a fault stands beside the field that it names. What was typed is kept as it was typed.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from gridtrack.deadlines.policy import RUNG
from gridtrack.deadlines.rules import Kind
from gridtrack.limits import Unit
from gridtrack.web.policy_rows import Typed, rows

Body = dict[str, Any]

KINDS = tuple(kind.value for kind in Kind)
LIMIT_UNITS = tuple(unit.value for unit in Unit)
SPAN_UNITS = ("min", "h", "d")
REMINDERS = 3
_AMOUNT = re.compile(r"\s*(.*?)\s*(min|h|d|wh|wd)\s*")
_LADDER_FIELDS = ("code", "for", "clock", "category", "scope")


def amount(text: object) -> tuple[str, str]:
    """`5min` as its figure and its unit; what is not written so comes back whole."""
    if text == Unit.SAME_DAY.value:
        return "", Unit.SAME_DAY.value
    found = _AMOUNT.fullmatch(str(text or ""))
    return (found.group(1), found.group(2)) if found else (str(text or ""), "")


def joined(typed: Mapping[str, str], name: str) -> str:
    """A figure and its unit as the document writes them; empty where nothing was typed."""
    figure, unit = typed.get(name, "").strip(), typed.get(f"{name}.unit", "")
    if unit == Unit.SAME_DAY.value:
        return unit
    return f"{figure}{unit}" if figure else ""


def _split(name: str, text: object) -> Typed:
    figure, unit = amount(text)
    return {name: figure, f"{name}.unit": unit}


# ---- limits and calendars -----------------------------------------------------------------------


def _limits_typed(body: Mapping[str, Any]) -> Typed:
    typed = _split("acknowledge.default", body.get("acknowledge", {}).get("default"))
    for name in (*KINDS[:3], "work", "day"):
        typed[f"calendars.{name}"] = body.get("calendars", {}).get(name, "24x7")
    for n, own in enumerate(body.get("limit", []), 1):
        for name in ("clock", "category", "scope", "condition"):
            typed[f"limit.{n}.{name}"] = own.get(name, "")
        typed |= _split(f"limit.{n}.limit", own.get("limit"))
    return typed


def _limits_into(body: Body, typed: Mapping[str, str]) -> None:
    body["acknowledge"] = {"default": joined(typed, "acknowledge.default")}
    calendars = dict(body.get("calendars", {}))
    for name in (*KINDS[:3], "work", "day"):
        calendars[name] = typed.get(f"calendars.{name}", "24x7")
    body["calendars"] = calendars
    found = []
    for n in rows(typed, "limit."):
        where = f"limit.{n}"
        own = {"clock": typed.get(f"{where}.clock", "")}
        for name in ("category", "scope", "condition"):
            if typed.get(f"{where}.{name}", "").strip():
                # A choice of the list reads "0601 Street lamp"; the code is what counts.
                own[name] = typed[f"{where}.{name}"].split()[0]
        limit = joined(typed, f"{where}.limit")
        if limit or len(own) > 1:  # a row that was added and left empty is none
            found.append({**own, "limit": limit})
    _put(body, "limit", found)


# ---- one ladder ---------------------------------------------------------------------------------


def ladder_of(body: Mapping[str, Any], code: str) -> Mapping[str, Any] | None:
    """A ladder of a document by its code."""
    return next((one for one in body.get("ladder", []) if one.get("code") == code), None)


def ladder_typed(ladder: Mapping[str, Any]) -> Typed:
    """A ladder as a form."""
    typed = {name: str(ladder.get(name, "")) for name in _LADDER_FIELDS}
    typed["for"] = typed["for"] or "default"
    typed["clock"] = typed["clock"] or KINDS[0]
    typed |= _split("repeat_every", ladder.get("repeat_every"))
    typed["repeat_max"] = str(ladder.get("repeat_max", 0))
    for n, rung in enumerate(ladder.get("rungs", []), 1):
        where = f"rung.{n}"
        typed[f"{where}.code"], typed[f"{where}.role"] = rung.get("code", ""), rung.get("role", "")
        typed[f"{where}.deputy"] = "1" if rung.get("deputy") else ""
        typed[f"{where}.takes_over"] = "1" if rung.get("takes_over", True) else ""
        typed |= _split(f"{where}.after", rung.get("after"))
    return typed


def ladder_into(body: Body, code: str | None, typed: Mapping[str, str]) -> None:
    """Put the ladder of a form in the place of ladder `code`, or after all others."""
    ladder: Body = {
        name: typed.get(name, "").split(" ")[0] if name in ("category", "scope")
        else typed.get(name, "").strip()
        for name in _LADDER_FIELDS
        if typed.get(name, "").strip() or name not in ("category", "scope")
    }  # fmt: skip
    taken: set[str] = set()
    ladder["rungs"] = [_rung(typed, n, taken) for n in rows(typed, "rung.")]
    ladder["repeat_every"] = joined(typed, "repeat_every")
    ladder["repeat_max"] = _whole(typed.get("repeat_max", ""))
    others = list(body.get("ladder", []))
    place = next((n for n, one in enumerate(others) if one.get("code") == code), len(others))
    others[place : place + 1] = [ladder]
    body["ladder"] = others


def _rung(typed: Mapping[str, str], n: int, taken: set[str]) -> Body:
    where = f"rung.{n}"
    role, deputy = typed.get(f"{where}.role", ""), bool(typed.get(f"{where}.deputy"))
    code = typed.get(f"{where}.code", "").strip() or ("deputy" if deputy else role)
    while code in taken:
        code = f"{code[:18]}-2"
    taken.add(code)
    rung: Body = {"code": code, "role": role, "after": joined(typed, f"{where}.after") or "0min"}
    rung["takes_over"] = bool(typed.get(f"{where}.takes_over"))
    if deputy:
        rung["deputy"] = True
    return {name: rung[name] for name in RUNG if name in rung}


def ladder_drop(body: Body, code: str) -> None:
    """Take a ladder out."""
    body["ladder"] = [one for one in body.get("ladder", []) if one.get("code") != code]


# ---- rest, more time, offline -------------------------------------------------------------------


def _rest_typed(body: Mapping[str, Any]) -> Typed:
    pause, extend, offline = (body.get(name, {}) for name in ("pause", "extend", "offline"))
    typed = _split("pause.most", pause.get("most"))
    for kind in KINDS:
        typed[f"pause.{kind}"] = "1" if pause.get(kind) else ""
        one = extend.get(kind, {})
        typed[f"extend.{kind}.times"] = str(one.get("times", ""))
        typed |= _split(f"extend.{kind}.most", one.get("most"))
    for name in ("skew", "longest"):
        typed |= _split(f"offline.{name}", offline.get(name))
    return typed


def _rest_into(body: Body, typed: Mapping[str, str]) -> None:
    pause: Body = {kind: bool(typed.get(f"pause.{kind}")) for kind in KINDS}
    most = joined(typed, "pause.most")
    _put(body, "pause", {**pause, "most": most} if most or any(pause.values()) else {})
    extend = {}
    for kind in KINDS:
        times, most = typed.get(f"extend.{kind}.times", ""), joined(typed, f"extend.{kind}.most")
        if times.strip() or most:
            extend[kind] = {"times": _whole(times), "most": most, "by": "next-rung"}
    _put(body, "extend", extend)
    offline = {name: joined(typed, f"offline.{name}") for name in ("skew", "longest")}
    _put(body, "offline", {name: span for name, span in offline.items() if span})


# ---- lights -------------------------------------------------------------------------------------


def _lights_typed(body: Mapping[str, Any]) -> Typed:
    lights = body.get("lights", {})
    typed = {f"lights.{name}": _percent(lights.get(name)) for name in ("yellow", "red")}
    for kind in KINDS[:3]:
        for name in ("yellow", "red"):
            typed[f"lights.{kind}.{name}"] = _percent(lights.get(kind, {}).get(name))
    return typed


def _lights_into(body: Body, typed: Mapping[str, str]) -> None:
    lights: Body = dict(_shares(typed, "lights"))
    for kind in KINDS[:3]:
        own = dict(_shares(typed, f"lights.{kind}"))
        if own:
            lights[kind] = own
    if kept := body.get("lights", {}).get(KINDS[3]):
        lights[KINDS[3]] = kept
    _put(body, "lights", lights)


def _shares(typed: Mapping[str, str], where: str) -> Iterator[tuple[str, object]]:
    for name in ("yellow", "red"):
        text = typed.get(f"{where}.{name}", "").strip().rstrip("%").strip()
        if text:
            try:
                yield name, round(float(text) / 100, 4)
            except ValueError:
                yield name, text  # told beside its field


def _percent(share: object) -> str:
    return f"{share * 100:g}" if isinstance(share, int | float) else ""


# ---- quiet hours and reminders ------------------------------------------------------------------


def _quiet_typed(body: Mapping[str, Any]) -> Typed:
    typed = {f"quiet.{name}": body.get("quiet", {}).get(name, "") for name in ("from", "until")}
    for kind in KINDS[:3]:
        given = body.get("remind", {}).get(kind, [])
        for n in range(1, max(REMINDERS, len(given)) + 1):
            typed |= _split(f"remind.{kind}.{n}", given[n - 1] if n <= len(given) else "")
    return typed


def _quiet_into(body: Body, typed: Mapping[str, str]) -> None:
    quiet = {name: typed.get(f"quiet.{name}", "").strip() for name in ("from", "until")}
    _put(body, "quiet", quiet if any(quiet.values()) else {})
    remind = {kind: one for kind, one in body.get("remind", {}).items() if kind not in KINDS[:3]}
    for kind in KINDS[:3]:
        numbers = rows(typed, f"remind.{kind}.")
        found = [joined(typed, f"remind.{kind}.{n}") for n in numbers]
        if any(found):
            remind[kind] = [one for one in found if one]
    _put(body, "remind", remind)


# ---- all of them --------------------------------------------------------------------------------

_TYPED: Mapping[str, Callable[[Mapping[str, Any]], Typed]] = {
    "limits": _limits_typed,
    "rest": _rest_typed,
    "lights": _lights_typed,
    "quiet": _quiet_typed,
}
_INTO: Mapping[str, Callable[[Body, Mapping[str, str]], None]] = {
    "limits": _limits_into,
    "rest": _rest_into,
    "lights": _lights_into,
    "quiet": _quiet_into,
}
SECTIONS = tuple(_TYPED)


def typed_of(section: str, body: Mapping[str, Any]) -> Typed:
    """A section of a document as a form."""
    return _TYPED[section](body)


def with_section(section: str, body: Mapping[str, Any], typed: Mapping[str, str]) -> Body:
    """The document with a section as it was typed; whether it can be used is not looked at."""
    new = deepcopy(dict(body))
    _INTO[section](new, typed)
    return new


def _put(body: Body, name: str, section: Any) -> None:
    """An empty section is left out."""
    body.pop(name, None)
    if section:
        body[name] = section


def _whole(text: str) -> int | str:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text
