"""Answers that a poll may skip, and answers that travel small."""

import gzip
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from flask import Response, make_response, request
from werkzeug.wrappers import Response as AnyResponse

from gridtrack.http.headers import unless_same
from gridtrack.web.words import now

TEXT = ("text/", "application/json", "application/geo+json", "image/svg", "application/javascript")
WORTH_IT = 1000  # bytes; below this the header costs as much as is saved
YEAR = 31_536_000


def if_changed(mark: str, make: Callable[[], Response | str]) -> AnyResponse:
    """304 where the browser holds what `mark` stands for, without making the answer at all."""
    probe = unless_same(Response(), mark)
    if probe.status_code == 304:
        return probe
    return unless_same(make_response(make()), mark)


def tell_time(response: Response) -> Response:
    """Say what the server's clock shows, so that countdowns on an open page stay right."""
    response.headers["X-Server-Now"] = str(int(now().timestamp() * 1000))
    return response


def compress(response: Response) -> Response:
    """The response gzipped where it is text, worth it, and the browser can read it."""
    _cache_built(response)
    kind = response.mimetype or ""
    if (
        response.status_code != 200
        or "gzip" not in request.headers.get("Accept-Encoding", "")
        or "Content-Encoding" in response.headers
        or not kind.startswith(TEXT)
    ):
        return response
    body = _built(request.path) if _is_built() else _plain(response)
    if body is None or len(body) < WORTH_IT:
        return response
    response.close()  # the file that it would have been streamed from
    response.direct_passthrough = False
    response.set_data(_packed(request.path, body) if _is_built() else gzip.compress(body, 5))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def ready_packed(packed: bytes) -> Response:
    """An answer of JSON that is kept gzipped; unpacked for a reader that cannot do it itself."""
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return Response(gzip.decompress(packed), mimetype="application/json")
    response = Response(packed, mimetype="application/json")
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def _is_built() -> bool:
    return request.path.startswith("/static/dist/assets/")


def _cache_built(response: Response) -> None:
    # Vite puts the content's hash in the name: what has this name never changes.
    if _is_built() and response.status_code == 200:
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"


def _plain(response: Response) -> bytes | None:
    return None if response.is_streamed or response.direct_passthrough else response.get_data()


def _built(path: str) -> bytes | None:
    file = Path(__file__).parent / path.lstrip("/")
    return file.read_bytes() if file.is_file() else None


@lru_cache(maxsize=64)
def _packed(_path: str, body: bytes) -> bytes:
    return gzip.compress(body, 9)
