"""What changes hands before an edition comes into force."""

from flask import render_template

from gridtrack.access import Permission
from gridtrack.http.context import locale, look
from gridtrack.http.guard import may
from gridtrack.queries.edition import edition_page
from gridtrack.queries.impact import impact


@may(Permission.GRIDS_DRAW)
def edition_impact(edition_id: int) -> str:
    """The impact of an edition, with the steps that put it in force beside it."""
    with look() as unit:
        page = edition_page(unit, edition_id)
        found = impact(unit, edition_id, locale())
    return render_template("edition_impact.html", page=page, found=found, typed={})
