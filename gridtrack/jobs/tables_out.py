"""Tables as files, beside the pages: written as whoever asked for them, kept for a day."""

from datetime import date
from pathlib import Path
from typing import Any

from gridtrack.i18n.sentences import sentence
from gridtrack.jobs.progress import Progress
from gridtrack.queries.matters_out import COLUMNS, FILE, Wanted, count_matters, matters_after
from gridtrack.sheets.writing import Kind, refuse_too_many, table_out
from gridtrack.tasks import files
from gridtrack.usecases.run_task import Taken, asker
from gridtrack.work import Runtime


def matters(runtime: Runtime, taken: Taken, progress: Progress) -> dict[str, Any]:
    """Every matter of a span as CSV or Excel; the result names the file."""
    given = taken.params
    wanted = Wanted(
        date.fromisoformat(given["begin"]), date.fromisoformat(given["end"]),
        given["scope"], given["category"],
    )  # fmt: skip
    kind, locale = Kind(given["format"]), given["locale"]
    with runtime.look() as work:
        actor = asker(work, taken)
    with runtime.look(actor) as work:
        total = count_matters(work, wanted)
    refuse_too_many(kind, total)
    progress.phase("write", total)
    header = [sentence(f"matters-{name}", locale) for name in COLUMNS]
    done, last = 0, 0
    with table_out(_place(runtime, taken), kind, header) as write:
        while True:
            with runtime.look(actor) as work:
                batch = matters_after(work, wanted, last, locale)
            if not batch.rows:
                break
            for row in batch.rows:
                write(row)
            done, last = done + len(batch.rows), batch.last
            progress(done, max(total, done))
    name = f"matters-{given['begin']}-{given['end']}.{kind.value}"
    return {"task": taken.id, "folder": given["folder"], "name": name, "rows": done,
            "format": kind.value}  # fmt: skip


def _place(runtime: Runtime, taken: Taken) -> Path:
    return files.folder_of(runtime.settings.instance, taken.params["folder"]) / FILE


def tidy(runtime: Runtime, taken: Taken) -> None:
    """Take away what was written so far; the folder waits for a run that begins anew."""
    folder = runtime.settings.instance / files.FOLDER / taken.params["folder"]
    (folder / FILE).unlink(missing_ok=True)
