"""The patrol page, the track that a phone sends, checkpoints and the sheet of their QR codes."""

from datetime import datetime

import segno
from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from markupsafe import Markup
from pydantic import AwareDatetime, BaseModel, ValidationError
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission, permits
from gridtrack.errors import Invalid
from gridtrack.http.context import actor, locale, look, runtime, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import may
from gridtrack.patrol.rules import Point
from gridtrack.queries.patrol import Mark, checkpoint_at, checkpoints_page, patrol_page
from gridtrack.usecases.patrol import (
    Track,
    keep_track,
    pass_checkpoint,
    put_up_checkpoint,
    take_down_checkpoint,
)
from gridtrack.web.forms import messages
from gridtrack.web.gettext import gettext


class SentTrack(BaseModel):
    """A piece of a walk as the page sends it: points are [time, lon, lat, accuracy]."""

    client_id: str
    started_at: AwareDatetime
    sent_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    points: list[tuple[AwareDatetime, float, float, float]] = []
    all_normal: bool = False
    note: str = ""


@may(Permission.WORK)
def patrol() -> str:
    """Start, walk, stop; what of my grids was covered this week."""
    with look() as unit:
        page = patrol_page(unit, locale())
    days, directs = runtime().settings.patrol_days, permits(actor(), Permission.DIRECT)
    return render_template("patrol.html", page=page, days=days, directs=directs)


@may(Permission.WORK)
def patrol_track() -> Response:
    """Take in a piece of a walk."""
    try:
        sent = SentTrack.model_validate(request.get_json(silent=True) or {})
    except ValidationError as error:
        fault = error.errors()[0]
        value = ".".join(map(str, fault["loc"]))
        raise Invalid("track-bad", field="points", value=value) from error
    points = [Point(_utc(at), lon, lat, accuracy) for at, lon, lat, accuracy in sent.points]
    given = sent.model_dump(exclude={"points"})
    with work() as unit:
        walked = keep_track(unit, Track(points=points, **given))
    return jsonify(points=walked.points, metres=walked.metres, off_duty=walked.off_duty)


def _utc(at: datetime) -> datetime:
    return at


@may(Permission.WORK)
def checkpoint(code: str) -> str | AnyResponse:
    """What a scanned code leads to: one button, and then it is written down."""
    if request.method == "POST":
        with work() as unit:
            found = pass_checkpoint(unit, code)
        flash(gettext("You were at %(name)s.", name=found.name), "ok")
        return redirect(url_for("web.patrol"), code=303)
    with look() as unit:
        mark = checkpoint_at(unit, code, locale())
    return render_template("checkpoint.html", mark=mark)


@may(Permission.DIRECT)
def checkpoints() -> str | AnyResponse | tuple[str, int]:
    """The checkpoints of the grids that the reader directs; a new one."""
    form = {name: request.form.get(name, "") for name in ("name", "grid")}
    if request.method == "GET":
        return _checkpoints(form, {})
    try:
        with work() as unit:
            put_up_checkpoint(unit, form["name"], form["grid"])
    except Invalid as error:
        return _checkpoints(form, messages(error)), status_of(error)
    flash(gettext("The checkpoint is there. Print its code and put it up."), "ok")
    return redirect(url_for("web.checkpoints"), code=303)


def _checkpoints(form: dict[str, str], errors: dict[str, str]) -> str:
    with look() as unit:
        marks, leaves = checkpoints_page(unit, locale())
    return render_template("checkpoints.html", marks=marks, leaves=leaves, form=form, errors=errors)


@may(Permission.DIRECT)
def checkpoint_end(code: str) -> AnyResponse:
    """Take a checkpoint down."""
    with work() as unit:
        take_down_checkpoint(unit, code)
    flash(gettext("The checkpoint is taken down."), "ok")
    return redirect(url_for("web.checkpoints"), code=303)


@may(Permission.DIRECT)
def checkpoints_sheet() -> str:
    """The codes to print and to put up."""
    with look() as unit:
        marks, _leaves = checkpoints_page(unit, locale())
    return render_template("checkpoints_sheet.html", marks=[(one, _qr(one)) for one in marks])


def _qr(mark: Mark) -> Markup:
    base = runtime().settings.public_url.rstrip("/")
    path = url_for("web.checkpoint", code=mark.code)
    url = f"{base}{path}" if base else url_for("web.checkpoint", code=mark.code, _external=True)
    drawn = segno.make(url, error="m").svg_inline(scale=5, omitsize=True, border=2)
    return Markup(drawn)  # noqa: S704 - drawn by us from an address of ours
