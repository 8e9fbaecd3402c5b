"""The filter of the board's list: from an address, back into one, and the choices of its form."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from urllib.parse import urlencode

from flask import request, url_for

from gridtrack.http.context import actor, locale, look, runtime
from gridtrack.incidents.intake import Source
from gridtrack.incidents.rules import State
from gridtrack.queries.filter_choices import Choices, filter_choices
from gridtrack.queries.matters import ALL, HANDLING, ME, MOST_PAGES, NOBODY, OVERDUE, WITHIN, Wish
from gridtrack.search.rules import MOST_SIGNS
from gridtrack.web.asked import whole
from gridtrack.web.choices import tree

_CHOICES_AGE_S = 60.0
# The names that stand in an address, by the field of the filter.
NAMES = {
    "text": "q", "state": "state", "category": "category", "grid": "grid", "handler": "handler",
    "due": "due", "climbed": "climbed", "source": "source", "since": "from", "until": "to",
    "sort": "sort",
}  # fmt: skip
_KNOWN = {
    "state": {ALL, HANDLING, *State},
    "due": {OVERDUE, WITHIN},
    "climbed": {"any", ME},
    "source": set(Source),
    "sort": {"new"},
}


def asked(given: Mapping[str, str] | None = None) -> Wish:
    """The filter in this request's address; what it does not know it leaves out."""
    args = request.args if given is None else given
    said = {name: args.get(NAMES[name], "").strip()[:MOST_SIGNS] for name in NAMES}
    for name, known in _KNOWN.items():
        if said[name] not in known:
            said[name] = ""
    if said["category"] not in tree().categories and said["category"] not in tree().groups:
        said["category"] = ""
    if said["handler"] not in (NOBODY, ME) and whole(said["handler"]) is None:
        said["handler"] = ""
    since, until = _day(said.pop("since")), _day(said.pop("until"))
    page = min(whole(args.get("page", "")) or 1, MOST_PAGES)
    return Wish(**said, since=since, until=until, page=max(page, 1))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def query_of(wish: Wish) -> str:
    """The filter as the query of an address, always in the same order; the page from two on."""
    said = {
        NAMES[one.name]: str(value)
        for one in fields(wish)
        if one.name in NAMES and (value := getattr(wish, one.name))
    }
    if wish.page > 1:
        said["page"] = str(wish.page)
    return urlencode(said)


@dataclass(frozen=True, slots=True)
class Filter:
    """The filter as the page shows it."""

    wish: Wish
    query: str  # of its address, without the page
    active: bool  # something is asked for beyond the order
    choices: Choices

    def page_url(self, step: int) -> str:
        """The address of a page before or after this one."""
        return f"{url_for('web.board')}?{query_of(replace(self.wish, page=self.wish.page + step))}"

    @property
    def live_url(self) -> str:
        """The address that the open page asks again and again."""
        query = query_of(self.wish)
        return url_for("web.board_lists") + (f"?{query}" if query else "")


def shown(wish: Wish) -> Filter:
    """What the form of the filter needs; the choices are kept for a minute."""
    plain = replace(wish, page=1)
    active = bool(query_of(replace(plain, sort="")))

    def load() -> Choices:
        with look() as unit:
            return filter_choices(unit, locale())

    key = ("board-choices", actor().holdings, actor().person_id, locale())
    return Filter(wish, query_of(plain), active, runtime().memo.get(key, load, _CHOICES_AGE_S))
