"""Logging in and out with Flask-Login; the extension is wrapped in this one module."""

from dataclasses import dataclass

from flask import Flask, Request, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from gridtrack.accounts.log_in_rules import Device


@dataclass(frozen=True, slots=True)
class SessionUser(UserMixin):  # type: ignore[misc]
    """What a cookie remembers: the key of a session that stands in the database, nothing else.

    Who that is, and whether it still holds, is read anew with each request.
    """

    key: str

    def get_id(self) -> str:
        """The key as Flask-Login keeps it."""
        return self.key


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions; who sends no cookie at all, as machines do, costs no signer."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if "Cookie" not in request.headers:
            return self.session_class()
        return super().open_session(app, request)


def install(app: Flask) -> None:
    """Set up sessions. They outlive a change of address: a phone leaves the Wi-Fi all day long."""
    app.session_interface = Sessions()
    manager = LoginManager()
    manager.session_protection = None
    manager.init_app(app)

    @manager.user_loader
    def load(key: str) -> SessionUser | None:
        return SessionUser(key)


def session_key() -> str | None:
    """The key that this browser's cookie carries, None where nobody logged in."""
    return current_user.key if current_user.is_authenticated else None


def device() -> Device:
    """From where this request comes."""
    return Device(request.headers.get("User-Agent", ""), request.remote_addr or "")


def begin(key: str) -> None:
    """Give the browser the key of a session; nothing of the stranger before goes into it."""
    session.clear()
    login_user(SessionUser(key))


def end() -> None:
    """Take the key from the browser."""
    logout_user()
    session.clear()
