"""The codes of an edition: what does not fit the scheme, and giving a draft new ones."""

import csv
import io

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.errors import Conflict, Invalid
from gridtrack.grids.codes import CodeFault
from gridtrack.http.context import look, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import may
from gridtrack.queries.codes import codes_page, mapping_rows, names_old_codes
from gridtrack.usecases.check_edition import examine_edition, keep_check
from gridtrack.usecases.renumber_edition import (
    Renumbering,
    apply_renumbering,
    plan_renumbering,
)
from gridtrack.web.forms import messages
from gridtrack.web.gettext import gettext
from gridtrack.web.stories import say

HEAD = ("level", "name", "old_code", "new_code", "old_path", "new_path")
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
        _as_shown(planned, request.form.get("revision", ""))
        with work() as unit:
            apply_renumbering(unit, planned)
        with look() as unit:
            examined = examine_edition(unit, edition_id)
        with work() as unit:
            keep_check(unit, examined)
    except (Invalid, Conflict) as error:
        return _page(edition_id, "", messages(error)), status_of(error)
    flash(gettext("Renumbered. The table of old and new codes is below."), "ok")
    return redirect(url_for("web.edition_codes", edition_id=edition_id), code=303)


@may(Permission.GRIDS_DRAW)
def edition_codes_table(edition_id: int, edit_id: int) -> AnyResponse:
    """The table of a renumbering as CSV."""
    with look() as unit:
        rows = mapping_rows(unit, edition_id, edit_id)
    name = f"codes-{edition_id}-{edit_id}.csv"
    return Response(
        _table(rows),
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


def _as_shown(planned: Renumbering, revision: str) -> None:
    """Raise Conflict where it would not be what the person saw and agreed to."""
    if revision != str(planned.revision):
        raise Conflict("edition-other-revision", id=planned.edition_id, revision=planned.revision)


def _table(rows: list[tuple[str, ...]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(HEAD)
    # A name that a spreadsheet would calculate is shown as it is.
    writer.writerows([f"'{cell}" if cell[:1] in "=+-@" else cell for cell in row] for row in rows)
    return "\ufeff" + file.getvalue()
