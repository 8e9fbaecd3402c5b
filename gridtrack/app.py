"""create_app: the one place that wires things together."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from apiflask import APIFlask
from flask import request
from flask_babel import Babel
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.api.blueprint import blueprint as api
from gridtrack.clock import Clock
from gridtrack.errors import Forbidden
from gridtrack.http import errors, guard, headers, ids, limits, login, sizes
from gridtrack.http.context import EXTENSION, choose_locale
from gridtrack.http.database import Database
from gridtrack.i18n.catalogue import LOCALE_FOLDER
from gridtrack.ogc.blueprint import blueprint as ogc
from gridtrack.settings import Settings
from gridtrack.web.blueprint import blueprint as web
from gridtrack.work import Runtime, make_runtime

REQUEST_MAX = 60_000_000  # three photos as the phone made them; the photo rule is stricter


class App(APIFlask):
    """The application; no view of it is a coroutine, and nobody asks twelve times a request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is."""
        return func


def create_app(
    settings: Settings, clock: Clock, runtime: Runtime | None = None, *, limited: bool = True
) -> APIFlask:
    """The web application on a runtime (its own when none is given); starts no thread.

    `limited` False leaves the rate limits out, for tests and for replays through HTTP.
    """
    app = App(
        "gridtrack",
        title="gridtrack",
        version="1",
        spec_path="/api/v1/openapi.json",
        docs_path=None,  # the document is the contract; no third-party page from elsewhere
        static_folder="web/static",
        template_folder="web/templates",
    )
    base = runtime or make_runtime(settings, clock)
    app.config.update(
        SECRET_KEY=base.secret,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_NAME="gridtrack",
        MAX_CONTENT_LENGTH=REQUEST_MAX,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.https,
        SQLALCHEMY_DATABASE_URI=settings.url,
        BABEL_TRANSLATION_DIRECTORIES=str(LOCALE_FOLDER),
        BABEL_DEFAULT_LOCALE="en",
        BABEL_DEFAULT_TIMEZONE=settings.timezone,
        RATELIMIT_ENABLED=limited,
        TRAP_HTTP_EXCEPTIONS=False,
    )
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    database = Database(base.engine)
    database.init_app(app)
    app.extensions[EXTENSION] = replace(base, sessions=lambda: cast("Session", database.session()))
    Babel(app, locale_selector=choose_locale)
    headers.install(app, settings)
    login.install(app)
    guard.install(app)
    sizes.install(app)
    ids.install(app)
    _protect_forms(app)
    errors.install(app)
    limits.install(app)
    app.register_blueprint(web)
    app.register_blueprint(api)
    app.register_blueprint(ogc)
    return app


def _protect_forms(app: APIFlask) -> None:
    """CSRF for everything a browser sends by itself; a bearer token is never sent by itself."""
    csrf = CSRFProtect(app)

    @app.before_request
    def check() -> None:
        if request.endpoint is not None and guard.bearer_token() is None:
            csrf.protect()

    @app.errorhandler(CSRFError)
    def refused(_error: CSRFError) -> AnyResponse | tuple[str, int]:
        return errors.answer(Forbidden("csrf"))
