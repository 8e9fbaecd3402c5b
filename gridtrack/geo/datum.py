"""Datums met in China, turned into WGS-84 and back.

WGS-84 is what satellites and browsers give and what is stored. CGCS2000 equals it within a metre
and is taken as it is (field-guide.md §4.1). GCJ-02 is WGS-84 shifted by a fixed, public wave of
some hundred metres; BD-09 shifts GCJ-02 once more. Both are the identity outside the box in which
the shift is applied. That box is a rectangle: it holds Hong Kong, Macau, Taiwan and parts of
neighbouring countries too, so a point there that is declared as GCJ-02 is shifted, as it was told.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gridtrack.errors import Invalid
from gridtrack.geo import waves

Degrees = NDArray[np.float64]
Pair = tuple[Degrees, Degrees]
Shift = Callable[[Degrees, Degrees], Pair]


class Datum(StrEnum):
    """The datums a coordinate may be declared in."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    CGCS2000 = "cgcs2000"


BOX = (72.004, 0.8293, 137.8347, 55.8271)  # lon, lat, lon, lat where the shift applies
_REACH_DEG = 0.05
_BLOCK = 16_384  # points whose numbers stay in the processor's own memory


@overload
def to_wgs84(lon: float, lat: float, datum: str) -> tuple[float, float]: ...
@overload
def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> Pair: ...
def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> tuple[ArrayLike, ArrayLike]:
    """Degrees in `datum` as WGS-84 degrees, floats or arrays alike, exact to under 0.1 mm.

    Raises Invalid("datum-unknown"). Within a kilometre of the box's edge two WGS-84 points share
    one shifted point; the one inside the box is given.
    """
    undo = {Datum.GCJ02: _ungcj02, Datum.BD09: _unbd09}.get(datum_named(datum))
    return _apply(lon, lat, None if undo is None else lambda x, y: _inverse(undo, x, y))


@overload
def from_wgs84(lon: float, lat: float, datum: str) -> tuple[float, float]: ...
@overload
def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> Pair: ...
def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> tuple[ArrayLike, ArrayLike]:
    """WGS-84 degrees as degrees in `datum`, floats or arrays alike; Invalid("datum-unknown")."""
    shift = {Datum.GCJ02: waves.gcj02, Datum.BD09: _bd09}.get(datum_named(datum))
    return _apply(lon, lat, None if shift is None else lambda x, y: _forward(shift, x, y))


def datum_named(name: str) -> Datum:
    """The datum that `name` (as in Datum, in any case) means, or Invalid("datum-unknown")."""
    try:
        return Datum(name.strip().lower().replace("-", "")) if isinstance(name, str) else Datum("")
    except ValueError:
        raise Invalid("datum-unknown", field="datum", value=name, known=", ".join(Datum)) from None


def _apply(lon: ArrayLike, lat: ArrayLike, change: Shift | None) -> tuple[ArrayLike, ArrayLike]:
    if change is None and isinstance(lon, float) and isinstance(lat, float):
        return lon, lat  # one report in WGS-84: arrays would cost more than finding its grid
    x = np.atleast_1d(np.asarray(lon, dtype=np.float64))
    y = np.atleast_1d(np.asarray(lat, dtype=np.float64))
    if change is not None:
        x, y = change(x, y)
    return (float(x[0]), float(y[0])) if np.ndim(lon) == 0 else (x, y)


def _in_box(lon: Degrees, lat: Degrees, slack: float = 0.0) -> NDArray[np.bool_]:
    west, south, east, north = BOX
    across = (lon >= west - slack) & (lon <= east + slack)
    return across & (lat >= south - slack) & (lat <= north + slack)


def _forward(shift: Shift, lon: Degrees, lat: Degrees) -> Pair:
    inside = _in_box(lon, lat)
    x, y = lon.copy(), lat.copy()
    x[inside], y[inside] = _in_blocks(shift, lon[inside], lat[inside])
    return x, y


def _inverse(undo: Shift, lon: Degrees, lat: Degrees) -> Pair:
    # A preimage lies within some 2.5 km of its image: farther out nothing was shifted.
    west, south, east, north = BOX
    near = (np.abs(lon - np.clip(lon, west, east)) < _REACH_DEG) & (
        np.abs(lat - np.clip(lat, south, north)) < _REACH_DEG
    )
    wanted_x, wanted_y = lon[near], lat[near]
    guess_x, guess_y = _in_blocks(undo, wanted_x, wanted_y)
    was_shifted = _in_box(guess_x, guess_y, slack=1e-9)  # what stood on the edge stays inside
    x, y = lon.copy(), lat.copy()
    x[near] = np.where(was_shifted, guess_x, wanted_x)
    y[near] = np.where(was_shifted, guess_y, wanted_y)
    return x, y


def _in_blocks(change: Shift, x: Degrees, y: Degrees) -> Pair:
    """`change` block by block: twenty sums over a million points would go through main memory."""
    if len(x) <= _BLOCK:
        return change(x, y)
    changed_x, changed_y = np.empty_like(x), np.empty_like(y)
    for start in range(0, len(x), _BLOCK):
        some = slice(start, start + _BLOCK)
        changed_x[some], changed_y[some] = change(x[some], y[some])
    return changed_x, changed_y


def _ungcj02(x: Degrees, y: Degrees) -> Pair:
    return waves.undone(waves.gcj02_with_slopes, x, y)


def _bd09(x: Degrees, y: Degrees) -> Pair:
    """BD-09 is GCJ-02 shifted once more."""
    return waves.bd09(*waves.gcj02(x, y))


def _unbd09(x: Degrees, y: Degrees) -> Pair:
    return _ungcj02(*waves.undone(waves.bd09_with_slopes, x, y))
