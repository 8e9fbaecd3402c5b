"""What one step of drawing costs in a draft, small and large, with the check of what it touched.

    ./dev bench drawing [--small N] [--large N] [--json OUT]

Made-up land with bent borders, two levels above the leaves. `move`, `insert`, `split` and `merge`
are previews as the map asks for them: grids fetched, the operation done on every level, its
surroundings checked; `save` is a move written, its record included (rolled back, to be done again).
Each is the median CPU time in this process in milliseconds; `ratio` is large over small, which
stays near 1 as long as only the neighbourhood is looked at.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import shapely

from benchmarks._fill import NOW, fresh_site
from benchmarks.routing import land
from gridtrack.access import ENGINE
from gridtrack.grids import store as grids
from gridtrack.grids.operations import InsertVertex, Merge, MoveVertex, Operation, Split
from gridtrack.grids.rings import rounded
from gridtrack.grids.rules import Grid
from gridtrack.grids.tables import Edition
from gridtrack.usecases.edit_draft import edit_draft, preview_edit
from tests.builders import Site

SERVER = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")
TIMES = 15


def draft(site: Site, found: list[Grid]) -> int:
    """A draft with these grids."""
    with site.work() as work:
        edition = Edition(name="bench", state="draft", created_at=NOW, created_by="bench",
                          tolerance_m=1.0, source={}, accepted=[], note="")  # fmt: skip
        return grids.save_edition(work.session, edition, [_row(grid) for grid in found]).id


def _row(grid: Grid) -> dict[str, Any]:
    west, south, east, north = grid.shape.bounds
    return {"code": grid.code, "level": grid.level, "parent": grid.parent, "name": grid.code,
            "name_en": "", "path": grid.path, "shape": grid.shape, "area_m2": 1.0,
            "households": 1, "min_lon": west, "min_lat": south, "max_lon": east,
            "max_lat": north}  # fmt: skip


def operations(found: list[Grid], side: int) -> dict[str, Operation]:
    """One of each kind, at a leaf in the middle and its neighbour to the east."""
    leaves = {grid.code: grid for grid in found if grid.level == 3}
    c = side // 2 // 8 * 8 + 3  # inside one parent, with its neighbour
    here, beside = leaves[f"3-{c}-{c}"], leaves[f"3-{c + 1}-{c}"]
    shared = shapely.line_merge(shapely.intersection(here.shape, beside.shape))
    corner, next_ = (rounded(xy) for xy in shared.coords[:2])
    west, south, east, north = here.shape.bounds
    middle = (west + east) / 2
    return {
        "move": MoveVertex(corner, rounded((corner[0] + (east - west) / 50, corner[1]))),
        "insert": InsertVertex(rounded(((corner[0] + next_[0]) / 2, (corner[1] + next_[1]) / 2))),
        "split": Split(
            here.code, (rounded((middle, south - 1e-3)), rounded((middle, north + 1e-3)))
        ),
        "merge": Merge(here.code, beside.code),
    }


def cpu_ms(act: Callable[[], object]) -> float:
    """The median CPU time of an act."""
    times = []
    for _ in range(TIMES):
        began = time.process_time()
        act()
        times.append((time.process_time() - began) * 1000)
    return statistics.median(times)


def saved(site: Site, edition_id: int, operation: Operation) -> None:
    """Save, and take it back."""
    with site.runtime.work(ENGINE) as work:
        edit_draft(work, edition_id, [operation], 0)
        work.session.rollback()


def measure(kind: str, root: Path, leaves: int) -> dict[str, float]:
    side = round(leaves**0.5)
    found = land(side)
    site = fresh_site(kind, root / f"draw-{kind}-{leaves}", SERVER)
    edition_id = draft(site, found)
    times = {}
    for name, operation in operations(found, side).items():

        def look(operation: Operation = operation) -> None:
            with site.runtime.look(ENGINE) as work:
                preview_edit(work, edition_id, [operation])

        times[name] = cpu_ms(look)
    times["save"] = cpu_ms(lambda: saved(site, edition_id, operations(found, side)["move"]))
    site.runtime.engine.dispose()
    return times


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--large", type=int, default=10_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    root, result = Path(tempfile.mkdtemp()), {}
    try:
        for kind in ("sqlite", *(["postgres"] if SERVER else [])):
            small, large = (measure(kind, root, n) for n in (options.small, options.large))
            result[kind] = {
                name: {"small_ms": round(small[name], 1), "large_ms": round(large[name], 1),
                       "ratio": round(large[name] / small[name], 2)}
                for name in small
            }  # fmt: skip
    finally:
        shutil.rmtree(root, ignore_errors=True)
    text = json.dumps({"leaves": [options.small, options.large], **result}, indent=1)
    print(text)
    if options.json:
        options.json.write_text(text + "\n")


if __name__ == "__main__":
    main()
