"""Handover notes: what one shift leaves for the next."""

from datetime import timedelta

from gridtrack.access import Permission, require
from gridtrack.duty import store
from gridtrack.duty.book import spans_between
from gridtrack.duty.rules import Roster
from gridtrack.duty.tables import HandoverNote
from gridtrack.errors import Forbidden, Invalid, NotFound
from gridtrack.incidents.intake import tidy_text
from gridtrack.queries.on_duty import book_of
from gridtrack.queries.rostered import may_edit
from gridtrack.work import Work

NOTE_LIMIT = 1000
AFTER = timedelta(hours=24)  # so long after a shift a note about it may still be left
BEFORE = timedelta(hours=12)  # so long before a shift the note for it may be taken over


def leave_note(work: Work, roster_id: int, text: str) -> int:
    """Leave a note for whoever is on next; whoever is or was on shift within a day may.

    Raises Invalid for an empty one, Forbidden for others than those and the leader.
    """
    require(work.actor, Permission.DUTY_SEE)
    row = store.get(work.session, roster_id)
    me = work.actor.person_id
    here = _roster(work, roster_id)
    on_it = me is not None and _on(work, here, me, AFTER, timedelta(0))
    if me is None or not (on_it or may_edit(work, row.scope, row.zone)):
        raise Forbidden("note-not-yours", roster=row.name)
    said = tidy_text("text", text, NOTE_LIMIT)
    if not said:
        raise Invalid("required", field="text")
    note = HandoverNote(roster_id=roster_id, author_id=me, written_at=work.now, text=said)
    work.session.add(note)
    work.session.flush()  # its id is the answer
    return note.id


def take_note(work: Work, note_id: int) -> None:
    """Say that a note was read: by whoever is on shift, or will be shortly, once."""
    require(work.actor, Permission.DUTY_SEE)
    note = work.session.get(HandoverNote, note_id)
    me = work.actor.person_id
    if note is None or me is None:
        raise NotFound("note-not-found", id=note_id)
    here = _roster(work, note.roster_id)
    if me == note.author_id or not _on(work, here, me, timedelta(0), BEFORE):
        raise Forbidden("note-not-next", roster=here.name)
    if note.seen_at is None:
        note.seen_by, note.seen_at = me, work.now
        work.session.flush()  # nothing else in this work writes it


def _roster(work: Work, roster_id: int) -> Roster[int]:
    for one in book_of(work).all:
        if one.roster.id == roster_id:
            return one.roster
    raise NotFound("roster-not-found", id=roster_id)


def _on(
    work: Work, roster: Roster[int], person_id: int, before: timedelta, after: timedelta
) -> bool:
    """True for somebody on a shift of the roster now, or within so long before or after now."""
    spans = next(one for one in book_of(work).all if one.roster.id == roster.id)
    begin, end = work.now - before, work.now + after + timedelta(seconds=1)
    return any(person_id in span.team for span in spans_between(spans, begin, end))
