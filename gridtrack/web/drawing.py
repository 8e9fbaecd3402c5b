"""Drawing in a draft: the page, its plain forms, and what the map on it sends and asks."""

import json
from typing import Any

import shapely
from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.errors import Conflict, Forbidden, GridtrackError, Invalid, NotFound
from gridtrack.grids.drawing import Change
from gridtrack.grids.explain import explain
from gridtrack.grids.operations import Operation, operations_from
from gridtrack.http.context import locale, look, work
from gridtrack.http.errors import status_of, wants_json
from gridtrack.http.guard import may
from gridtrack.i18n.sentences import sentence
from gridtrack.queries.drawing import DrawPage, draw_page, standing
from gridtrack.usecases.edit_draft import Edited, edit_draft, preview_edit, undo_edit
from gridtrack.web.drawing_forms import asked_by_form, kind_words
from gridtrack.web.fresh import if_changed
from gridtrack.web.gettext import gettext
from gridtrack.web.words import exactly

FAULTS_TOLD = 3  # after a plain form; a cookie carries them


@may(Permission.GRIDS_DRAW)
def edition_draw(edition_id: int) -> str | AnyResponse | tuple[str, int]:
    """The page; sent as a form, the change that its fields ask for, saved at once."""
    if request.method == "GET":
        return _page(edition_id, request.args.get("grid", "")[:64])
    code = request.form.get("grid", "")[:64]
    try:
        operations = operations_from(asked_by_form(request.form))
        with work() as unit:
            done = edit_draft(unit, edition_id, operations, _number("revision"))
    except (Invalid, Conflict, Forbidden, NotFound) as error:
        said = {"form": sentence(error.code, locale(), **error.params)}
        return _page(edition_id, code, errors=said), status_of(error)
    flash(gettext("Saved."), "ok")
    for fault, _ in done.faults[:FAULTS_TOLD]:
        flash(explain(fault, locale()), "bad")
    shown = next((c.after.code for c in done.changes if c.before and c.before.code == code
                  and c.after), "")  # fmt: skip
    return redirect(url_for("web.edition_draw", edition_id=edition_id, grid=shown), code=303)


def _page(edition_id: int, code: str, errors: dict[str, str] | None = None) -> str:
    with look() as unit:
        page = draw_page(unit, edition_id, code)
    return render_template(
        "draw.html",
        page=page,
        kinds=kind_words(),
        asked=code,
        errors=errors or {},
        typed=_typed(page) if errors else None,
    )


def _typed(page: DrawPage) -> dict[str, list[str]] | None:
    """The coordinates as they were typed, to be shown again; None where they were not sent."""
    typed = {name: request.form.getlist(name) for name in ("lon", "lat")}
    count = len(page.chosen.vertices) if page.chosen else -1
    return typed if all(len(one) == count for one in typed.values()) else None


@may(Permission.GRIDS_DRAW)
def edition_draw_preview(edition_id: int) -> Response:
    """What the operations sent would do, without doing it."""
    operations = _sent()
    with look() as unit:
        return jsonify(_answer(preview_edit(unit, edition_id, operations)))


@may(Permission.GRIDS_DRAW)
def edition_draw_save(edition_id: int) -> Response:
    """Save the operations sent, at the revision that their sender saw."""
    operations = _sent()
    with work() as unit:
        return jsonify(_answer(edit_draft(unit, edition_id, operations, _number("revision"))))


@may(Permission.GRIDS_DRAW)
def edition_draw_undo(edition_id: int) -> AnyResponse | tuple[str, int]:
    """Take a saved change back, or do one again that was taken back."""
    try:
        with work() as unit:
            done = undo_edit(unit, edition_id, _number("edit"), _number("revision"))
    except GridtrackError as error:
        if wants_json() or not isinstance(error, Conflict | Forbidden):
            raise
        said = {"form": sentence(error.code, locale(), **error.params)}
        return _page(edition_id, "", errors=said), status_of(error)
    if wants_json():
        return jsonify(_answer(done))
    flash(gettext("Saved."), "ok")
    return redirect(url_for("web.edition_draw", edition_id=edition_id), code=303)


@may(Permission.GRIDS_DRAW)
def edition_draw_state(edition_id: int) -> AnyResponse:
    """Where the draft stands: asked again and again by whoever draws in it."""
    with look() as unit:
        found = standing(unit, edition_id)
    mark = f"draw:{edition_id}:{found.revision}:{found.state}:{locale()}"
    said = {
        "revision": found.revision,
        "state": found.state,
        "by": found.by,
        "at": exactly(found.at),
    }
    return if_changed(mark, lambda: jsonify(said))


def _sent() -> tuple[Operation, ...]:
    given = request.get_json(silent=True)
    return operations_from(given.get("operations") if isinstance(given, dict) else None)


def _number(name: str) -> int:
    given: Any = request.get_json(silent=True) if request.is_json else request.form
    value = given.get(name) if given is not None else None
    text = str(value) if not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid("required", field=name, value=text)
    return int(text)


def _answer(done: Edited) -> dict[str, Any]:
    """An edit as the map wants it: the grids as they are now, those that went, and the faults."""
    return {
        "revision": done.revision,
        "changed": _collection([_grid(change) for change in done.changes if change.after]),
        "gone": [one.before.code for one in done.changes if one.before and not one.after],
        "faults": _collection(
            [
                _feature(
                    shape,
                    code=fault.code.value,
                    level=fault.level,
                    message=explain(fault, locale()),
                    place=list(fault.place) if fault.place else None,
                )
                for fault, shape in done.faults
            ]
        ),
    }


def _grid(change: Change) -> dict[str, Any]:
    grid = change.after
    assert grid is not None
    return _feature(
        grid.shape,
        code=grid.code,
        name=grid.name,
        name_en=grid.name_en,
        path=grid.path,
        level=grid.level,
        parent=grid.parent,
        was=change.before.code if change.before else None,
    )


def _feature(shape: shapely.Geometry, **properties: object) -> dict[str, Any]:
    geometry = None if shape.is_empty else json.loads(shapely.to_geojson(shape))
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}
