"""Who sees what: one table of role, level and thing, which a test walks every door with.

A role is meant with the post's own scope over the matter; whoever handles a matter, or assists,
sees what HANDLER says, whatever the role. Somebody whose post lies elsewhere sees nothing. The
levels are those of a category (sensitivity 0 to 3); "" is nobody.

`tests/web/test_who_sees.py` asks every address, query, feed and message as everybody and compares;
what reads differently here and there fails it. docs/privacy.md says the same in words.
"""

from collections.abc import Mapping
from enum import StrEnum

from gridtrack.access import Role

SEALED = 3
QUIET = 2  # from this level on nothing but number and class group leaves the matter's own page


class What(StrEnum):
    """The things that are told apart."""

    ROW = "row"  # that it exists: its number, anywhere
    TEXT = "text"  # description, address
    LISTED = "listed"  # the same in a list, beside other matters
    PLACE = "place"  # its coordinates, anywhere
    PHOTOS = "photos"
    REPORTER = "reporter"  # name and contact, after saying what for
    EXPORT = "export"  # in a feed for a GIS
    SEARCH = "search"  # in a list that is asked for
    COUNTED = "counted"  # in a number on the board
    TITLE = "title"  # its class as the title of the page, which stays in a browser's history


_W = What
_CHAIN: Mapping[What, str] = {
    _W.ROW: "012", _W.TEXT: "012", _W.LISTED: "012", _W.PLACE: "012", _W.PHOTOS: "012",
    _W.EXPORT: "012", _W.SEARCH: "012", _W.TITLE: "01",
}  # fmt: skip
_DIRECTS = {**_CHAIN, _W.COUNTED: "012"}
# What is sealed has no point, no words in lists and no title, for those who may open it either.
_UNSEALED = {
    **_DIRECTS,
    _W.ROW: "0123", _W.TEXT: "0123", _W.PHOTOS: "0123", _W.SEARCH: "0123", _W.COUNTED: "0123",
}  # fmt: skip
_NOTHING: Mapping[What, str] = {}

TABLE: Mapping[Role, Mapping[What, str]] = {
    Role.GRIDWORKER: _CHAIN,
    Role.LEADER: _DIRECTS,
    Role.SECRETARY: {**_UNSEALED, _W.REPORTER: "0123"},
    Role.STREET: _UNSEALED,
    Role.DESK: _DIRECTS,
    Role.CHECKER: _CHAIN,
    # These see what they handle and nothing else.
    Role.DEPARTMENT: _NOTHING,
    Role.PROPERTY: _NOTHING,
    Role.MEDIATOR: _NOTHING,
    Role.VOLUNTEER: _NOTHING,
    # These run the product and see no matter at all.
    Role.SYSTEM: _NOTHING,
    Role.SECURITY: _NOTHING,
    Role.AUDIT: _NOTHING,
}
# Whoever handles it or assists: a sealed one too, where the secretary gave it to them. The reporter
# only where that one chose to be named, and of levels 0 and 1.
HANDLER: Mapping[What, str] = {
    _W.ROW: "0123", _W.TEXT: "0123", _W.LISTED: "012", _W.PLACE: "012", _W.PHOTOS: "0123",
    _W.REPORTER: "01", _W.EXPORT: "012", _W.SEARCH: "0123", _W.TITLE: "01",
}  # fmt: skip
# What a message may say, whoever gets it: class and grid, or number and class group alone.
MESSAGES = "01"


def levels(role: Role, what: What) -> frozenset[int]:
    """The levels of which somebody with this role over the ground sees this."""
    return frozenset(map(int, TABLE[role].get(what, "")))


def in_title(sensitivity: int) -> bool:
    """True where the class of a matter may be the title of its page."""
    return sensitivity < QUIET


def in_lists(sensitivity: int) -> bool:
    """True where words and place may stand in a list, on a map or in a feed."""
    return sensitivity < SEALED
