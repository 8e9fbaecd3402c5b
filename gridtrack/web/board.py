"""The secretary's board: what burns now, the list by a filter, list and map side by side."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import ENGINE, Permission, permits
from gridtrack.errors import Conflict, Invalid
from gridtrack.http.context import actor, locale, look, runtime, work
from gridtrack.http.guard import may
from gridtrack.incidents.intake import Source
from gridtrack.incidents.rules import State
from gridtrack.notifications import store as notifications
from gridtrack.queries.audits import verdict_now
from gridtrack.queries.board import BoardPage
from gridtrack.queries.board import board as read_board
from gridtrack.queries.duty import holes_ahead
from gridtrack.queries.matters import Matters, Wish, matters
from gridtrack.queries.saved_views import saved_views
from gridtrack.queries.vacant import vacant_posts
from gridtrack.usecases.heartbeat import LATE_S, Health, health
from gridtrack.usecases.saved_views import drop_view, save_view
from gridtrack.web import stories
from gridtrack.web.board_filter import asked, query_of, shown
from gridtrack.web.door import reader
from gridtrack.web.forms import messages, next_page
from gridtrack.web.fresh import if_changed
from gridtrack.web.gettext import gettext
from gridtrack.web.maps import own_scopes
from gridtrack.web.watch import Content, Watch
from gridtrack.web.words import local, now
from gridtrack.work import Work

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


@dataclass(frozen=True, slots=True)
class _Open:
    """What the reader has before them: what burns, and the list that they asked for."""

    page: BoardPage
    listed: Matters

    @property
    def content(self) -> Content:
        """What it stands for, to be compared with what a browser holds."""
        page = self.page
        lists = (page.used_up, page.overdue, page.soon, page.escalated, page.triage, page.to_me)
        rows = [[(one.id, one.version) for one in lines] for lines in (*lists, self.listed.lines)]
        shown = frozenset(number for lines in rows for number, _ in lines)
        return Content(repr((rows, sorted(page.counts.items()), page.orders)), shown, page.turns_at)


def _read(unit: Work, wish: Wish) -> _Open:
    return _Open(read_board(unit, locale()), matters(unit, wish, locale()))


@may(Permission.DIRECT)
def board() -> str:
    """The whole page; the list by the filter in the address."""
    wish = asked()
    with look() as unit:
        known = _read(unit, wish)
        context: dict[str, Any] = {
            "verdict": verdict_now(unit),
            "holes": holes_ahead(unit),
            "vacant": vacant_posts(unit, locale()),
            "views": saved_views(unit),
        }
    return render_template(
        "board.html",
        page=known.page,
        listed=known.listed,
        filter=shown(wish),
        mine=own_scopes(),
        machine=_machine(),
        states=[(state.value, stories.say(f"state-{state.value}")) for state in State],
        sources=[(one.value, stories.say(f"source-{one.value}")) for one in Source],
        vacant_roles={one.role: stories.say(f"role-{one.role}") for one in context["vacant"]},
        **context,
    )


@may(Permission.DIRECT)
def board_lists() -> AnyResponse:
    """Counts and lists alone, for polling."""
    wish, machine = asked(), _machine()
    read: list[_Open] = []

    def put_together() -> Content:
        read.append(_read(unit, wish))
        return read[0].content

    with look() as unit:
        key = (reader(), actor().holdings, query_of(wish))
        mark = runtime().memo.get("board-watch", Watch).mark(unit, key, put_together)
        me = actor().person_id
        unread = notifications.unread(unit.session, me) if me is not None else 0

    def answer() -> str:
        if not read:
            with look() as again:
                read.append(_read(again, wish))
        return render_template(
            "partials/board_lists.html",
            page=read[0].page,
            listed=read[0].listed,
            filter=shown(wish),
            machine=machine,
            polled=True,
        )

    return if_changed(
        repr((mark, reader(), unread, _state_of(machine), local(now()).date())), answer
    )


@may(Permission.DIRECT)
def view_save() -> AnyResponse:
    """Keep the filter of an address under a name."""
    wish = asked(dict(parse_qsl(request.form.get("query", "")[:1000])))
    query = query_of(wish)
    try:
        with work() as unit:
            save_view(unit, request.form.get("name", ""), query)
    except (Invalid, Conflict) as error:
        flash(" ".join(messages(error).values()), "bad")
    else:
        flash(gettext("The view is kept."), "ok")
    return redirect(f"{url_for('web.board')}?{query}", code=303)


@may(Permission.DIRECT)
def view_drop(view_id: int) -> AnyResponse:
    """Drop a view of one's own."""
    with work() as unit:
        drop_view(unit, view_id)
    return redirect(next_page(url_for("web.board")), code=303)
