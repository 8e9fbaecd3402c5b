"""The codes of an edition: what does not fit the scheme, and giving a draft new ones."""

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.errors import Conflict, Invalid
from gridtrack.grids.codes import CodeFault
from gridtrack.http.context import look, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import may
from gridtrack.queries.codes import MAPPING_HEAD, codes_page, mapping_rows, names_old_codes
from gridtrack.sheets.csv_text import csv_text
from gridtrack.usecases.renumber_edition import (
    apply_renumbering,
    plan_renumbering,
)
from gridtrack.web.edition_check import check_now, require_shown
from gridtrack.web.forms import messages
from gridtrack.web.gettext import gettext
from gridtrack.web.stories import say

ALL, WRONG = "all", "wrong"


@may(Permission.GRIDS_DRAW)
def edition_codes(edition_id: int) -> str | tuple[str, int]:
    """The scheme and what does not fit it; with `plan`, the table of new codes."""
    plan = request.args.get("plan", "")
    try:
        return _page(edition_id, plan if plan in (ALL, WRONG) else "")
    except (Invalid, Conflict) as error:
        if not plan:
            raise
        return _page(edition_id, "", messages(error)), status_of(error)


@may(Permission.GRIDS_EDIT)
def edition_codes_do(edition_id: int) -> AnyResponse | tuple[str, int]:
    """Give new codes as shown, at the revision that was shown, and check again."""
    keep = request.form.get("plan") == WRONG
    try:
        with look() as unit:
            planned = plan_renumbering(unit, edition_id, keep=keep)
        require_shown(edition_id, planned.revision, request.form.get("revision", ""))
        with work() as unit:
            apply_renumbering(unit, planned)
        onward = check_now(edition_id)
    except (Invalid, Conflict) as error:
        return _page(edition_id, "", messages(error)), status_of(error)
    flash(gettext("Renumbered. The table of old and new codes is below."), "ok")
    return onward or redirect(url_for("web.edition_codes", edition_id=edition_id), code=303)


@may(Permission.GRIDS_DRAW)
def edition_codes_table(edition_id: int, edit_id: int) -> AnyResponse:
    """The table of a renumbering as CSV."""
    with look() as unit:
        rows = mapping_rows(unit, edition_id, edit_id)
    name = f"codes-{edition_id}-{edit_id}.csv"
    return Response(
        csv_text([MAPPING_HEAD, *rows]),
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


def told(fault: CodeFault) -> str:
    """A fault of codes as a sentence."""
    values = {"level": fault.level, "grids": fault.codes, **fault.params}
    return say(f"code-fault-{fault.kind}", **values)


def _page(edition_id: int, plan: str, errors: dict[str, str] | None = None) -> str:
    planned, named = None, None
    with look() as unit:
        page = codes_page(unit, edition_id)
        if plan:
            planned = plan_renumbering(unit, edition_id, keep=plan == WRONG)
            named = names_old_codes(unit, planned.paths)
    return render_template(
        "codes.html",
        page=page,
        plan=plan,
        planned=planned,
        named=named,
        told=told,
        say=say,
        patterns=[(level, one.text) for level, one in page.scheme.levels.items()],
        errors=errors or {},
    )
