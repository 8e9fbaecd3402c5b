"""What of a walk is kept, and what it covers. Pure.

A track is sensitive (PIPL art. 28): it is taken on duty only, thinned as it comes in, and its
points are deleted after some days; what a walk covered this week is all that they are for.
"""

import math
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gridtrack.geo.metric import metres_per_degree

APART_M = 8.0  # nearer to the point before says nothing new
APART = timedelta(minutes=2)  # standing still is told so often
WORST_M = 200.0  # a position that is wrong by more is no position
NEAR_M = 25.0  # a door is visited by whoever was so near to it
FINE_M = 50.0  # only by positions at least so exact
MOST_POINTS = 2000  # of one sending: some hours of walking
NOTE_LIMIT = 500
# Read aloud and typed: no 0 O 1 I L.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Point:
    """Where somebody was: WGS-84 degrees, the accuracy as a radius in metres."""

    at: datetime
    lon: float
    lat: float
    accuracy_m: float


def metres(a: Point, b: Point) -> float:
    """The distance between two points that are not far from each other."""
    east, north = metres_per_degree(a.lat)
    return math.hypot((a.lon - b.lon) * east, (a.lat - b.lat) * north)


def thinned(points: Iterable[Point], last: Point | None) -> list[Point]:
    """Those of `points` that say something new after `last`, in the order of time."""
    kept: list[Point] = []
    before = last
    for one in sorted(points, key=lambda point: point.at):
        if not _usable(one) or (before is not None and one.at <= before.at):
            continue
        if before is None or metres(before, one) >= APART_M or one.at - before.at >= APART:
            kept.append(one)
            before = one
    return kept


def length_m(points: Sequence[Point], last: Point | None) -> float:
    """How far it is along `points`, from `last` on."""
    line = [*([last] if last else []), *points]
    return sum(metres(a, b) for a, b in pairwise(line))


def _usable(one: Point) -> bool:
    fine = math.isfinite(one.lon) and math.isfinite(one.lat) and 0 <= one.accuracy_m <= WORST_M
    return fine and abs(one.lon) <= 180 and abs(one.lat) <= 90


def visited(doors: Floats, track: Floats) -> NDArray[np.bool_]:
    """Which doors (rows of lon, lat) some point of the track came within `NEAR_M` of."""
    found = np.zeros(len(doors), dtype=bool)
    if not len(doors) or not len(track):
        return found
    east, north = metres_per_degree(float(doors[:, 1].mean()))
    scale = np.array([east, north])
    flat, walked = doors * scale, track * scale
    for start in range(0, len(flat), 500):  # a whole matrix of both would not fit a small server
        part = flat[start : start + 500, None, :] - walked[None, :, :]
        found[start : start + 500] = (np.square(part).sum(axis=2) <= NEAR_M**2).any(axis=1)
    return found


def new_code() -> str:
    """What a checkpoint is found by: nobody guesses it."""
    return "".join(secrets.choice(_LETTERS) for _ in range(CODE_LENGTH))
