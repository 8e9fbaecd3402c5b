"""The map of any edition, drafts too."""

from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.http.context import look
from gridtrack.http.guard import may
from gridtrack.queries.edition_map import edition_map, edition_mark
from gridtrack.web.fresh import if_changed, ready_packed
from gridtrack.web.maps import view_asked


@may(Permission.GRIDS_DRAW)
def edition_grids(edition_id: int, level: int) -> AnyResponse:
    """The grids of a level inside `bbox` (or all) as GeoJSON, thinned for `zoom` (or exact)."""
    view = view_asked(level)
    with look() as unit:
        mark = edition_mark(unit, edition_id, view)
        return if_changed(mark, lambda: ready_packed(edition_map(unit, edition_id, view)))
