"""What the audit costs a report: the same reports with and without its line, in one run.

    ./dev bench audit [--reports N] [--turns N] [--json OUT]

Reports go through the use case, without HTTP, so the share is larger here than at a door. CPU of
this process and of the PostgreSQL server; turns alternate, for a busy machine slows both alike.
Then the whole chain is checked. Ends with 1 where a report with its line takes more than 15 %
longer, or the chain does not fit.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy.orm import Session

from benchmarks._serving import Postgres
from gridtrack.access import Actor, Holding, Role
from gridtrack.audit.ledger import Ledger
from gridtrack.audit.rules import Line
from gridtrack.usecases.audit_chain import seal_audit, verify_audit
from tests.builders import Site, a_site
from tests.databases import migrated_sqlite, template_of

SERVER = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")
MOST = 1.15
AUDITOR = Actor(1, "bench", (Holding(Role.AUDIT, ""),))


class Silent(Ledger):
    """A ledger that writes nothing: what the audit is measured against."""

    @contextmanager
    def keeping(self, session: Session, lines: Sequence[Line]) -> Iterator[None]:
        """Let the body commit."""
        assert session is not None
        assert lines is not None
        yield


def measure(url: str, folder: Path, reports: int, turns: int) -> dict[str, Any]:
    """CPU per report with and without, the middle of all turns, and the check of the chain."""
    site = a_site(url, folder)
    loud = site.runtime
    quiet = replace(loud, ledger=Silent(loud.ledger.key))
    database = Postgres(SERVER) if url.startswith("postgres") else None

    def cpu_s() -> float:
        return time.process_time() + (database.cpu_s() if database else 0)

    took: dict[str, list[float]] = {"with": [], "without": []}
    for turn in range(turns + 1):
        for name, runtime in (("with", loud), ("without", quiet)):
            here = Site(runtime, site.clock, site.people)
            began = cpu_s()
            for _ in range(reports):
                here.report()
            if turn:  # the first warms both up
                took[name].append((cpu_s() - began) / reports)
    with loud.work() as work:
        seal_audit(work)
    began = time.perf_counter()
    with loud.look(AUDITOR) as work:
        found = verify_audit(work)
    verified_s = time.perf_counter() - began
    loud.engine.dispose()
    ratios = [a / b for a, b in zip(took["with"], took["without"], strict=True)]
    return {
        "with_ms": round(statistics.median(took["with"]) * 1000, 3),
        "without_ms": round(statistics.median(took["without"]) * 1000, 3),
        "ratio": round(statistics.median(ratios), 3),
        "lines": found.lines,
        "faults": len(found.faults),
        "verify_lines_per_s": round(found.lines / verified_s),
    }


def main() -> int:
    """Measure both databases; the exit code says whether the figures hold."""
    parser = argparse.ArgumentParser(description="What the audit costs a report.")
    parser.add_argument("--reports", type=int, default=100, help="in each turn")
    parser.add_argument("--turns", type=int, default=11)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    told = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        urls = {"sqlite": f"sqlite:///{migrated_sqlite(folder / 'bench.sqlite')}"}
        if SERVER:
            urls["postgres"] = f"{SERVER.rsplit('/', 1)[0]}/{template_of(SERVER, 'bench_audit')}"
        for kind, url in urls.items():
            told[kind] = measure(url, folder / kind, asked.reports, asked.turns)
    text = json.dumps(told, indent=1)
    print(text)
    if asked.json:
        asked.json.write_text(text + "\n", "utf-8")
    return int(any(one["ratio"] > MOST or one["faults"] for one in told.values()))


if __name__ == "__main__":
    raise SystemExit(main())
