"""What maps draw: the grids of each level, and the open matters inside a box."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Response, jsonify, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.errors import Invalid, NotFound
from gridtrack.geo.box import Box
from gridtrack.grids.views import View
from gridtrack.http.context import actor, locale, look, runtime
from gridtrack.http.guard import may, public
from gridtrack.incidents.rules import State
from gridtrack.queries.editions import edition_at
from gridtrack.queries.maps import grids_in, grids_mark, incidents_in
from gridtrack.web import stories
from gridtrack.web.choices import tree
from gridtrack.web.door import reader
from gridtrack.web.forms import local_time
from gridtrack.web.fresh import if_changed, ready_packed
from gridtrack.web.gettext import gettext
from gridtrack.web.words import now

DAY_LENGTH = 10  # 2026-11-25
WORLD = "-180,-85,180,85"
SOON = timedelta(minutes=2)


@may(Permission.SEE, Permission.WORK)
def map_page() -> str:
    """The map alone, as large as the screen; with `at`, the grids as they were then."""
    at = asked_instant()
    with look() as unit:
        past = edition_at(unit, at) if at is not None else None
    return render_template("map.html", mine=own_scopes(), at=at, past=past)


def own_scopes() -> str:
    """The grid paths of the reader's posts, with commas: what the map shows first."""
    return ",".join(sorted({one.scope for one in actor().holdings if one.scope}))


@public
def map_grids(level: int) -> AnyResponse:
    """The grids in force inside `bbox`, thinned for `zoom`, as GeoJSON; anybody may know them."""
    return _grids(level, None)


@public
def map_grids_of(edition_id: int, level: int) -> AnyResponse:
    """The same of an edition that is or was in force."""
    return _grids(level, edition_id)


def _grids(level: int, edition_id: int | None) -> AnyResponse:
    view = view_asked(level)
    with look() as unit:
        mark = grids_mark(unit, view, edition_id)
        return if_changed(mark, lambda: ready_packed(grids_in(unit, view, edition_id)))


def asked_instant() -> datetime | None:
    """The instant that `at` names, in the deployment's zone: a day means its end.

    Raises Invalid.
    """
    given = request.args.get("at", "").strip()
    if len(given) == DAY_LENGTH:
        given += "T23:59:59"
    return local_time({"at": given}, "at")


def view_asked(level: int) -> View:
    """The view that a request names; raises Invalid."""
    box, zoom = request.args.get("bbox"), request.args.get("zoom")
    if zoom is not None and not (zoom.isascii() and zoom.isdecimal() and len(zoom) <= 2):
        raise Invalid("bad-zoom", field="zoom", value=zoom)
    return View(level, Box.parse(box) if box else None, int(zoom) if zoom else None)


@public
def map_roads() -> AnyResponse:
    """The deployment's own roads, as GeoJSON: `roads.geojson` in the instance folder."""
    file = roads_file()
    if not file.is_file():
        raise NotFound("http-404")
    mark = f"roads:{file.stat().st_mtime_ns}"
    return if_changed(mark, lambda: Response(file.read_bytes(), mimetype="application/geo+json"))


def roads_file() -> Path:
    """Where the deployment's own roads lie."""
    return runtime().settings.instance / "roads.geojson"


def roads_url() -> str:
    """The address of the roads, empty where the deployment has none."""
    return url_for("web.map_roads") if roads_file().is_file() else ""


@may(Permission.SEE, Permission.WORK)
def map_incidents() -> AnyResponse:
    """The open matters inside `bbox`, with what a mark needs to be drawn and opened."""
    box = Box.parse(request.args.get("bbox", WORLD))
    with look() as unit:
        found = incidents_in(unit, box)
    marked = marker()
    features = [marked(feature) for feature in found["features"]]
    mark = repr((reader(), [(f["id"], *f["properties"].values()) for f in features]))
    answer = {"type": "FeatureCollection", "features": features, "left_out": found["left_out"]}
    return if_changed(mark, lambda: jsonify(answer))


def marker() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What turns a matter into a mark. Words are asked for once: there are a thousand marks."""
    kinds = {code: one.name(locale()) for code, one in tree().categories.items()}
    states = {state.value: stories.say(f"state-{state.value}") for state in State}
    late, address = gettext("overdue"), url_for("web.incident", incident_id=0)[:-1]

    def marked(feature: dict[str, Any]) -> dict[str, Any]:
        known = feature["properties"]
        tone = _tone(known)
        said = {
            "number": known["number"],
            "tone": tone,
            "title": kinds.get(known["category"], known["category"]),
            "status": late if tone == "overdue" else states[known["state"]],
            "url": f"{address}{feature['id']}",
        }
        return {**feature, "properties": said}

    return marked


def _tone(known: dict[str, Any]) -> str:
    if known["overdue"]:
        return "overdue"
    if known["rung"] and known["due_at"]:
        return "escalated"
    if known["state"] == "reported":
        return "triage"
    if known["due_at"] and datetime.fromisoformat(known["due_at"]) - now() <= SOON:
        return "soon"
    return "done" if known["state"] == "resolved" else "open"
