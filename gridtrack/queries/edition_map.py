"""The grids of any edition, drafts too, as a map draws them."""

from gridtrack.access import Permission, require, scopes
from gridtrack.geo.box import Box
from gridtrack.grids import store as grids
from gridtrack.grids.views import View, extent_of, view_of
from gridtrack.work import Work


def edition_mark(work: Work, edition_id: int, view: View) -> str:
    """What the answer to `view` depends on; raises NotFound."""
    require(work.actor, Permission.GRIDS_DRAW)
    revision = grids.revision_of(work.session, edition_id)
    return f"edition:{edition_id}:{revision}:{view!r}"


def edition_map(work: Work, edition_id: int, view: View) -> bytes:
    """The grids of one level as GeoJSON, gzipped; raises NotFound.

    Where there are more than a screen can show, none are sent, and `left_out` says how many.
    """
    require(work.actor, Permission.GRIDS_DRAW)
    revision = grids.revision_of(work.session, edition_id)
    return view_of(work.session, work.memo, edition_id, revision, view)


def edition_extent(work: Work, edition_id: int) -> str:
    """What a map of an edition shows first, as `west,south,east,north`: the reader's own ground.

    Empty where the edition has no grids.
    """
    require(work.actor, Permission.GRIDS_DRAW)
    own = [path for path in scopes(work.actor, Permission.GRIDS_DRAW) if path]
    found = extent_of(work.session, edition_id, 1, own) if own else None
    found = found or extent_of(work.session, edition_id, 1)
    return Box(*found).around() if found else ""
