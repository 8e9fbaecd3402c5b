"""The measures of the secretary's figures, over facts as arrays. Pure.

Each measure says which matters it is about and which of them it counts, so a number and the list
behind it are the same mask. Rates of the field: field-guide.md §1.3 (响应率, 解决率, 满意率), §2.6.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]

PATROL = "patrol"
PUBLIC = frozenset({"resident", "hotline", "station"})
BEFORE_S = 7 * 86400  # a patrol's finding comes after the public where it was reported this lately
PLEASED = 4  # stars from which on somebody is content
FEW = 5  # below so many matters a share says nothing; it is shown with its n

INTEGERS = ("incident_id", "day", "hour", "reported_s", "sensitivity", "paused_s", "extended",
            "returned", "reopened", "climbed")  # fmt: skip
NULLABLE = ("resolved_s", "ended_s", "lon", "lat", "acknowledge_due_s", "acknowledge_met_s",
            "arrive_due_s", "arrive_met_s", "resolve_due_s", "resolve_met_s", "person_id",
            "late_ms", "stars", "edition_id")  # fmt: skip
FLAGS = ("is_open", "above", "ever_resolved")
WORDS = ("path", "category", "source", "state")
COLUMNS = (*INTEGERS, *NULLABLE, *FLAGS, *WORDS)


class Unit(StrEnum):
    """What a measure counts in."""

    SHARE = "share"  # hits of a population
    SECONDS = "seconds"  # a median and the p90 of times
    COUNT = "count"  # matters


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts as arrays by column; `until_s` is the instant that they are judged at."""

    columns: Mapping[str, npt.NDArray[Any]]
    until_s: int

    def __len__(self) -> int:
        """How many matters."""
        return len(self.columns["incident_id"])

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        """One column."""
        return self.columns[name]

    def only(self, mask: Mask) -> "Facts":
        """Those of a mask."""
        return Facts({name: column[mask] for name, column in self.columns.items()}, self.until_s)

    def known(self, name: str) -> Mask:
        """Where a column has a value that lies before `until_s`."""
        column = self.columns[name]
        there: Mask = ~np.isnan(column) & (column <= self.until_s)
        return there


def facts_of(rows: Sequence[Sequence[Any]], until_s: int) -> Facts:
    """Rows in the order of COLUMNS as arrays."""
    count = len(rows)
    by_name = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True)) if count else {}
    columns: dict[str, npt.NDArray[Any]] = {}
    for names, kind in ((INTEGERS, np.int64), (NULLABLE, np.float64), (FLAGS, np.bool_)):
        for name in names:
            columns[name] = np.array(by_name.get(name, ()), dtype=kind)
    for name in WORDS:
        column = np.empty(count, dtype=object)
        column[:] = by_name.get(name, ())
        columns[name] = column
    return Facts(columns, until_s)


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure. `among`: the matters it is about; `hit` counts of them, `value` measures them.

    `good`: +1 where more is better, -1 where less is, 0 where it is neither.
    """

    code: str
    unit: Unit
    among: Callable[[Facts], Mask]
    hit: Callable[[Facts], Mask] | None = None
    value: Callable[[Facts], Numbers] | None = None
    good: int = 0


def _all(facts: Facts) -> Mask:
    return np.ones(len(facts), dtype=np.bool_)


def _due(clock: str) -> Callable[[Facts], Mask]:
    """What was promised and either kept, or due by now: what may still be kept is in no rate."""
    return lambda facts: (
        ~np.isnan(facts[f"{clock}_due_s"])
        & (facts.known(f"{clock}_met_s") | (facts[f"{clock}_due_s"] < facts.until_s))
    )


def _kept(clock: str) -> Callable[[Facts], Mask]:
    return lambda facts: (
        facts.known(f"{clock}_met_s") & (facts[f"{clock}_met_s"] <= facts[f"{clock}_due_s"])
    )


def _since_reported(name: str) -> Callable[[Facts], Numbers]:
    return lambda facts: np.maximum(facts[name] - facts["reported_s"], 0)


def _known(name: str) -> Callable[[Facts], Mask]:
    return lambda facts: facts.known(name)


def _handled(facts: Facts) -> Mask:
    handled: Mask = facts["ever_resolved"]
    return handled


def _from_public(facts: Facts) -> Mask:
    return np.isin(facts["source"].astype(str), sorted(PUBLIC))


def _by_patrol(facts: Facts) -> Mask:
    found: Mask = facts["source"].astype(str) == PATROL
    return found


def found_first(facts: Facts) -> Mask:
    """Patrol findings that no report of the public preceded, of this kind in this base grid."""
    found = _by_patrol(facts)
    public = _from_public(facts)
    order = np.argsort(facts["reported_s"], kind="stable")
    last: dict[tuple[str, str], int] = {}
    for n in order:
        key = (facts["path"][n], facts["category"][n])
        at = int(facts["reported_s"][n])
        if public[n]:
            last[key] = at
        elif found[n] and at - last.get(key, at - BEFORE_S - 1) <= BEFORE_S:
            found[n] = False
    return found


def _open(facts: Facts) -> Mask:
    ended = facts["ended_s"]
    still: Mask = facts["is_open"] | (~np.isnan(ended) & (ended > facts.until_s))
    return still


def _overdue(facts: Facts) -> Mask:
    late = np.zeros(len(facts), dtype=np.bool_)
    for clock in ("acknowledge", "arrive", "resolve"):
        due = facts[f"{clock}_due_s"]
        late |= ~np.isnan(due) & (due < facts.until_s) & ~facts.known(f"{clock}_met_s")
    return _open(facts) & late


def _rated(facts: Facts) -> Mask:
    rated: Mask = ~np.isnan(facts["stars"])
    return rated


MEASURES: Mapping[str, Measure] = {
    one.code: one
    for one in (
        Measure("reported", Unit.COUNT, _all, _all),
        Measure("open", Unit.COUNT, _all, _open),
        Measure("overdue", Unit.COUNT, _all, _overdue, good=-1),
        Measure("ack-kept", Unit.SHARE, _due("acknowledge"), _kept("acknowledge"), good=1),
        Measure("ack-time", Unit.SECONDS, _known("acknowledge_met_s"),
                value=_since_reported("acknowledge_met_s"), good=-1),
        Measure("arrive-kept", Unit.SHARE, _due("arrive"), _kept("arrive"), good=1),
        Measure("resolve-kept", Unit.SHARE, _due("resolve"), _kept("resolve"), good=1),
        Measure("handle-time", Unit.SECONDS, _known("resolved_s"),
                value=_since_reported("resolved_s"), good=-1),
        Measure("first-round", Unit.SHARE, _handled,
                lambda facts: (facts["returned"] == 0) & (facts["reopened"] == 0), good=1),
        Measure("in-community", Unit.SHARE, _handled, lambda facts: ~facts["above"], good=1),
        Measure("content", Unit.SHARE, _rated, lambda facts: facts["stars"] >= PLEASED, good=1),
        Measure("rated", Unit.SHARE, lambda facts: _from_public(facts) & _handled(facts), _rated),
        Measure("rework", Unit.SHARE, _handled, lambda facts: facts["reopened"] > 0, good=-1),
        Measure("extended", Unit.SHARE, lambda facts: ~np.isnan(facts["resolve_due_s"]),
                lambda facts: facts["extended"] > 0, good=-1),
        Measure("paused-time", Unit.SECONDS, lambda facts: facts["paused_s"] > 0,
                value=lambda facts: facts["paused_s"].astype(np.float64)),
        Measure("found-first", Unit.SHARE,
                lambda facts: _from_public(facts) | _by_patrol(facts), found_first, good=1),
        Measure("climbed", Unit.SHARE, _due("acknowledge"),
                lambda facts: facts["climbed"] > 0, good=-1),
        Measure("climb-late", Unit.SECONDS, lambda facts: ~np.isnan(facts["late_ms"]),
                value=lambda facts: facts["late_ms"] / 1000, good=-1),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure over some matters: `n` of them, `hits`, or median and p90 in seconds."""

    n: int
    hits: int = 0
    median: float | None = None
    p90: float | None = None
    most: float | None = None

    @property
    def share(self) -> float | None:
        """Hits of n, None where there are none."""
        return self.hits / self.n if self.n else None


def masks(measure: Measure, facts: Facts) -> tuple[Mask, Mask]:
    """The matters a measure is about, and those of them that it counts."""
    among = measure.among(facts)
    hit = among if measure.hit is None else among & measure.hit(facts)
    return among, hit


def figure(measure: Measure, facts: Facts, group: Mask | None = None) -> Figure:
    """A measure over all matters or over those of a group."""
    among, hit = masks(measure, facts)
    return _figure(measure, facts, among, hit, group)


def _figure(measure: Measure, facts: Facts, among: Mask, hit: Mask, group: Mask | None) -> Figure:
    if group is not None:
        among, hit = among & group, hit & group
    n = int(among.sum())
    if measure.value is None:
        return Figure(n, int(hit.sum()))
    if not n:
        return Figure(0)
    values = measure.value(facts)[among]
    median, p90 = (float(one) for one in np.percentile(values, (50, 90)))
    return Figure(n, n, median, p90, float(values.max()))


Key = str | int


def grouped(
    facts: Facts, keys: npt.NDArray[Any], measures: Sequence[Measure]
) -> dict[Key, dict[str, Figure]]:
    """Each measure for each key; `keys` has one for each matter. Sorted by key."""
    found: dict[Key, dict[str, Figure]] = {}
    ready = [(measure, *masks(measure, facts)) for measure in measures]
    for key in sorted(set(keys.tolist())):
        group = keys == key
        found[key] = {
            measure.code: _figure(measure, facts, among, hit, group)
            for measure, among, hit in ready
        }
    return found
