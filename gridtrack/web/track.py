"""A resident follows a report by number and code: how it goes on, in plain words."""

from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.errors import NotFound
from gridtrack.http.context import locale, look
from gridtrack.http.guard import public
from gridtrack.http.limits import TRACK, limiter
from gridtrack.i18n.sentences import sentence
from gridtrack.queries.track import Progress, Put, TrackPage
from gridtrack.queries.track import track as track_report
from gridtrack.web import stories
from gridtrack.web.forms import label_of
from gridtrack.web.gettext import gettext


@public
@limiter.limit(TRACK, methods=["POST"])
def track_form() -> str | AnyResponse | tuple[str, int]:
    """Ask for number and code; both are kept in the browser's session, never in an address."""
    if request.method == "GET":
        form = {"number": request.args.get("number", "")[:20], "code": ""}
        return render_template("track.html", form=form)
    form = {name: request.form.get(name, "")[:40] for name in ("number", "code")}
    errors = {
        name: sentence("required", locale(), field=label_of(name))
        for name, text in form.items()
        if not text.strip()
    }
    if not errors:
        try:
            with look() as unit:
                track_report(unit, form["number"], form["code"], locale())
        except NotFound as error:
            errors = {"number": sentence(error.code, locale(), **error.params)}
    if errors:
        return render_template("track.html", form=form, errors=errors), 422
    session["track"] = form
    return redirect(url_for("web.progress"), code=303)


@public
def progress() -> str | AnyResponse:
    """How the report goes on, in plain words."""
    known = session.get("track")
    if not known:
        return redirect(url_for("web.track_form"))
    with look() as unit:
        page = track_report(unit, known["number"], known["code"], locale())
    return render_template("progress.html", page=_told(page))


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four steps every report takes."""

    word: str
    done: bool
    current: bool


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """The resident's page in words."""

    number: str
    headline: str
    explained: str
    category: str
    grid: str
    reported_at: datetime
    promises: tuple[tuple[str, datetime], ...]
    steps: tuple[Step, ...]
    lines: tuple[stories.TimelineLine, ...]
    questions: tuple[Put, ...]


_REACHED = {
    "reported": 1, "assigned": 1, "acknowledged": 2, "in_progress": 2, "on_hold": 2,
    "resolved": 3, "closed": 4, "rejected": 4, "duplicate": 4,
}  # fmt: skip


def _told(page: TrackPage) -> ProgressPage:
    reached = _REACHED[page.state]
    names = (  # when it is done, and until then
        (gettext("Received"), ""),
        (gettext("Confirmed"), gettext("To be confirmed")),
        (gettext("Handled"), gettext("To be handled")),
        (gettext("Closed"), gettext("To be checked")),
    )
    steps = tuple(
        Step(done if n < reached else to_do, done=n < reached, current=n == reached)
        for n, (done, to_do) in enumerate(names)
    )
    headline, explained = stories.for_residents(page.state)
    return ProgressPage(
        page.number,
        headline,
        explained,
        page.category_name,
        page.grid_name,
        page.reported_at,
        tuple((stories.say(f"clock-{clock}"), due_at) for clock, due_at in page.promises),
        steps,
        tuple(_line(one) for one in reversed(page.progress)),
        page.questions,
    )


def _line(one: Progress) -> stories.TimelineLine:
    tone, sign = stories.LOOKS.get(one.kind, ("idle", "note"))
    what = sentence(f"progress-{one.kind}", locale())
    told = one.offline
    both = (stories.both_times(one.kind, told, one.recorded_at),) if told else ()
    return stories.TimelineLine(tone, sign, what, one.at, said=one.words, more=both)
