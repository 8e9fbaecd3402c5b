"""How much a request may carry: little, unless its view says that it takes more."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, request

View = TypeVar("View", bound=Callable[..., Any])
MARK = "gridtrack_takes"


def takes_up_to(most: int) -> Callable[[View], View]:
    """Let a view take requests of `most` bytes; whoever may not open it is refused before."""

    def mark(view: View) -> View:
        setattr(view, MARK, most)
        return view

    return mark


def install(app: Flask) -> None:
    """Raise the limit for the views that say so; called after the guard, before forms are read."""

    @app.before_request
    def widen() -> None:
        view = app.view_functions.get(request.endpoint or "")
        most = getattr(view, MARK, None)
        if most is not None:
            request.max_content_length = most
