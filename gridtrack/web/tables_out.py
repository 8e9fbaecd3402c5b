"""Asking for a table of matters, and getting the file when it is there."""

from datetime import date

from flask import redirect, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.errors import Invalid, NotFound
from gridtrack.http.context import locale, look, runtime, work
from gridtrack.http.guard import may
from gridtrack.queries.matters_out import FILE, Wanted, count_matters
from gridtrack.queries.tasks import own_task
from gridtrack.sheets.writing import MEDIA, Kind, refuse_too_many
from gridtrack.tasks import files
from gridtrack.usecases.start_task import start_task


@may(Permission.FIGURES)
def matters_out() -> AnyResponse:
    """Ask for the matters of a span as a file: the worker writes it, the page shows how far."""
    given = request.form
    try:
        begin, end = (date.fromisoformat(given.get(name, "")) for name in ("begin", "end"))
    except ValueError as error:
        value = given.get("begin", "")[:40]
        raise Invalid("figures-date", field="begin", value=value) from error
    kind = Kind.XLSX if given.get("format") == Kind.XLSX.value else Kind.CSV
    wanted = Wanted(begin, end, given.get("scope", "")[:200], given.get("category", "")[:8])
    with look() as unit:
        refuse_too_many(kind, count_matters(unit, wanted))
    with work() as unit:
        task = start_task(unit, "matters-out", {
            "begin": begin.isoformat(), "end": end.isoformat(), "scope": wanted.scope,
            "category": wanted.category, "format": kind.value, "locale": locale(),
            "folder": files.new_folder(runtime().settings.instance),
        })  # fmt: skip
    return redirect(url_for("web.task", task_id=task.id), code=303)


@may(Permission.FIGURES)
def table_file(task_id: int) -> AnyResponse:
    """The file that a task made, for whoever asked for it; raises NotFound after a day."""
    with look() as unit:
        task = own_task(unit, task_id)
        result = dict(task.result or {})
        mine = task.created_by == unit.actor.person_id
    # An administrator may end the work of others, but their files are not his to read.
    if not mine or task.kind != "matters-out" or "folder" not in result:
        raise NotFound("task-not-found", id=task_id)
    path = files.folder_of(runtime().settings.instance, result["folder"]) / FILE
    if not path.is_file():
        raise NotFound("upload-not-found", name=result["name"])
    kind = Kind(result["format"])
    response = send_file(
        path.absolute(), mimetype=MEDIA[kind], as_attachment=True, download_name=result["name"]
    )
    response.headers["Cache-Control"] = "no-store"
    return response
