"""The audit as its administrator reads it: filters, the lines, older ones."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request, url_for

from gridtrack.access import Permission
from gridtrack.accounts import store as accounts
from gridtrack.audit.rules import DONE, LONGEST, REFUSED
from gridtrack.audit.store import Wanted
from gridtrack.http.context import locale, look, runtime
from gridtrack.http.guard import may
from gridtrack.i18n.sentences import TEXTS, sentence
from gridtrack.queries.audit_lines import audit_page
from gridtrack.web.asked import whole
from gridtrack.work import Work

FIELDS = ("who", "act", "subject", "outcome", "begin", "end")
NOBODY = -1


@may(Permission.AUDIT)
def audit() -> str:
    """The newest lines that fit what was asked, a page of a hundred."""
    asked = {name: request.args.get(name, "").strip()[:80] for name in FIELDS}
    with look() as unit:
        page = audit_page(unit, _wanted(unit, asked))
    narrowed = {name: text for name, text in asked.items() if text}
    older: dict[str, Any] = {**narrowed, "before": page.more_before}
    return render_template(
        "audit.html",
        page=page,
        asked=asked,
        narrowed=narrowed,
        older=url_for("web.audit", **older) if page.more_before else "",
        act_word=act_word,
    )


def act_word(act: str) -> str:
    """What an act is called; its own name where it has no other."""
    code = f"audit-act-{act}"
    return sentence(code, locale()) if code in TEXTS else act


def _wanted(unit: Work, asked: dict[str, str]) -> Wanted:
    return Wanted(
        person_id=_person(unit, asked["who"]),
        act=asked["act"][: LONGEST["act"]],
        subject=asked["subject"],
        outcome=asked["outcome"] if asked["outcome"] in (DONE, REFUSED) else "",
        begin=_day(asked["begin"]),
        end=_day(asked["end"], after=1),
        before=whole(request.args.get("before", "")),
    )


def _person(unit: Work, login: str) -> int | None:
    """The id of a login; of one that nobody has, an id that no line has."""
    if not login:
        return None
    found = accounts.by_login(unit.session, login)
    return found.id if found is not None else NOBODY


def _day(text: str, after: int = 0) -> datetime | None:
    """The begin of a day in the deployment's zone, or of the one `after` it."""
    try:
        day = datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - its zone follows
    except ValueError:
        return None
    zone = ZoneInfo(runtime().settings.timezone)
    return (day + timedelta(days=after)).replace(tzinfo=zone)
