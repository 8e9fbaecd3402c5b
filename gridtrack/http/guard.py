"""Every route says who may: `@may(Permission.X)` or `@public`. What says nothing is refused.

A route's word is the coarse gate; the use case asks again with the scope of the thing.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, request

from gridtrack.access import RESIDENT, Actor, Permission, permits
from gridtrack.accounts import store as accounts
from gridtrack.accounts.log_in_rules import Standing
from gridtrack.accounts.rules import token_digest
from gridtrack.accounts.store import Bearer
from gridtrack.errors import Forbidden, Unauthenticated
from gridtrack.http import login
from gridtrack.http.context import actor, look, origin, runtime
from gridtrack.usecases.sessions import Present, doubt_session, touch_session, who_is_there
from gridtrack.usecases.tokens import refuse_token

View = TypeVar("View", bound=Callable[..., Any])
MARK = "gridtrack_may"
HALFWAY = "gridtrack_halfway"
PUBLIC = "public"
LOGGED_IN = "logged-in"
TOKEN_MAX_AGE_S = 1.0


def may(*permissions: Permission) -> Callable[[View], View]:
    """Let in whoever has one of `permissions` somewhere; none named: whoever is logged in."""

    def mark(view: View) -> View:
        setattr(view, MARK, permissions or LOGGED_IN)
        return view

    return mark


def halfway(view: View) -> View:
    """Let in whoever has still to show the second factor: the page where that is done."""
    setattr(view, HALFWAY, True)
    return view


def public(view: View) -> View:
    """Let in everybody, residents without an account included."""
    setattr(view, MARK, PUBLIC)
    return view


def install(app: Flask) -> None:
    """Find out who asks, then check the route's word, before every request."""
    app.before_request(_admit)


def _admit() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return  # a 404 is public
    rule = rule_of(view)
    if request.blueprint is None and rule is None and request.endpoint == "static":
        return
    found = _find_actor()
    half = g.get("weak", False) and not getattr(view, HALFWAY, False)
    g.actor = RESIDENT if half else found
    if rule != PUBLIC:
        _check(rule, half=half)


def _check(rule: Any, *, half: bool) -> None:
    """The route's word on who is there; raises where it is against."""
    if half:
        raise Unauthenticated("second-factor")
    if not actor().known:
        raise Unauthenticated("login-required")
    if rule == LOGGED_IN:
        return
    if rule is None or not any(permits(actor(), one) for one in rule):
        _refuse(Forbidden("forbidden", permission=request.endpoint or "", scope=None))


def _refuse(error: Forbidden) -> None:
    """Raise it where work is, so that it leaves its line in the audit."""
    with look():
        raise error


def rule_of(view: Callable[..., Any]) -> Any:
    """What a view said of itself: PUBLIC, LOGGED_IN, a tuple of permissions, or None."""
    return getattr(view, MARK, None)


def bearer_token() -> str | None:
    """The token that this request carries; whoever carries one is nobody else."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _find_actor() -> Actor:
    token = bearer_token()
    if token is not None:
        return _bearer(token)
    key = login.session_key()
    if key is None:
        return RESIDENT
    here, device = runtime(), login.device()
    with here.look() as work:
        found = who_is_there(work, key, device)
    return RESIDENT if found is None else _judged(found)


def _judged(found: Present) -> Actor:
    """Who that is for this request: nobody where the session is over, half a person while weak."""
    stands = found.standing
    if stands is Standing.DOUBTED:
        with runtime().work(origin=origin()) as work:
            doubt_session(work, found)
    if stands in (Standing.DOUBTED, Standing.IDLE, Standing.OVER):
        return RESIDENT
    g.session_id, g.session_key = found.session_id, f"s:{found.session_id}"
    g.weak = stands in (Standing.WEAK, Standing.MOVED)
    g.has_second = found.has_second
    if found.touch:
        with runtime().work() as work:
            touch_session(work, found.session_id)
    return found.actor


def _bearer(token: str) -> Actor:
    """Who a token acts for. Remembered for a second: asking cost a quarter of a whole report.

    So a revoked token, or one whose person lost a post, dies within a second in every process.
    What is unknown is not remembered, or guessing would fill the memory.
    """
    here = runtime()

    def load() -> Bearer:
        with here.look() as work:
            found = accounts.token_bearer(work.session, token, work.now)
        if found is None:
            with here.work(origin=origin()) as work:
                refuse_token(work, token)
            raise Unauthenticated("token-unknown")
        return found

    g.session_key = f"t:{token_digest(token)[:8]}"
    found = here.memo.get(("token", token_digest(token)), load, TOKEN_MAX_AGE_S)
    if found.expires_at <= here.clock.now():
        raise Unauthenticated("token-unknown")
    return found.actor
