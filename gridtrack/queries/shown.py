"""Which photos of a matter its reporter may see: what the record says last. A step of several."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol


class Told(Protocol):
    """A line of a record: an event, or a moment of a timeline."""

    @property
    def kind(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


def shown_photos(record: Iterable[Told]) -> frozenset[str]:
    """The names of the photos that were looked at and shown, and not taken back since."""
    shown: set[str] = set()
    for line in record:
        if line.kind == "photo-shown":
            shown.add(line.data["name"])
        elif line.kind == "photo-hidden":
            shown.discard(line.data["name"])
    return frozenset(shown)
