"""Judging which plates may be meant by what somebody typed. Pure.

An exact spelling counts 1, an alias 0.95, a beginning 0.7 to 0.9, and what differs by a few signs
less than 0.7. Names (roads, estates, buildings) are told apart by pairs of signs, so that one wrong
character in 环城路 still leaves a pair that is right.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

EXACT, ALIAS, ELSEWHERE = 1.0, 0.95, 0.1
_PREFIX, _PREFIX_SPAN, _FUZZY = 0.7, 0.2, 0.69
NAMES_TRIED = 6
_NO_NAME = frozenset("0123456789号幢室层-")  # signs that no road or estate is told by
UNITS = ("号", "幢", "室", "巷", "单元", "层")  # what people leave out behind a last figure


@dataclass(frozen=True, slots=True)
class Reading:
    """What may have been meant: another spelling of the query, and how many signs it is off."""

    key: str
    edits: float
    rest: str  # what follows the name: its figures and all


def pairs(text: str) -> set[str]:
    """Neighbouring signs of a text, and every second one: what a name is looked up by."""
    near = {text[n : n + 2] for n in range(len(text) - 1)}
    return near | {text[n] + text[n + 2] for n in range(len(text) - 2)}


def named_pairs(query: str) -> list[str]:
    """The pairs of a query that a name may have: those with figures in them say nothing of it."""
    return sorted(pair for pair in pairs(query) if not _NO_NAME & set(pair))


def readings(query: str, names: Iterable[tuple[str, int]]) -> list[Reading]:
    """The query with a known name put where it fits, best first.

    `names` come with the number of pairs they share with the query.
    """
    signs = frozenset(query)
    # The share of its pairs, then of its signs, that the query has too; most comes first.
    ranked = sorted(
        (-shared / max(1, 2 * len(name) - 3), -len(signs.intersection(name)) / len(name), name)
        for name, shared in names
    )
    found: dict[str, Reading] = {}
    for _pairs, _signs, name in ranked[:NAMES_TRIED]:
        place = nearby(name, query, max(1, len(name) // 2))
        if place is None:
            continue
        edits, begin, end = place
        rest = query[end:]
        for reading in (
            Reading(query[:begin] + name + rest, edits, rest),
            Reading(name + rest, edits + begin / 2, rest),
        ):
            known = found.get(reading.key)
            if known is None or known.edits > reading.edits:
                found[reading.key] = reading
    return sorted(found.values(), key=lambda one: (one.edits, one.key))


def nearby(name: str, text: str, most: int) -> tuple[int, int, int] | None:
    """What `nearest` finds where that is at most `most` edits, fewer than the name has signs."""
    # Each sign of the name that is nowhere in the text is an edit, wherever the name is put;
    # and so is each sign of the text after the last one that both have.
    last = [text.rfind(sign) for sign in name]
    if last.count(-1) > most:
        return None
    found = nearest(name, text[: max(last) + 1 + most])
    return found if found[0] <= most else None


def nearest(name: str, text: str) -> tuple[int, int, int]:
    """Where in `text` something most like `name` stands: edits, begin, end (Sellers 1980)."""
    at = text.rfind(name)
    if at >= 0:
        return 0, at, at + len(name)
    costs, begins = [0] * (len(text) + 1), list(range(len(text) + 1))
    # What it costs to take one sign for another: nobody takes a figure for a character.
    swaps = [2 if other.isdigit() else 1 for other in text]
    for row, sign in enumerate(name, start=1):
        best, begin = row, 0
        line, starts = [best], [begin]
        dear = sign.isdigit()
        for n, other in enumerate(text):
            added, from_added = best + 1, begin
            best, begin = costs[n], begins[n]
            if sign != other:
                best += 2 if dear else swaps[n]
            if costs[n + 1] + 1 < best:
                best, begin = costs[n + 1] + 1, begins[n + 1]
            if added < best:
                best, begin = added, from_added
            line.append(best)
            starts.append(begin)
        costs, begins = line, starts
    least = min(costs)
    end = len(text) - costs[::-1].index(least)
    return least, begins[end], end


def prefix_score(query: str, key: str) -> float:
    """How much of `key` the query that it begins with says; a cut number says little.

    环城路3 may be 环城路3号 and is hardly 环城路31号.
    """
    score = _PREFIX + _PREFIX_SPAN * len(query) / max(1, len(key))
    cut = query[-1:].isdigit() and key[len(query) : len(query) + 1].isdigit()
    return round(score - (_PREFIX_SPAN / 2 if cut else 0.0), 3)


def fuzzy_score(query: str, edits: float) -> float:
    """How sure one may be of a plate that differs by `edits` signs."""
    return round(max(0.05, _FUZZY * (1 - edits / max(1, len(query)))), 3)


def with_units(query: str) -> Sequence[str]:
    """The query, and behind a last figure the units that may have been left out."""
    return [query, *(f"{query}{unit}" for unit in UNITS)] if query[-1:].isdigit() else [query]
