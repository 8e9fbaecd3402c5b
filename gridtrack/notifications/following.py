"""Channels of groups follow their grids where these only get other paths."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from gridtrack.notifications.tables import Subscription

_MANY = 500


def follow(session: Session, moves: Mapping[str, str]) -> list[int]:
    """Let every group over an old path be told of the new one."""
    found = _over(session, moves)
    for row in found:
        assert row.scope is not None
        row.scope = moves[row.scope]
    session.flush()  # channels are read by statements that do not autoflush
    return [row.id for row in found]


def count(session: Session, moves: Mapping[str, str]) -> int:
    """How many would follow."""
    return len(_over(session, moves))


def _over(session: Session, paths: Iterable[str]) -> list[Subscription]:
    wanted = sorted(paths)
    found: list[Subscription] = []
    for start in range(0, len(wanted), _MANY):
        found += session.scalars(
            select(Subscription).where(
                Subscription.scope.in_(wanted[start : start + _MANY]), Subscription.active
            )
        )
    return found
