"""The reporter as people see them: whether there is one, what may be asked, who read the name.

The name itself is in no query: only `usecases/show_reporter.py` opens it, and it is written down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gridtrack.access import Permission, may_handle, permits
from gridtrack.accounts import store as accounts
from gridtrack.incidents import contact_store as contacts
from gridtrack.incidents.contact_tables import Question
from gridtrack.incidents.rules import FINAL, State, Who
from gridtrack.incidents.tables import Incident, Reporter
from gridtrack.queries.standing import relations
from gridtrack.work import Work

ASKERS = frozenset({Who.HANDLER, Who.OVER, Who.CHECKER, Who.DESK})
MOST_WAITING = 5


@dataclass(frozen=True, slots=True)
class ReadingSeen:
    """Somebody read who reported, and why."""

    at: datetime
    name: str
    purpose: str
    words: str


@dataclass(frozen=True, slots=True)
class ReporterKnown:
    """That there is somebody whom this person may have shown to them, and who did so before."""

    choice: str
    named: bool
    reachable: bool
    readings: tuple[ReadingSeen, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the reporter and its answer; the resident's page shows no `by`."""

    id: int
    at: datetime
    by: str
    text: str
    answered_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class Contact:
    """What a matter's page shows of its reporter."""

    known: ReporterKnown | None
    asked: tuple[Asked, ...]
    may_ask: bool


def contact(work: Work, incident: Incident) -> Contact:
    """What this actor may know of a matter that they may see."""
    reporter = work.session.get(Reporter, incident.id)
    if reporter is None:
        return Contact(None, (), may_ask=False)
    rows = contacts.questions(work.session, incident.id)
    return Contact(
        known=_known(work, incident, reporter) if may_show(work, incident, reporter) else None,
        asked=tuple(_asked(work, rows)),
        may_ask=_may_ask(work, incident),
    )


def may_show(work: Work, incident: Incident, reporter: Reporter) -> bool:
    """True for a secretary of the scope, and for handlers where the reporter chose to be named.

    Whoever reports without a name has none to show; of sensitivity 2 and 3 handlers learn nothing.
    """
    if reporter.choice == "anonymous":
        return False
    if permits(work.actor, Permission.SEE_REPORTER, incident.grid_path):
        return True
    mine = may_handle(work.actor) and work.actor.person_id in (
        incident.handler_id,
        incident.co_handler_id,
    )
    return reporter.choice == "named" and mine and incident.sensitivity < 2


def _may_ask(work: Work, incident: Incident) -> bool:
    """True for whoever handles or directs an open matter: they ask without learning who it is."""
    return State(incident.state) not in FINAL and bool(ASKERS & relations(work, incident))


def _asked(work: Work, rows: Sequence[Question]) -> list[Asked]:
    """Questions as they are shown to staff."""
    names = accounts.names(work.session, (row.asked_by for row in rows))
    return [
        Asked(
            row.id, row.asked_at, names.get(row.asked_by, ""), row.text, row.answered_at, row.answer
        )
        for row in rows
    ]


def _known(work: Work, incident: Incident, reporter: Reporter) -> ReporterKnown:
    rows = contacts.readings(work.session, incident.id)
    names = accounts.names(work.session, (row.person_id for row in rows))
    return ReporterKnown(
        reporter.choice,
        bool(reporter.sealed_name),
        bool(reporter.sealed_contact),
        tuple(
            ReadingSeen(row.at, names.get(row.person_id, ""), row.purpose, row.words)
            for row in rows
        ),
    )
