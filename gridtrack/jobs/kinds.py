"""What is done for each kind of task; a test holds it against `tasks.rules.KINDS`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gridtrack.jobs import checks, door_import, imports, tables_out
from gridtrack.jobs.progress import Progress
from gridtrack.usecases.run_task import Taken
from gridtrack.work import Runtime


def leave_nothing(_runtime: Runtime, _taken: Taken) -> None:
    """For work that leaves nothing behind when it is cut short."""


@dataclass(frozen=True, slots=True)
class Handler:
    """`run` does the work and returns what is kept as its result, as JSON values.

    `tidy` takes away what a run that was cut short left behind; it may be called again and again,
    also where nothing is left.
    """

    run: Callable[[Runtime, Taken, Progress], dict[str, Any]]
    tidy: Callable[[Runtime, Taken], None] = leave_nothing


HANDLERS: Mapping[str, Handler] = {
    "check-edition": Handler(checks.check),
    "doors-import": Handler(door_import.run),
    "matters-out": Handler(tables_out.matters, tables_out.tidy),
    "import-look": Handler(imports.look, imports.tidy),
    "import-check": Handler(imports.check, imports.tidy),
    "import-store": Handler(imports.store, imports.tidy),
}
