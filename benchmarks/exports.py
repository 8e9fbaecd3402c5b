"""A table of every matter as CSV and as Excel: memory and time, by the task that the page starts.

    ./dev bench exports [--matters N] [--sheet N] [--only KIND] [--json OUT]

`grown_mb` is by how much the process that writes grew at its highest, for a tenth of the matters
and for all of them: constant memory means that the two are alike (`well`: within 32 MB). `plain`
is the time beside a bare cursor over the same rows with csv.writer. `told` is how often the
progress of the sheet was written down.
"""

import argparse
import csv
import json
import re
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._fill import NOW, fill, fresh_site, rows, settle
from benchmarks._proof import SERVER, prove
from gridtrack.clock import ManualClock
from gridtrack.jobs import tables_out
from gridtrack.jobs.progress import Progress
from gridtrack.settings import Settings
from gridtrack.tasks import files
from gridtrack.tasks.rules import State
from gridtrack.usecases.run_task import settle_task, take_task
from gridtrack.usecases.start_task import start_task
from gridtrack.work import make_runtime
from tests.builders import Site

MOST_MB = 32
COLUMNS = "id, reported_at, category, state, source, grid_code, address, lon, lat, description"


def measure(kind: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Fill, write three tables, look at the process."""
    site = fresh_site(kind, folder / kind, SERVER)
    fill(site.runtime, rows(1, options.matters, is_open=False, due_at=lambda _: None, site=site))
    settle(site.runtime)
    tenth = written(site, "csv", options.matters // 10)
    whole = written(site, "csv", options.matters)
    sheet = written(site, "xlsx", options.sheet)
    plain_s = plain(site, folder / "plain.csv")
    site.runtime.engine.dispose()
    return {
        "matters": options.matters,
        "csv_s": whole["s"],
        "plain": round(whole["s"] / plain_s, 2),
        "grown_mb": [tenth["grown_mb"], whole["grown_mb"]],
        "sheet": sheet,
        "well": whole["grown_mb"] - tenth["grown_mb"] <= MOST_MB and sheet["told"] > 1,
    }


def written(site: Site, form: str, count: int) -> dict[str, Any]:
    """One table of the newest `count` matters, by a process of its own as the worker has one."""
    runtime = site.runtime
    begin = (NOW - timedelta(seconds=count)).date()
    params = {
        "begin": begin.isoformat(), "end": NOW.date().isoformat(), "scope": "", "category": "",
        "format": form, "locale": "zh", "folder": files.new_folder(runtime.settings.instance),
    }  # fmt: skip
    with site.work("street") as work:
        start_task(work, "matters-out", params)
    settings = runtime.settings
    command = [sys.executable, __file__, "--child", settings.url, str(settings.instance)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


def child(url: str, instance: str) -> None:
    """Write the table that waits, and say what it took."""
    settings = Settings(database_url=url, instance=Path(instance))
    runtime = make_runtime(settings, ManualClock(NOW))
    with runtime.work() as work:
        taken = take_task(work)
    assert taken is not None
    progress = Counted(runtime, taken)
    before = resident("VmRSS")
    began = time.perf_counter()
    result = tables_out.matters(runtime, taken, progress)
    took_s = round(time.perf_counter() - began, 2)
    grown = round(resident("VmHWM") - before, 1)
    with runtime.work() as work:
        settle_task(work, taken.turn, State.DONE, result=result)
    said = {"rows": result["rows"], "s": took_s, "grown_mb": grown, "told": progress.told}
    print(json.dumps(said))


class Counted(Progress):
    """Progress that says how often it was written down."""

    told = 0

    def _tell(self, values: dict[str, Any]) -> None:
        self.told += 1
        super()._tell(values)


def resident(name: str) -> float:
    """What this process holds (VmRSS) or held at its highest (VmHWM), in MB."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def plain(site: Site, out: Path) -> float:
    """The same rows by a bare cursor."""
    began = time.perf_counter()
    with site.runtime.engine.connect() as connection, out.open("w", newline="") as file:
        streamed = connection.execution_options(stream_results=True, yield_per=2000)
        writer = csv.writer(file)
        for row in streamed.exec_driver_sql(f"SELECT {COLUMNS} FROM incident ORDER BY id"):
            writer.writerow(row)
    return time.perf_counter() - began


def main() -> int:
    """Read the command line and measure."""
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
        return 0
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--matters", type=int, default=1_000_000)
    parser.add_argument("--sheet", type=int, default=50_000)
    return prove(parser, measure)


if __name__ == "__main__":
    raise SystemExit(main())
