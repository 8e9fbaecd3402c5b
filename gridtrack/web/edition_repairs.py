"""Repairs that are offered for an edition: what each would do, and doing it."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.errors import Conflict, GridtrackError, Invalid
from gridtrack.grids.repairs import Kind, offered
from gridtrack.http.context import look, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import may
from gridtrack.queries.findings import Wanted, findings_page
from gridtrack.usecases.repair_edition import Planned, apply_repair, plan_repair
from gridtrack.web.edition_check import check_now, require_shown
from gridtrack.web.forms import messages
from gridtrack.web.gettext import gettext
from gridtrack.web.stories import say


@may(Permission.GRIDS_DRAW)
def edition_repairs(edition_id: int) -> str | tuple[str, int]:
    """The kinds of repair on offer; with `kind`, what that one would do to each grid."""
    asked = request.args.get("kind", "")
    planned = None
    try:
        if asked:
            with look() as unit:
                planned = plan_repair(unit, edition_id, _kind(asked))
    except (Invalid, Conflict) as error:
        return _page(edition_id, None, messages(error)), status_of(error)
    return _page(edition_id, planned)


@may(Permission.GRIDS_EDIT)
def edition_repairs_do(edition_id: int) -> AnyResponse | tuple[str, int]:
    """Do a repair as it was shown, at the revision that was shown, and check again."""
    try:
        with look() as unit:
            planned = plan_repair(unit, edition_id, _kind(request.form.get("kind", "")))
        require_shown(edition_id, planned.revision, request.form.get("revision", ""))
        with work() as unit:
            apply_repair(unit, planned)
        onward = check_now(edition_id)
    except (Invalid, Conflict) as error:
        return _again(edition_id, error)
    flash(gettext("Repaired and checked again. The record has what was done."), "ok")
    return onward or redirect(url_for("web.edition_findings", edition_id=edition_id), code=303)


def kind_name(kind: str) -> str:
    """What a kind of repair is called."""
    return say(f"repair-{kind}")


def _page(edition_id: int, planned: Planned | None, errors: dict[str, str] | None = None) -> str:
    with look() as unit:
        page = findings_page(unit, edition_id, Wanted())
    offers = offered(page.faults, page.within)
    return render_template(
        "repairs.html",
        page=page,
        offers=[(one.value, kind_name(one), say(f"repair-{one}-how"), offers[one])
                for one in offers],
        planned=planned,
        kind_name=kind_name,
        errors=errors or {},
    )  # fmt: skip


def _again(edition_id: int, error: GridtrackError) -> tuple[str, int]:
    return _page(edition_id, None, messages(error)), status_of(error)


def _kind(text: str) -> Kind:
    if text not in set(Kind):
        raise Invalid("repair-unknown", field="kind", value=text)
    return Kind(text)
