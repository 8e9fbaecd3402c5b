"""The secretary's board: what burns now, list and map side by side."""

from flask import render_template
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import ENGINE, Permission, permits
from gridtrack.http.context import actor, locale, look, runtime
from gridtrack.http.guard import may
from gridtrack.queries.audits import verdict_now
from gridtrack.queries.board import BoardPage
from gridtrack.queries.board import board as read_board
from gridtrack.queries.duty import holes_ahead
from gridtrack.usecases.heartbeat import LATE_S, Health, health
from gridtrack.web.door import reader
from gridtrack.web.fresh import if_changed
from gridtrack.web.maps import own_scopes
from gridtrack.web.words import local, now

_MACHINE_AGE_S = 2.0


def _machine() -> Health | None:
    """How the machine is doing, for who may know it; asked once for all boards that are open."""
    if not permits(actor(), Permission.HEALTH):
        return None
    here = runtime()

    def ask() -> Health:
        with here.look(ENGINE) as unit:
            return health(unit)

    return here.memo.get("machine", ask, _MACHINE_AGE_S)


def _state_of(machine: Health | None) -> object:
    """What of it changes the board: the figures in the steps in which they are shown."""
    if machine is None:
        return None
    late, oldest = int(machine.overdue_s // LATE_S), int(machine.oldest_waiting_s // 60)
    counted = (machine.beating, machine.waiting, machine.dead, machine.quarantined)
    return (late, oldest, machine.held, *counted)


def _page() -> BoardPage:
    with look() as unit:
        return read_board(unit, locale())


def _mark(page: BoardPage, machine: Health | None) -> str:
    lists = (page.used_up, page.overdue, page.soon, page.escalated, page.triage, page.recent)
    rows = [[(one.id, one.version) for one in lines] for lines in lists]
    counts = (sorted(page.counts.items()), page.unread, page.orders, _state_of(machine))
    return repr((reader(), rows, counts, local(now()).date()))


@may(Permission.DIRECT)
def board() -> str:
    """The whole page."""
    with look() as unit:
        verdict, holes = verdict_now(unit), holes_ahead(unit)
    return render_template(
        "board.html",
        page=_page(),
        mine=own_scopes(),
        verdict=verdict,
        machine=_machine(),
        holes=holes,
    )


@may(Permission.DIRECT)
def board_lists() -> AnyResponse:
    """Counts and lists alone, for polling."""
    page, machine = _page(), _machine()
    return if_changed(
        _mark(page, machine),
        lambda: render_template(
            "partials/board_lists.html", page=page, machine=machine, polled=True
        ),
    )
