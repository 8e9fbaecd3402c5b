"""What every page is given: who reads, where they may go, the time, the built assets."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for
from flask.blueprints import BlueprintSetupState

from gridtrack.access import Actor, Permission, permits
from gridtrack.http.context import EXTENSION, actor, locale, look
from gridtrack.notifications import store as notifications
from gridtrack.web import climbed, words
from gridtrack.web.assets import asset, asset_preloads, asset_styles
from gridtrack.web.gettext import gettext
from gridtrack.web.maps import roads_url


@dataclass(frozen=True, slots=True)
class Me:
    """Who reads, as the frame of a page shows it."""

    id: int
    name: str
    unread: int
    works: bool  # has an inbox: the tabs at the foot of a phone


@dataclass(frozen=True, slots=True)
class Way:
    """An entry of the navigation; `tab` entries are also at the foot of a phone."""

    key: str
    url: str
    word: str
    icon: str
    tab: bool = False


@dataclass(frozen=True, slots=True)
class Tiles:
    """The operator's base map, if there is one."""

    url: str
    credit: str


def home_of(person: Actor) -> str:
    """The first page for this person: board, inbox, notices; the report form for a resident."""
    if permits(person, Permission.DIRECT):
        return url_for("web.board")
    if permits(person, Permission.WORK):
        return url_for("web.inbox")
    if permits(person, Permission.PEOPLE_EDIT):
        return url_for("web.people")
    if permits(person, Permission.AUDIT):
        return url_for("web.audit")
    return url_for("web.notices" if person.known else "web.report_form")


def ways(person: Actor) -> list[Way]:
    """Where this person may go, most used first."""
    if not person.known:
        return [
            # Short enough for one line of a phone each, in English too.
            Way("report", url_for("web.report_form"), gettext("Report it"), "plus"),
            Way("track", url_for("web.track_form"), gettext("Progress"), "search"),
            Way("rota", url_for("web.rota"), gettext("Come and talk"), "clock"),
        ]
    wanted = [
        (Permission.DIRECT, "board", "web.board", gettext("Board"), "board", True),
        (Permission.WORK, "inbox", "web.inbox", gettext("Inbox"), "inbox", True),
        (Permission.SEE, "map", "web.map_page", gettext("Map"), "map", True),
        (Permission.REPORT, "finding", "web.finding_form", gettext("Report"), "camera", True),
        (Permission.SUPERVISE, "orders", "web.orders", gettext("Orders"), "note", False),
        (Permission.FIGURES, "figures", "web.figures", gettext("Figures"), "board", False),
        (Permission.DUTY_SEE, "duty", "web.duty", gettext("Duty"), "person", False),
        (Permission.GRIDS_DRAW, "grids", "web.editions", gettext("Grids"), "layers", False),
        (Permission.PEOPLE_EDIT, "people", "web.people", gettext("People"), "person", False),
        (Permission.AUDIT, "audit", "web.audit", gettext("Audit"), "search", False),
        (Permission.HEALTH, "health", "web.health_page", gettext("Health"), "done", False),
        (Permission.GRIDS_DRAW, "doors", "web.doors", gettext("Door plates"), "list", False),
        (Permission.RULES_EDIT, "calendar", "web.calendar", gettext("Calendar"), "clock", False),
        (Permission.RULES_EDIT, "policies", "web.policies", gettext("Time limits"), "up", False),
        (
            Permission.FORECAST,
            "forecast",
            "web.forecast_page",
            gettext("What if"),
            "question",
            False,
        ),
    ]
    found = [
        Way(key, url_for(endpoint), word, icon, tab=tab)
        for permission, key, endpoint, word, icon, tab in wanted
        if permits(person, permission)
    ]
    return [*found, Way("notices", url_for("web.notices"), gettext("Notices"), "bell", tab=True)]


def _me() -> Me | None:
    person = actor()
    if person.person_id is None or g.get("weak"):
        return None  # half a person, with the second factor still to show, has no pages
    with look() as work:
        unread = notifications.unread(work.session, person.person_id)
    return Me(person.person_id, person.name, unread, permits(person, Permission.WORK))


def _frame() -> dict[str, Any]:
    return {
        "me": _me(),
        "nav": [] if g.get("weak") else ways(actor()),
        "home_url": home_of(actor()),
        "here": request.full_path.rstrip("?") if request.method == "GET" else "",
        "locale": locale(),
        "now_ms": int(words.now().timestamp() * 1000),
        "errors": {},
    }


def install(state: BlueprintSetupState) -> None:
    """Give every template of the application, the error page too, the frame and its words."""
    app = state.app
    assert isinstance(app, Flask)
    words.install(app)
    app.add_template_filter(climbed.why, "why_up")

    # The extension is set before the blueprint is registered, so settings are known here.
    settings = app.extensions[EXTENSION].settings
    app.jinja_env.globals.update(
        asset=asset,
        asset_styles=asset_styles,
        asset_preloads=asset_preloads,
        roads_url=roads_url,
        undo_s=settings.undo_s,
        map_tiles=Tiles(settings.map_tiles_url, settings.map_credit),
    )
    app.context_processor(_frame)
