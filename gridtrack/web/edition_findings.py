"""What the check of an edition found: list and map, checking again, taking faults knowingly."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.errors import Conflict, GridtrackError, Invalid
from gridtrack.grids.explain import explain, shown_size
from gridtrack.grids.findings import Weight
from gridtrack.grids.rules import Fault, FaultCode
from gridtrack.http.context import locale, look, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import may
from gridtrack.queries.findings import Wanted, findings_map, findings_mark, findings_page
from gridtrack.usecases.check_edition import accept_faults
from gridtrack.web.edition_check import check_now
from gridtrack.web.forms import messages
from gridtrack.web.fresh import if_changed, ready_packed
from gridtrack.web.gettext import gettext, ngettext
from gridtrack.web.stories import kind_word, say


@may(Permission.GRIDS_DRAW)
def edition_findings(edition_id: int) -> str:
    """The findings of the last check, those asked for."""
    return _page(edition_id)


@may(Permission.GRIDS_DRAW)
def edition_findings_map(edition_id: int) -> AnyResponse:
    """The same findings as GeoJSON, for the map beside the list."""
    wanted = _wanted()

    def told(fault: Fault) -> str:
        return explain(fault, locale())

    with look() as unit:
        mark = f"{findings_mark(unit, edition_id, wanted)}:{locale()}"
        return if_changed(mark, lambda: ready_packed(findings_map(unit, edition_id, wanted, told)))


@may(Permission.GRIDS_DRAW)
def edition_findings_check(edition_id: int) -> AnyResponse | tuple[str, int]:
    """Check it as it is now."""
    try:
        onward = check_now(edition_id)
    except (Invalid, Conflict) as error:
        return _again(edition_id, error)
    if onward is not None:
        return onward
    flash(gettext("Checked. The list shows what there is now."), "ok")
    return redirect(url_for("web.edition_findings", edition_id=edition_id), code=303)


@may(Permission.GRIDS_EDIT)
def edition_findings_accept(edition_id: int) -> AnyResponse | tuple[str, int]:
    """Take the chosen faults knowingly, or every one of a kind that does not block."""
    form = request.form
    try:
        numbers = [_number(text) for text in form.getlist("fault")]
        if form.get("kind"):
            numbers += _of_kind(edition_id, form["kind"])
        revision = _number(form.get("revision", ""))
        with work() as unit:
            accept_faults(unit, edition_id, numbers, revision, reason=form.get("reason", ""))
    except (Invalid, Conflict) as error:
        return _again(edition_id, error)
    count = len(set(numbers))
    said = ngettext("%(num)d fault accepted.", "%(num)d faults accepted.", count)
    flash(said, "ok")
    back = url_for("web.edition_findings", edition_id=edition_id, left=form.get("left") or None)
    return redirect(back, code=303)


def _page(
    edition_id: int, errors: dict[str, str] | None = None, reason: str = "", chosen: str = ""
) -> str:
    wanted = _wanted()
    at = request.args.get("page", "")
    with look() as unit:
        number = int(at) if at.isascii() and at.isdecimal() and len(at) < 7 else 1
        page = findings_page(unit, edition_id, wanted, number, locale())
    return render_template(
        "findings.html",
        page=page,
        wanted=wanted,
        asked={k: v for k, v in _asked(wanted).items() if v},
        kinds=[(code, kind_word(code)) for code in page.kinds],
        weights=[(one, say(f"fault-weight-{one}")) for one in page.weights],
        levels=[(level, str(level)) for level in page.levels],
        kind_word=kind_word,
        told=lambda fault: explain(fault, locale()),
        size=shown_size,
        reason=reason,
        chosen=chosen,
        errors=errors or {},
    )


def _again(edition_id: int, error: GridtrackError) -> tuple[str, int]:
    chosen = ",".join(request.form.getlist("fault"))
    reason = request.form.get("reason", "")
    return _page(edition_id, messages(error), reason, chosen), status_of(error)


def _wanted() -> Wanted:
    """The filter in the address; what it does not know it leaves out."""
    args = request.args
    code, weight, level = args.get("code", ""), args.get("weight", ""), args.get("level", "")
    return Wanted(
        code if code in set(FaultCode) else "",
        int(level) if level in tuple("123456789") else 0,
        weight if weight in set(Weight) else "",
        left=args.get("left") == "1",
    )


def _asked(wanted: Wanted) -> dict[str, str]:
    level = str(wanted.level or "")
    left = "1" if wanted.left else ""
    return {"code": wanted.code, "level": level, "weight": wanted.weight, "left": left}


def _of_kind(edition_id: int, code: str) -> list[int]:
    with look() as unit:
        page = findings_page(unit, edition_id, Wanted(code=code, left=True))
        return list(page.light)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Invalid("fault-unknown", field="fault", value=text)
    return int(text)
