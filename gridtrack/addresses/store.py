"""Saving and finding door plates; a plate and what it is found by are always written together."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from gridtrack.addresses.names import Names
from gridtrack.addresses.rules import Keys, Status
from gridtrack.addresses.spelling import Prefixes, key_of
from gridtrack.addresses.tables import Address, AddressKey, AddressName
from gridtrack.db.fixed import fetch, numbered
from gridtrack.db.memo import Memo
from gridtrack.db.sql import insert_missing, run, table_of
from gridtrack.errors import Conflict, NotFound

ADDRESS, KEY = table_of(Address), table_of(AddressKey)
NAME = table_of(AddressName)
_TOWN, _PLACE = "t:", "p:"
_MAX_AGE_S = 5.0  # towns that another process took in are known within this many seconds
_LAST = "\U0010ffff"  # sorts behind every sign that a key can hold

_SHOWN = (ADDRESS.c.id, ADDRESS.c.text, ADDRESS.c.town, ADDRESS.c.lon, ADDRESS.c.lat)
_HITS = select(KEY.c.key, KEY.c.own, *_SHOWN).join_from(
    KEY, ADDRESS, ADDRESS.c.id == KEY.c.address_id
)
_BEGINS = (
    _HITS.where(KEY.c.key >= bindparam("low"), KEY.c.key < bindparam("high"))
    .order_by(KEY.c.key, KEY.c.address_id)
    .limit(bindparam("most"))
)
_KNOWN = select(
    ADDRESS.c.id, ADDRESS.c.mark, ADDRESS.c.version, *(
        ADDRESS.c[name] for name in (
            "text", "town", "road", "number", "estate", "building", "unit", "kind", "aliases",
            "given_lon", "given_lat", "datum", "households", "status", "lon", "lat",
        )
    )
).where(ADDRESS.c.mark.in_(bindparam("marks", expanding=True)))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """A plate that some key led to."""

    key: str
    own: bool
    id: int
    text: str
    town: str
    lon: float | None
    lat: float | None


@lru_cache(maxsize=16)
def _equal(names: tuple[str, ...]) -> Select[Any]:
    """The plates with one of the keys that the parameters name."""
    given = [bindparam(name, type_=KEY.c.key.type) for name in names]
    return (
        _HITS.where(KEY.c.key.in_(given))
        .order_by(KEY.c.key, KEY.c.address_id)
        .limit(bindparam("most"))
    )


def equal(session: Session, keys: Collection[str], most: int) -> list[Hit]:
    """Plates with one of these keys, at most `most`."""
    if not keys:
        return []
    given = numbered("key", list(keys))
    return _hits(fetch(session, _equal(tuple(given)), {**given, "most": most}))


def beginning(session: Session, key: str, most: int) -> list[Hit]:
    """Plates with a key that begins with `key`, in the order of their keys: its equals first."""
    return _hits(run(session, _BEGINS, {"low": key, "high": key + _LAST, "most": most}))


def _hits(rows: Iterable[Any]) -> list[Hit]:
    return [Hit(*row) for row in rows]


def names(session: Session, memo: Memo) -> Names:
    """The names of roads, estates and buildings; they are never fewer than they were."""

    def count() -> int:
        return session.scalar(select(func.count()).where(*_marked(_PLACE))) or 0

    def load() -> Names:
        marks = session.scalars(select(NAME.c.mark).where(*_marked(_PLACE)))
        return Names(mark.removeprefix(_PLACE) for mark in marks)

    found = memo.get("door-names", load)
    if len(found) < memo.get("door-names-count", count, _MAX_AGE_S):
        memo.forget("door-names")
        found = memo.get("door-names", load)
    return found


def learned(memo: Memo) -> None:
    """Forget what was remembered of towns and names: the book has new ones."""
    memo.forget("door-prefixes", "door-names-count")


def prefixes(session: Session, memo: Memo, others: Callable[[], Iterable[str]]) -> Prefixes:
    """Counties, towns and communities that plates of the book lie in, and the keys of `others`."""

    def load() -> Prefixes:
        marks = session.scalars(select(NAME.c.mark).where(*_marked(_TOWN)))
        towns = {mark.removeprefix(_TOWN) for mark in marks}
        return Prefixes(towns | {key_of(one) for one in others()})

    return memo.get("door-prefixes", load, _MAX_AGE_S)


def known(session: Session, marks: Collection[str]) -> dict[str, Any]:
    """Plates of the book by their marks, as rows."""
    return {row.mark: row for row in run(session, _KNOWN, {"marks": list(marks)})}


def get(session: Session, address_id: int) -> Address:
    """The plate; raises NotFound."""
    found = session.get(Address, address_id)
    if found is None:
        raise NotFound("door-not-found", id=address_id)
    return found


def page(session: Session, after: int, most: int) -> Sequence[Address]:
    """Plates with ids above `after`, in the order in which they came in."""
    wanted = select(Address).where(Address.id > after).order_by(Address.id).limit(most)
    return session.scalars(wanted).all()


def some(session: Session, ids: Collection[int]) -> Sequence[Address]:
    """The plates with these ids."""
    return session.scalars(select(Address).where(Address.id.in_(ids))).all()


def count(session: Session) -> int:
    """How many plates are live."""
    live = select(func.count()).select_from(ADDRESS).where(ADDRESS.c.status == Status.LIVE)
    return session.scalar(live) or 0


def add(session: Session, rows: Sequence[tuple[Mapping[str, Any], Keys]], at: datetime) -> None:
    """Store new plates; each row names the columns of `address` but those that are filled here."""
    if not rows:
        return
    new = [
        {**row, "mark": keys.mark, "version": 1, "created_at": at, "created_by": row["changed_by"],
         "changed_at": at}
        for row, keys in rows
    ]  # fmt: skip
    session.execute(ADDRESS.insert(), new)
    marks = [keys.mark for _, keys in rows]
    ids = {row.mark: row.id for row in run(session, _KNOWN, {"marks": marks})}
    _find_by(session, [(ids[keys.mark], keys) for _, keys in rows])


def change(
    session: Session, address_id: int, row: Mapping[str, Any], keys: Keys, at: datetime
) -> None:
    """Overwrite a plate and what it is found by; a retired one is found by nothing.

    Raises Conflict where another plate has this mark.
    """
    other = session.scalar(select(ADDRESS.c.id).where(ADDRESS.c.mark == keys.mark))
    if other not in (None, address_id):
        raise Conflict("door-there", id=other)
    session.execute(
        update(ADDRESS)
        .where(ADDRESS.c.id == address_id)
        .values({**row, "mark": keys.mark, "changed_at": at, "version": ADDRESS.c.version + 1})
    )
    session.execute(delete(KEY).where(KEY.c.address_id == address_id))
    if row["status"] == Status.LIVE:
        _find_by(session, [(address_id, keys)])


def _find_by(session: Session, found: Sequence[tuple[int, Keys]]) -> None:
    rows = [
        {"key": one.text, "address_id": address_id, "own": one.own}
        for address_id, keys in found
        for one in keys.keys
    ]
    if rows:
        session.execute(KEY.insert(), rows)
    _learn(session, [keys for _, keys in found])


def _learn(session: Session, found: Iterable[Keys]) -> None:
    """Keep the names that are new; several may do it at once."""
    marks = set()
    for keys in found:
        marks |= {_TOWN + town for town in keys.towns} | {_PLACE + name for name in keys.names}
    there = select(NAME.c.mark).where(NAME.c.mark.in_(marks))
    new = sorted(marks - set(session.scalars(there)))
    insert_missing(session, NAME, [{"mark": mark} for mark in new], key="mark")


def _marked(kind: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return NAME.c.mark >= kind, NAME.c.mark < kind + _LAST
