"""Every error a user can meet, as one tree.

GridtrackError            code + params; the sentence is made in i18n from both
|- Invalid                what was given cannot be used: names field and value
|  `- Rejected            several faults at once: a list of Invalid
|- Unauthenticated        nobody is logged in
|- Forbidden              somebody is, and may not
|- NotFound               there is no such thing, or none that this person may see
|- Conflict               it is there, but in another state or version
|- TooMany                slowed down
`- Unavailable            a part that is needed does not answer

Doors map class to status in one table (`http/errors.py`); nothing else knows about HTTP.
"""

import math
from collections.abc import Sequence


class GridtrackError(Exception):
    """An error with a stable code; `params` are the values its sentence names."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        """The code and its values, for logs and tests; people read the i18n sentence."""
        values = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}({values})"


class Invalid(GridtrackError):
    """What was given cannot be used; names the field and shows the value, cut short."""

    def __init__(self, code: str, *, field: str, value: object = None, **params: object) -> None:
        super().__init__(code, field=field, value=_shown(value), **params)
        self.field = field


def _shown(value: object) -> int | float | str | None:
    """JSON has no NaN, and a number of a thousand digits helps nobody: both are shown as text."""
    if value is None or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, int) and abs(value) < 2**63:
        return value
    return str(value)[:80]


class Rejected(Invalid):
    """Several things were wrong with one input; `faults` has them all."""

    def __init__(self, faults: Sequence[Invalid]) -> None:
        super().__init__("rejected", field=faults[0].field, count=len(faults))
        self.faults = tuple(faults)


class Unauthenticated(GridtrackError):
    """Nobody is logged in, or the token is unknown, expired or revoked."""


class Forbidden(GridtrackError):
    """The actor may not do this here."""


class NotFound(GridtrackError):
    """There is no such thing, or none that this actor may see: the two look the same."""


class Conflict(GridtrackError):
    """The thing is in another state or version than the act supposes."""


class TooMany(GridtrackError):
    """Too many tries; `params["retry_after_s"]` says when to come back."""


class Unavailable(GridtrackError):
    """A part that is needed (database, instance folder, channel) does not answer."""
