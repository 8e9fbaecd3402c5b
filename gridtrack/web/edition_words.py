"""The record of an edition, in words."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from gridtrack.i18n.sentences import TEXTS
from gridtrack.queries.edition import Entry
from gridtrack.web import words
from gridtrack.web.stories import TimelineLine, say

# Kind of entry: tone and sign. Kinds that are not here are told as they are.
LOOKS: Mapping[str, tuple[str, str]] = {
    "imported": ("info", "plus"),
    "copied": ("info", "copy"),
    "edited": ("info", "note"),
    "repaired": ("info", "note"),
    "examined": ("info", "search"),
    "accepted": ("soon", "alert"),
    "renumbered": ("info", "list"),
    "checked": ("ok", "check"),
    "scheduled": ("soon", "clock"),
    "unscheduled": ("idle", "reply"),
    "activated": ("ok", "done"),
    "moved": ("info", "next"),
    "retired": ("idle", "lock"),
    "discarded": ("idle", "cross"),
}
SAID = ("reason", "note")
GRIDS_SHOWN = 8


def lines(record: Iterable[Entry]) -> tuple[TimelineLine, ...]:
    """What became of the edition, newest first."""
    return tuple(_line(entry) for entry in record)


def _line(entry: Entry) -> TimelineLine:
    tone, sign = LOOKS.get(entry.kind, ("idle", "note"))
    said = "\n".join(str(entry.data[name]) for name in SAID if entry.data.get(name))
    return TimelineLine(tone, sign, _what(entry), entry.at, entry.actor_name, said, _more(entry))


def _what(entry: Entry) -> str:
    code = f"entry-{entry.kind}"
    return say(code, **_named(entry.data)) if code in TEXTS else entry.kind


def _named(data: Mapping[str, Any]) -> dict[str, Any]:
    named = dict(data)
    if isinstance(named.get("from"), str):
        named["time"] = words.exactly(datetime.fromisoformat(named["from"]))
    return named


def _more(entry: Entry) -> tuple[str, ...]:
    """The grids it was about, the first of them; what followed grids with other paths."""
    followed = entry.data.get("followed") or {}
    if followed:
        counts = {
            name: len(found) if isinstance(found := followed.get(name, 0), list) else found
            for name in ("rosters", "channels", "limits")
        }
        return (say("entry-followed", **counts),)
    grids = entry.data.get("grids")
    if not isinstance(grids, list) or not grids:
        return ()
    shown = ", ".join(str(code) for code in grids[:GRIDS_SHOWN])
    more = len(grids) - GRIDS_SHOWN
    return (say("entry-grids-more", value=shown, count=more) if more > 0 else shown,)
