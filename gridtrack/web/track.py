"""A resident follows a report by number and code: how it goes on, what was done, what they say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, send_file, session, url_for
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.errors import Conflict, GridtrackError, Invalid, NotFound, TooMany
from gridtrack.http.context import locale, look, runtime, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import public
from gridtrack.http.limits import TRACK, limiter
from gridtrack.i18n.sentences import sentence
from gridtrack.queries.track import Progress, Put, TrackPage, shown_photo
from gridtrack.queries.track import track as track_report
from gridtrack.residents.rules import STARS, Solved
from gridtrack.usecases.judge_handling import Judgement, judge_handling
from gridtrack.usecases.try_code import try_code
from gridtrack.web import stories
from gridtrack.web.asked import whole
from gridtrack.web.forms import label_of, messages
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
            _tried(form)
        except (NotFound, TooMany) as error:
            told = sentence(error.code, locale(), **error.params)
            page = render_template("track.html", form=form, errors={"number": told})
            return page, 422 if isinstance(error, NotFound) else status_of(error)
    if errors:
        return render_template("track.html", form=form, errors=errors), 422
    session["track"] = form
    return redirect(url_for("web.progress"), code=303)


def _tried(form: dict[str, str]) -> None:
    """Nothing where number and code fit; a wrong try is counted before anything is said."""
    with work() as unit:
        tried = try_code(unit, form["number"], form["code"], get_remote_address())
    if tried.wait_s:
        raise TooMany("code-slowed", seconds=tried.wait_s, retry_after_s=tried.wait_s)
    if not tried.right:
        raise NotFound("track-not-found")


@public
def progress() -> str | AnyResponse:
    """How the report goes on, in plain words."""
    known = session.get("track")
    if not known:
        return redirect(url_for("web.track_form"))
    return _page(known, {}, {})


def _page(known: dict[str, str], typed: Mapping[str, object], errors: dict[str, str]) -> str:
    with look() as unit:
        page = track_report(unit, known["number"], known["code"], locale())
    return render_template("progress.html", page=_told(page), typed=typed, errors=errors)


@public
@limiter.limit(TRACK, methods=["POST"])
def rating() -> AnyResponse | tuple[str, int]:
    """Keep what the reporter says of how it was handled."""
    known = session.get("track")
    if not known:
        return redirect(url_for("web.track_form"))
    reasons = request.form.getlist("reasons")
    said = Judgement(
        solved=request.form.get("solved", ""),
        stars=whole(request.form.get("stars", "")),
        reasons=reasons,
        words=request.form.get("words", ""),
        again=bool(request.form.get("again")),
    )
    try:
        with work() as unit:
            again = judge_handling(unit, known["number"], known["code"], said)
    except (Invalid, Conflict) as error:
        typed = {**request.form.to_dict(), "reasons": reasons}
        return _page(known, typed, _at_fields(error)), status_of(error)
    flash(_thanks(again=again), "ok")
    return redirect(url_for("web.progress"), code=303)


def _at_fields(error: GridtrackError) -> dict[str, str]:
    """Errors by field; what is no field's stands at the first of them."""
    return {("solved" if name == "form" else name): text for name, text in messages(error).items()}


def _thanks(*, again: bool) -> str:
    if again:
        return gettext("It has been taken up again. The promises begin anew.")
    return gettext("Thank you: your word is in the record.")


@public
def track_photo(name: str) -> AnyResponse:
    """A photo that was looked at and shown to whoever reported the matter."""
    known = session.get("track")
    if not known:
        raise NotFound("photo-not-found", name=name)
    with look() as unit:
        thumb = "thumb" in request.args
        path = shown_photo(unit, known["number"], known["code"], name, thumb=thumb)
    # Not kept by the browser: it may be taken back.
    return send_file(path.absolute(), mimetype="image/jpeg", conditional=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four steps every report takes."""

    word: str
    done: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several answers."""

    value: str
    word: str


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """The resident's page in words."""

    number: str
    headline: str
    explained: str
    category: str
    grid: str
    reported_at: datetime
    next: str  # the next promise as a sentence; empty where nothing runs
    promises: tuple[tuple[str, datetime], ...]
    steps: tuple[Step, ...]
    lines: tuple[stories.TimelineLine, ...]
    questions: tuple[Put, ...]
    follower: bool
    photos: tuple[str, ...]
    may_rate: bool
    may_reopen: bool
    rate_until: datetime | None
    reopen_until: datetime | None
    rated: str  # what they said already, in a sentence
    solved: tuple[Choice, ...]
    stars: tuple[Choice, ...]
    reasons: tuple[Choice, ...]
    done: bool
    phone: str


_REACHED = {
    "reported": 1, "assigned": 1, "acknowledged": 2, "in_progress": 2, "on_hold": 2,
    "resolved": 3, "closed": 4, "rejected": 4, "duplicate": 4,
}  # fmt: skip


def _told(page: TrackPage) -> ProgressPage:
    state = page.joined_state or page.state
    headline, explained = stories.for_residents(state)
    if page.joined_state is not None:
        explained = f"{stories.say('joined-explained')} {explained}"
    now = page.judging
    return ProgressPage(
        number=page.number,
        headline=headline,
        explained=explained,
        category=page.category_name,
        grid=page.grid_name,
        reported_at=page.reported_at,
        next=_next(page),
        promises=tuple((stories.say(f"clock-{clock}"), due_at) for clock, due_at in page.promises),
        steps=_steps(state),
        lines=tuple(_line(one) for one in reversed(page.progress)),
        questions=page.questions,
        follower=page.follower,
        photos=page.photos,
        may_rate=now.may_rate and not page.follower,
        may_reopen=now.may_reopen and not page.follower,
        rate_until=now.rate_until,
        reopen_until=now.reopen_until,
        rated=_rated(page),
        solved=tuple(Choice(one.value, stories.say(f"solved-{one}")) for one in Solved),
        stars=tuple(Choice(str(n), stories.say(f"stars-{n}")) for n in reversed(STARS)),
        reasons=tuple(Choice(one, stories.reason_of_rating(one)) for one in page.reasons),
        done=now.done_at is not None,
        phone=runtime().settings.supervision_phone,
    )


def _steps(state: str) -> tuple[Step, ...]:
    reached = _REACHED[state]
    names = (  # when it is done, and until then
        (gettext("Received"), ""),
        (gettext("Confirmed"), gettext("To be confirmed")),
        (gettext("Handled"), gettext("To be handled")),
        (gettext("Closed"), gettext("To be checked")),
    )
    return tuple(
        Step(done if n < reached else to_do, done=n < reached, current=n == reached)
        for n, (done, to_do) in enumerate(names)
    )


def _next(page: TrackPage) -> str:
    """The promise that is due first, as a sentence; late ones say where it has gone."""
    if not page.promises:
        return ""
    clock, due_at = page.promises[0]
    late = "late-" if due_at < page.now else ""
    return stories.say(f"next-{late}{clock}", time=stories.when(due_at))


def promise_after(number: str, code: str) -> str:
    """The next promise to whoever has just sent a report; empty where nothing runs."""
    with look() as unit:
        return _next(track_report(unit, number, code, locale()))


def _rated(page: TrackPage) -> str:
    said = page.judging.rated
    if said is None or page.follower:
        return ""
    return stories.rating_of(said)


def _line(one: Progress) -> stories.TimelineLine:
    tone, sign = stories.LOOKS.get(one.kind, ("idle", "note"))
    what = sentence(f"progress-{one.kind}", locale())
    told = one.offline
    both = (stories.both_times(one.kind, told, one.recorded_at),) if told else ()
    return stories.TimelineLine(tone, sign, what, one.at, said=one.words, more=both)
