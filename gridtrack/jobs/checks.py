"""The check of a large edition, beside the pages: nobody's request waits for it."""

from typing import Any

from gridtrack.jobs.progress import Progress
from gridtrack.usecases.check_edition import keep_check, read_edition
from gridtrack.usecases.run_task import Taken, asker
from gridtrack.work import Runtime


def check(runtime: Runtime, taken: Taken, progress: Progress) -> dict[str, Any]:
    """Read, look through, keep: as whoever asked for it. It leaves nothing when it is cut short."""
    with runtime.look() as work:
        actor = asker(work, taken)
    edition_id = int(taken.params["edition_id"])
    progress.phase("examine")
    with runtime.look(actor) as work:
        read = read_edition(work, edition_id)
    examined = read.examined(progress)
    with runtime.work(actor) as work:
        keep_check(work, examined)
    return {"edition_id": edition_id, "faults": len(examined.findings.faults)}
