"""Rate limits for the doors that strangers can knock at, per address."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.errors import TooMany
from gridtrack.http.errors import answer


class _Marked(Limiter):
    """Counts where a route is marked with a limit, and there only.

    Nothing is limited everywhere; looking for that cost every request more than its own checks.
    """

    def _check_request_limit(  # its own signature
        self,
        callable_name: str | None = None,
        in_middleware: bool = True,  # noqa: FBT001, FBT002
    ) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = _Marked(get_remote_address, storage_uri="memory://", headers_enabled=False)

LOGIN = "10 per minute;200 per day"
REPORT = "30 per hour"
TRACK = "30 per hour"
HINTS = "60 per minute;2000 per day"  # asked while a form is filled in
DOORS = "120 per minute;3000 per day"  # a search while typing asks every few letters


def install(app: Flask) -> None:
    """Count per address; one request too many is answered like every other error."""
    limiter.init_app(app)

    @app.errorhandler(RateLimitExceeded)
    def slowed_down(error: RateLimitExceeded) -> AnyResponse | tuple[str, int]:
        after = int(error.limit.limit.get_expiry()) if error.limit else 60
        return answer(TooMany("too-many", retry_after_s=after))
