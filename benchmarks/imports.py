"""An import of 100,000 grids through its tasks, while reports come in.

    ./dev bench imports [--side N] [--json OUT]

The file has `--side` squared leaves with bent borders in two levels above. `ratio` is the time of
all steps (look, check, store, with the start of their processes) / that of reading the file and
asking Shapely for the edges that do not match, level by level, in one run. `report_ms` is how long
a report took before and during the import: the promise is that none waits for it. `server_mb` is
what the process with the worker holds (RSS) before and after, `task_mb` the most that a process of
a task held. Both databases where a PostGIS server is named.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import shapely

from benchmarks._fill import fresh_site
from benchmarks.routing import land
from gridtrack.clock import SystemClock
from gridtrack.geo.layers import read_layer
from gridtrack.jobs.tasks import TaskRunner
from gridtrack.tasks import files
from gridtrack.tasks.tables import Task
from gridtrack.usecases.grid_imports import (
    Decision,
    Given,
    accept_findings,
    declare_datum,
    give_files,
    map_fields,
)
from gridtrack.usecases.report import report_incident
from tests.builders import Site, a_report

SERVER = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")
FIELDS = {name: name for name in ("code", "level", "parent", "name")} | {"name_en": ""}
EVERY_S = 0.05


def write(path: Path, side: int) -> dict[str, int]:
    """The land as one GeoJSON file; says how many grids it has."""
    grids = land(side)
    with path.open("w", encoding="utf-8") as out:
        out.write('{"type":"FeatureCollection","features":[\n')
        for n, grid in enumerate(grids):
            named = {"code": grid.code, "level": grid.level, "parent": grid.parent}
            properties = json.dumps({**named, "name": grid.name}, ensure_ascii=False)
            shape = shapely.to_geojson(shapely.transform(grid.shape, lambda xy: xy.round(7)))
            comma = ",\n" if n else ""
            out.write(f'{comma}{{"type":"Feature","properties":{properties},"geometry":{shape}}}')
        out.write("]}")
    return {"grids": len(grids)}


def bare(path: Path) -> dict[str, float]:
    """Reading the file and one coverage call for each level, and nothing else."""
    began = time.perf_counter()
    layer = read_layer(path)
    read_s = time.perf_counter() - began
    levels: dict[Any, list[shapely.Geometry]] = {}
    for feature in layer.features:
        levels.setdefault(feature.properties["level"], []).append(feature.shape)
    for shapes in levels.values():
        shapely.coverage_invalid_edges(np.array(shapes, dtype=object))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return {"read_s": read_s, "bare_s": time.perf_counter() - began, "bare_mb": peak_mb}


def held_mb(pid: int, what: str) -> float:
    """`VmRSS` or `VmHWM` of a process; 0 where it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith(what)), 0.0)


class Watch:
    """Reports that come in one after the other, and the memory of the processes of tasks."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.took_ms: list[float] = []
        self.task_mb = 0.0
        self.over = threading.Event()

    def reports(self) -> None:
        while not self.over.wait(EVERY_S):
            began = time.perf_counter()
            with self.site.work() as work:
                report_incident(work, a_report(client_id=str(uuid.uuid4())))
            self.took_ms.append((time.perf_counter() - began) * 1000)

    def memory(self) -> None:
        own = os.getpid()
        while not self.over.wait(0.1):
            for task in Path(f"/proc/{own}/task").iterdir():
                children = (task / "children").read_text().split()
                self.task_mb = max([self.task_mb, *(held_mb(int(p), "VmHWM") for p in children)])

    @contextmanager
    def on(self) -> Iterator[None]:
        threads = [threading.Thread(target=act) for act in (self.reports, self.memory)]
        for thread in threads:
            thread.start()
        yield
        self.over.set()
        for thread in threads:
            thread.join()

    def told(self) -> dict[str, float]:
        waits = np.array(self.took_ms)
        return {
            "count": len(waits),
            "median": round(float(np.median(waits)), 1),
            "p99": round(float(np.percentile(waits, 99)), 1),
            "longest": round(float(waits.max()), 1),
        }


def finish(site: Site) -> float:
    """Wait until the newest task is over; how long it took from being asked for, in seconds."""
    while True:
        with site.look() as work:
            task = work.session.query(Task).order_by(Task.id.desc()).first()
        assert task is not None
        if task.finished_at is not None:
            assert task.state == "done", task.error
            return (task.finished_at - task.created_at).total_seconds()
        time.sleep(0.1)


def steps(site: Site, path: Path) -> dict[str, float]:
    """All steps of an import, each as soon as the one before is over."""
    instance = site.runtime.settings.instance
    folder = files.new_folder(instance)
    own = files.folder_of(instance, folder) / "0"
    own.mkdir()
    shutil.copy(path, own / path.name)
    took = {}
    with site.work("admin") as work:
        given = [Given(path.name, f"0/{path.name}", 0, path.stat().st_size)]
        one = give_files(work, folder, given, {}, None).id
    took["look_s"] = finish(site)
    with site.work("admin") as work:
        declare_datum(work, one, "wgs84")
        map_fields(work, one, FIELDS, "1", "3")
    took["check_s"] = finish(site)
    with site.work("admin") as work:
        accept = frozenset({"gap", "overlap", "outside-parent", "invalid-polygon"})
        accept_findings(work, one, Decision("bench", accept, "bench"))
    took["store_s"] = finish(site)
    return took


def measure(kind: str, folder: Path, path: Path) -> dict[str, Any]:
    site = fresh_site(kind, folder, SERVER)
    site.runtime = replace(site.runtime, clock=SystemClock())
    told: dict[str, Any] = {"database": kind}
    quiet = Watch(site)
    with quiet.on():
        time.sleep(5)
    told["report_ms_before"] = quiet.told()
    before = held_mb(os.getpid(), "VmRSS")
    runner = TaskRunner(site.runtime)
    runner.start()
    busy = Watch(site)
    with busy.on():
        told.update({name: round(took, 1) for name, took in steps(site, path).items()})
    runner.stop()
    told["report_ms_during"] = busy.told()
    told["server_mb"] = [round(before), round(held_mb(os.getpid(), "VmRSS"))]
    told["task_mb"] = round(busy.task_mb)
    site.runtime.engine.dispose()
    return told


def own_process(*words: str) -> dict[str, Any]:
    """One part of this in a process of its own, so that its memory is not counted as ours."""
    command = [sys.executable, __file__, *words]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--side", type=int, default=316)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--bare", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.bare or given.write:
        print(json.dumps(bare(given.bare) if given.bare else write(given.write, given.side)))
        return
    with tempfile.TemporaryDirectory(prefix="gridtrack-bench-") as name:
        path = Path(name) / "land.geojson"
        made = own_process("--side", str(given.side), "--write", str(path))
        alone = own_process("--bare", str(path))
        figures: dict[str, Any] = {**made, "mb": path.stat().st_size / 1e6}
        figures.update(alone)
        figures["runs"] = []
        for kind in ("sqlite", "postgres") if SERVER else ("sqlite",):
            told = measure(kind, Path(name) / f"bench-imports-{kind}", path)
            whole = told["look_s"] + told["check_s"] + told["store_s"]
            told["ratio"] = round(whole / figures["bare_s"], 2)
            figures["runs"].append(told)
            print(json.dumps(told))
    text = json.dumps(figures, indent=1)
    print(text)
    if given.json:
        given.json.write_text(text)


if __name__ == "__main__":
    main()
