"""What a request is given: the runtime, the actor, and units of work under both."""

from contextlib import AbstractContextManager
from typing import cast

from flask import current_app, g, has_request_context, request
from flask_babel import get_locale

from gridtrack.access import RESIDENT, Actor
from gridtrack.audit.rules import Origin
from gridtrack.work import Runtime, Work

EXTENSION = "gridtrack"


def runtime() -> Runtime:
    """The runtime of the running application."""
    return cast("Runtime", current_app.extensions[EXTENSION])


def actor() -> Actor:
    """Who makes this request; a resident without account where nobody is logged in."""
    return cast("Actor", g.get("actor", RESIDENT))


def work() -> AbstractContextManager[Work]:
    """A unit of writing for this request's actor."""
    return runtime().work(actor(), origin=origin())


def look() -> AbstractContextManager[Work]:
    """A unit of reading for this request's actor."""
    return runtime().look(actor(), origin=origin())


def origin() -> Origin:
    """Where this request comes from, as the audit says it; the address is that behind proxies."""
    door, _, act = (request.endpoint or "web.").rpartition(".")
    about = request.view_args or {}
    subject = " ".join(f"{name.removesuffix('_id')}:{value}" for name, value in about.items())
    where, key = request.remote_addr or "", cast("str", g.get("session_key", ""))
    return Origin(door or "web", act, subject, where, key)


def locale() -> str:
    """The reader's language: `zh` or `en`."""
    if not has_request_context():
        return "zh"
    return str(get_locale() or "zh")[:2]


def choose_locale() -> str:
    """The language asked for now, chosen before, preferred by the browser, or the default."""
    asked = request.args.get("lang") or request.cookies.get("lang")
    if asked in ("zh", "en"):
        return asked
    if request.headers.get("Accept-Language"):
        return request.accept_languages.best_match(["zh", "en"]) or runtime().settings.locale
    return runtime().settings.locale
