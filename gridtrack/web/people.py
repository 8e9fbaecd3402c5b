"""People and their posts: the security administrator's pages, and the link that invites."""

from collections.abc import Callable, Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission, Role
from gridtrack.accounts.store import NewPost
from gridtrack.errors import Conflict, Forbidden, GridtrackError, Invalid, NotFound
from gridtrack.http.context import locale, look, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import may, public
from gridtrack.http.limits import LOGIN, limiter
from gridtrack.queries.people import PersonPage, people_page, person_page
from gridtrack.queries.post_places import post_places
from gridtrack.usecases import people as verbs
from gridtrack.usecases.invitations import accept_invitation, invite, who_is_invited
from gridtrack.usecases.leave_post import leave_all, leave_post
from gridtrack.usecases.people import NewPerson
from gridtrack.usecases.second_factor import reset_second_factor
from gridtrack.usecases.sessions import end_sessions_of
from gridtrack.web.asked import whole
from gridtrack.web.forms import messages
from gridtrack.web.gettext import gettext
from gridtrack.web.second_factor import qr
from gridtrack.web.stories import say

EDIT = Permission.PEOPLE_EDIT


@may(EDIT)
def people() -> str:
    """Everybody, found by login or name."""
    asked = request.args.get("q", "").strip()[:80]
    with look() as unit:
        page = people_page(unit, asked, whole(request.args.get("after", "")) or 0, locale())
    return render_template("people.html", page=page, asked=asked, say=say)


@may(EDIT)
def person_new() -> str | AnyResponse | tuple[str, int]:
    """Add somebody with one post, and invite them at once."""
    form = {name: request.form.get(name, "").strip()[:200] for name in FIELDS}
    error: GridtrackError | None = None
    if request.method == "POST":
        try:
            with work() as unit:
                post = _post(form)
                new = NewPerson(form["login"], form["name"], "", (post,), form["phone"])
                person_id = verbs.add_person(unit, new)
            return _invited(person_id)
        except (Invalid, Conflict) as refused:
            error = refused
    with look() as unit:
        places = post_places(unit, locale())
    page = render_template(
        "person_new.html", form=form, places=places, roles=_roles(), errors=_told(error)
    )
    return (page, status_of(error)) if error else page


@may(EDIT)
def person(person_id: int) -> str:
    """One person: posts, and everything that lets them in."""
    return _shown(person_id)


@may(EDIT)
def person_do(person_id: int, act: str) -> str | AnyResponse | tuple[str, int]:
    """Change, give a post, invite, lock, open, reset the second factor, end sessions."""
    if act == "invite":
        return _invited(person_id)
    verb = ACTS.get(act)
    if verb is None:
        raise NotFound("http-404")
    try:
        told = verb(person_id)
    except (Invalid, Conflict, Forbidden) as error:
        return _shown(person_id, error), status_of(error)
    flash(told, "ok")
    return redirect(url_for("web.person", person_id=person_id), code=303)


@may(EDIT)
def post_end(person_id: int, post_id: int) -> AnyResponse | tuple[str, int]:
    """End a post now; what was open under it goes on."""
    try:
        with work() as unit:
            left = leave_post(unit, post_id)
    except Forbidden as error:
        return _shown(person_id, error), status_of(error)
    flash(
        gettext(
            "The post has ended. %(given)d open matters went to a successor, %(desk)d to the desk.",
            given=left.given,
            desk=left.to_desk,
        ),
        "ok",
    )
    return redirect(url_for("web.person", person_id=person_id), code=303)


@public
@limiter.limit(LOGIN, methods=["POST"])
def welcome(secret: str) -> str | AnyResponse | tuple[str, int]:
    """Set one's own password by an invitation, then log in with it."""
    with look() as unit:
        login = who_is_invited(unit, secret)
    errors: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            with work() as unit:
                accept_invitation(unit, secret, _same())
        except Invalid as error:
            errors = messages(error)
        else:
            flash(gettext("Your password is set. Log in with it."), "ok")
            return redirect(url_for("web.login"), code=303)
    page = render_template("welcome.html", login=login, errors=errors, no_tabs=True)
    return (page, 422) if errors else page


FIELDS = ("login", "name", "phone", "role", "place")


def _same() -> str:
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        raise Invalid("password-twice", field="again", value="")
    return password


def _post(form: Mapping[str, str]) -> NewPost:
    """The post of a form; its place is a grid or an estate."""
    if form["role"] not in set(Role):
        raise Invalid("required", field="role")
    kind, _, where = form["place"].partition(":")
    role, deputy = Role(form["role"]), bool(request.form.get("deputy"))
    if kind == "zone":
        return NewPost(role, zone=where, deputy=deputy)
    if kind != "grid":
        raise Invalid("required", field="place")
    return NewPost(role, where, deputy=deputy)


def _roles() -> list[tuple[str, str]]:
    return [(role.value, say(f"role-{role.value}")) for role in Role]


def _told(error: GridtrackError | None) -> dict[str, str]:
    if error is None:
        return {}
    told = messages(error)
    field = {"login-taken": "login", "roles-apart": "role"}.get(error.code)
    return {field: told["form"]} if field and "form" in told else told


def _shown(person_id: int, error: GridtrackError | None = None) -> str:
    with look() as unit:
        page: PersonPage = person_page(unit, person_id, locale())
        places = post_places(unit, locale())
    return render_template(
        "person.html", page=page, places=places, roles=_roles(), errors=_told(error),
        form=request.form, say=say,
    )  # fmt: skip


def _invited(person_id: int) -> str | tuple[str, int]:
    """The link of a new invitation with its picture: shown this once."""
    try:
        with work() as unit:
            made = invite(unit, person_id)
    except Conflict as error:
        return _shown(person_id, error), status_of(error)
    with look() as unit:
        page = person_page(unit, person_id, locale())
    url = url_for("web.welcome", secret=made.secret, _external=True)
    return render_template(
        "invited.html", page=page, url=url, picture=qr(url), until=made.expires_at
    )


def _change(person_id: int) -> str:
    with work() as unit:
        form = request.form
        verbs.change_person(unit, person_id, form.get("name", ""), form.get("phone", ""))
    return gettext("Saved.")


def _give(person_id: int) -> str:
    form = {name: request.form.get(name, "") for name in FIELDS}
    with work() as unit:
        verbs.give_post(unit, person_id, _post(form))
    return gettext("The post is given, from now on.")


def _lock(person_id: int) -> str:
    with work() as unit:
        verbs.set_locked(unit, person_id, locked=True)
    return gettext("Locked: no log-in, no session, no token from this instant.")


def _open(person_id: int) -> str:
    with work() as unit:
        verbs.set_locked(unit, person_id, locked=False)
    return gettext("Open again.")


def _leave(person_id: int) -> str:
    with work() as unit:
        left = leave_all(unit, person_id)
        verbs.set_locked(unit, person_id, locked=True)
    return gettext(
        "Left: every post has ended. %(given)d open matters went to a successor, %(desk)d to the "
        "desk.",
        given=left.given,
        desk=left.to_desk,
    )


def _reset(person_id: int) -> str:
    with work() as unit:
        reset_second_factor(unit, person_id)
    return gettext("The second factor is gone; it is set up anew at the next log-in.")


def _end_sessions(person_id: int) -> str:
    with work() as unit:
        end_sessions_of(unit, person_id)
    return gettext("Logged out everywhere.")


ACTS: Mapping[str, Callable[[int], str]] = {
    "change": _change,
    "post": _give,
    "lock": _lock,
    "open": _open,
    "leave": _leave,
    "second-factor": _reset,
    "sessions": _end_sessions,
}
