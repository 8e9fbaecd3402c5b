"""Logging in and out with Flask-Login; the extension is wrapped in this one module."""

from dataclasses import dataclass

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user


@dataclass(frozen=True, slots=True)
class SessionUser(UserMixin):  # type: ignore[misc]
    """What a session remembers: who, nothing else; posts are read anew with each request."""

    id: int

    def get_id(self) -> str:
        """The person's id as Flask-Login keeps it."""
        return str(self.id)


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
    def load(person_id: str) -> SessionUser | None:
        return SessionUser(int(person_id)) if person_id.isdigit() else None


def session_person_id() -> int | None:
    """The person logged in with this browser, None when nobody is."""
    return current_user.id if current_user.is_authenticated else None


def begin(person_id: int) -> None:
    """Start a session for a person whose password was right."""
    login_user(SessionUser(person_id))


def end() -> None:
    """End the session."""
    logout_user()
