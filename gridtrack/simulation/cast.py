"""Who acts: people looked up once and remembered for the length of a run."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from gridtrack.access import RESIDENT, Actor
from gridtrack.accounts import store as accounts
from gridtrack.duty import store as duty
from gridtrack.queries.on_duty import on_duty
from gridtrack.routing.rules import ancestors, holder_for
from gridtrack.work import Work


@dataclass(slots=True)
class Cast:
    """People of the place by id and by post; `forget` after posts changed."""

    _actors: dict[int, Actor | None] = field(default_factory=dict)
    _posts: dict[tuple[str, str], int | None] = field(default_factory=dict)

    def actor(self, session: Session, person_id: int | None, at: datetime) -> Actor | None:
        """The person as an actor; a resident for None; None for a closed account."""
        if person_id is None:
            return RESIDENT
        if person_id not in self._actors:
            self._actors[person_id] = accounts.actor(session, person_id, at)
        return self._actors[person_id]

    def over(self, work: Work, path: str, role: str) -> int | None:
        """The id of whoever holds the post of `role` nearest above `path`."""
        key = (path, role)
        # A roster makes it a matter of the hour: then nothing is remembered.
        if key not in self._posts or duty.rosters(work.session, work.memo).all:
            holders = on_duty(work, ancestors(path), ())
            found = holder_for(path, holders, role=role, deputy=False)
            self._posts[key] = found.person_id if found else None
        return self._posts[key]

    def forget(self) -> None:
        """Look everybody up anew."""
        self._actors.clear()
        self._posts.clear()
