"""The steps of bringing grids in by hand, each kept as it is said; the long ones are tasks.

What a step declares makes what was found after it void, so it is found anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gridtrack.access import Permission, require
from gridtrack.errors import Conflict, Invalid
from gridtrack.geo.datum import datum_named
from gridtrack.grids.rules import FaultCode
from gridtrack.imports import store as imports
from gridtrack.imports.rules import FIELDS, Step, reached
from gridtrack.imports.tables import GridImport
from gridtrack.incidents.intake import tidy_text
from gridtrack.queries.imports import own_import
from gridtrack.tasks.rules import KEPT
from gridtrack.usecases.cancel_task import cancel_task
from gridtrack.usecases.start_task import start_task
from gridtrack.work import Work

NAME_LIMIT, NOTE_LIMIT = 120, 500
MOST_TOLERANCE_M, MOST_DEPTH = 100, 9
LOOK, CHECK, STORE = "import-look", "import-check", "import-store"


@dataclass(frozen=True, slots=True)
class Given:
    """A file that was sent: how it was called, where it lies in the folder, which level it holds.

    Level 0: its rows name their levels themselves.
    """

    name: str
    stored: str
    level: int
    size: int


def give_files(
    work: Work, folder: str, given: Sequence[Given], said: Mapping[str, Any], again: int | None
) -> GridImport:
    """Begin an import with files that lie in `folder`, or give one other files (`again`).

    What was said before is kept. Raises Invalid("import-no-file") or ("import-levels").
    """
    require(work.actor, Permission.GRIDS_EDIT)
    assert work.actor.person_id is not None  # the engine imports by command
    levels = [one.level for one in given]
    if not given:
        raise Invalid("import-no-file", field="files")
    if len(set(levels)) < len(levels) or (0 in levels and len(levels) > 1):
        raise Invalid("import-levels", field="files", value=len(levels))
    if again is None:
        one = imports.add(work.session, folder, work.actor.person_id, work.now)
    else:
        one = _open(work, again)
        one.folder = folder
    one.files = [
        {"name": file.name, "stored": file.stored, "level": file.level, "bytes": file.size}
        for file in given
    ]
    _look(work, one, said)
    return one


def look_again(work: Work, import_id: int, said: Mapping[str, Any]) -> GridImport:
    """Read the files anew with another system, layer or encoding."""
    require(work.actor, Permission.GRIDS_EDIT)
    one = _open(work, import_id)
    _look(work, one, said)
    return one


def declare_datum(work: Work, import_id: int, datum: str) -> GridImport:
    """Say which datum the files are in; nothing is guessed. Raises Invalid("datum-unknown")."""
    require(work.actor, Permission.GRIDS_EDIT)
    one = _open(work, import_id)
    if one.looked is None:
        raise Conflict("import-not-there-yet", id=import_id)
    if not datum:
        raise Invalid("required", field="datum")
    _say(one, {"datum": datum_named(datum).value})
    _back_to(work, one, Step.FIELDS)
    return one


def map_fields(
    work: Work, import_id: int, fields: Mapping[str, str], tolerance: str, depth: str
) -> GridImport:
    """Say which column is what, and by which rule to check; the check begins.

    Raises Invalid with the field: "required", "grid-field-missing", "tolerance", "import-depth".
    """
    require(work.actor, Permission.GRIDS_EDIT)
    one = _open(work, import_id)
    _need(one, Step.FIELDS)
    said = {name: fields.get(name, "") for name in FIELDS}
    _say(one, {"fields": said, "tolerance_m": tolerance, "depth": depth})
    work.session.flush()
    _check_fields(one, said)
    if not _number(tolerance, MOST_TOLERANCE_M):
        raise Invalid("tolerance", field="tolerance", value=tolerance, most=MOST_TOLERANCE_M)
    if not (depth.isascii() and depth.isdecimal() and 1 <= int(depth) <= MOST_DEPTH):
        raise Invalid("import-depth", field="depth", value=depth, most=MOST_DEPTH)
    _back_to(work, one, Step.FINDINGS)
    one.task_id = start_task(work, CHECK, {"import": one.id}).id
    return one


@dataclass(frozen=True, slots=True)
class Decision:
    """How the draft is called, and which kinds of faults are taken, and why."""

    name: str
    accept: frozenset[str]
    note: str


def accept_findings(work: Work, import_id: int, decision: Decision) -> GridImport:
    """Take the findings and let the draft be made.

    Raises Invalid: "required" for the name, and for the reason where faults are taken;
    "import-faults-left" where a kind was not taken, "fault-code-unknown".
    """
    require(work.actor, Permission.GRIDS_EDIT)
    one = _open(work, import_id)
    _need(one, Step.FINDINGS)
    if one.checked is None:
        raise Conflict("import-not-there-yet", id=import_id)
    name = tidy_text("name", decision.name, NAME_LIMIT)
    note = tidy_text("note", decision.note, NOTE_LIMIT)
    if not name:
        raise Invalid("required", field="name")
    _check_accepted(one.checked["summary"], decision.accept)
    if one.checked["summary"] and not note:
        raise Invalid("required", field="note")
    _say(one, {"name": name, "note": note, "accept": sorted(decision.accept)})
    if one.task_id is not None:
        cancel_task(work, one.task_id)  # of a try before
    _touch(work, one, Step.STORE)
    one.task_id = start_task(work, STORE, {"import": one.id}).id
    return one


def cancel_import(work: Work, import_id: int) -> GridImport:
    """End an import and whatever runs for it; the door removes its folder."""
    require(work.actor, Permission.GRIDS_EDIT)
    one = _open(work, import_id)
    one.state = imports.CANCELLED
    if one.task_id is not None:
        cancel_task(work, one.task_id)
    work.session.flush()
    return one


def forget_imports(work: Work) -> None:
    """Forget what nobody touched for a day."""
    require(work.actor, Permission.ENGINE)
    imports.drop_before(work.session, work.now - KEPT)


def _open(work: Work, import_id: int) -> GridImport:
    require(work.actor, Permission.GRIDS_EDIT)
    one = own_import(work, import_id)
    work.session.refresh(one, with_for_update=True)  # its last piece may be coming in right now
    if one.state != imports.OPEN:
        raise Conflict("import-over", id=import_id)
    return one


def _need(one: GridImport, step: Step) -> None:
    if not reached(Step(one.step), step):
        raise Conflict("import-not-there-yet", id=one.id)


def _look(work: Work, one: GridImport, said: Mapping[str, Any]) -> None:
    _say(one, said)
    _back_to(work, one, Step.PLACE)
    one.looked = None
    one.task_id = start_task(work, LOOK, {"import": one.id}).id


def _back_to(work: Work, one: GridImport, step: Step) -> None:
    """Whatever was found after `step` does not count any more, and what runs for it ends."""
    if one.task_id is not None:
        cancel_task(work, one.task_id)
    one.checked = None
    _touch(work, one, step)


def _touch(work: Work, one: GridImport, step: Step) -> None:
    one.step, one.touched_at = step.value, work.now
    work.session.flush()


def _say(one: GridImport, said: Mapping[str, Any]) -> None:
    one.said = {**one.said, **said}


def _check_fields(one: GridImport, said: Mapping[str, str]) -> None:
    there = [column["name"] for column in (one.looked or {}).get("columns", ())]
    whole = any(file["level"] == 0 for file in one.files)
    below = any(file["level"] > 1 for file in one.files)
    needed = {"code"} | ({"level", "parent"} if whole else set()) | ({"parent"} if below else set())
    for name in FIELDS:
        value = said[name]
        if not value and name in needed:
            raise Invalid("required", field=name)
        if value and value not in there:
            raise Invalid(
                "grid-field-missing",
                field=name,
                value=value,
                file=one.files[0]["name"],
                there=", ".join(there)[:300],
            )


def _check_accepted(summary: Mapping[str, int], accept: frozenset[str]) -> None:
    known = {code.value for code in FaultCode}
    for code in sorted(accept - known):
        listed = ", ".join(sorted(known))
        raise Invalid("fault-code-unknown", field="accept", value=code, known=listed)
    left = {code: count for code, count in summary.items() if code not in accept}
    if left:
        kinds = ", ".join(f"{code} {count}" for code, count in left.items())
        raise Invalid("import-faults-left", field="accept", value=kinds, count=sum(left.values()))


def _number(text: str, most: float) -> bool:
    try:
        return 0 <= float(text) <= most
    except ValueError:
        return False
