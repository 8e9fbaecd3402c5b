"""The plain forms of the drawing page, as the operations that their fields ask for."""

from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from gridtrack.errors import Invalid
from gridtrack.web.asked import whole
from gridtrack.web.gettext import gettext

Form = MultiDict[str, str]
Asked = list[dict[str, Any]]


def asked_by_form(form: Form) -> Asked:
    """The operations of a form, as `operations_from` reads them; raises Invalid."""
    read = _FORMS.get(form.get("do", ""))
    if read is None:
        raise Invalid("draw-unknown", field="do", value=form.get("do"), known=", ".join(_FORMS))
    return read(form)


def kind_words() -> Mapping[str, str]:
    """What people call the kinds of operations."""
    return {
        "move-vertex": gettext("vertex moved"),
        "insert-vertex": gettext("vertex added"),
        "delete-vertex": gettext("vertex deleted"),
        "split": gettext("grid split"),
        "merge": gettext("grids merged"),
        "draw": gettext("grid drawn"),
        "describe": gettext("name or code changed"),
        "re-parent": gettext("parent changed"),
        "remove": gettext("grid removed"),
    }


def _vertices(form: Form) -> Asked:
    """The rows of the coordinates table that differ from what was shown in them."""
    shown = [_place(text, "at") for text in form.getlist("at")]
    typed = list(zip(form.getlist("lon"), form.getlist("lat"), strict=False))
    dropped = {whole(n) for n in form.getlist("drop")}
    asked: Asked = []
    for n, (at, (lon, lat)) in enumerate(zip(shown, typed, strict=False)):
        if n in dropped:
            asked.append({"kind": "delete-vertex", "at": at})
        elif (to := [_degrees(lon, "lon"), _degrees(lat, "lat")]) != at:
            asked.append({"kind": "move-vertex", "at": at, "to": to})
    return [*_added(form, shown), *asked]


def _added(form: Form, shown: list[list[float]]) -> Asked:
    """A new row: a vertex in the middle of the edge after a row, moved to where it was typed."""
    after, lon, lat = (form.get(name, "").strip() for name in ("after", "new_lon", "new_lat"))
    if not (lon or lat):
        return []
    below = whole(after)
    if below is None or not 1 <= below <= len(shown):
        raise Invalid("required", field="after", value=after)
    row = below - 1
    ring = form.getlist("ring")
    same = [n for n, number in enumerate(ring) if number == ring[row]]
    behind = same[(same.index(row) + 1) % len(same)]
    middle = [(a + b) / 2 for a, b in zip(shown[row], shown[behind], strict=True)]
    to = [_degrees(lon, "new_lon"), _degrees(lat, "new_lat")]
    return [{"kind": "insert-vertex", "at": middle, "to": to}]


def _plain(kind: str, *names: str) -> Callable[[Form], Asked]:
    def read(form: Form) -> Asked:
        return [{"kind": kind, **{name: form.get(name, "") for name in names}}]

    return read


def _split(form: Form) -> Asked:
    return [{**_plain("split", "grid", "code", "name")(form)[0], "line": _places(form, "line")}]


def _draw(form: Form) -> Asked:
    level = form.get("level", "")
    return [
        {
            **_plain("draw", "parent", "code", "name")(form)[0],
            "level": level if (number := whole(level)) is None else number,
            "cut": bool(form.get("cut")),
            "ring": _places(form, "line"),
        }
    ]


_FORMS: Mapping[str, Callable[[Form], Asked]] = {
    "vertices": _vertices,
    "describe": _plain("describe", "grid", "code", "name", "name_en"),
    "merge": _plain("merge", "grid", "other"),
    "re-parent": _plain("re-parent", "grid", "parent"),
    "remove": _plain("remove", "grid"),
    "split": _split,
    "draw": _draw,
}


def _places(form: Form, name: str) -> list[list[float]]:
    """A place a line, longitude and latitude with a space or comma between."""
    lines = [line for line in form.get(name, "").splitlines() if line.strip()]
    return [_place(line.replace(",", " "), name) for line in lines]


def _place(text: str, field: str) -> list[float]:
    parts = text.split()
    if len(parts) != 2:
        raise Invalid("draw-point", field=field, value=text)
    return [_degrees(part, field) for part in parts]


def _degrees(text: str, field: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Invalid("coordinate-not-a-number", field=field, value=text) from None
