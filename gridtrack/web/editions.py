"""The editions of the grids, with what is wrong in each."""

from flask import render_template

from gridtrack.access import Permission
from gridtrack.http.context import look
from gridtrack.http.guard import may
from gridtrack.queries.editions import editions as read_editions


@may(Permission.GRIDS_DRAW)
def editions() -> str:
    """Every edition, newest first."""
    with look() as unit:
        found = read_editions(unit)
    return render_template("editions.html", editions=found)
