"""What a line of the audit says, and how a chain of lines is sealed and checked. Pure.

Every line carries a keyed digest (HMAC) over itself and the digest of the line before it in its
lane. A lane is what one thread of one process wrote, so writers never wait for one another; once a
minute a seal names the last line of every lane that grew (ADR 28).
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from gridtrack.access import Actor
from gridtrack.errors import (
    Conflict,
    Forbidden,
    GridtrackError,
    NotFound,
    TooMany,
    Unauthenticated,
)

DONE, REFUSED = "done", "refused"
SEAL, CUT = "audit-seal", "audit-cut"
CONSOLE = "console"
LOG_IN = "log-in"  # and what begins with it: tries of people whom nobody knows yet
DIGESTS = ("sha256", "sm3")
LONGEST = {"post": 120, "act": 60, "subject": 80, "address": 45, "session": 40}
_DETAILS_LONGEST = 60_000


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an act comes from: which door, what it was asked to do, and from what address."""

    door: str = "inside"
    act: str = ""
    subject: str = ""
    address: str = ""
    session: str = ""


INSIDE = Origin()


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody did, as a use case says it: no names, no texts, no contacts."""

    act: str
    subject: str = ""
    outcome: str = DONE
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the audit before it has its place in a chain; `details` is JSON as text."""

    at: datetime
    person_id: int | None
    post: str
    door: str
    act: str
    subject: str
    outcome: str
    address: str
    session: str
    details: str


def line_of(note: Note, actor: Actor, origin: Origin, at: datetime) -> Line:
    """The line that a note becomes. A resident's address is not kept: it would tell who they are.

    Only somebody who tries to log in leaves one, or nobody could find out who guesses passwords.
    """
    known = actor.known or note.act.startswith(LOG_IN)
    told = {
        "post": posts_of(actor),
        "act": note.act,
        "subject": note.subject,
        "address": origin.address if known else "",
        "session": origin.session,
    }
    cut = {name: text[: LONGEST[name]] for name, text in told.items()}
    details = json.dumps(dict(note.details), ensure_ascii=False, sort_keys=True, default=str)
    if len(details) > _DETAILS_LONGEST and note.act not in (SEAL, CUT):
        details = json.dumps({"cut": len(details)})
    return Line(
        at=at,
        person_id=actor.person_id,
        door=origin.door,
        outcome=note.outcome,
        details=details,
        **cut,
    )


def lines_of(
    notes: Sequence[Note],
    said: Sequence[tuple[str, str]],
    actor: Actor,
    origin: Origin,
    at: datetime,
) -> list[Line]:
    """The lines of what was done: as it was noted, else one for each subject that something befell.

    A person's act that says neither is called what its door calls it. The product's own steps leave
    none: their events are their record.
    """
    told = list(notes)
    if not told and not _own_step(actor, origin):
        first = {subject: act for act, subject in reversed(said)}
        told = [Note(act, subject) for subject, act in first.items()]
        if not told and (origin.act or actor.known):
            told = [Note(origin.act or "work", origin.subject)]
    return [line_of(one, actor, origin, at) for one in told]


def _own_step(actor: Actor, origin: Origin) -> bool:
    """True for the product at work by itself, and not for a command that somebody typed."""
    return actor.engine and not (origin.door == CONSOLE and origin.act)


REFUSALS = (Forbidden, Unauthenticated, NotFound, Conflict, TooMany)


def refusals_of(
    notes: Sequence[Note], error: GridtrackError, actor: Actor, origin: Origin, at: datetime
) -> list[Line]:
    """The line of what was refused: the right, the thing or its state was missing.

    A form sent back for a missing word is none, and a stranger's leaves one where it was noted.
    """
    silent = _own_step(actor, origin) or not (notes or actor.known)
    if silent or not isinstance(error, REFUSALS):
        return []
    first = notes[0] if notes else Note(origin.act or "work", origin.subject)
    refused = Note(first.act, first.subject, REFUSED, {**first.details, "error": error.code})
    return [line_of(refused, actor, origin, at)]


def posts_of(actor: Actor) -> str:
    """The posts somebody acted with, by role and scope; never a name."""
    if actor.engine:
        return "engine"
    held = (f"{h.role.value}@{h.zone or h.scope}".rstrip("@") for h in actor.holdings)
    return ",".join(held) or ("resident" if actor.person_id is None else "none")


# --- the chain ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Key:
    """What seals lines: a digest's name and a secret; `name` tells which key it was."""

    digest: str
    secret: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: str, digest: str = "sha256") -> "Key":
        """The key that an instance's secret makes; the secret itself cannot be found from it."""
        made = hmac.new(secret.encode(), b"gridtrack audit", hashlib.sha256).digest()
        return cls(digest, made)

    @property
    def name(self) -> str:
        """The digest and the first letters of the key's own: `sha256:1f0c88aa`."""
        return f"{self.digest}:{hashlib.sha256(self.secret).hexdigest()[:8]}"

    def sealed(self, lane: str, seq: int, before: str, line: Line) -> str:
        """The digest of a line at its place, behind the line whose digest is `before`."""
        told = before + "\n" + canonical(lane, seq, line)
        return hmac.new(self.secret, told.encode(), self.digest).hexdigest()


def canonical(lane: str, seq: int, line: Line) -> str:
    """A line at its place as one text: the same for the same values, on every machine."""
    at = line.at.astimezone(UTC).isoformat(timespec="microseconds")
    values = (
        lane, seq, at, line.person_id, line.post, line.door, line.act, line.subject, line.outcome,
        line.address, line.session, line.details,
    )  # fmt: skip
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
