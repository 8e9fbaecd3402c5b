"""What the commands that bring in tables share: who imports, the bar, and the refused rows."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from gridtrack.access import Actor
from gridtrack.accounts import store as accounts
from gridtrack.errors import GridtrackError, NotFound
from gridtrack.i18n.sentences import sentence
from gridtrack.sheets.rows import NOTES
from gridtrack.work import Runtime


class Watch(Protocol):
    """Told after each batch how many bytes have been read."""

    def __call__(self, read: int) -> None:
        """Draw it, or nothing."""


class Refused(Protocol):
    """Where refused rows go."""

    def __call__(self, line: int, cells: Sequence[str], faults: Sequence[GridtrackError]) -> None:
        """Keep one."""


def actor_named(here: Runtime, login: str) -> Actor:
    """The person with this login as an actor; raises NotFound."""
    with here.look() as work:
        person = accounts.by_login(work.session, login)
        found = accounts.actor(work.session, person.id, work.now) if person else None
    if found is None:
        raise NotFound("login-unknown", login=login)
    return found


@contextmanager
def faults_file(path: Path | None, header: Sequence[str], locale: str) -> Iterator[Refused]:
    """A CSV of refused rows that can be mended and imported: our columns first, then the row's."""
    if path is None:
        yield lambda *_: None
        return
    # The mark makes spreadsheets read it as UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        kept = [n for n, name in enumerate(header) if not name.startswith(NOTES)]
        ours = [f"{NOTES}{name}" for name in ("line", "fields", "codes", "reasons")]
        out.writerow([*ours, *(header[n] for n in kept)])

        def keep(line: int, cells: Sequence[str], faults: Sequence[GridtrackError]) -> None:
            fields = " ".join(str(fault.params.get("field", "")) for fault in faults)
            codes = " ".join(fault.code for fault in faults)
            reasons = " ".join(sentence(fault.code, locale, **fault.params) for fault in faults)
            whole = len(cells) == len(header)
            own = [cells[n] for n in kept] if whole else cells
            out.writerow([line, fields, codes, reasons, *own])

        yield keep


@contextmanager
def bar(size: int) -> Iterator[Watch]:
    """A bar on a terminal, nothing in a log."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(),
               TimeRemainingColumn())  # fmt: skip
    screen = Console(stderr=True)
    off = not screen.is_terminal  # a log wants no bars
    with Progress(*columns, console=screen, transient=True, disable=off) as progress:
        task = progress.add_task("", total=size)
        yield lambda read: progress.update(task, completed=read)
