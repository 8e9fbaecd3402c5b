"""New York's two weekends through `gridtrack replay`: 20,000 reports, in at most five minutes.

    ./dev bench replay [--limit N] [--seed N] [--only sqlite|postgres] [--keep FOLDER] [--json OUT]

Imports the three levels, replays both files, and prints for each database: seconds in all,
milliseconds a report, and what came out. Needs ../shared/data/nyc beside the project.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.databases import template_of

ROOT = Path(__file__).resolve().parents[1]
SERVER = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")
NYC = ROOT.parent / "shared" / "data" / "nyc"
MOST_S = 300


def gridtrack(instance: Path, url: str, *asked: str) -> float:
    """Run the command on an instance of its own; returns the seconds it took."""
    began = time.perf_counter()
    env = {"GRIDTRACK_INSTANCE": str(instance), "GRIDTRACK_DATABASE_URL": url, "PATH": "",
           "HOME": str(Path.home())}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "gridtrack", *asked], cwd=ROOT, env=env, stdout=subprocess.DEVNULL,
        check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"gridtrack {asked[0]} ended with {done.returncode}")
    return time.perf_counter() - began


def measure(instance: Path, url: str, limit: int | None, seed: int) -> dict[str, object]:
    """Set up, import, replay; returns the figures."""
    gridtrack(instance, url, "db", "upgrade")
    levels = [f"--level={n}={NYC / f'level{n}.geojson.gz'}" for n in (1, 2, 3)]
    names = ["--map=code=id", "--map=parent=parent_id"]
    import_s = gridtrack(
        instance, url, "grids", "import", *levels, *names, "--accept", "all", "--activate"
    )
    files = [str(path) for path in sorted((NYC / "original").glob("nyc311_*.csv.gz"))]
    out = instance / "replay.json"
    more = ["--limit", str(limit)] if limit else []
    took_s = gridtrack(
        instance, url, "replay", *files, "--lon", "longitude", "--lat", "latitude", "--at",
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
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    parser.add_argument("--keep", type=Path, help="leave the instances there")
    parser.add_argument("--json")
    asked = parser.parse_args()
    if not NYC.exists():
        sys.exit(f"no data at {NYC}")
    urls = {"sqlite": ""}
    if SERVER and asked.only != "sqlite":
        urls["postgres"] = f"{SERVER.rsplit('/', 1)[0]}/{template_of(SERVER, 'bench_replay')}"
    with tempfile.TemporaryDirectory() as folder:
        root = asked.keep or Path(folder)
        found = {}
        for kind in [asked.only] if asked.only else urls:
            instance = root / kind
            instance.mkdir(parents=True, exist_ok=True)
            found[kind] = measure(instance, urls[kind], asked.limit, asked.seed)
    text = json.dumps(found, ensure_ascii=False, indent=1)
    print(text)
    if asked.json:
        Path(asked.json).write_text(text)


if __name__ == "__main__":
    main()
