"""The map of any edition, drafts too."""

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.errors import Invalid
from gridtrack.http.context import look
from gridtrack.http.guard import may
from gridtrack.queries.edition_map import View, edition_map, edition_mark
from gridtrack.queries.maps import Box
from gridtrack.web.fresh import if_changed, ready_packed


@may(Permission.GRIDS_DRAW)
def edition_grids(edition_id: int, level: int) -> AnyResponse:
    """The grids of a level inside `bbox` (or all) as GeoJSON, thinned for `zoom` (or exact)."""
    view = view_asked(level)
    with look() as unit:
        mark = edition_mark(unit, edition_id, view)
        return if_changed(mark, lambda: ready_packed(edition_map(unit, edition_id, view)))


def view_asked(level: int) -> View:
    """The view that a request names; raises Invalid."""
    box, zoom = request.args.get("bbox"), request.args.get("zoom")
    if zoom is not None and not (zoom.isascii() and zoom.isdecimal() and len(zoom) <= 2):
        raise Invalid("bad-zoom", field="zoom", value=zoom)
    return View(level, Box.parse(box) if box else None, int(zoom) if zoom else None)
