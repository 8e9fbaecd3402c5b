"""Bringing door plates in, as long work: batch by batch, each kept, whatever ends it."""

from typing import Any

from gridtrack.addresses.columns import Meaning
from gridtrack.i18n.sentences import sentence
from gridtrack.jobs.progress import Cancelled, Progress
from gridtrack.sheets.sheet import open_sheet
from gridtrack.tasks import files
from gridtrack.usecases.import_doors import Result, import_doors
from gridtrack.usecases.run_task import Taken, asker
from gridtrack.work import Runtime

PHASE = "doors"


def run(runtime: Runtime, taken: Taken, progress: Progress) -> dict[str, Any]:
    """Import the file of a task as whoever asked; what was cancelled keeps its whole batches.

    The result is that of the import, with the task's id and the first refused rows in words.
    """
    with runtime.look() as work:
        actor = asker(work, taken)
    path = files.folder_of(runtime.settings.instance, taken.params["upload"])
    meaning = Meaning(taken.params["columns"], taken.params["datum"])
    with open_sheet(path / taken.params["file"]) as sheet:
        progress.phase(PHASE, sheet.size)

        def watch(_: Result) -> bool:
            try:
                progress(sheet.read, sheet.size)
            except Cancelled:
                return False
            return True

        result = import_doors(lambda: runtime.work(actor), sheet, meaning, write=True, watch=watch)
    return {**result.as_json(), "task": taken.id, "first": told(result, actor.locale)}


def told(result: Result, locale: str) -> list[dict[str, Any]]:
    """The first refused rows: the line of each, and why in words."""
    return [
        {"line": line, "why": sentence(fault.code, locale, **fault.params)}
        for line, fault in result.first
    ]
