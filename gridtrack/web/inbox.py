"""A gridworker's inbox: least time left first, one tap to acknowledge."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.access import Permission, permits
from gridtrack.errors import Conflict, Forbidden, GridtrackError, NotFound
from gridtrack.http.context import actor, locale, look, work
from gridtrack.http.errors import status_of
from gridtrack.http.guard import may
from gridtrack.i18n.sentences import sentence
from gridtrack.queries.inbox import InboxPage
from gridtrack.queries.inbox import inbox as read_inbox
from gridtrack.usecases.acknowledge import acknowledge
from gridtrack.web.door import reader
from gridtrack.web.forms import version
from gridtrack.web.fresh import if_changed
from gridtrack.web.gettext import gettext
from gridtrack.web.words import local, now


def _page() -> InboxPage:
    with look() as unit:
        return read_inbox(unit, locale())


def _mark(page: InboxPage) -> str:
    """Changes with everything the list shows; the clocks tick in the browser by themselves."""
    rows = [(one.id, one.version, one.handler_id, one.rung) for one in page.waiting + page.handling]
    orders = [(one.id, one.round, one.overdue) for one in page.orders]
    return repr((reader(), rows, orders, page.urges, page.unread, local(now()).date()))


@may(Permission.WORK)
def inbox() -> str:
    """The whole page."""
    sees_duty = permits(actor(), Permission.DUTY_SEE)
    return render_template("inbox.html", page=_page(), sees_duty=sees_duty)


@may(Permission.WORK)
def inbox_list() -> AnyResponse:
    """The list alone, for polling."""
    page = _page()
    return if_changed(
        _mark(page), lambda: render_template("partials/inbox_list.html", page=page, polled=True)
    )


@may(Permission.WORK)
def inbox_acknowledge(incident_id: int) -> str | AnyResponse | tuple[str, int]:
    """Acknowledge from the list in one tap; answers with the list, or goes back to it."""
    status = 200
    try:
        with work() as unit:
            acknowledge(unit, incident_id, version())
        flash(gettext("Acknowledged. The clock has stopped."), "ok")
    except GridtrackError as error:
        if not isinstance(error, Conflict | Forbidden | NotFound):
            raise
        # Somebody else was faster, or it has climbed on: the fresh list says the rest.
        flash(sentence(error.code, locale(), **error.params), "bad")
        status = status_of(error)
    if not request.headers.get("HX-Request"):
        return redirect(url_for("web.inbox"), code=303)
    body = render_template("partials/inbox_list.html", page=_page(), polled=True, flashed_here=True)
    return body, status
