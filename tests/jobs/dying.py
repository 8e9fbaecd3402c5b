"""A process whose children sweep or move matters and die at a given statement: see test_kill.py.

Reads a number a line and answers when the child that died before that statement is gone. It has one
thread, so that it may fork, and loads everything once.
"""

import os
import sys
from collections.abc import Callable

from sqlalchemy import event

from gridtrack.clock import SystemClock
from gridtrack.jobs.mover import Mover
from gridtrack.jobs.sweeper import tick
from gridtrack.settings import Settings
from gridtrack.work import Runtime, make_runtime

KILLED = 9


ACTS: dict[str, Callable[[Runtime], object]] = {
    "sweep": tick,
    "move": lambda runtime: Mover(runtime).follow(),
}


def die_at(point: int, act: Callable[[Runtime], object]) -> None:
    """Act, and be gone before statement `point`, or before the first commit."""
    settings = Settings.from_env(os.environ)  # noqa: TID251 - the door of this process
    runtime = make_runtime(settings, SystemClock())
    said = 0

    def perhaps(*_given: object) -> None:
        nonlocal said
        if said == point:
            os._exit(KILLED)
        said += 1

    event.listen(runtime.engine, "before_cursor_execute", perhaps)
    event.listen(runtime.engine, "commit", lambda _connection: os._exit(KILLED))
    act(runtime)
    os._exit(0)


def main() -> None:
    act = ACTS[sys.argv[1]]
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            die_at(int(line), act)
        _, status = os.waitpid(child, 0)
        died = os.waitstatus_to_exitcode(status) == KILLED
        print(int(line), "died" if died else "lives", flush=True)


if __name__ == "__main__":
    main()
