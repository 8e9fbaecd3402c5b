"""Reading a policy document into rules; every fault is told where it stands. Pure."""

import re
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from gridtrack.deadlines.rules import Ladder, Policy, Rung
from gridtrack.errors import Invalid

_SPAN = re.compile(r"^(\d+)\s*(min|h|d)$")
_UNIT = {"min": 60, "h": 3600, "d": 86400}
NEEDED = ("standard", "sealed", "triage")


def span(text: object, field: str) -> timedelta:
    """A time span such as `5min`, `1h`, `2d`; raises Invalid naming `field`."""
    found = _SPAN.match(text) if isinstance(text, str) else None
    if found is None:
        raise Invalid("bad-span", field=field, value=text)
    return timedelta(seconds=int(found.group(1)) * _UNIT[found.group(2)])


def load(text: str) -> dict[str, Any]:
    """The document in a TOML text, checked; raises Invalid."""
    try:
        body = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("bad-toml", field="policy", value=str(error)) from error
    parse(body, version=0)
    return body


def parse(body: Mapping[str, Any], version: int) -> Policy:
    """The policy in a document; raises Invalid for a missing ladder, an empty one, a bad span."""
    default = span(body.get("acknowledge", {}).get("default"), "acknowledge.default")
    if not default:
        raise Invalid("bad-span", field="acknowledge.default", value="0min")
    ladders = {ladder["code"]: _ladder(ladder) for ladder in body.get("ladder", [])}
    for code in NEEDED:
        if code not in ladders:
            raise Invalid("ladder-missing", field="ladder", value=code)
    return Policy(version, default, ladders)


def _ladder(given: Mapping[str, Any]) -> Ladder:
    where = f"ladder.{given['code']}"
    rungs = tuple(_rung(rung, where) for rung in given.get("rungs", []))
    if not rungs:
        raise Invalid("ladder-empty", field=f"{where}.rungs")
    if len({rung.code for rung in rungs}) != len(rungs):
        raise Invalid("ladder-loops", field=f"{where}.rungs", value=[r.code for r in rungs])
    every = span(given.get("repeat_every"), f"{where}.repeat_every")
    if not every:
        raise Invalid("bad-span", field=f"{where}.repeat_every", value="0min")
    return Ladder(given["code"], rungs, every, int(given.get("repeat_max", 0)))


def _rung(given: Mapping[str, Any], where: str) -> Rung:
    return Rung(
        code=given["code"],
        role=given["role"],
        after=span(given.get("after"), f"{where}.{given['code']}.after"),
        deputy=bool(given.get("deputy", False)),
        takes_over=bool(given.get("takes_over", True)),
    )
