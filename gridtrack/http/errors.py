"""Errors become answers: one table from class to status, problem+json for machines, a page else."""

from collections.abc import Mapping
from typing import Any

import structlog
from flask import Flask, Response, jsonify, redirect, render_template, request, url_for
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.errors import (
    Conflict,
    Forbidden,
    GridtrackError,
    Invalid,
    NotFound,
    Rejected,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from gridtrack.http.context import locale
from gridtrack.i18n.sentences import sentence

STATUS: Mapping[type[GridtrackError], int] = {
    Invalid: 422,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    TooMany: 429,
    Unavailable: 503,
}
log = structlog.get_logger()


def status_of(error: GridtrackError) -> int:
    """The HTTP status of an error: that of the nearest class in the tree."""
    return next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), 500)


def problem(error: GridtrackError, language: str) -> dict[str, Any]:
    """An error as RFC 9457 problem details: stable code, sentence, and every fault of a list."""
    body: dict[str, Any] = {
        "type": f"urn:gridtrack:error:{error.code}",
        "code": error.code,
        "status": status_of(error),
        "title": sentence(error.code, language, **error.params),
    }
    if isinstance(error, Invalid):
        faults = error.faults if isinstance(error, Rejected) else (error,)
        body["errors"] = [
            {
                "code": fault.code,
                "field": fault.field,
                "value": fault.params.get("value"),
                "message": sentence(fault.code, language, **fault.params),
            }
            for fault in faults
        ]
    if "retry_after_s" in error.params:
        body["retry_after_s"] = error.params["retry_after_s"]
    return body


def wants_json() -> bool:
    """True for the API, and for scripts that ask for JSON."""
    return (
        request.path.startswith(("/api/", "/ogc/"))
        or request.accept_mimetypes.best == "application/json"
    )


def install(app: Flask) -> None:
    """Answer every error of the tree, and those of the framework, in the same two shapes."""

    @app.errorhandler(GridtrackError)
    def known(error: GridtrackError) -> AnyResponse | tuple[str, int]:
        if isinstance(error, Unauthenticated) and not wants_json() and request.method == "GET":
            page = "web.second_factor" if error.code == "second-factor" else "web.login"
            return redirect(url_for(page, next=request.full_path.rstrip("?")))
        return answer(error)

    @app.errorhandler(OperationalError)
    def unreachable(error: OperationalError) -> AnyResponse | tuple[str, int]:
        log.error("database-error", error=type(error.orig).__name__)
        return answer(Unavailable("database-unavailable"))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> AnyResponse | tuple[str, int]:
        named = HttpError(f"http-{error.code}", status=error.code or 500)
        told = app.make_response(answer(named))
        for name, value in error.get_headers():
            if name in ("Allow", "Retry-After"):  # a 405 must say what is allowed
                told.headers[name] = value
        return told


class HttpError(GridtrackError):
    """An error that the framework raised by its number."""


def answer(error: GridtrackError) -> AnyResponse | tuple[str, int]:
    """Problem+json or a page, with the error's status."""
    status = error.params["status"] if isinstance(error, HttpError) else status_of(error)
    assert isinstance(status, int)
    body = {**problem(error, locale()), "status": status}
    if wants_json():
        response: Response = jsonify(body)
        response.status_code = status
        response.mimetype = "application/problem+json"
        if status == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        if "retry_after_s" in body:
            response.headers["Retry-After"] = str(body["retry_after_s"])
        return response
    return render_template("error.html", problem=body), status
