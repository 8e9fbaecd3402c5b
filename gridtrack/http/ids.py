"""Ids in addresses."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter

BIGGEST = 2**63 - 1  # what a key can be in either database


class Key(IntegerConverter):
    """An id that no key can have is not found; SQLite would break over it and PostgreSQL too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Bounded from above unless a route says otherwise."""
        super().__init__(*args, **{"max": BIGGEST, **kwargs})


def install(app: Flask) -> None:
    """Bound every `<int:…>` of every route; called before the first route is added."""
    app.url_map.converters["int"] = Key
