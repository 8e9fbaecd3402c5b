"""A resident looks up a report by number and code: the progress in plain steps, nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gridtrack.access import require_anyone
from gridtrack.categories import store as categories
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.rules import ClockState, Kind
from gridtrack.errors import NotFound
from gridtrack.incidents import contact_store as contacts
from gridtrack.incidents import store as incidents
from gridtrack.incidents.tables import Incident, Reporter
from gridtrack.photos.files import path_of
from gridtrack.queries.holding import holding
from gridtrack.queries.judging import Judging, judging
from gridtrack.queries.names import grid_name, number_of
from gridtrack.queries.shown import shown_photos
from gridtrack.residents import store as residents
from gridtrack.work import Work

# What a resident is told of; who handled it and what was noted in between stays inside.
SHOWN = ("reported", "assigned", "acknowledged", "escalated", "start", "hold", "resume",
         "hold-ended", "resolve", "closed", "reject", "merged", "reopened")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Progress:
    """One step, as a kind and a time; `words` is the result where there is one to tell.

    `offline` is what a phone said of a step made without a signal, received at `recorded_at`.
    """

    kind: str
    at: datetime
    words: str
    recorded_at: datetime
    offline: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Put:
    """A question to the reporter; who asks is not said, only that the matter's handlers do."""

    id: int
    at: datetime
    text: str
    answered_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class TrackPage:
    """What the reporter sees."""

    number: str
    state: str
    category_name: str
    grid_name: str
    reported_at: datetime
    due_at: datetime | None
    promises: tuple[tuple[str, datetime], ...]  # what still runs: which clock, due when
    progress: tuple[Progress, ...]
    questions: tuple[Put, ...]
    now: datetime
    judging: Judging
    reasons: tuple[str, ...]  # what may be named where it was not good
    photos: tuple[str, ...]  # what was looked at and may be seen
    follower: bool  # joined what somebody else reported: sees steps, no words
    joined_state: str | None  # of the matter that a duplicate was merged into


def opened(work: Work, number: str, code: str) -> tuple[Incident, Reporter]:
    """The report that its reporter's number and code open; NotFound whichever was wrong."""
    require_anyone(work.actor)
    held = holding(work, number, code)
    reporter = work.session.get(Reporter, held.incident.id) if held else None
    if held is None or held.follower or reporter is None:
        raise NotFound("track-not-found")
    return held.incident, reporter


def track(work: Work, number: str, code: str, locale: str) -> TrackPage:
    """The progress of a report, for its reporter or a follower; raises NotFound as `opened`."""
    require_anyone(work.actor)
    held = holding(work, number, code)
    if held is None:
        raise NotFound("track-not-found")
    incident = held.incident
    joined = _joined(work, incident)
    category = categories.tree(work.memo, work.settings.instance).get(incident.category)
    events = incidents.events(work.session, incident.id)
    return TrackPage(
        number=number_of(work, incident.id, incident.reported_at),
        state=incident.state,
        category_name=category.name(locale),
        grid_name=grid_name(work, incident.edition_id, incident.grid_code, locale),
        reported_at=incident.reported_at,
        due_at=incident.due_at,
        promises=_promises(work, joined or incident),
        progress=(
            *(
                Progress(
                    event.kind,
                    event.at,
                    "" if held.follower else event.data.get("result", ""),
                    event.recorded_at,
                    event.data.get("offline"),
                )
                for event in events
                if event.kind in SHOWN
            ),
            *_since(work, incident, joined),
        ),
        questions=tuple(
            Put(row.id, row.asked_at, row.text, row.answered_at, row.answer)
            for row in (() if held.follower else contacts.questions(work.session, incident.id))
        ),
        now=work.now,
        judging=judging(work, incident, events),
        reasons=residents.terms(work.memo, work.settings.instance).reasons,
        photos=() if held.follower else tuple(sorted(shown_photos(events))),
        follower=held.follower,
        joined_state=joined.state if joined else None,
    )


def _joined(work: Work, incident: Incident) -> Incident | None:
    """What a duplicate was merged into, and that again, to the matter that goes on."""
    found, seen = None, {incident.id}
    while incident.duplicate_of is not None and incident.duplicate_of not in seen:
        found = incident = incidents.get(work.session, incident.duplicate_of)
        seen.add(found.id)
    return found


def _since(work: Work, incident: Incident, joined: Incident | None) -> tuple[Progress, ...]:
    """The steps of that matter since the reports were joined; no words: they are to somebody else.

    Not when it was reported or who else reported it.
    """
    if joined is None or incident.closed_at is None:
        return ()
    return tuple(
        Progress(event.kind, event.at, "", event.recorded_at, event.data.get("offline"))
        for event in incidents.events(work.session, joined.id)
        if event.kind in SHOWN and event.at >= incident.closed_at
    )


def shown_photo(work: Work, number: str, code: str, name: str, *, thumb: bool = False) -> Path:
    """The file of a photo that was looked at and shown to this reporter; else NotFound."""
    require_anyone(work.actor)
    incident, _ = opened(work, number, code)
    if name not in shown_photos(incidents.events(work.session, incident.id)):
        raise NotFound("photo-not-found", name=name)
    return path_of(work.settings.instance / "photos", name, thumb=thumb)


def _promises(work: Work, incident: Incident) -> tuple[tuple[str, datetime], ...]:
    """What a reporter may wait for; an order to a handler is not for them."""
    running = sorted(deadlines.live(work.session, [incident.id]), key=lambda one: one.due_at)
    return tuple(
        (one.kind, one.due_at)
        for one in running
        if one.state == ClockState.RUNNING.value and one.kind != Kind.SUPERVISE.value
    )
