"""Checking the chain of the audit: what fits, and where somebody tampered. Pure."""

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gridtrack.audit.rules import SEAL, Key, Line

_HEAD_DIGEST = 16


class Kind(StrEnum):
    """What was done to a line, as far as the chain can tell."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    STRANGE_KEY = "strange-key"  # sealed with a key that was not given: nothing can be said


@dataclass(frozen=True, slots=True)
class Kept:
    """A line as it is stored."""

    id: int
    lane: str
    seq: int
    key: str
    digest: str
    line: Line


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at a place of the chain; `id` is the row, or the next one after a gap."""

    kind: Kind
    id: int
    lane: str
    seq: int
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """A place in a lane that something vouches for: at least so far it goes, with this digest."""

    seq: int
    digest: str
    by: int = 0  # the row that says so


@dataclass(slots=True)
class Vouched:
    """What seals and cuts say of the lanes: the end each had at least, and where it begins now."""

    heads: dict[str, Head] = field(default_factory=dict)
    cuts: dict[str, Head] = field(default_factory=dict)

    @classmethod
    def by(cls, rows: Iterable[tuple[int, str, str]]) -> "Vouched":
        """From the (id, act, details) of seals and cuts, oldest first."""
        found = cls()
        for row_id, act, details in rows:
            said = json.loads(details)
            into = found.heads if act == SEAL else found.cuts
            for lane, seq, digest in said.get("lanes", ()):
                into[lane] = Head(seq, digest, row_id)
        return found


def seal_details(heads: Iterable[tuple[str, int, str]], high: int) -> dict[str, object]:
    """What a seal says: each lane's last line, and up to which row it looked."""
    lanes = [[lane, seq, digest[:_HEAD_DIGEST]] for lane, seq, digest in heads]
    return {"lanes": lanes, "high": high}


def examine(
    rows: Iterable[Kept], keys: Sequence[Key], vouched: Vouched | None = None
) -> Iterator[Fault]:
    """Every fault of the lines, which come lane by lane in the order of their numbers.

    A whole line's text, number and digest must fit; no number may be missing between two, nor up to
    the end that a seal saw. What bad line nothing vouches for was put in.
    """
    known = {key.name: key for key in keys}
    told = vouched or Vouched()
    seen: set[str] = set()
    for lane, lines in _by_lane(rows):
        seen.add(lane)
        yield from _lane(lane, lines, known, told)
    for lane, head in told.heads.items():
        cut = told.cuts.get(lane)
        if lane not in seen and (cut is None or cut.seq <= head.seq):
            yield Fault(Kind.REMOVED, head.by, lane, head.seq)


def _by_lane(rows: Iterable[Kept]) -> Iterator[tuple[str, Iterator[Kept]]]:
    waiting = iter(rows)
    first = next(waiting, None)
    while first is not None:
        lane, following = first.lane, None

        def of_lane(begin: Kept = first, name: str = first.lane) -> Iterator[Kept]:
            nonlocal following
            yield begin
            for one in waiting:
                if one.lane != name:
                    following = one
                    return
                yield one

        yield lane, of_lane()
        first = following


def _lane(
    lane: str, lines: Iterator[Kept], known: Mapping[str, Key], told: Vouched
) -> Iterator[Fault]:
    """One lane. A bad line is changed where the lane goes on after it or a seal saw its number."""
    cut, head = told.cuts.get(lane), told.heads.get(lane)
    seq, before = (cut.seq - 1, cut.digest) if cut else (0, lane)
    bad: Kept | None = None
    last: Kept | None = None
    for one in lines:
        if bad is not None:
            yield _fault(Kind.CHANGED, bad)
        if one.seq != seq + 1:
            yield Fault(Kind.REMOVED, one.id, lane, seq + 1, one.line.at)
            before = ""  # what came before is gone: only its own place can be checked from here
        if one.key not in known:
            yield _fault(Kind.STRANGE_KEY, one)
        bad = None if _fits(one, before, known) else one
        seq, before, last = one.seq, one.digest, one
    yield from _end_of(lane, last, bad, head)


def _end_of(lane: str, last: Kept | None, bad: Kept | None, head: Head | None) -> Iterator[Fault]:
    """The end of a lane against what a seal saw of it; `bad` is its last line where that is bad."""
    if bad is not None:
        was_seen = head is not None and head.seq >= bad.seq
        yield _fault(Kind.CHANGED if was_seen else Kind.INSERTED, bad)
    if head is None or last is None:
        return
    if last.seq < head.seq:
        yield Fault(Kind.REMOVED, head.by, lane, last.seq + 1)
    elif last.seq == head.seq and bad is None and not last.digest.startswith(head.digest):
        yield _fault(Kind.CHANGED, last)


def _fits(one: Kept, before: str, known: Mapping[str, Key]) -> bool:
    """True where a line fits its place, and where nothing can be said: it is told elsewhere."""
    key = known.get(one.key)
    if key is None or not before:
        return True
    return hmac.compare_digest(key.sealed(one.lane, one.seq, before, one.line), one.digest)


def _fault(kind: Kind, one: Kept) -> Fault:
    return Fault(kind, one.id, one.lane, one.seq, one.line.at)
