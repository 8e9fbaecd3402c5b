"""The last steps of bringing grids in: what the check found, and the draft."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.errors import Invalid
from gridtrack.http.context import runtime, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import may
from gridtrack.imports.rules import Step, reached
from gridtrack.usecases.grid_imports import Decision, accept_findings
from gridtrack.web import import_shown
from gridtrack.web.forms import messages
from gridtrack.web.imports import Answer, import_at, page_of, render


@may(Permission.GRIDS_EDIT)
def import_findings(import_id: int) -> Answer:
    """Step 4: what the check found; take it by kind with a reason, or go back."""
    errors: dict[str, str] = {}
    status = 200
    accept = request.form.getlist("accept")
    if request.method == "POST":
        try:
            form = request.form
            decision = Decision(form.get("name", ""), frozenset(accept), form.get("note", ""))
            with work() as unit:
                accept_findings(unit, import_id, decision)
            return redirect(url_for("web.import_store", import_id=import_id), code=303)
        except Invalid as error:
            errors, status = messages(error), status_of(error)
    page = page_of(import_id)
    if page.step is Step.DONE or not reached(page.step, Step.FINDINGS):
        return import_at(import_id)
    typed = {**import_shown.draft_said(page), **request.form.to_dict()}
    if request.method == "POST":
        typed["accept"] = accept
    told = import_shown.findings(page, runtime().settings.instance)
    return render("findings", page, typed, errors, status, **told)


@may(Permission.GRIDS_EDIT)
def import_store(import_id: int) -> Answer:
    """Step 5: the draft is being made, or why it was not."""
    page = page_of(import_id)
    if page.step is not Step.STORE:
        answer: AnyResponse = import_at(import_id)
        return answer
    return render("store", page, {}, {}, 200)
