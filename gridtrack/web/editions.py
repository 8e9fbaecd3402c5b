"""The editions of the grids, with what is wrong in each."""

from flask import render_template

from gridtrack.access import Permission, permits
from gridtrack.http.context import actor, look
from gridtrack.http.guard import may
from gridtrack.queries.editions import edition_at
from gridtrack.queries.editions import editions as read_editions
from gridtrack.web.maps import asked_instant
from gridtrack.web.stories import kind_word


@may(Permission.GRIDS_DRAW)
def editions() -> str:
    """Every edition, newest first; with `at`, which one was in force then."""
    at = asked_instant()
    with look() as unit:
        found = read_editions(unit)
        then = edition_at(unit, at) if at is not None else None
    may_import = permits(actor(), Permission.GRIDS_EDIT)
    return render_template(
        "editions.html",
        editions=found,
        at=at,
        then=then,
        may_import=may_import,
        kind_word=kind_word,
    )
