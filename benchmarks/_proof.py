"""How a script that proves something is called: on which databases, and what comes of it."""

import argparse
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

SERVER = os.environ.get("GRIDTRACK_TEST_POSTGRES", "")
Measure = Callable[[str, Path, argparse.Namespace], dict[str, Any]]


def prove(parser: argparse.ArgumentParser, measure: Measure) -> int:
    """Measure each database, print and keep the JSON; 0 where every one is `well`, else 1.

    Options that every proof has are added: `--only` and `--json`.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the processes it started go with it
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    parser.add_argument("--json")
    options = parser.parse_args()
    kinds = [options.only] if options.only else ["sqlite"] + (["postgres"] if SERVER else [])
    with tempfile.TemporaryDirectory() as folder:
        found = {kind: measure(kind, Path(folder), options) for kind in kinds}
    words = json.dumps(found, indent=1)
    print(words)
    if options.json:
        Path(options.json).write_text(words)
    return 0 if all(one["well"] for one in found.values()) else 1
