"""Bringing grids in, step by step; every step is a form that works without scripts."""

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.errors import Invalid
from gridtrack.grids import store as grids
from gridtrack.grids.rules import LEVELS
from gridtrack.http.context import look, runtime, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import may
from gridtrack.http.sizes import takes_up_to
from gridtrack.imports.rules import MOST_BYTES, SUFFIXES, Step, reached
from gridtrack.queries.imports import ImportPage, import_page, open_imports
from gridtrack.tasks import files
from gridtrack.usecases.grid_imports import (
    Given,
    cancel_import,
    declare_datum,
    give_files,
    look_again,
    map_fields,
)
from gridtrack.web import import_shown
from gridtrack.web.asked import whole
from gridtrack.web.forms import messages
from gridtrack.web.fresh import if_changed, ready_packed
from gridtrack.web.gettext import gettext
from gridtrack.web.tasks import shown as task_shown

Answer = str | AnyResponse | tuple[str, int]
READING = ("crs", "layer", "encoding")
# Three levels at once, and what a form wraps around them.
REQUEST_MOST = LEVELS * MOST_BYTES + 1_000_000
_NAME_LONGEST = 100


@may(Permission.GRIDS_EDIT)
@takes_up_to(REQUEST_MOST)
def import_start() -> Answer:
    """Step 1: choose files; and what was begun before."""
    again_id = whole(request.values.get("again", ""))
    said = {name: request.form.get(name, "").strip() for name in READING}
    if request.method == "GET":
        return _start(again_id, said, {})
    instance = runtime().settings.instance
    folder = files.new_folder(instance)
    try:
        with ExitStack() as undo:
            undo.callback(files.drop, instance, folder)
            given = [_take(instance, folder, level, one) for level, one in _sent()]
            with work() as unit:
                before = import_page(unit, again_id).folder if again_id else ""
                one = give_files(unit, folder, given, said, again_id)
            undo.pop_all()  # the import has them now
    except Invalid as error:
        return _start(again_id, said, messages(error)), status_of(error)
    files.drop(instance, before)
    return _to("import_place", one.id)


@may(Permission.GRIDS_EDIT)
def import_at(import_id: int) -> AnyResponse:
    """To the step it has come to."""
    page = page_of(import_id)
    if page.step is Step.DONE:
        return _done(page)
    return _to(f"import_{page.step.value}", import_id)


@may(Permission.GRIDS_EDIT)
def import_place(import_id: int) -> Answer:
    """Step 2: the files on the map, and the datum they are in."""
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            with work() as unit:
                declare_datum(unit, import_id, request.form.get("datum", ""))
            return _to("import_fields", import_id)
        except Invalid as error:
            errors, status = messages(error), status_of(error)
    page = page_of(import_id)
    if page.step is Step.DONE:
        return _done(page)
    typed = {**page.said, **request.form.to_dict()}
    told = import_shown.place(page, runtime().settings.instance)
    with look() as unit:
        edition = grids.edition_at(unit.session, unit.now)
    in_force = None if edition is None else edition.id
    return render("place", page, typed, errors, status, **told, in_force=in_force)


@may(Permission.GRIDS_EDIT)
def import_look(import_id: int) -> AnyResponse:
    """Read the files anew with what was declared of them."""
    said = {name: request.form.get(name, "").strip() for name in READING}
    with work() as unit:
        look_again(unit, import_id, said)
    return _to("import_place", import_id)


@may(Permission.GRIDS_EDIT)
def import_preview(import_id: int, datum: str) -> AnyResponse:
    """The files as they lie if they are in `datum`, as GeoJSON."""
    page = page_of(import_id)
    folder = files.folder_of(runtime().settings.instance, page.folder)
    path = import_shown.preview_file(folder, datum)
    mark = f"preview:{page.folder}:{datum}:{path.stat().st_mtime_ns}"
    return if_changed(mark, lambda: ready_packed(path.read_bytes()))


@may(Permission.GRIDS_EDIT)
def import_fields(import_id: int) -> Answer:
    """Step 3: which column is what, and the rule of the check."""
    errors: dict[str, str] = {}
    status = 200
    form = request.form
    if request.method == "POST":
        try:
            with work() as unit:
                tolerance, depth = form.get("tolerance", ""), form.get("depth", "")
                map_fields(unit, import_id, form.to_dict(), tolerance, depth)
            return _to("import_findings", import_id)
        except Invalid as error:
            errors, status = messages(error), status_of(error)
    page = page_of(import_id)
    if page.step is Step.DONE or not reached(page.step, Step.FIELDS):
        return import_at(import_id)
    typed = {**import_shown.field_choices(page), **form.to_dict()}
    return render("fields", page, typed, errors, status)


@may(Permission.GRIDS_EDIT)
def import_cancel(import_id: int) -> AnyResponse:
    """End it; nothing of it stays."""
    with work() as unit:
        page = import_page(unit, import_id)
        cancel_import(unit, import_id)
    if page.task is None or page.task.state != "running":  # else it goes with the task
        files.drop(runtime().settings.instance, page.folder)
    flash(gettext("The import was cancelled. Nothing of it was kept."), "ok")
    return redirect(url_for("web.import_start"), code=303)


def _sent() -> Iterable[tuple[int, FileStorage]]:
    for level in range(LEVELS + 1):
        for one in request.files.getlist(f"file{level}"):
            if one.filename:
                yield level, one


def _take(instance: Path, folder: str, level: int, sent: FileStorage) -> Given:
    """Keep a sent file under a name of ours that still shows what it was called."""
    called = (sent.filename or "").replace("\\", "/").rpartition("/")[2]
    called = "".join(letter for letter in called if letter.isprintable())[-_NAME_LONGEST:]
    if not called.lower().endswith(SUFFIXES):
        raise Invalid("import-file-kind", field=f"file{level}", value=called)
    own = files.folder_of(instance, folder) / str(level)
    own.mkdir(exist_ok=True)
    if (own / called).exists():
        raise Invalid("import-levels", field=f"file{level}", value=called)
    try:
        size = files.take(sent.stream, own / called, MOST_BYTES, called)
    except Invalid as error:
        params = {k: v for k, v in error.params.items() if k not in ("field", "value")}
        raise Invalid(error.code, field=f"file{level}", value=called, **params) from None
    if not size:
        raise Invalid("file-empty", field=f"file{level}", value=called)
    return Given(called, f"{level}/{called}", level, size)


def _start(again_id: int | None, said: dict[str, str], errors: dict[str, str]) -> str:
    with look() as unit:
        found = open_imports(unit)
        page = import_page(unit, again_id) if again_id else None
    before = page.said if page else {}
    typed = {name: value or before.get(name, "") for name, value in said.items()}
    return render_template(
        "import_start.html",
        imports=[one for one in found if page is None or one.id != page.id],
        page=page,
        typed=typed,
        errors=errors,
        most=MOST_BYTES,
    )


def page_of(import_id: int) -> ImportPage:
    """The import, whose files are still there; raises NotFound."""
    with look() as unit:
        page = import_page(unit, import_id)
    if page.step is not Step.DONE:
        files.folder_of(runtime().settings.instance, page.folder)  # gone after a day
    return page


def render(
    step: str,
    page: ImportPage,
    typed: dict[str, Any],
    errors: dict[str, str],
    status: int,
    **more: Any,
) -> tuple[str, int]:
    """The page of a step, with what runs for it."""
    task = {}
    if page.task is not None:
        task = task_shown(page.task, url_for(f"web.import_{step}", import_id=page.id))
    shown = {**task, **more, "page": page, "typed": typed, "errors": errors, "step": step}
    return render_template(f"import_{step}.html", **shown), status


def _to(endpoint: str, import_id: int) -> AnyResponse:
    return redirect(url_for(f"web.{endpoint}", import_id=import_id), code=303)


def _done(page: ImportPage) -> AnyResponse:
    return redirect(url_for("web.edition", edition_id=page.edition_id), code=303)
