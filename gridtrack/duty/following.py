"""Rosters follow their grids where these only get other paths, with a line in the record."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from gridtrack.duty.store import Change, append
from gridtrack.duty.tables import RosterRow

_MANY = 500


def follow(session: Session, moves: Mapping[str, str], change: Change) -> list[int]:
    """Let every roster over an old path go on over the new one; `change` says when and by whom.

    Done twice it is done once: nothing stands over the old paths any more.
    """
    found = []
    for row in _over(session, moves):
        said = {"code": row.code, "name": row.name, "scope": row.scope, "into": moves[row.scope]}
        row.scope, row.version = moves[row.scope], row.version + 1
        found.append((row.id, said))
    session.flush()  # rosters are read by statements that do not autoflush
    for roster_id, said in found:
        one = Change(change.at, change.actor_id, change.actor_name, change.kind, roster_id, said)
        append(session, one)
    return [roster_id for roster_id, _ in found]


def count(session: Session, moves: Mapping[str, str]) -> int:
    """How many would follow."""
    return len(_over(session, moves))


def _over(session: Session, paths: Iterable[str]) -> list[RosterRow]:
    wanted = sorted(paths)
    found: list[RosterRow] = []
    for start in range(0, len(wanted), _MANY):
        found += session.scalars(
            select(RosterRow).where(
                RosterRow.scope.in_(wanted[start : start + _MANY]),
                RosterRow.zone.is_(None),
                RosterRow.ended_at.is_(None),
            )
        )
    return found
