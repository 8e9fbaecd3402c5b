"""The gridworker's phone: an installable app whose shell answers without a signal.

The shell holds no person's data and is the same for everybody; what a person's phone keeps comes
from `kept_matters` and `kept_ground`, and lies in the browser's own store (ADR 31).
"""

import hashlib
import json
from typing import Any

from flask import Response, jsonify, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.errors import NotFound
from gridtrack.http.context import actor, locale, look
from gridtrack.http.guard import may, public
from gridtrack.queries import field
from gridtrack.queries.field import Ground, Kept
from gridtrack.usecases.send_act import PHONE
from gridtrack.web import choices, stories
from gridtrack.web.assets import BUILT, asset, asset_preloads, asset_styles, file_of
from gridtrack.web.door import reader
from gridtrack.web.forms import ReportForm
from gridtrack.web.fresh import if_changed
from gridtrack.web.gettext import gettext
from gridtrack.web.icons import SIZES, icon
from gridtrack.web.maps import marker
from gridtrack.web.words import iso

DAY_S = 86_400
DIGITS = 6  # of a degree: a tenth of a metre
SHELL = "src/field.ts"


@public
def manifest() -> Response:
    """What a phone needs to put the product on its home screen."""
    sizes = [(size, purpose) for size in SIZES[1:] for purpose in ("any", "maskable")]
    icons = [
        {
            "src": url_for("web.phone_icon", size=size, purpose=purpose),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size, purpose in sizes
    ]
    answer = jsonify(
        id="gridtrack",
        name=gettext("gridtrack"),
        short_name=gettext("gridtrack"),
        lang="zh-CN" if locale() == "zh" else "en",
        start_url=url_for("web.home"),
        scope=url_for("web.report_form"),
        display="standalone",
        background_color="#f3f5f8",
        theme_color="#0b5cad",
        icons=icons,
    )
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@public
def phone_icon(size: int, purpose: str) -> Response:
    """The product's sign as PNG."""
    if size not in SIZES or purpose not in ("any", "maskable"):
        raise NotFound("http-404")
    answer = Response(icon(size, maskable=purpose == "maskable"), mimetype="image/png")
    answer.headers["Cache-Control"] = f"public, max-age={DAY_S}"
    return answer


@public
def service_worker() -> AnyResponse:
    """The service worker with the list of what it keeps; another build or language, another one."""
    shell = _shell()
    kept = shell_files()
    mark = hashlib.sha256("\n".join([shell, *kept]).encode()).hexdigest()[:16]
    said = {"version": mark, "shell": url_for("web.phone"), "files": kept}
    script = (BUILT / file_of("src/worker.ts")).read_text("utf-8")
    answer = Response(f"self.KEPT={json.dumps(said)};\n{script}", mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def shell_files() -> list[str]:
    """The addresses of every built file that the shell needs, its own script first."""
    return [asset(SHELL), *asset_preloads(SHELL, deep=True), *asset_styles(SHELL)]


@public
def phone() -> str:
    """The shell: the same for everybody, filled on the phone with what it keeps."""
    return _shell()


def _shell() -> str:
    offer = choices.shown(public_only=False)
    return render_template("phone.html", form=ReportForm(datum="wgs84"), plates=(), **offer)


@may(Permission.WORK)
def kept_matters() -> AnyResponse:
    """What the phone keeps of the reader's inbox, and the open matters of their grids."""
    with look() as unit:
        matters = field.kept_matters(unit, locale())
        around = field.open_matters(unit, field.ground(unit))
    marked = marker()
    body = {
        "person": actor().person_id,
        "name": actor().name,
        "matters": [_matter(one) for one in matters],
        "open": [_open(marked(one)) for one in around],
    }
    return if_changed(f"{reader()}:{json.dumps(body)}", lambda: jsonify(body))


def _matter(one: Kept) -> dict[str, Any]:
    """A matter as the phone keeps it: of a sealed one number and clock alone."""
    line = one.line
    known: dict[str, Any] = {
        "id": line.id,
        "number": line.number,
        "version": line.version,
        "state": line.state,
        "due": iso(line.due_at) if line.due_at else None,
        "sealed": one.sealed,
    }
    if one.sealed:
        return known | {
            "title": gettext("Sealed matter"),
            "actions": [verb for verb in one.actions if verb == "acknowledge"],
        }
    return known | {
        "title": line.category_name,
        "status": stories.say(f"state-{line.state}"),
        "words": one.description,
        "address": line.address,
        "grid": line.grid_name,
        "reported": iso(line.reported_at),
        "at": [line.lon, line.lat] if line.lon is not None else None,
        "actions": [verb for verb in one.actions if verb in set(PHONE)],
        "required": one.required,
        "outcomes": one.outcomes,
    }


def _open(said: dict[str, Any]) -> dict[str, Any]:
    known = said["properties"]
    names = ("number", "title", "status", "tone", "url")
    return {"at": said["geometry"]["coordinates"], **{name: known[name] for name in names}}


@may(Permission.WORK)
def kept_ground() -> AnyResponse:
    """The reader's base grids and their door plates; unchanged, it costs a 304."""
    with look() as unit:
        found = field.ground(unit)
    return if_changed(f"{reader()}:{found.mark}", lambda: jsonify(_ground(found)))


def _ground(found: Ground) -> dict[str, Any]:
    return {
        "grids": [
            {"code": one.code, "name": one.name, "rings": _rings(one.shape)} for one in found.grids
        ],
        "plates": [
            [one.id, one.text, round(one.lon, DIGITS), round(one.lat, DIGITS)]
            for one in found.plates
        ],
    }


def _rings(shape: Any) -> list[list[list[float]]]:
    """Every ring of a polygon or of several; holes too, drawn by the even-odd rule."""
    parts = getattr(shape, "geoms", [shape])
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return [[[round(x, DIGITS), round(y, DIGITS)] for x, y in ring.coords] for ring in rings]
