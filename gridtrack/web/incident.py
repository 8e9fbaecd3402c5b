"""One matter: facts, timeline, why me, and what may be done now."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.deadlines.offline import Judged
from gridtrack.errors import Conflict, GridtrackError, Invalid, NotFound
from gridtrack.http.context import actor, locale, look, work
from gridtrack.http.errors import status_of, wants_json
from gridtrack.http.guard import may
from gridtrack.incidents import store as incidents
from gridtrack.incidents.arrival import GIVEN
from gridtrack.incidents.numbers import parse_number
from gridtrack.incidents.reporters import Purpose
from gridtrack.incidents.rules import Action
from gridtrack.orders.rules import Level, To
from gridtrack.queries.alike import alike
from gridtrack.queries.climbed import STEPS
from gridtrack.queries.incident import IncidentPage, Why, incident_page
from gridtrack.queries.kin import kin
from gridtrack.queries.ordering import Addressee
from gridtrack.queries.photo import photo_path
from gridtrack.queries.place_names import place_names
from gridtrack.queries.shown import shown_photos
from gridtrack.queries.standing import may_see
from gridtrack.usecases.acknowledge import acknowledge
from gridtrack.usecases.add_photo import add_photo
from gridtrack.usecases.add_voice import add_voice
from gridtrack.usecases.assign import assign
from gridtrack.usecases.close import close, merge, reopen
from gridtrack.usecases.extend import ask_extension, decide_extension
from gridtrack.usecases.family import drop_parent, set_parent
from gridtrack.usecases.handle import HANDLING, handle
from gridtrack.usecases.send_act import Acted, send_act
from gridtrack.usecases.send_finding import Brought
from gridtrack.usecases.set_condition import set_condition
from gridtrack.usecases.split import split
from gridtrack.web import acts, climbed, stories
from gridtrack.web.asked import whole
from gridtrack.web.door import reader
from gridtrack.web.forms import files, local_time, messages, next_page, version, voice_file
from gridtrack.web.frame import home_of
from gridtrack.web.fresh import YEAR, if_changed
from gridtrack.web.gettext import gettext
from gridtrack.work import Work

FIELDS = ("reason", "result", "outcome", "text")
CONTENT = (*FIELDS, "to", "comment", "into", "of", "condition", *GIVEN)


def _page(incident_id: int, *, again: bool = False) -> tuple[IncidentPage, Mapping[str, str]]:
    with look() as unit:
        page = incident_page(unit, incident_id, locale(), again=again)
        return page, place_names(unit, locale())


def _shown(page: IncidentPage, places: Mapping[str, str]) -> dict[str, Any]:
    border = []
    if page.border_distance_m is not None and page.neighbour_code:
        metres = round(page.border_distance_m)
        near = places.get(page.neighbour_code, page.neighbour_code)
        border.append(stories.say("why-border", metres=metres, grid=near))
    if page.outcome == "snapped":
        border.append(stories.say("why-snapped"))
    return {
        "page": page,
        "places": places,
        "lines": stories.timeline(page.timeline, places),
        "why": [*stories.reasons(_routed(page), places), *border],
        "came": [climbed.told(story) for story in page.stories],
        "source": stories.say(f"source-{page.source}"),
        "photos_shown": shown_photos(page.timeline),
        "may_review": page.checks,
        "order_to": [(one.key, _addressee(one, places)) for one in page.pressed.addressees],
        "purposes": [(one.value, stories.say(f"purpose-{one.value}")) for one in Purpose],
        "order_levels": [(one.value, stories.say(f"level-{one.value}")) for one in Level],
    }


def _routed(page: IncidentPage) -> list[Why]:
    """Why it is this person's; what climbed is told as a story of its own where there is one."""
    return [one for one in page.why if not (page.stories and one.code in STEPS)]


def _addressee(one: Addressee, places: Mapping[str, str]) -> str:
    """Whom an order may be to, as a choice: the handler, or a post with its grid."""
    if one.kind is To.HANDLER:
        return f"{gettext('Handler')}: {one.name}"
    code = one.scope.rsplit("/", maxsplit=1)[-1]
    where = f"{places.get(code, code)} " if code else ""
    return f"{where}{stories.say(f'role-{one.role}')}: {one.name}"


@may()
def incident(incident_id: int) -> str:
    """The page of one matter."""
    return render_template(
        "incident.html", typed={}, **_shown(*_page(incident_id)), **_around(incident_id)
    )


def _around(incident_id: int) -> dict[str, Any]:
    """What belongs to it and what lies near: asked once, not by every poll."""
    with look() as unit:
        return {
            "kin": kin(unit, incident_id, locale()),
            "near": alike(unit, incident_id, locale()),
        }


@may()
def incident_live(incident_id: int) -> AnyResponse:
    """Head, timeline and reasons alone, for polling."""
    page, places = _page(incident_id, again=True)
    late = [one.line.overdue for one in page.pressed.orders]
    mark = repr((reader(), page.line.version, len(page.photos), page.actions, late))
    return if_changed(
        mark,
        lambda: render_template("partials/incident_live.html", polled=True, **_shown(page, places)),
    )


@may()
def photo(incident_id: int, name: str) -> AnyResponse:
    """A photo for somebody who may see its matter."""
    with look() as unit:
        path = photo_path(unit, incident_id, name, thumb="thumb" in request.args)
    # The name is the picture's own fingerprint: what has it never changes.
    response = send_file(path.absolute(), mimetype="image/jpeg", conditional=False)
    response.headers["Cache-Control"] = f"private, max-age={YEAR}, immutable"
    return response


@may()
def act(incident_id: int, action: str) -> AnyResponse | tuple[str, int]:
    """Do one thing to a matter; what is missing or too late is shown on the page, words kept."""
    if action not in set(Action):
        raise NotFound("http-404")
    verb = Action(action)
    try:
        brought = Brought(files(), voice_file())
        with work() as unit:
            acted = _send(unit, incident_id, verb, brought)
    except (Invalid, Conflict) as error:
        if wants_json():
            raise
        return again(incident_id, action, error)
    if wants_json():
        return acts.answered(acted)
    flash(_done(verb), "ok")
    return redirect(next_page(_afterwards(incident_id)), code=303)


def _send(unit: Work, incident_id: int, verb: Action, brought: Brought) -> Acted:
    said: dict[str, Any] = {name: request.form.get(name, "") for name in CONTENT}
    said |= {"until": local_time(request.form, "until"), "photos": brought.marks}

    def step(made: Judged | None) -> int:
        _bring(unit, incident_id, verb, brought)
        return VERBS[verb](unit, incident_id, made)

    return send_act(unit, incident_id, verb, said, sent=acts.sent(), verb=step)


def _afterwards(incident_id: int) -> str:
    """The matter's page; the first page where the act itself took it out of sight."""
    with look() as unit:
        seen = may_see(unit, incidents.get(unit.session, incident_id))
    return url_for("web.incident", incident_id=incident_id) if seen else home_of(actor())


@may(Permission.DIRECT, Permission.TRIAGE)
def absorb(incident_id: int) -> AnyResponse | tuple[str, int]:
    """Merge another matter into this one: the same act, asked for from the other side."""
    given = request.form.get("number", "")
    unknown = Invalid("cannot-merge", field="number", value=given)
    other = parse_number(given)
    if other is None:
        return again(incident_id, "absorb", unknown)
    try:
        with work() as unit:
            merge(unit, other, incident_id)
    except (NotFound, Invalid):
        return again(incident_id, "absorb", unknown)
    except Conflict as error:
        return again(incident_id, "absorb", error)
    flash(gettext("Merged. Its reporter is told that it goes on here."), "ok")
    return redirect(url_for("web.incident", incident_id=incident_id), code=303)


def again(incident_id: int, action: str, error: GridtrackError) -> tuple[str, int]:
    """The page once more, with what was wrong beside the form of `action` and its words kept."""
    typed = {"action": action, **request.form.to_dict()}
    errors = {f"{action}-{name}": text for name, text in messages(error).items()}
    page = _shown(*_page(incident_id)) | _around(incident_id)
    return (
        render_template("incident.html", typed=typed, errors=errors, **page),
        status_of(error),
    )


def _bring(unit: Work, incident_id: int, verb: Action, brought: Brought) -> None:
    """Photos and voice note that come with a step, before the step that may ask for them."""
    stage = "after" if verb is Action.RESOLVE else "before"
    for photo in brought.photos:
        add_photo(unit, incident_id, photo, stage)
    if brought.voice is not None:
        add_voice(unit, incident_id, brought.voice)


def _seen() -> int | None:
    """The version looked at, moved on by what came with this very form."""
    asked = version()
    files_of = (request.files.getlist(name) for name in ("photos", "voice"))
    sent = [one for of in files_of for one in of if one.filename]
    return None if asked is None else asked + len(sent)


Verb = Callable[[Work, int, Judged | None], int]


def _handle(verb: Action) -> Verb:
    def step(unit: Work, incident_id: int, made: Judged | None) -> int:
        given: dict[str, Any] = {name: request.form.get(name, "") for name in FIELDS}
        if verb is Action.START:
            given |= {name: request.form.get(name, "") for name in GIVEN}
        if verb is Action.HOLD:
            given["until"] = local_time(request.form, "until")
        return handle(unit, incident_id, verb, given, _seen(), made=made)

    return step


def _acknowledge(unit: Work, incident_id: int, made: Judged | None) -> int:
    return acknowledge(unit, incident_id, version(), made=made)


def _assign(unit: Work, incident_id: int, _made: Judged | None) -> int:
    to = whole(request.form.get("to", ""))
    if to is None:
        raise Invalid("required", field="to")
    return assign(unit, incident_id, to, reason=request.form.get("reason", ""), version=version())


def _close(unit: Work, incident_id: int, _made: Judged | None) -> int:
    return close(unit, incident_id, comment=request.form.get("comment", ""), version=version())


def _merge(unit: Work, incident_id: int, _made: Judged | None) -> int:
    into = parse_number(request.form.get("into", ""))
    if into is None:
        raise Invalid("cannot-merge", field="into", value=request.form.get("into", ""))
    return merge(unit, incident_id, into, version=version())


def _split(unit: Work, incident_id: int, _made: Judged | None) -> int:
    return split(unit, incident_id, reason=request.form.get("reason", ""), version=version())


def _parent(unit: Work, incident_id: int, _made: Judged | None) -> int:
    of = parse_number(request.form.get("of", ""))
    if of is None:
        raise Invalid("cannot-parent", field="of", value=request.form.get("of", ""))
    return set_parent(unit, incident_id, of, version=version())


def _unparent(unit: Work, incident_id: int, _made: Judged | None) -> int:
    return drop_parent(unit, incident_id, version=version())


def _reopen(unit: Work, incident_id: int, _made: Judged | None) -> int:
    return reopen(unit, incident_id, reason=request.form.get("reason", ""), version=version())


def _condition(unit: Work, incident_id: int, _made: Judged | None) -> int:
    return set_condition(unit, incident_id, request.form.get("condition", ""), version=version())


def _extend(unit: Work, incident_id: int, _made: Judged | None) -> int:
    until = local_time(request.form, "until")
    if until is None:
        raise Invalid("required", field="until")
    reason = request.form.get("reason", "")
    return ask_extension(unit, incident_id, until, reason=reason, version=version())


def _decide(verb: Action) -> Verb:
    def step(unit: Work, incident_id: int, _made: Judged | None) -> int:
        reason, grant = request.form.get("reason", ""), verb is Action.GRANT
        return decide_extension(unit, incident_id, grant=grant, reason=reason, version=version())

    return step


VERBS: Mapping[Action, Verb] = {
    Action.ACKNOWLEDGE: _acknowledge,
    Action.ASSIGN: _assign,
    Action.CLOSE: _close,
    Action.CONDITION: _condition,
    Action.EXTEND: _extend,
    Action.GRANT: _decide(Action.GRANT),
    Action.DENY: _decide(Action.DENY),
    Action.MERGE: _merge,
    Action.SPLIT: _split,
    Action.PARENT: _parent,
    Action.UNPARENT: _unparent,
    Action.REOPEN: _reopen,
    **{verb: _handle(verb) for verb in HANDLING},
}


def _done(verb: Action) -> str:
    words = {
        Action.ACKNOWLEDGE: gettext("Acknowledged. The clock has stopped."),
        Action.ASSIGN: gettext("Assigned. The person has been told."),
        Action.START: gettext("Handling has begun."),
        Action.HOLD: gettext("Put on hold."),
        Action.RESUME: gettext("Handling goes on."),
        Action.EXTEND: gettext("Asked for more time. The next rung decides."),
        Action.GRANT: gettext("More time was granted. The handler has been told."),
        Action.DENY: gettext("No more time. The handler has been told."),
        Action.RESOLVE: gettext("Handled. Somebody else will check it."),
        Action.HAND_BACK: gettext("Handed back to the desk."),
        Action.NOTE: gettext("The note was added."),
        Action.REJECT: gettext("Refused, with the reason."),
        Action.CLOSE: gettext("Checked and closed."),
        Action.MERGE: gettext("Merged. The other matter goes on."),
        Action.SPLIT: gettext("It is a matter of its own again, with a new clock."),
        Action.PARENT: gettext("It is part of the other matter now."),
        Action.UNPARENT: gettext("It is part of no other matter now."),
        Action.CONDITION: gettext("The filing condition is set."),
        Action.REOPEN: gettext("Opened again. The handler has been told."),
    }
    return words[verb]
