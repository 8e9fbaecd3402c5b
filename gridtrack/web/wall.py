"""The screen on the wall: by a key or a login, no input, no names; and the keys of screens."""

from collections.abc import Mapping

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Actor, Permission
from gridtrack.errors import Conflict, Forbidden, Invalid
from gridtrack.geo.box import Box
from gridtrack.http.context import actor, locale, look, runtime, work
from gridtrack.http.guard import may, public
from gridtrack.http.limits import DOORS, limiter
from gridtrack.queries.maps import incidents_in
from gridtrack.queries.place_names import place_names
from gridtrack.queries.wall import WallPage, eyes, eyes_of, screen_of
from gridtrack.queries.wall import wall as read_wall
from gridtrack.queries.walls import own_grounds, walls
from gridtrack.usecases.walls import close_wall, open_wall
from gridtrack.web import stories
from gridtrack.web.forms import messages
from gridtrack.web.gettext import gettext
from gridtrack.web.maps import WORLD, marker

_AGE_S = 4.0  # screens over the same ground share what was read


def _page(who: Actor) -> WallPage:
    here = runtime()

    def read() -> WallPage:
        with here.look(who) as unit:
            return read_wall(unit, locale())

    return here.memo.get(("wall", who.holdings, locale()), read, _AGE_S)


def _shown(who: Actor) -> dict[str, object]:
    page = _page(who)
    return {
        "page": page,
        "roles": {one.role: stories.say(f"role-{one.role}") for one in page.hot if one.role},
        "rungs": {one.rung: stories.say(f"rung-{one.rung}") for one in page.climbs if one.rung},
    }


def _screen(who: Actor, name: str, key: str) -> str:
    live, marks = (
        url_for(f"web.wall_{part}_by_key", key=key) if key else url_for(f"web.wall_{part}")
        for part in ("live", "marks")
    )
    return render_template(
        "wall.html",
        name=name,
        zone=runtime().settings.timezone,
        live=live,
        marks=marks,
        mine=",".join(post.scope for post in who.holdings if post.scope),
        **_shown(who),
    )


def _by_key(key: str) -> tuple[Actor, str]:
    with look() as unit:
        screen = screen_of(unit, key)
    return eyes(screen.scope), screen.name


def _parts(who: Actor) -> str:
    return render_template("partials/wall_parts.html", **_shown(who))


def _marks(who: Actor) -> AnyResponse:
    box = Box.parse(request.args.get("bbox", WORLD))
    with runtime().look(who) as unit:
        found = incidents_in(unit, box)
    marked = marker()
    features = [marked(feature) for feature in found["features"]]
    for one in features:
        one["properties"].pop("url")  # nobody opens anything from a wall
    return jsonify({"type": "FeatureCollection", "features": features, "left_out": False})


@may(Permission.SEE)
def wall() -> str:
    """The screen over what the reader sees."""
    return _screen(eyes_of(actor()), "", "")


@may(Permission.SEE)
def wall_live() -> str:
    """What of it changes."""
    return _parts(eyes_of(actor()))


@may(Permission.SEE)
def wall_marks() -> AnyResponse:
    """The marks of its map."""
    return _marks(eyes_of(actor()))


@public
@limiter.limit(DOORS)
def wall_by_key(key: str) -> str:
    """The screen of a key; without a login, and without anything to press."""
    return _screen(*_by_key(key), key)


@public
@limiter.limit(DOORS)
def wall_live_by_key(key: str) -> str:
    """What of it changes."""
    return _parts(_by_key(key)[0])


@public
@limiter.limit(DOORS)
def wall_marks_by_key(key: str) -> AnyResponse:
    """The marks of its map."""
    return _marks(_by_key(key)[0])


@may(Permission.DIRECT)
def wall_keys() -> str:
    """The screens, and a form for another."""
    with look() as unit:
        lines, grounds, named = walls(unit), own_grounds(unit), place_names(unit, locale())
    return render_template(
        "walls.html",
        walls=[(one, _ground(one.scope, named)) for one in lines],
        grounds=[(scope, _ground(scope, named)) for scope in grounds],
        made=request.args.get("made", ""),
    )


def _ground(scope: str, named: Mapping[str, str]) -> str:
    code = scope.rsplit("/", maxsplit=1)[-1]
    return named.get(code, code) or gettext("Everything")


@may(Permission.DIRECT)
def wall_open() -> AnyResponse | str:
    """Make a key: its address is shown once."""
    try:
        with work() as unit:
            key = open_wall(unit, request.form.get("name", ""), request.form.get("scope", ""))
    except (Invalid, Conflict, Forbidden) as error:
        flash(" ".join(messages(error).values()), "bad")
        return redirect(url_for("web.wall_keys"), code=303)
    return render_template(
        "wall_made.html", address=url_for("web.wall_by_key", key=key, _external=True)
    )


@may(Permission.DIRECT)
def wall_close(wall_id: int) -> AnyResponse:
    """End a key."""
    with work() as unit:
        close_wall(unit, wall_id)
    flash(gettext("The key has ended; the screen shows nothing more."), "ok")
    return redirect(url_for("web.wall_keys"), code=303)
