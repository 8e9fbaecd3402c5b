"""A real worker, killed in the middle of storing an import: all of it or nothing, never a part."""

import os
import signal
from typing import Any

import pytest
import shapely
from sqlalchemy import text

from gridtrack.grids import store as grids
from gridtrack.grids.tables import Edition, GridRow
from gridtrack.tasks.rules import State
from gridtrack.tasks.tables import Task
from gridtrack.usecases.grid_imports import cancel_import
from tests.builders import SOUTH, WEST, Site
from tests.imports import accepted, nothing_left, row_of, written
from tests.jobs.test_kill import until, workers
from tests.jobs.toil import do_next

pytestmark = pytest.mark.slow
SIDE, STEP = 80, 0.0005


def many() -> dict[str, Any]:
    """6,400 squares in one community of 80 columns."""

    def row(code: str, level: int, parent: str, box: tuple[float, ...]) -> dict[str, Any]:
        named = {"code": code, "level": level, "parent": parent, "name": code}
        geometry = shapely.geometry.mapping(shapely.box(*box))
        return {"type": "Feature", "properties": named, "geometry": geometry}

    def at(column: float, line: float) -> tuple[float, float]:
        return round(WEST + STEP * column, 7), round(SOUTH + STEP * line, 7)

    rows = [row("Z", 1, "", (*at(0, 0), *at(SIDE, SIDE)))]
    for c in range(SIDE):
        rows.append(row(f"Z{c}", 2, "Z", (*at(c, 0), *at(c + 1, SIDE))))
        rows += [row(f"Z{c}-{n}", 3, f"Z{c}", (*at(c, n), *at(c + 1, n + 1))) for n in range(SIDE)]
    return {"type": "FeatureCollection", "features": rows}


def stored(site: Site) -> int:
    with site.look() as work:
        return work.session.query(GridRow).filter(GridRow.edition_id != 1).count()


def cut_short(site: Site) -> int:
    """An import whose worker was killed while it stored; gives how many grids it had stored."""
    with workers(site, 1) as (worker,):
        until(lambda: stored(site) > 0)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    left = -1

    def settled() -> bool:
        nonlocal left
        before, left = left, stored(site)
        return before == left

    until(settled)  # its own process ends a moment after it
    return left


def lapse(site: Site) -> None:
    """Let the lease of the dead worker run out."""
    with site.work() as work:
        work.session.execute(
            text("UPDATE task SET lease_until = created_at WHERE state = 'running'")
        )


@pytest.mark.parametrize("cancelled", [False, True], ids=["goes on", "cancelled"])
def test_a_killed_worker_leaves_all_or_nothing(street: Site, *, cancelled: bool) -> None:
    site = street
    # Two levels do not fill each other to the last digit: faults of rounding are taken.
    one = accepted(site, data=written(many()))
    whole = SIDE * SIDE + SIDE + 1
    assert 0 < cut_short(site) < whole
    with site.look() as work:
        assert [edition.id for edition in grids.editions(work.session)] == [1]
        task = work.session.query(Task).order_by(Task.id.desc()).first()
        assert task is not None
        assert task.state == "running"
    if cancelled:
        with site.work("admin") as work:
            cancel_import(work, one)
    lapse(site)
    if cancelled:
        assert do_next(site) is State.CANCELLED
        assert nothing_left(site)
    else:
        assert do_next(site) is State.DONE
        assert stored(site) == whole
        with site.look() as work:
            found = work.session.query(Edition).filter(Edition.id != 1).all()
        assert [(edition.id, edition.state) for edition in found] == [
            (row_of(site, one).edition_id, "draft")
        ]
