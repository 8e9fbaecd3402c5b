"""A walk on duty: its track arrives piece by piece, once in effect, and only what was on duty."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gridtrack.access import Permission, covers, require, scopes
from gridtrack.errors import Conflict, Forbidden, Invalid, Unauthenticated
from gridtrack.incidents.intake import tidy_text
from gridtrack.patrol import store
from gridtrack.patrol.rules import MOST_POINTS, NOTE_LIMIT, Point, length_m, new_code, thinned
from gridtrack.patrol.tables import Checkpoint, Patrol
from gridtrack.queries.on_duty import on_duty
from gridtrack.work import Work

QUARTER = timedelta(minutes=15)  # so finely is asked whether somebody was on duty
LONGEST = timedelta(hours=16)


@dataclass(frozen=True, slots=True)
class Track:
    """A piece of a walk as a phone says it, every time by its own clock."""

    client_id: str
    started_at: datetime
    sent_at: datetime
    points: Sequence[Point]
    ended_at: datetime | None = None
    all_normal: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Walked:
    """A walk as it is known by now; `off_duty` points of this piece were not kept."""

    points: int
    metres: int
    off_duty: int


def keep_track(work: Work, track: Track) -> Walked:
    """Take in a piece of a walk; the same piece again changes nothing.

    Raises Conflict("patrol-off-duty") for a walk that began off duty, Invalid for what cannot be.
    """
    require(work.actor, Permission.WORK)
    me = work.actor.person_id
    if me is None:
        raise Unauthenticated("login-required")
    behind = work.now - track.sent_at  # what the phone's clock is behind the server's
    patrol = _patrol(work, track, me, track.started_at + behind)
    mine = [replace(one, at=one.at + behind) for one in track.points]
    last = store.last_point(work.session, patrol.id)
    fresh = thinned((one for one in mine if one.at >= patrol.started_at), last)
    on_shift = _OnShift(work, me)
    kept = [one for one in fresh if on_shift.at(one.at)]
    store.add_points(work.session, patrol.id, kept)
    patrol.points += len(kept)
    patrol.metres += round(length_m(kept, last))
    patrol.received_at = work.now
    if track.ended_at is not None:
        patrol.ended_at = track.ended_at + behind
        patrol.all_normal = track.all_normal
        patrol.note = tidy_text("note", track.note, NOTE_LIMIT)
    work.session.flush()
    return Walked(patrol.points, patrol.metres, len(fresh) - len(kept))


def _patrol(work: Work, track: Track, me: int, began: datetime) -> Patrol:
    try:
        client_id = str(uuid.UUID(track.client_id))
    except ValueError as error:
        raise Invalid("not-a-uuid", field="client_id", value=track.client_id) from error
    known = store.by_client_id(work.session, client_id)
    if known is not None:
        if known.person_id != me:
            raise Forbidden("forbidden", permission=Permission.WORK.value, scope=None)
        return known
    _check(work, track, began)
    if not _OnShift(work, me).at(began):
        raise Conflict("patrol-off-duty")
    return store.add(
        work.session,
        Patrol(client_id=client_id, person_id=me, started_at=began, received_at=work.now,
               points=0, metres=0, all_normal=False, note=""),
    )  # fmt: skip


def _check(work: Work, track: Track, began: datetime) -> None:
    if len(track.points) > MOST_POINTS:
        raise Invalid("track-too-long", field="points", value=len(track.points), limit=MOST_POINTS)
    if not work.now - work.settings.patrol_keep <= began <= work.now + timedelta(minutes=1):
        raise Invalid("too-long-ago", field="started_at", value=began.isoformat())


class _OnShift:
    """Whether a person was on duty in some grid of theirs, asked once a quarter of an hour."""

    def __init__(self, work: Work, person_id: int) -> None:
        self._work, self._person_id = work, person_id
        self._scopes = [one for one in scopes(work.actor, Permission.WORK) if one]
        self._known: dict[int, bool] = {}

    def at(self, instant: datetime) -> bool:
        """True where a shift, or a post without a roster, covers the instant."""
        quarter = int(instant.timestamp() // QUARTER.total_seconds())
        if quarter not in self._known:
            near = on_duty(replace(self._work, now=instant), self._scopes, ())
            mine = (one for one in near if one.person_id == self._person_id)
            self._known[quarter] = any(one.present for one in mine)
        return self._known[quarter]


def forget_tracks(work: Work) -> int:
    """Delete the points of walks that are older than the deployment keeps; returns how many."""
    require(work.actor, Permission.ENGINE)
    return store.forget_points(work.session, work.now - work.settings.patrol_keep)


def put_up_checkpoint(work: Work, name: str, grid_path: str) -> str:
    """A new checkpoint in a grid that the actor directs; returns the code of its QR."""
    require(work.actor, Permission.DIRECT, grid_path)
    said = tidy_text("name", name, 120)
    if not said:
        raise Invalid("required", field="name")
    if not grid_path:
        raise Invalid("required", field="grid")
    row = {"code": new_code(), "name": said, "grid_path": grid_path, "created_at": work.now}
    made = store.add_checkpoint(work.session, {**row, "created_by": work.actor.name[:80]})
    return made.code


def take_down_checkpoint(work: Work, code: str) -> None:
    """The code on the wall leads nowhere from now on; who passed it stays known."""
    found = store.checkpoint(work.session, code)
    require(work.actor, Permission.DIRECT, found.grid_path)
    found.ended_at = work.now
    work.session.flush()


def pass_checkpoint(work: Work, code: str) -> Checkpoint:
    """Somebody who works in its grid is there; twice within a quarter of an hour is once."""
    require(work.actor, Permission.WORK)
    found = store.checkpoint(work.session, code)
    me = work.actor.person_id
    if me is None or not any(covers(one, found.grid_path) for one in _mine(work)):
        raise Forbidden("forbidden", permission=Permission.WORK.value, scope=found.grid_path)
    last = store.last_passes(work.session, [found.id]).get(found.id)
    if last is None or work.now - last >= QUARTER:
        store.add_pass(work.session, found.id, me, work.now)
    return found


def _mine(work: Work) -> tuple[str, ...]:
    return scopes(work.actor, Permission.WORK)
