"""The waves of GCJ-02 and the wobble of BD-09, with their slopes: sums of few sines, many points.

Every angle of these formulas is a multiple of one small angle for each axis. So each axis takes one
sine and one cosine a point, and the rest is multiplication: sin 2a = 2 sin a cos a, sin 3a =
3 sin a - 4 sin^3 a. That is four times as fast as asking for each sine, and as exact: the largest
multiple is 360, and 360 roundings of a double are far below a thousandth of a millimetre.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Degrees = NDArray[np.float64]
Pair = tuple[Degrees, Degrees]

_SEMI_AXIS_M = 6378245.0  # Krasovsky 1940, on which GCJ-02 is defined
_ECCENTRICITY2 = 0.00669342162296594323
_BAIDU_WAVE = math.pi * 3000 / 180
_GROWS, _TURNS, _EAST, _NORTH = 2e-5, 3e-6, 0.0065, 0.006
_STEPS = 2
_PI = math.pi
_LEAST_DEG = 1e-6  # nearer to its centre line the slope of the square root has no end


@dataclass(frozen=True, slots=True)
class Slopes:
    """How much the shifted place moves when the place moves: d(shifted)/d(place)."""

    east_by_x: Degrees
    east_by_y: Degrees
    north_by_x: Degrees
    north_by_y: Degrees


WithSlopes = Callable[[Degrees, Degrees], tuple[Degrees, Degrees, Slopes]]


def gcj02(lon: Degrees, lat: Degrees) -> Pair:
    """Where GCJ-02 shows WGS-84 degrees, without its box."""
    x, y = lon - 105.0, lat - 35.0
    along, up = _Waves(x * (_PI / 60)), _Waves(y * (_PI / 60))
    east_m, north_m = _metres(x, y, along, up)
    across, meridian = _per_degree(y)
    return lon + east_m / across, lat + north_m / meridian


def gcj02_with_slopes(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees, Slopes]:
    """`gcj02` and its slopes; those of the square root, and of the ellipsoid, are left out."""
    x, y = lon - 105.0, lat - 35.0
    along, up = _Waves(x * (_PI / 60)), _Waves(y * (_PI / 60))
    east_m, north_m = _metres(x, y, along, up)
    across, meridian = _per_degree(y)
    shared = along.c360 * (80 * _PI) + along.c120 * (80 / 3 * _PI) + 0.1 * y
    root = np.copysign(0.05 / np.sqrt(np.maximum(np.abs(x), _LEAST_DEG)), x)
    east_x = shared + root + 1 + 0.2 * x + along.slope(40 / 3, 80 / 3, 100.0, 200.0)
    north_y = 0.1 * x + 3 + 0.4 * y + up.slope(40 / 3, 80 / 3, 320 / 3, 640 / 3)
    slopes = Slopes(
        1 + east_x / across,
        (0.1 * x + 2) / across,
        (shared + 2 * root + 2) / meridian,
        1 + north_y / meridian,
    )
    return lon + east_m / across, lat + north_m / meridian, slopes


class _Waves:
    """Sines and cosines of the multiples of an angle that the formulas use (360 for 6 pi x)."""

    __slots__ = ("c2", "c5", "c20", "c60", "c120", "c360", "s2", "s5", "s20", "s60", "s120", "s360")

    def __init__(self, angle: Degrees) -> None:
        s1, c1 = np.sin(angle), np.cos(angle)
        self.s2, self.c2 = _twice(s1, c1)
        s4, c4 = _twice(self.s2, self.c2)
        self.s5, self.c5 = s4 * c1 + c4 * s1, c4 * c1 - s4 * s1
        s10, c10 = _twice(self.s5, self.c5)
        self.s20, self.c20 = _twice(s10, c10)
        self.s60, self.c60 = _thrice(self.s20, self.c20)
        self.s120, self.c120 = _twice(self.s60, self.c60)
        self.s360, self.c360 = _thrice(self.s120, self.c120)

    def sum(self, one: float, three: float, twelve: float, thirty: float) -> Degrees:
        """Waves of 1, 3, 12 and 30 degrees (half of each) with their amplitudes in metres."""
        return one * self.s60 + three * self.s20 + twelve * self.s5 + thirty * self.s2

    def slope(self, one: float, three: float, twelve: float, thirty: float) -> Degrees:
        """The slope of that sum, in metres a degree."""
        return _PI * (
            one * self.c60
            + (three / 3) * self.c20
            + (twelve / 12) * self.c5
            + (thirty / 30) * self.c2
        )


def _metres(x: Degrees, y: Degrees, along: _Waves, up: _Waves) -> Pair:
    root = np.sqrt(np.abs(x))
    shared = 40 / 3 * (along.s360 + along.s120) + 0.1 * x * y
    east_m = (
        300
        + x
        + 2 * y
        + 0.1 * x * x
        + 0.1 * root
        + shared
        + along.sum(40 / 3, 80 / 3, 100.0, 200.0)
    )
    north_m = (
        -100
        + 2 * x
        + 3 * y
        + 0.2 * y * y
        + 0.2 * root
        + shared
        + up.sum(40 / 3, 80 / 3, 320 / 3, 640 / 3)
    )
    return east_m, north_m


def _per_degree(y: Degrees) -> Pair:
    """Metres of a degree to the east and to the north, at a latitude of y + 35."""
    phi = (y + 35.0) * (_PI / 180)
    sin, cos = np.sin(phi), np.cos(phi)
    flat = 1 - _ECCENTRICITY2 * sin * sin
    vertical = (_SEMI_AXIS_M * _PI / 180) / np.sqrt(flat)
    return vertical * cos, vertical * (1 - _ECCENTRICITY2) / flat


def _twice(sin: Degrees, cos: Degrees) -> Pair:
    return 2 * sin * cos, 1 - 2 * sin * sin


def _thrice(sin: Degrees, cos: Degrees) -> Pair:
    return sin * (3 - 4 * sin * sin), cos * (4 * cos * cos - 3)


def bd09(x: Degrees, y: Degrees) -> Pair:
    """Where BD-09 shows GCJ-02 degrees. Its turn is so small that two terms are all of it."""
    grown = 1 + _GROWS * np.sin(y * _BAIDU_WAVE) / np.hypot(x, y)
    turn = _TURNS * np.cos(x * _BAIDU_WAVE)
    kept = 1 - turn * turn / 2
    return grown * (x * kept - y * turn) + _EAST, grown * (y * kept + x * turn) + _NORTH


def bd09_with_slopes(x: Degrees, y: Degrees) -> tuple[Degrees, Degrees, Slopes]:
    """`bd09` and its slopes."""
    radius = np.hypot(x, y)
    far, turn = y * _BAIDU_WAVE, _TURNS * np.cos(x * _BAIDU_WAVE)
    turns = -_TURNS * _BAIDU_WAVE * np.sin(x * _BAIDU_WAVE)
    grows = _GROWS * _BAIDU_WAVE * np.cos(far) / radius
    grown, kept = 1 + _GROWS * np.sin(far) / radius, 1 - turn * turn / 2
    slopes = Slopes(1 - y * turns, grows * x - turn, turn + x * turns, 1 + grows * y)
    moved_x, moved_y = x * kept - y * turn, y * kept + x * turn
    return grown * moved_x + _EAST, grown * moved_y + _NORTH, slopes


def undone(shift: WithSlopes, x: Degrees, y: Degrees) -> Pair:
    """Where `shift` was before: two Newton steps, of which the first leaves some decimetres."""
    at_x, at_y = x, y
    for _ in range(_STEPS):
        got_x, got_y, by = shift(at_x, at_y)
        off_x, off_y = got_x - x, got_y - y
        share = 1 / (by.east_by_x * by.north_by_y - by.east_by_y * by.north_by_x)
        at_x = at_x - (by.north_by_y * off_x - by.east_by_y * off_y) * share
        at_y = at_y - (by.east_by_x * off_y - by.north_by_x * off_x) * share
    return at_x, at_y
