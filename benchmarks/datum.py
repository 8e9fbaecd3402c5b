"""Datum conversion: points a second and what a round trip loses, against a copy of the same arrays.

    ./dev bench datum [--points N] [--json OUT]

`per_second` is points a second of CPU time on one core, there and back; `copies` the time of that
in copies of the two arrays, which says the same on every machine; `lost_mm` the farthest that a
point of China comes back from where it was; `outside` whether points outside its box came back
untouched (aims: 1,000,000 a second, 1 mm, true).
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from gridtrack.geo.datum import from_wgs84, to_wgs84

METRES_A_DEGREE = 111_320
TIMES = 5


def fastest(call: Callable[[], Any]) -> float:
    """Seconds of CPU of the fastest of some calls: the others were disturbed."""
    best = float("inf")
    for _ in range(TIMES):
        began = time.process_time()
        call()
        best = min(best, time.process_time() - began)
    return best


def measure(points: int) -> dict[str, Any]:
    """Every figure, for both shifted datums."""
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(73.5, 135, points), rng.uniform(18, 53.5, points)
    away = rng.uniform(-180, 60, points), rng.uniform(-85, 85, points)
    copy = fastest(lambda: (lon.copy(), lat.copy()))
    found: dict[str, Any] = {"points": points}
    for datum in ("gcj02", "bd09"):
        shifted = from_wgs84(lon, lat, datum)
        there, back = (
            fastest(lambda d=datum: from_wgs84(lon, lat, d)),
            fastest(lambda d=datum, s=shifted: to_wgs84(*s, d)),
        )
        again = to_wgs84(*shifted, datum)
        lost = np.hypot(again[0] - lon, again[1] - lat).max() * METRES_A_DEGREE
        same = to_wgs84(*away, datum)
        found[datum] = {
            "there_per_second": round(points / there),
            "back_per_second": round(points / back),
            "back_copies": round(back / copy, 1),
            "lost_mm": round(float(lost) * 1000, 5),
            "outside": bool((same[0] == away[0]).all() and (same[1] == away[1]).all()),
        }
    return found


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    text = json.dumps(measure(asked.points), indent=1)
    print(text)
    if asked.json:
        asked.json.write_text(text + "\n")


if __name__ == "__main__":
    main()
