"""A message in words, from the facts that were stored with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from gridtrack.accounts import store as accounts
from gridtrack.categories import store as categories
from gridtrack.i18n.sentences import sentence
from gridtrack.notifications.pace import MOST_IN_DIGEST, is_severe
from gridtrack.notifications.rules import compose
from gridtrack.queries.duty_words import DUTY, duty_wording
from gridtrack.queries.names import grid_name
from gridtrack.work import Work


def wording(work: Work, kind: str, facts: Mapping[str, Any], locale: str) -> tuple[str, str]:
    """Title and text of a message in `locale`, from its facts; nothing sealed gets in."""
    if kind.startswith(DUTY):
        return duty_wording(work, kind, facts, locale)
    tree = categories.tree(work.memo, work.settings.instance)
    category = tree.get(facts["category"])
    due_at = datetime.fromisoformat(facts["due_at"]) if facts.get("due_at") else None
    minutes = max(0, round((due_at - work.now).total_seconds() / 60)) if due_at else None
    said = {
        **facts,
        "category": category.name(locale),
        "group": tree.group(category.code).name(locale),
        "grid": grid_name(work, facts["edition"], facts["grid"], locale),
        "minutes": minutes,
        "since": local_text(work, facts.get("since")),
        "until": local_text(work, facts.get("until")),
        "missed": _missed(work, facts),
        "passed": _passed(facts, locale),
    }
    return compose(kind, said, partial(_say, locale))


def _missed(work: Work, facts: Mapping[str, Any]) -> str:
    """Who had it when it was due; the sweep only keeps the id."""
    person_id = facts.get("missed_id")
    return accounts.names(work.session, [person_id]).get(person_id, "") if person_id else ""


def _passed(facts: Mapping[str, Any], locale: str) -> str:
    codes = facts.get("passed") or ()
    return sentence("list-join", locale).join(sentence(f"rung-{one}", locale) for one in codes)


def digest(
    work: Work, told: Sequence[tuple[str, Mapping[str, Any]]], locale: str
) -> tuple[str, str]:
    """Title and text of several messages (kind, facts) as one: numbers and class groups only.

    Where one of them was caught up after an outage, the title says so.
    """
    tree = categories.tree(work.memo, work.settings.instance)
    lines: dict[str, str] = {}
    for _, facts in told:  # a matter that is spoken of twice has one line
        group = tree.group(tree.get(facts["category"]).code).name(locale)
        line = sentence("message-digest-line", locale, number=facts["number"], group=group)
        lines.setdefault(str(facts["number"]), line)
    climbed = len({str(facts["number"]) for kind, facts in told if is_severe(kind)})
    code = "message-digest-escalated-title" if climbed else "message-digest-title"
    if any(facts.get("gap") for _, facts in told):
        code = "message-digest-gap-title"
    title = sentence(code, locale, count=len(lines), climbed=climbed)
    shown = list(lines.values())[:MOST_IN_DIGEST]
    if len(lines) > len(shown):
        left = len(lines) - len(shown)
        shown.append(sentence("message-digest-more", locale, count=left))
    return title, "\n".join(shown)


def _say(locale: str, code: str, /, **params: object) -> str:
    return sentence(code, locale, **params)


def local_text(work: Work, instant: str | None) -> str:
    """An instant as people read it, in the deployment's zone."""
    if not instant:
        return ""
    zone = ZoneInfo(work.settings.timezone)
    return datetime.fromisoformat(instant).astimezone(zone).strftime("%m-%d %H:%M")
