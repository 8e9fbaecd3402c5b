"""What residents have of their own: this deployment's files for them, and who follows what."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from gridtrack.db.memo import Memo
from gridtrack.db.sql import insert_missing, insert_new, table_of
from gridtrack.errors import NotFound
from gridtrack.residents import entrances as ways
from gridtrack.residents import rules, suggest
from gridtrack.residents.entrances import Entrance
from gridtrack.residents.rules import Terms
from gridtrack.residents.suggest import Lexicon
from gridtrack.residents.tables import Follow, Station, WrongTry

Read = TypeVar("Read")
FILES = ("entrances.toml", "resident-words.toml", "residents.toml")


def entrances(memo: Memo, instance: Path) -> Mapping[str, Entrance]:
    """The entrances by code; raises Invalid where the deployment's own file is wrong."""
    return memo.get("entrances", lambda: _own(instance, "entrances.toml", ways.parse))


def lexicon(memo: Memo, instance: Path) -> Lexicon:
    """The words that hint at categories; raises Invalid for a wrong file."""
    return memo.get("resident-words", lambda: _own(instance, "resident-words.toml", suggest.parse))


def terms(memo: Memo, instance: Path) -> Terms:
    """What residents may do and until when; raises Invalid for a wrong file."""
    return memo.get("resident-terms", lambda: _own(instance, "residents.toml", rules.parse))


def _own(instance: Path, name: str, parse: Callable[[str], Read]) -> Read:
    own, shipped = instance / name, files("gridtrack.residents") / name
    return parse(own.read_text("utf-8") if own.exists() else shipped.read_text("utf-8"))


FOLLOW = table_of(Follow)


def add_follow(session: Session, row: Mapping[str, Any]) -> int | None:
    """Keep a follower and return the id, or None where this client id follows already."""
    found: int | None = insert_new(session, FOLLOW, row, key="client_id")
    return found


def follow_by_client(session: Session, client_id: str) -> Follow | None:
    """The follower that was first kept under this client id."""
    return session.scalar(select(Follow).where(Follow.client_id == client_id))


def follower_counts(session: Session, incident_ids: Iterable[int]) -> dict[int, int]:
    """How many follow each of these matters; those that nobody follows are not in it."""
    ids = list(incident_ids)
    if not ids:
        return {}
    rows = session.execute(
        select(Follow.incident_id, func.count())
        .where(Follow.incident_id.in_(ids))
        .group_by(Follow.incident_id)
    )
    return {incident_id: count for incident_id, count in rows}  # noqa: C416 - rows are Row


def follow_codes(session: Session, incident_id: int) -> Sequence[str]:
    """The hashes of the codes that followers of a matter keep."""
    return session.scalars(select(Follow.code_hash).where(Follow.incident_id == incident_id)).all()


TRY = table_of(WrongTry)


def wrong_tries(session: Session, keys: Sequence[str]) -> dict[str, WrongTry]:
    """The wrong tries in a row under these keys; those without any are not in it."""
    found = session.scalars(select(WrongTry).where(WrongTry.key.in_(keys)))
    return {one.key: one for one in found}


def count_wrong(session: Session, key: str, now: datetime) -> None:
    """One wrong try more; two at once are two."""
    insert_missing(session, TRY, [{"key": key, "count": 0, "last_at": now}], key="key")
    more = update(TRY).where(TRY.c.key == key).values(count=TRY.c.count + 1, last_at=now)
    session.execute(more)


def forget_tries(session: Session, key: str) -> None:
    """The right code came: the wrong ones before it were slips."""
    session.execute(delete(TRY).where(TRY.c.key == key))


def forget_tries_before(session: Session, instant: datetime) -> None:
    """What nobody tried again since is no attack any more."""
    session.execute(delete(TRY).where(TRY.c.last_at < instant))


def add_station(session: Session, station: Station) -> None:
    """Keep a new station."""
    session.add(station)
    session.flush()  # a code that is taken shows now, not at the end


def standing_station(session: Session, code: str) -> Station | None:
    """The station of a sign, where it still stands."""
    return session.scalar(select(Station).where(Station.code == code, Station.ended_at.is_(None)))


def station(session: Session, code: str) -> Station:
    """The station of a sign; raises NotFound where none stands."""
    found = standing_station(session, code)
    if found is None:
        raise NotFound("station-not-found", station=code)
    return found


def standing_stations(session: Session) -> Sequence[Station]:
    """Every station that stands, by name."""
    return session.scalars(
        select(Station).where(Station.ended_at.is_(None)).order_by(Station.name, Station.id)
    ).all()


def end_station(session: Session, station: Station, now: datetime) -> None:
    """Take a station down."""
    station.ended_at = now
    session.flush()
