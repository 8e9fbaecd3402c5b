"""The index of a text's pairs of signs: FTS5 on SQLite, an array under GIN on PostgreSQL.

Everything here is made from the matters and can be made again: it is in no backup that is taken
from PostgreSQL, and no table of the code (`DERIVED`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    cast,
    column,
    delete,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from gridtrack.db.fixed import connection_of

DERIVED = "search_"  # how the names of these tables begin

_HERE = MetaData()
WORDS = Table(
    "search_words",
    _HERE,
    Column("incident_id", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("words", Text, nullable=False),
)
MARK = Table(
    "search_mark",
    _HERE,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("event_id", BigInteger, nullable=False),
)
_PAIRS = table("search_pairs", column("incident_id"), column("pairs", ARRAY(Text)))
_LITE = table("search_pairs", column("rowid"), column("pairs"))
_SQLITE = (
    # INTEGER PRIMARY KEY is the rowid itself: the same row costs one tree less.
    (
        "CREATE TABLE search_words (incident_id INTEGER PRIMARY KEY, version INTEGER NOT NULL, "
        "words TEXT NOT NULL)"
    ),
    "CREATE TABLE search_mark (id INTEGER PRIMARY KEY, event_id BIGINT NOT NULL)",
    # Contentless: the words stand in search_words already. Which pairs, not where: a third smaller.
    (
        "CREATE VIRTUAL TABLE search_pairs USING fts5(pairs, content='', detail='none', "
        "tokenize='ascii')"
    ),
)
_POSTGRES = (
    (
        "CREATE TABLE search_words (incident_id BIGINT PRIMARY KEY, version INTEGER NOT NULL, "
        "words TEXT NOT NULL)"
    ),
    "CREATE TABLE search_mark (id INTEGER PRIMARY KEY, event_id BIGINT NOT NULL)",
    "CREATE TABLE search_pairs (incident_id BIGINT PRIMARY KEY, pairs TEXT[] NOT NULL)",
    "CREATE INDEX ix_search_pairs ON search_pairs USING gin (pairs)",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of one matter; `pairs` are those of `words`, `was` those of the words before."""

    incident_id: int
    version: int
    words: str
    pairs: Sequence[str]
    was: Sequence[str] | None  # None where it was not kept yet


def make(connection: Connection) -> None:
    """Make the empty index; for a migration."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRES:
        connection.execute(text(statement))


def unmake(connection: Connection) -> None:
    """Drop the index; for a migration."""
    for name in ("search_pairs", "search_mark", "search_words"):
        connection.execute(text(f"DROP TABLE {name}"))


def keep(session: Session, entries: Sequence[Entry]) -> None:
    """Keep these matters as they are now, in place of what was known of them."""
    here = connection_of(session)
    lite = here.dialect.name == "sqlite"
    insert = sqlite.insert if lite else postgresql.insert
    rows = [
        {"incident_id": one.incident_id, "version": one.version, "words": one.words}
        for one in entries
    ]
    put = insert(WORDS)
    changed = {name: put.excluded[name] for name in ("version", "words")}
    here.execute(put.on_conflict_do_update(index_elements=["incident_id"], set_=changed), rows)
    if lite:
        _keep_lite(here, entries)
        return
    given = [{"incident_id": one.incident_id, "pairs": list(one.pairs)} for one in entries]
    here.execute(
        text(
            "INSERT INTO search_pairs (incident_id, pairs) VALUES (:incident_id, :pairs) "
            "ON CONFLICT (incident_id) DO UPDATE SET pairs = excluded.pairs"
        ),
        given,
    )


_FORGET_LITE = text(
    "INSERT INTO search_pairs (search_pairs, rowid, pairs) VALUES ('delete', :id, :pairs)"
)


def _keep_lite(here: Connection, entries: Sequence[Entry]) -> None:
    """FTS5 without content forgets a row only when it is told what stood in it."""
    known = [
        {"id": one.incident_id, "pairs": " ".join(one.was)}
        for one in entries
        if one.was is not None
    ]
    if known:
        here.execute(_FORGET_LITE, known)
    given = [{"id": one.incident_id, "pairs": " ".join(one.pairs)} for one in entries]
    here.execute(text("INSERT INTO search_pairs (rowid, pairs) VALUES (:id, :pairs)"), given)


def forget(session: Session, was: Mapping[int, Sequence[str]]) -> None:
    """Take these matters out of the index; `was` are the pairs that stand in it."""
    if not was:
        return
    here = connection_of(session)
    if here.dialect.name == "sqlite":
        known = [{"id": one, "pairs": " ".join(pairs)} for one, pairs in was.items()]
        here.execute(_FORGET_LITE, known)
    else:
        here.execute(delete(_PAIRS).where(_PAIRS.c.incident_id.in_(list(was))))
    here.execute(delete(WORDS).where(WORDS.c.incident_id.in_(list(was))))


def holding(session: Session, pairs: Sequence[str]) -> Select[tuple[int]]:
    """The ids of matters whose text holds every one of `pairs`."""
    if connection_of(session).dialect.name == "sqlite":
        asked = " AND ".join(f'"{one}"' for one in pairs)
        where: ColumnElement[bool] = literal_column("search_pairs").op("MATCH")(literal(asked))
        return select(_LITE.c.rowid).where(where)
    wanted = cast(list(pairs), ARRAY(Text))
    return select(_PAIRS.c.incident_id).where(_PAIRS.c.pairs.op("@>")(wanted))


def stands_in(session: Session, word: str) -> ColumnElement[bool]:
    """The condition that the words of a matter hold `word` as it is."""
    lite = connection_of(session).dialect.name == "sqlite"
    find = func.instr if lite else func.strpos
    return find(WORDS.c.words, word) > 0


def known_words(session: Session, ids: Iterable[int]) -> Mapping[int, tuple[int, str]]:
    """The version and the words that are kept of these matters."""
    rows = connection_of(session).execute(
        select(WORDS.c.incident_id, WORDS.c.version, WORDS.c.words).where(
            WORDS.c.incident_id.in_(list(ids))
        )
    )
    return {row.incident_id: (row.version, row.words) for row in rows}


def mark(session: Session) -> int:
    """The event up to which every matter is kept as it is."""
    return connection_of(session).execute(select(MARK.c.event_id)).scalar() or 0


def set_mark(session: Session, event_id: int) -> None:
    """Say that everything up to this event is kept."""
    here = connection_of(session)
    here.execute(delete(MARK))
    here.execute(MARK.insert(), {"id": 1, "event_id": event_id})
