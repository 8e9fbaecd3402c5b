"""The secretary's board: what burns now, list and map side by side."""

from flask import render_template
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission
from gridtrack.http.context import locale, look
from gridtrack.http.guard import may
from gridtrack.queries.audits import verdict_now
from gridtrack.queries.board import BoardPage
from gridtrack.queries.board import board as read_board
from gridtrack.web.door import reader
from gridtrack.web.fresh import if_changed
from gridtrack.web.maps import own_scopes
from gridtrack.web.words import local, now


def _page() -> BoardPage:
    with look() as unit:
        return read_board(unit, locale())


def _mark(page: BoardPage) -> str:
    lists = (page.overdue, page.soon, page.escalated, page.triage, page.recent)
    rows = [[(one.id, one.version) for one in lines] for lines in lists]
    return repr(
        (reader(), rows, sorted(page.counts.items()), page.unread, page.orders, local(now()).date())
    )


@may(Permission.DIRECT)
def board() -> str:
    """The whole page."""
    with look() as unit:
        verdict = verdict_now(unit)
    return render_template("board.html", page=_page(), mine=own_scopes(), verdict=verdict)


@may(Permission.DIRECT)
def board_lists() -> AnyResponse:
    """Counts and lists alone, for polling."""
    page = _page()
    return if_changed(
        _mark(page), lambda: render_template("partials/board_lists.html", page=page, polled=True)
    )
