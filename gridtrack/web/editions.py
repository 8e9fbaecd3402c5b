"""The editions of the grids, with what is wrong in each."""

from flask import render_template

from gridtrack.access import Permission
from gridtrack.http.context import look
from gridtrack.http.guard import may
from gridtrack.queries.editions import edition_at
from gridtrack.queries.editions import editions as read_editions
from gridtrack.web.maps import asked_instant


@may(Permission.GRIDS_DRAW)
def editions() -> str:
    """Every edition, newest first; with `at`, which one was in force then."""
    at = asked_instant()
    with look() as unit:
        found = read_editions(unit)
        then = edition_at(unit, at) if at is not None else None
    return render_template("editions.html", editions=found, at=at, then=then)
