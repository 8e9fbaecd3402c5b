"""Check a stored edition again, and take faults knowingly: each with a line in its record."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from gridtrack.access import Permission, permits, require
from gridtrack.errors import Conflict, Invalid
from gridtrack.grids import editions
from gridtrack.grids import store as grids
from gridtrack.grids.check import Findings, Progress, Rule, examine
from gridtrack.grids.findings import Weight, found_row, rule_of
from gridtrack.grids.lifecycle import Act, State, allowed, open_faults
from gridtrack.grids.rules import Grid
from gridtrack.grids.tables import Edition
from gridtrack.incidents.intake import tidy_text
from gridtrack.usecases.check_in_edition import check_in
from gridtrack.work import Work

REASON_LIMIT = 500
_NAMED = 40  # grids that a line of the record names; all are with the findings


@dataclass(frozen=True, slots=True)
class Examined:
    """An edition at a revision, and what was found in it."""

    edition_id: int
    revision: int
    findings: Findings


@dataclass(frozen=True, slots=True)
class Reading:
    """An edition as it was read, ready to be looked through outside of any transaction."""

    edition_id: int
    revision: int
    grids: Sequence[Grid]
    rule: Rule

    def examined(self, progress: Progress | None = None) -> Examined:
        """What is found in it; takes seconds, and raises what `examine` raises."""
        return Examined(self.edition_id, self.revision, examine(self.grids, self.rule, progress))


def read_edition(work: Work, edition_id: int) -> Reading:
    """The grids of an edition and the rule recorded with them. Raises NotFound, Conflict."""
    require(work.actor, Permission.GRIDS_DRAW)
    one = grids.edition(work.session, edition_id)
    _require_kept(one)
    found = grids.grids_of(work.session, edition_id)
    return Reading(edition_id, one.revision, found, rule_of(one.tolerance_m, one.source))


def keep_check(work: Work, examined: Examined) -> Edition:
    """Keep what `Reading.examined` found; a draft with nothing left open is checked in by it.

    That step is the system administrator's: for anybody else the findings are kept and the draft
    stays one. Raises Conflict("edition-other-revision") where it was changed meanwhile.
    """
    require(work.actor, Permission.GRIDS_DRAW)
    one = editions.take_up(work.session, examined.edition_id)
    _require_kept(one)
    require_revision(one, examined.revision)
    findings = examined.findings
    one.findings = found_row(findings)
    one.checked_revision = one.revision
    left = open_faults(one.findings["faults"], one.accepted)
    said = {
        "revision": one.revision,
        "tolerance_m": findings.rule.tolerance_m,
        "faults": len(findings.faults),
        "left": len(left),
        "summary": findings.summary,
    }
    work.session.flush()
    grids.record(work.session, one.id, "examined", said, actor=work.actor, at=work.now)
    _check_in_if_clean(work, one)
    return one


def accept_faults(
    work: Work, edition_id: int, numbers: Iterable[int], revision: int, *, reason: str
) -> Edition:
    """Take faults of the last check knowingly, by their positions in it, with the reason why.

    Raises Invalid: "required" for the reason, "faults-none" or "fault-unknown"; Conflict:
    "edition-state", "edition-other-revision", "edition-not-checked".
    """
    require(work.actor, Permission.GRIDS_EDIT)
    why = tidy_text("reason", reason, REASON_LIMIT)
    if not why:
        raise Invalid("required", field="reason")
    one = editions.take_up(work.session, edition_id)
    if Act.EDIT not in allowed(State(one.state)):
        raise Conflict("edition-state", id=one.id, state=one.state)
    require_revision(one, revision)
    new = _still_open(one, numbers)
    stamp = {"reason": why, "by": work.actor.name, "at": work.now.isoformat()}
    one.accepted = [*one.accepted, *({**row, **stamp} for row in new)]
    codes = sorted({code for row in new for code in row["grids"]})
    said = {
        "reason": why,
        "count": len(new),
        "summary": dict(Counter(row["code"] for row in new)),
        "blocks": sum(row.get("weight") == Weight.BLOCKS.value for row in new),
        "grids": codes[:_NAMED],
    }
    work.session.flush()
    grids.record(work.session, one.id, "accepted", said, actor=work.actor, at=work.now)
    _check_in_if_clean(work, one)
    return one


def require_revision(one: Edition, revision: int) -> None:
    """Raise Conflict where the edition is not any more at the revision that somebody saw."""
    if one.revision != revision:
        raise Conflict("edition-other-revision", id=one.id, revision=one.revision)


def _still_open(one: Edition, numbers: Iterable[int]) -> list[dict[str, Any]]:
    """The chosen faults of the last check that nobody accepted yet, as they are recorded."""
    if one.checked_revision != one.revision or one.findings is None:
        raise Conflict("edition-not-checked", id=one.id)
    faults = one.findings["faults"]
    wanted = sorted(set(numbers))
    if not wanted:
        raise Invalid("faults-none", field="fault")
    if wanted[-1] >= len(faults) or wanted[0] < 0:
        raise Invalid("fault-unknown", field="fault", value=wanted[-1])
    left = {id(row) for row in open_faults(faults, one.accepted)}
    rows = [faults[n] for n in wanted if id(faults[n]) in left]
    return [{k: v for k, v in row.items() if k != "outline"} for row in rows]


def _require_kept(one: Edition) -> None:
    if one.state == State.DISCARDED.value:
        raise Conflict("edition-state", id=one.id, state=one.state)


def _check_in_if_clean(work: Work, one: Edition) -> None:
    if (
        one.state == State.DRAFT.value
        and permits(work.actor, Permission.GRIDS_EDIT)
        and not open_faults((one.findings or {}).get("faults", ()), one.accepted)
    ):
        check_in(work, one)
