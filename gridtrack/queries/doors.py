"""Finding door plates by what people type. A candidate says how sure it is and why; people confirm.

Anybody may search: a candidate is a plate's text, its point and its grid's name, and nothing of who
lives there.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from gridtrack.access import require_anyone
from gridtrack.addresses import store as addresses
from gridtrack.addresses.matching import (
    ALIAS,
    ELSEWHERE,
    EXACT,
    Reading,
    fuzzy_score,
    named_pairs,
    prefix_score,
    readings,
    with_units,
)
from gridtrack.addresses.rules import Found
from gridtrack.addresses.spelling import key_of
from gridtrack.addresses.store import Hit
from gridtrack.grids import store as grids
from gridtrack.work import Work

SHOWN = 8
QUERY_LIMIT = 60  # signs of a key that are looked at: longer ones are no address
_LOOKED_AT = 24  # of those that begin alike the shortest are shown
_RANGES = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A plate that may be meant: `score` up to 1, and why it is offered.

    `lon` and `lat` are WGS-84, None where nobody knows its point yet; `grid_name` is that of the
    base grid in force now.
    """

    id: int
    text: str
    score: float
    why: Found
    key: str
    lon: float | None
    lat: float | None
    grid_code: str | None = None
    grid_path: str = ""
    grid_name: str = ""


def find_doors(work: Work, text: str, *, most: int = SHOWN, locale: str = "zh") -> list[Candidate]:
    """The plates that `text` may mean, surest first: exact, alias, beginning, then nearly alike."""
    require_anyone(work.actor)
    query, within = _query(work, text)
    if not query:
        return []
    found = _plain(work, query, within)
    if not found:
        found = _nearly(work, query, within)
    ranked = sorted(found.values(), key=lambda one: (-one.score, len(one.key), one.key, one.id))
    return _placed(work, ranked[:most], locale)


def exactly_one(work: Work, text: str) -> Candidate | None:
    """The plate that `text` spells exactly, or by an alias, where it is one and has a point."""
    require_anyone(work.actor)
    query, within = _query(work, text)
    if not query:
        return None
    found = _plain(work, query, within)
    exact = [one for one in found.values() if one.why in (Found.EXACT, Found.ALIAS)]
    sure = [one for one in exact if one.score >= ALIAS]
    best = sure or exact
    if len(best) != 1 or best[0].lon is None:
        return None
    return _placed(work, best, "zh")[0]


def _query(work: Work, text: str) -> tuple[str, tuple[str, ...]]:
    """The key of what was typed without the towns it begins with, and these towns."""
    key = key_of(text[: 2 * QUERY_LIMIT])[:QUERY_LIMIT]

    def others() -> tuple[str, ...]:
        return (*work.settings.door_prefixes.split(","), *_communities(work))

    return addresses.prefixes(work.session, work.memo, others).without(key)


def _communities(work: Work) -> tuple[str, ...]:
    """The names of the communities in force: people put them before an address too."""
    edition_id = grids.partition_at(work.session, work.memo, work.now).edition_id
    if edition_id is None:
        return ()

    def load() -> tuple[str, ...]:
        return tuple(one.name for one in grids.grids_of(work.session, edition_id, 1))

    return work.memo.get(("door-communities", edition_id), load)


def _plain(work: Work, query: str, within: tuple[str, ...]) -> dict[int, Candidate]:
    """Plates with a key that is the query or begins with it, by id."""
    hits = addresses.beginning(work.session, query, _LOOKED_AT)
    if query[-1:].isdigit() and len(hits) == _LOOKED_AT:
        # 环城路3 begins so many that 环城路3号 itself may not be among the first.
        hits += addresses.equal(work.session, with_units(query), _LOOKED_AT)
    found: dict[int, Candidate] = {}
    alike = with_units(query)
    for hit in hits:
        if hit.key in alike:
            score, why = (EXACT, Found.EXACT) if hit.own else (ALIAS, Found.ALIAS)
        else:
            score, why = prefix_score(query, hit.key), Found.PREFIX
        _keep(found, hit, score, why, within)
    return found


def _nearly(work: Work, query: str, within: tuple[str, ...]) -> dict[int, Candidate]:
    """Plates that the query would name if one of its names were spelled as in the book."""
    tried = readings(query, addresses.names(work.session, work.memo).like(query))
    if not tried:
        return {}
    found: dict[int, Candidate] = {}
    first = tried[0]
    if first.key == query and not named_pairs(first.rest):
        # The road is right and has no such number: its other houses are meant if anything is.
        _shorter(work, found, first, query, within)
        if found:
            return found
    for _, alike in groupby(tried, key=lambda one: one.edits):
        by_key = {key: one for one in alike for key in with_units(one.key)}
        for hit in addresses.equal(work.session, by_key, _LOOKED_AT):
            _keep(found, hit, fuzzy_score(query, by_key[hit.key].edits), Found.FUZZY, within)
        if found:
            return found
    for one in tried[:_RANGES]:
        _shorter(work, found, one, query, within)
    return found


def _shorter(
    work: Work,
    found: dict[int, Candidate],
    reading: Reading,
    query: str,
    within: tuple[str, ...],
) -> None:
    """Keep plates that begin like the reading's number; any of its road where none does."""
    for key, edits in _shortened(reading):
        for hit in addresses.beginning(work.session, key, SHOWN):
            _keep(found, hit, fuzzy_score(query, edits), Found.FUZZY, within)
        if found:
            break


def _shortened(reading: Reading) -> Iterable[tuple[str, float]]:
    """The reading, then without its last signs up to the name: another house of the same road."""
    rest = reading.rest
    if reading.edits:
        yield reading.key, reading.edits
    figures = len(rest) - len(rest.lstrip("0123456789-"))
    name = reading.key.removesuffix(rest) if rest else reading.key
    for kept in dict.fromkeys((max(0, figures - 1), 0)):
        yield name + rest[:kept], reading.edits + len(rest) - kept


def _keep(
    found: dict[int, Candidate], hit: Hit, score: float, why: Found, within: tuple[str, ...]
) -> None:
    """Keep the best candidate of each plate; one in another town than was typed is less sure."""
    if within and hit.town and not _lies_in(hit.town, within):
        score = round(score - ELSEWHERE, 3)
    known = found.get(hit.id)
    if known is None or known.score < score:
        found[hit.id] = Candidate(hit.id, hit.text, score, why, hit.key, hit.lon, hit.lat)


@lru_cache(maxsize=4096)
def _lies_in(town: str, within: tuple[str, ...]) -> bool:
    key = key_of(town)
    return any(one in key for one in within)


def _placed(work: Work, found: list[Candidate], locale: str) -> list[Candidate]:
    """The candidates with the base grids that their points lie in."""
    partition = grids.partition_at(work.session, work.memo, work.now)
    if partition.edition_id is None or not found:
        return found
    names = grids.names(work.session, work.memo, partition.edition_id, locale)
    for n, one in enumerate(found):
        if one.lon is None or one.lat is None:
            continue
        leaf = partition.leaf_of(one.lon, one.lat, snap_m=work.settings.snap_m)
        if leaf >= 0:
            code, path = partition.codes[leaf], partition.paths[leaf]
            name = names.get(code, "")
            found[n] = replace(one, grid_code=code, grid_path=path, grid_name=name)
    return found
