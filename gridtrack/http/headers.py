"""Security headers on every answer, and answers that a poll may skip."""

import hashlib

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.settings import Settings

CSP = (
    "default-src 'self'; img-src 'self' data: blob:{tiles}; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'; connect-src 'self'; worker-src 'self' blob:; "
    "media-src 'self' blob:"
)


def install(app: Flask, settings: Settings) -> None:
    """Add the headers; HSTS only where the deployment says that it is behind HTTPS."""
    tiles = ""
    if settings.map_tiles_url:
        tiles = " " + "/".join(settings.map_tiles_url.split("/")[:3]).replace("{s}", "*")
    policy = CSP.format(tiles=tiles)

    always = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(self)",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if settings.https:
        always["Strict-Transport-Security"] = "max-age=31536000"

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        said = {name.lower() for name, _value in headers}
        headers.extend({n: value for n, value in always.items() if n.lower() not in said})
        if "cache-control" not in said and not request.path.startswith("/static/"):
            headers["Cache-Control"] = "no-store"
        return response


def unless_same(response: Response, mark: str) -> AnyResponse:
    """Answer 304 without a body where the browser already holds what `mark` stands for."""
    response.set_etag(hashlib.sha256(mark.encode()).hexdigest()[:20])
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)
