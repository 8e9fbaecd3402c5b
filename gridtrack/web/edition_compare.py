"""Two editions side by side, as a list and on the map."""

from dataclasses import dataclass

from flask import Response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.errors import Invalid
from gridtrack.grids import store as grids
from gridtrack.grids.compare import Difference
from gridtrack.http.context import locale, look
from gridtrack.http.guard import may
from gridtrack.queries.edition import edition_page
from gridtrack.queries.edition_compare import (
    comparable,
    comparison,
    comparison_mark,
    drawn,
    extent_of,
)
from gridtrack.web.fresh import if_changed
from gridtrack.web.stories import say

SHOWN = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One difference, in words; `place` is where the map goes, west,south,east,north."""

    level: int
    code: str
    name: str
    kinds: tuple[tuple[str, str], ...]  # kind and its word
    said: tuple[str, ...]
    area: str
    place: str


@may(Permission.GRIDS_DRAW)
def edition_compare(edition_id: int) -> str:
    """This edition as it follows another: the one asked for, else the one it would follow."""
    with look() as unit:
        page = edition_page(unit, edition_id)
        others = comparable(unit, edition_id)
        chosen = _asked() or (page.compare_with.id if page.compare_with else None)
        if chosen is None and others:
            chosen = others[0].id
        found = comparison(unit, chosen, edition_id) if chosen is not None else None
    shown = [_row(one) for one in found.differences[:SHOWN]] if found else []
    counts = found.summary.items() if found else ()
    return render_template(
        "edition_compare.html",
        page=page,
        others=others,
        found=found,
        rows=shown,
        counts=[(kind, say(f"differs-{kind}"), count) for kind, count in counts],
        extent=extent_of(found.differences) if found else "",
        map_url=f"{url_for('web.edition_compare_map', edition_id=edition_id)}?with={chosen}",
    )


@may(Permission.GRIDS_DRAW)
def on_map(edition_id: int) -> AnyResponse:
    """The differences as GeoJSON."""
    other = _asked()
    if other is None:
        raise Invalid("required", field="with")
    with look() as unit:
        pair = [grids.edition(unit.session, one) for one in (other, edition_id)]
        return if_changed(
            comparison_mark(*pair),
            lambda: Response(
                drawn(comparison(unit, other, edition_id)), mimetype="application/geo+json"
            ),
        )


def _asked() -> int | None:
    given = request.args.get("with", "")
    if not given:
        return None
    if not (given.isascii() and given.isdecimal() and len(given) < 10):
        raise Invalid("not-a-number", field="with", value=given)
    return int(given)


def _row(one: Difference) -> Row:
    grid = one.grid
    bounds = (one.after or one.before or grid).shape.bounds
    return Row(
        level=grid.level,
        code=grid.code,
        name=(grid.name_en if locale() == "en" else "") or grid.name,
        kinds=tuple((kind.value, say(f"differs-{kind.value}")) for kind in one.kinds),
        said=tuple(_said(one)),
        area=_area(one),
        place=",".join(f"{edge:.6f}" for edge in bounds),
    )


def _said(one: Difference) -> list[str]:
    before, after = one.before, one.after
    if before is None or after is None:
        return []
    changes = [
        ("differs-from-code", before.code, after.code),
        ("differs-from-name", before.name, after.name),
        ("differs-from-parent", before.parent, after.parent),
    ]
    return [say(code, old=old, new=new) for code, old, new in changes if old != new]


def _area(one: Difference) -> str:
    if one.before is None or one.after is None:
        size = one.area_after_m2 if one.after else one.area_before_m2
        return say("differs-area", size=f"{size:,.0f}")
    if one.moved_m2 < 1:
        return ""
    return say(
        "differs-area-changed",
        change=f"{one.area_change_m2:+,.0f}",
        percent=f"{one.area_change_percent or 0:+.1f}",
        moved=f"{one.moved_m2:,.0f}",
    )
