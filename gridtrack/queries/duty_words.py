"""Notices about rosters in words. A step."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from gridtrack.i18n.sentences import sentence
from gridtrack.work import Work

DUTY = "duty-"
"""What the kind of every notice about rosters begins with."""


def duty_wording(work: Work, kind: str, facts: Mapping[str, Any], locale: str) -> tuple[str, str]:
    """Title and text of a notice of kind `duty-hole` or `duty-swap`."""
    named = {**facts, "begin": _local(work, facts, "begin"), "end": _local(work, facts, "end")}
    if kind == "duty-hole":
        apart = "、" if locale == "zh" else ", "
        named["people"] = apart.join(facts.get("people", ()))
        title = sentence("duty-hole-title", locale, **named)
        return title, sentence(f"duty-hole-{facts['hole']}", locale, **named)
    title = sentence(f"duty-swap-{facts['state']}-title", locale, **named)
    return title, sentence("duty-swap", locale, **named)


def _local(work: Work, facts: Mapping[str, Any], name: str) -> str:
    given = facts.get(name)
    if not given:
        return str(facts.get("date", ""))
    zone = ZoneInfo(work.settings.timezone)
    return datetime.fromisoformat(given).astimezone(zone).strftime("%m-%d %H:%M")
