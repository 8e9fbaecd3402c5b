"""Posts follow their grids where these only get other paths: from an instant on, and back again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gridtrack.accounts.tables import Post

_MANY = 500


@dataclass(frozen=True, slots=True)
class Carried:
    """What was done: posts that end, each with the end it had before, and posts that begin."""

    ended: tuple[tuple[int, str | None], ...] = ()
    begun: tuple[int, ...] = ()

    def said(self) -> dict[str, Any]:
        """As the record of an edition keeps it."""
        return {"ended": [list(one) for one in self.ended], "begun": list(self.begun)}

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Carried":
        """From the record."""
        ended = tuple((int(one), until) for one, until in said.get("ended", ()))
        return cls(ended, tuple(said.get("begun", ())))


def carry(session: Session, moves: Mapping[str, str], at: datetime) -> Carried:
    """Let every post over an old path end at `at`, and the same person go on over the new one.

    Done twice it is done once: what began at `at` is not carried on.
    """
    old = [post for post in _in_force(session, moves, at) if post.from_at < at]
    ending = {post.id for post in old}
    there = {
        _who(post, post.scope)
        for post in _in_force(session, moves.values(), at)
        if post.id not in ending
    }
    ended, new = [], []
    for post in old:
        ended.append((post.id, post.until_at.isoformat() if post.until_at else None))
        if _who(post, moves[post.scope]) not in there:
            new.append(_carried(post, moves[post.scope], at))
        post.until_at = at
    session.add_all(new)
    session.flush()  # posts are looked up by statements that do not autoflush
    return Carried(tuple(ended), tuple(post.id for post in new))


def put_back(session: Session, carried: Carried, at: datetime) -> None:
    """Undo a `carry` whose instant has not come; what somebody changed since stays as it is."""
    for post_id, until in carried.ended:
        post = session.get(Post, post_id)
        if post is not None and post.until_at == at:
            post.until_at = datetime.fromisoformat(until) if until else None
    for post_id in carried.begun:
        post = session.get(Post, post_id)
        if post is not None and post.from_at == at:
            session.delete(post)
    session.flush()


def _carried(post: Post, scope: str, at: datetime) -> Post:
    return Post(
        person_id=post.person_id,
        role=post.role,
        scope=scope,
        zone=None,
        deputy=post.deputy,
        from_at=at,
        until_at=post.until_at,
    )


def _who(post: Post, scope: str) -> tuple[int, str, bool, str]:
    return post.person_id, post.role, post.deputy, scope


def _in_force(session: Session, scopes: Iterable[str], at: datetime) -> list[Post]:
    wanted: Sequence[str] = sorted({scope for scope in scopes if scope})
    found: list[Post] = []
    for start in range(0, len(wanted), _MANY):
        found += session.scalars(
            select(Post).where(
                Post.scope.in_(wanted[start : start + _MANY]),
                Post.zone.is_(None),
                Post.from_at <= at,
                or_(Post.until_at.is_(None), Post.until_at > at),
            )
        )
    return found
