"""A message in words, from the facts that were stored with it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from gridtrack.categories import store as categories
from gridtrack.i18n.sentences import sentence
from gridtrack.notifications.rules import compose
from gridtrack.queries.names import grid_name
from gridtrack.work import Work


def wording(work: Work, kind: str, facts: Mapping[str, Any], locale: str) -> tuple[str, str]:
    """Title and text of a message in `locale`, from its facts; nothing sealed gets in."""
    tree = categories.tree(work.memo, work.settings.instance)
    category = tree.get(facts["category"])
    due_at = datetime.fromisoformat(facts["due_at"]) if facts.get("due_at") else None
    minutes = max(0, round((due_at - work.now).total_seconds() / 60)) if due_at else None
    said = {
        **facts,
        "category": category.name(locale),
        "group": tree.group(category.code).name(locale),
        "grid": grid_name(work, facts["edition"], facts["grid"]),
        "minutes": minutes,
    }
    say: Callable[..., str] = lambda code, **params: sentence(code, locale, **params)  # noqa: E731
    return compose(kind, said, say)
