"""A process of its own for one task: `python -m gridtrack.jobs.task_process`, started by `tasks`.

Long work in a thread of a server would hold Python's lock while it reads a file, and every report
would wait; and the memory it took would stay. What is to be done comes as a line on stdin. When
stdin ends, whoever started this is gone, and so is this at once.
"""

import json
import logging
import os
import sys
import threading
from typing import IO, Any

import structlog

from gridtrack.clock import SystemClock
from gridtrack.jobs.perform import perform
from gridtrack.settings import Settings
from gridtrack.usecases.run_task import Taken
from gridtrack.work import make_runtime

ORPHANED = 3
_NICE = 5  # who reports goes first


def order(settings: Settings, taken: Taken) -> bytes:
    """The line that tells a process what to do: settings, passwords included, and the task."""
    task = {name: getattr(taken, name) for name in Taken.__slots__}
    said = {"settings": settings.model_dump(mode="json"), "task": task}
    return json.dumps(said).encode() + b"\n"


def _end_with(stdin: IO[bytes]) -> None:
    stdin.read(1)
    os._exit(ORPHANED)


def main() -> None:
    """Do the one task of the line."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    said: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with, args=(sys.stdin.buffer,), daemon=True).start()
    os.nice(_NICE)
    runtime = make_runtime(Settings.model_validate(said["settings"]), SystemClock())
    perform(runtime, Taken(**said["task"]))
    sys.stderr.flush()
    os._exit(0)  # the thread that waits for stdin would be waited for


if __name__ == "__main__":
    main()
