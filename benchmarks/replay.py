"""New York's two weekends through `gridtrack replay`: 20,000 reports, in at most five minutes.

    .venv/bin/python benchmarks/replay.py [--limit N] [--seed N] [--keep FOLDER]

Imports the three levels, replays both files on SQLite, and prints one line of JSON: seconds in all,
milliseconds a report, and what came out. Needs ../shared/data/nyc beside the project.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NYC = ROOT.parent / "shared" / "data" / "nyc"
MOST_S = 300


def gridtrack(instance: Path, *asked: str) -> float:
    """Run the command on an instance of its own; returns the seconds it took."""
    began = time.perf_counter()
    env = {"GRIDTRACK_INSTANCE": str(instance), "PATH": "", "HOME": str(Path.home())}
    done = subprocess.run(
        [sys.executable, "-m", "gridtrack", *asked], cwd=ROOT, env=env, stdout=subprocess.DEVNULL,
        check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"gridtrack {asked[0]} ended with {done.returncode}")
    return time.perf_counter() - began


def measure(instance: Path, limit: int | None, seed: int) -> dict[str, object]:
    """Set up, import, replay; returns the figures."""
    gridtrack(instance, "db", "upgrade")
    levels = [f"--level={n}={NYC / f'level{n}.geojson.gz'}" for n in (1, 2, 3)]
    names = ["--map=code=id", "--map=parent=parent_id"]
    import_s = gridtrack(
        instance, "grids", "import", *levels, *names, "--accept", "all", "--activate"
    )
    files = [str(path) for path in sorted((NYC / "original").glob("nyc311_*.csv.gz"))]
    out = instance / "replay.json"
    more = ["--limit", str(limit)] if limit else []
    took_s = gridtrack(
        instance, "replay", *files, "--lon", "longitude", "--lat", "latitude", "--at",
        "created_date", "--closed", "closed_date", "--category", "complaint_type", "--tz",
        "America/New_York", "--seed", str(seed), "--json", str(out), *more,
    )  # fmt: skip
    found = json.loads(out.read_text())
    found = {
        name: value for name, value in found.items() if name not in ("per_grid", "unusable_rows")
    }
    return {
        "import_s": round(import_s, 1),
        "replay_s": round(took_s, 1),
        "ms_per_report": round(1000 * took_s / found["reports"], 2),
        "within": took_s <= MOST_S,
        **found,
    }


def main() -> None:
    """Measure once and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="leave the instance there")
    asked = parser.parse_args()
    if not NYC.exists():
        sys.exit(f"no data at {NYC}")
    with tempfile.TemporaryDirectory() as folder:
        instance = asked.keep or Path(folder)
        instance.mkdir(parents=True, exist_ok=True)
        print(json.dumps(measure(instance, asked.limit, asked.seed), ensure_ascii=False))


if __name__ == "__main__":
    main()
