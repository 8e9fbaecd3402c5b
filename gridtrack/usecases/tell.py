"""Who is told what. Facts only: the words are made when a message is read or sent.

Facts never hold the description or the reporter; for sensitivity 2 and 3 the sentence made from
them leaves out all but number, class group and link (design.md §4.11, `notifications.rules`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from gridtrack.accounts import store as accounts
from gridtrack.accounts.rules import Holder
from gridtrack.incidents.numbers import number
from gridtrack.incidents.tables import Incident
from gridtrack.notifications import store as notifications
from gridtrack.notifications.store import Told
from gridtrack.queries.around import Parties, parties_of, people_in
from gridtrack.queries.followed import triage_scope
from gridtrack.queries.on_duty import on_duty
from gridtrack.queries.who_sees import SEALED
from gridtrack.routing.rules import Choice, ancestors
from gridtrack.work import Work

FILL_POSTS = ("security", "system")  # the administrators


class About(Protocol):
    """What a message needs to know of an incident: the row itself, or one claimed by the sweep."""

    @property
    def reported_at(self) -> datetime: ...
    @property
    def category(self) -> str: ...
    @property
    def sensitivity(self) -> int: ...
    @property
    def edition_id(self) -> int | None: ...
    @property
    def grid_code(self) -> str | None: ...
    @property
    def grid_path(self) -> str: ...
    @property
    def due_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Facts:
    """An About of a row that is being written."""

    reported_at: datetime
    category: str
    sensitivity: int
    edition_id: int | None
    grid_code: str | None
    grid_path: str
    due_at: datetime | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Facts":
        """The facts among the columns of an incident."""
        return cls(**{name: row[name] for name in cls.__slots__})


def facts(work: Work, incident_id: int, about: About) -> dict[str, Any]:
    """What a message about an incident may be made from."""
    day = about.reported_at.astimezone(ZoneInfo(work.settings.timezone)).date()
    return {
        "number": number(incident_id, day),
        "category": about.category,
        "sensitivity": about.sensitivity,
        "edition": about.edition_id,
        "grid": about.grid_code,
        "path": about.grid_path,
        "due_at": _iso(about.due_at),
    }


def send(work: Work, told: Sequence[Told]) -> None:
    """Write messages. Whom a matter is about is never among those told, and no group hears of it.

    This is the only way from a use case to a message of a matter.
    """
    matters = {one.incident_id for one in told if one.incident_id is not None}
    about = parties_of(work, matters)
    if about:
        told = [_past(work, one, about.get(one.incident_id or 0)) for one in told]
    notifications.enqueue(work.session, work.memo, told, work.now)


def _past(work: Work, told: Told, about: Parties | None) -> Told:
    if about is None:
        return told
    left_out = people_in(work, about)
    rest = tuple(one for one in told.recipients if one not in left_out)
    return replace(told, recipients=rest, groups=False)


def assigned(work: Work, incident_id: int, about: Mapping[str, Any], choice: Choice) -> list[Told]:
    """The messages of a new matter: its handler and co-handler, or the triage desk."""
    path = about["path"]
    if choice.handler is None:
        desk = desk_of(work, path, about["sensitivity"])
        return [Told(f"triage:{incident_id}", "triage", incident_id, desk, path, about)]
    told = [
        Told(
            f"assigned:{incident_id}:1",
            "assigned",
            incident_id,
            (choice.handler.person_id,),
            path,
            about,
        )
    ]
    if choice.co_handler is not None:
        beside = (choice.co_handler.person_id,)
        cause = f"co-assigned:{incident_id}:1"
        told.append(Told(cause, "co-assigned", incident_id, beside, path, about, groups=False))
    return told


def acknowledged_beside(work: Work, incident: Incident) -> list[Told]:
    """Of a gridworker and a property manager told together, the word to the other that one did."""
    pair = (incident.handler_id, incident.co_handler_id)
    if None in pair or work.actor.person_id not in pair:
        return []
    other = tuple(one for one in pair if one is not None and one != work.actor.person_id)
    cause = f"acknowledged:{incident.id}:beside:{incident.version}"
    about = facts(work, incident.id, incident)
    path = incident.grid_path
    return [Told(cause, "acknowledged", incident.id, other, path, about, groups=False)]


def desk_of(work: Work, path: str, sensitivity: int) -> tuple[int, ...]:
    """The people of the triage desk: desk posts over the place, else secretaries and street.

    Sealed matters go past the desk: nobody is told of what they may not open.
    """
    scopes = {"", triage_scope(work).now, path.split("/", maxsplit=1)[0]}
    return desk_among(on_duty(work, scopes, ()), sensitivity)


def desk_among(holders: Iterable[Holder], sensitivity: int) -> tuple[int, ...]:
    """Those of these people who are the triage desk now."""
    present = [h for h in holders if h.present]
    sealed = sensitivity >= SEALED
    for roles in ({"secretary"}, {"street"}) if sealed else ({"desk"}, {"secretary"}, {"street"}):
        found = tuple(sorted({h.person_id for h in present if h.role in roles}))
        if found:
            return found
    return ()


def used_up(work: Work, incident_id: int, cause: str, about: Mapping[str, Any]) -> Told:
    """The word that every rung was told for the last time: to the desk, or whoever there is."""
    desk = desk_of(work, about["path"], about["sensitivity"])
    kind = "exhausted" if about.get("clock") in (None, "acknowledge") else "overdue"
    return _to_somebody(work, desk, Told(cause, kind, incident_id, (), about["path"], about))


def still_used_up(work: Work, incident_id: int, cause: str, about: Mapping[str, Any]) -> Told:
    """The daily word of it: to the secretary of the place, else the street, else the desk."""
    path = about["path"]
    present = [h for h in on_duty(work, ancestors(path), ()) if h.present]
    found: tuple[int, ...] = ()
    for role in ("secretary", "street"):
        found = found or tuple(sorted({h.person_id for h in present if h.role == role}))
    to = found or desk_of(work, path, about["sensitivity"])
    return _to_somebody(work, to, Told(cause, "used-up", incident_id, (), path, about))


def _to_somebody(work: Work, to: tuple[int, ...], told: Told) -> Told:
    """To these people; where there are none, to who can fill posts, without a word of the matter.

    They may not open it. Number and group alone are said, as of a sealed one.
    """
    if to:
        return replace(told, recipients=to)
    admins = accounts.with_roles(work.session, FILL_POSTS, work.now)
    number_alone = {**told.facts, "sensitivity": SEALED}
    return replace(told, kind="nobody-there", recipients=admins, facts=number_alone, groups=False)


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
