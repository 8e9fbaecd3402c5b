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
_SEMI_AXIS_M = 6378245.0  # Krasovsky 1940, on which GCJ-02 is defined
_ECCENTRICITY2 = 0.00669342162296594323
# A step of 3 mm leaves an error some 300 times smaller; round trips must stay under 1 mm.
_CLOSE_DEG = 3e-8
_MOST_ROUNDS = 12
_REACH_DEG = 0.05

# (amplitude in metres, degrees of a half wave) of the sine terms along each axis.
_WAVES_SHARED = ((40 / 3, 1 / 6), (40 / 3, 1 / 2))
_WAVES_EAST = ((40 / 3, 1.0), (80 / 3, 3.0), (100.0, 12.0), (200.0, 30.0))
_WAVES_NORTH = ((40 / 3, 1.0), (80 / 3, 3.0), (320 / 3, 12.0), (640 / 3, 30.0))
_BAIDU_WAVE = np.pi * 3000 / 180


@overload
def to_wgs84(lon: float, lat: float, datum: str) -> tuple[float, float]: ...
@overload
def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> Pair: ...
def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> tuple[ArrayLike, ArrayLike]:
    """Degrees in `datum` as WGS-84 degrees, floats or arrays alike, exact to under 1 mm.

    Raises Invalid("datum-unknown"). Within a kilometre of the box's edge two WGS-84 points share
    one shifted point; the one inside the box is given.
    """
    shift = _shift(datum)
    return _apply(lon, lat, None if shift is None else lambda x, y: _inverse(shift, x, y))


@overload
def from_wgs84(lon: float, lat: float, datum: str) -> tuple[float, float]: ...
@overload
def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> Pair: ...
def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> tuple[ArrayLike, ArrayLike]:
    """WGS-84 degrees as degrees in `datum`, floats or arrays alike; Invalid("datum-unknown")."""
    shift = _shift(datum)
    return _apply(lon, lat, None if shift is None else lambda x, y: _forward(shift, x, y))


def datum_named(name: str) -> Datum:
    """The datum that `name` (as in Datum, in any case) means, or Invalid("datum-unknown")."""
    try:
        return Datum(name.strip().lower().replace("-", "")) if isinstance(name, str) else Datum("")
    except ValueError:
        raise Invalid("datum-unknown", field="datum", value=name, known=", ".join(Datum)) from None


def _shift(datum: str) -> Shift | None:
    return {Datum.GCJ02: _gcj02, Datum.BD09: _bd09}.get(datum_named(datum))


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
    x[inside], y[inside] = shift(lon[inside], lat[inside])
    return x, y


def _inverse(shift: Shift, lon: Degrees, lat: Degrees) -> Pair:
    """Undo `shift` by repeating guess -= shift(guess) - wanted: it gains two digits a round."""
    # A preimage lies within some 2.5 km of its image: farther out nothing was shifted.
    west, south, east, north = BOX
    near = (np.abs(lon - np.clip(lon, west, east)) < _REACH_DEG) & (
        np.abs(lat - np.clip(lat, south, north)) < _REACH_DEG
    )
    wanted_x, wanted_y = lon[near], lat[near]
    guess_x, guess_y = wanted_x.copy(), wanted_y.copy()
    for _ in range(_MOST_ROUNDS):
        got_x, got_y = shift(guess_x, guess_y)
        step_x, step_y = got_x - wanted_x, got_y - wanted_y
        guess_x -= step_x
        guess_y -= step_y
        if max(np.abs(step_x).max(initial=0), np.abs(step_y).max(initial=0)) < _CLOSE_DEG:
            break
    was_shifted = _in_box(guess_x, guess_y, slack=1e-9)  # what stood on the edge stays inside
    x, y = lon.copy(), lat.copy()
    x[near] = np.where(was_shifted, guess_x, wanted_x)
    y[near] = np.where(was_shifted, guess_y, wanted_y)
    return x, y


def _gcj02(lon: Degrees, lat: Degrees) -> Pair:
    """The GCJ-02 shift without its box."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    shared = _waves(x, _WAVES_SHARED) + 0.1 * x * y
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * root + shared + _waves(x, _WAVES_EAST)
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.2 * root + shared + _waves(y, _WAVES_NORTH)
    phi = np.radians(lat)
    flat = 1 - _ECCENTRICITY2 * np.sin(phi) ** 2
    prime_vertical_m = _SEMI_AXIS_M / np.sqrt(flat)
    meridian_m = prime_vertical_m * (1 - _ECCENTRICITY2) / flat
    return (
        lon + np.degrees(east_m / (prime_vertical_m * np.cos(phi))),
        lat + np.degrees(north_m / meridian_m),
    )


def _waves(along: Degrees, waves: tuple[tuple[float, float], ...]) -> Degrees:
    total = np.zeros_like(along)
    for amplitude_m, half_deg in waves:
        total += amplitude_m * np.sin(along * (np.pi / half_deg))
    return total


def _bd09(lon: Degrees, lat: Degrees) -> Pair:
    """The BD-09 shift, from WGS-84 over GCJ-02, without its box."""
    x, y = _gcj02(lon, lat)
    radius = np.hypot(x, y) + 2e-5 * np.sin(y * _BAIDU_WAVE)
    angle = np.arctan2(y, x) + 3e-6 * np.cos(x * _BAIDU_WAVE)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
