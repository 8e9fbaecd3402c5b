"""A process that sweeps at a made-up time: `python -m benchmarks._ticking ISO`, see sweep.py.

Says `ready`, waits for a line, sweeps until nothing is due, and says how many steps it fired.
"""

import os
import sys
from datetime import datetime

from gridtrack.clock import ManualClock
from gridtrack.jobs.sweeper import tick
from gridtrack.settings import Settings
from gridtrack.work import make_runtime


def main() -> None:
    runtime = make_runtime(
        Settings.from_env(os.environ), ManualClock(datetime.fromisoformat(sys.argv[1]))
    )
    with runtime.look():
        print("ready", flush=True)
    sys.stdin.readline()
    print(len(tick(runtime, budget_s=600).rungs), flush=True)


if __name__ == "__main__":
    main()
