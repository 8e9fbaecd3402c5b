"""Door plates from a file: look first, then let the worker bring them in."""

from collections.abc import Mapping
from pathlib import Path

from flask import redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.addresses.columns import FIELDS, Meaning, guessed
from gridtrack.errors import GridtrackError, Invalid, NotFound
from gridtrack.http.context import locale, look, runtime, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import may
from gridtrack.i18n.sentences import sentence
from gridtrack.queries.tasks import task_page
from gridtrack.sheets.sheet import open_sheet
from gridtrack.tasks import files
from gridtrack.usecases.import_doors import BATCH, Result, import_doors
from gridtrack.usecases.start_task import start_task
from gridtrack.web.choices import datums
from gridtrack.web.forms import messages
from gridtrack.web.stories import say

MOST_BYTES = 50_000_000
LOOKED_AT = 5 * BATCH  # rows that a preview reads: it answers within seconds
ENDINGS = (".csv", ".gz", ".xlsx")


@may(Permission.DOORS_EDIT)
def doors_import() -> str | AnyResponse | tuple[str, int]:
    """Choose a file, and see what would come of it."""
    if request.method == "GET":
        return _chosen({})
    try:
        name = _kept(request.files.get("file"))
        return _preview(name, None)
    except GridtrackError as error:
        return _chosen(messages(error)), status_of(error)


@may(Permission.DOORS_EDIT)
def doors_confirm(name: str) -> str | AnyResponse | tuple[str, int]:
    """Look again with other columns, or bring it in."""
    columns = {
        field: request.form[f"column-{field}"]
        for field in FIELDS
        if request.form.get(f"column-{field}")
    }
    meaning = Meaning(columns, request.form.get("datum", ""))
    if request.form.get("act") != "import":
        try:
            return _preview(name, meaning)
        except GridtrackError as error:
            return _chosen(messages(error)), status_of(error)
    path = _file_of(name)
    params = {
        "upload": name,
        "file": path.name,
        "columns": dict(columns),
        "datum": meaning.datum,
    }
    with work() as unit:
        task = start_task(unit, "doors-import", params)
    return redirect(url_for("web.task", task_id=task.id), code=303)


@may(Permission.DOORS_EDIT)
def doors_imported(task_id: int) -> str:
    """What came of an import."""
    with look() as unit:
        task = task_page(unit, task_id)
    if task.kind != "doors-import" or task.state != "done":
        raise NotFound("task-not-found", id=task_id)
    return render_template("doors_imported.html", result=task.result)


def _kept(sent: FileStorage | None) -> str:
    """The sent file in a folder of its own, under a name of ours; returns the folder's name."""
    if sent is None or not sent.filename:
        raise Invalid("required", field="file")
    ending = Path(sent.filename).suffix.lower()
    if ending not in ENDINGS:
        raise Invalid("door-ending", field="file", value=sent.filename[:80])
    instance = runtime().settings.instance
    name = files.new_folder(instance)
    target = files.folder_of(instance, name) / f"doors{'.csv.gz' if ending == '.gz' else ending}"
    try:
        files.take(sent.stream, target, MOST_BYTES, sent.filename[:80])
    except Invalid:
        files.drop(instance, name)
        raise
    return name


def _file_of(name: str) -> Path:
    folder = files.folder_of(runtime().settings.instance, name)
    found = next(iter(sorted(folder.iterdir())), None)
    if found is None:
        raise NotFound("upload-not-found", name=name[:80])
    return found


def _preview(name: str, meaning: Meaning | None) -> str | tuple[str, int]:
    """What would come of the first rows; where columns or datum do not do, the form to name them.

    A first look guesses the columns and asks for the datum.
    """
    errors: Mapping[str, str] = {}
    result: Result | None = None
    with open_sheet(_file_of(name)) as sheet:
        asked = meaning or Meaning(guessed(sheet.header), request.form.get("datum", ""))
        try:
            result = import_doors(look, sheet, asked, write=False, watch=_enough)
        except Invalid as error:
            errors = messages(error)
    shown = render_template(
        "doors_preview.html",
        name=name,
        header=[(column, column) for column in sheet.header],
        fields=FIELDS,
        columns=asked.columns,
        datum=asked.datum,
        datums=datums(),
        said=say,
        result=result,
        looked_at=LOOKED_AT,
        first=[(line, _words(fault)) for line, fault in result.first] if result else (),
        errors=errors,
    )
    return (shown, 422) if errors else shown


def _enough(result: Result) -> bool:
    """Go on until enough rows were looked at."""
    counts = (result.added, result.changed, result.same, result.again, result.refused)
    return sum(counts) < LOOKED_AT


def _words(fault: GridtrackError) -> str:
    return sentence(fault.code, locale(), **fault.params)


def _chosen(errors: Mapping[str, str]) -> str:
    most = MOST_BYTES // 1_000_000
    return render_template("doors_import.html", most=most, errors=errors, datums=datums())
