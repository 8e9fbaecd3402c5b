"""What a reader asks for in the query of an address, and what is wrong with it."""

from collections.abc import Mapping
from datetime import datetime

from gridtrack.errors import Invalid
from gridtrack.geo.box import Box
from gridtrack.queries.collections import Asked

LIMIT, MOST = 100, 1000
ITEMS = ("bbox", "datetime", "limit", "after", "f")
PLAIN = ("f",)
OPEN = ("", "..")


def known_only(given: Mapping[str, str], known: tuple[str, ...]) -> None:
    """Refuse parameters that are not in the document (core, /req/core/query-param-unknown)."""
    for name in given:
        if name not in known:
            raise Invalid("query-unknown", field=name, value=given[name], known=", ".join(known))
    if given.get("f", "json") not in ("json", "geojson"):
        raise Invalid("query-unknown", field="f", value=given["f"], known="json")


def items_asked(given: Mapping[str, str]) -> Asked:
    """The features that a query names; raises Invalid."""
    known_only(given, ITEMS)
    limit = _whole(given, "limit", LIMIT)
    if limit < 1:
        raise Invalid("not-a-number", field="limit", value=limit)
    boxes = _boxes(given["bbox"]) if "bbox" in given else ()
    span = _span(given["datetime"]) if "datetime" in given else (None, None)
    return Asked(min(limit, MOST), _whole(given, "after", 0), boxes, span)


def _whole(given: Mapping[str, str], name: str, otherwise: int) -> int:
    text = given.get(name)
    if text is None:
        return otherwise
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise Invalid("not-a-number", field=name, value=text)
    return int(text)


def _boxes(text: str) -> tuple[Box, ...]:
    """One box, or two where it crosses the antimeridian; heights are not looked at."""
    edges = text.split(",")
    if len(edges) == 6:
        edges = [edges[0], edges[1], edges[3], edges[4]]
    try:
        west, south, east, north = (float(edge) for edge in edges)
    except ValueError:
        raise Invalid("bad-box", field="bbox", value=text) from None
    if west <= east:
        return (Box.parse(",".join(edges)),)
    return (
        Box.parse(f"{west},{south},180,{north}"),
        Box.parse(f"-180,{south},{east},{north}"),
    )


def _span(text: str) -> tuple[datetime | None, datetime | None]:
    """An instant, or two with a slash of which one may be open."""
    begin, is_span, end = text.partition("/")
    if not is_span:
        return (_instant(begin), _instant(begin))
    if begin in OPEN and end in OPEN:
        raise Invalid("not-a-time", field="datetime", value=text)
    first = None if begin in OPEN else _instant(begin)
    last = None if end in OPEN else _instant(end)
    if first is not None and last is not None and last < first:
        raise Invalid("span-backwards", field="datetime", value=text)
    return (first, last)


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("not-a-time", field="datetime", value=text) from None
    if found.tzinfo is None:
        raise Invalid("not-a-time", field="datetime", value=text)
    return found
