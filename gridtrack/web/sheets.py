"""Sheets to post: one page of paper for each base grid."""

from flask import render_template, request

from gridtrack.access import Permission
from gridtrack.http.context import locale, look
from gridtrack.http.guard import may
from gridtrack.queries.sheets import sheets
from gridtrack.web.words import now


@may(Permission.GRIDS_DRAW)
def edition_sheets(edition_id: int) -> str:
    """The sheets of the base grids at and below `under`, to be printed by the browser."""
    with look() as unit:
        found = sheets(unit, edition_id, request.args.get("under", ""), locale())
    return render_template("sheets.html", found=found, printed_at=now())
