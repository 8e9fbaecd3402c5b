"""A finding arrives from a phone's queue: once in effect, with what was seen and heard there.

It may come hours after it was made. When it happened is the phone's own measure of how long ago
that was, taken from the time of receipt (ADR 14); its clocks start when it is received.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from gridtrack.access import Permission, require
from gridtrack.deadlines import offline
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.offline import Phone
from gridtrack.errors import Conflict
from gridtrack.incidents import store as incidents
from gridtrack.incidents.intake import Report
from gridtrack.photos.rules import Photo
from gridtrack.usecases.add_photo import add_report_photo
from gridtrack.usecases.add_voice import add_report_voice
from gridtrack.usecases.report import Receipt, report_incident
from gridtrack.usecases.settle import settle
from gridtrack.voices.rules import Voice
from gridtrack.work import Work


@dataclass(frozen=True, slots=True)
class Brought:
    """What comes with a finding or a step: photos, a voice note, the phone's own two times."""

    photos: Sequence[Photo] = ()
    voice: Voice | None = None
    phone: Phone | None = None
    settled: str = ""  # what was done about it on the spot, where it was

    @property
    def marks(self) -> list[str]:
        """The fingerprints of what comes along."""
        voices = [self.voice.sha256] if self.voice is not None else []
        return [*(one.sha256 for one in self.photos), *voices]


@dataclass(frozen=True, slots=True)
class Arrived:
    """The receipt of a finding; `clock_off_s` where the phone's clock is not to be believed."""

    receipt: Receipt
    clock_off_s: int | None = None


def send_finding(work: Work, report: Report, brought: Brought) -> Arrived:
    """Take in a finding with all that it brings; sent again, it answers the same again.

    Raises what `report_incident` raises, and Invalid for times that cannot be.
    """
    require(work.actor, Permission.REPORT)
    phone = brought.phone
    if phone is not None:
        made_at = offline.made_at(phone, work.now).replace(microsecond=0)
        report = replace(report, occurred_at=made_at)
    receipt = _once(work, report)
    if receipt.created:
        for photo in brought.photos:
            stage = "after" if brought.settled else "report"
            add_report_photo(work, receipt.incident_id, photo, stage)
        if brought.voice is not None:
            add_report_voice(work, receipt.incident_id, brought.voice)
        if brought.settled:
            settle(work, receipt.incident_id, brought.settled)
    return Arrived(receipt, _clock_off(work, phone))


def _once(work: Work, report: Report) -> Receipt:
    """The receipt; with each sending the time of making comes out a little different."""
    try:
        return report_incident(work, report)
    except Conflict:
        first = incidents.by_client_id(work.session, report.client_id)
        if first is None or report.occurred_at is None:
            raise
        return report_incident(work, replace(report, occurred_at=first.occurred_at))


def _clock_off(work: Work, phone: Phone | None) -> int | None:
    """By how many seconds the phone is behind, where that is more than the policy believes."""
    if phone is None:
        return None
    off = work.now - phone.sent_at
    trust = deadlines.policy_at(work.session, work.memo, work.now).offline
    return round(off / timedelta(seconds=1)) if abs(off) > trust.skew else None
