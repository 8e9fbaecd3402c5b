"""The folder that backups are kept in: one folder each, and one pool of photos for all.

backups/
  20261125T171600Z/   manifest.json  data.sqlite  photos.sha256  own/policy.toml
  photos/ab/…         every photo once, however many backups name it
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from gridtrack.backups.files import PART, leftovers, settle
from gridtrack.backups.manifest import NAME
from gridtrack.errors import Conflict, Invalid

POOL = "photos"
_LOCK = ".lock"
_STAMP = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"\d{8}T\d{6}Z")
_MODE = 0o700


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Hold the folder: only one backup is made in it at a time; what a killed one left goes.

    Raises Conflict where another one is at work.
    """
    root.mkdir(mode=_MODE, parents=True, exist_ok=True)
    with (root / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict("backup-running", value=str(root)) from error
        for path in sorted(leftovers(root)):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        yield


@contextmanager
def making(root: Path, at: datetime) -> Iterator[Path]:
    """A folder to write a backup into: it gets its name at the end, or goes again on any error.

    Raises Conflict where there is one of this second already.
    """
    final = root / at.strftime(_STAMP)
    if final.exists():
        raise Conflict("backup-exists", value=str(final))
    beside = root / f".{final.name}{PART}"
    with ExitStack() as undo:
        undo.callback(shutil.rmtree, beside, ignore_errors=True)
        beside.mkdir(mode=_MODE)
        yield beside
        for path in sorted(beside.rglob("*")):
            path.chmod(0o700 if path.is_dir() else 0o600)
            settle(path)
        settle(beside)
        beside.rename(final)
        undo.pop_all()
        settle(root)


def name_of(root: Path, at: datetime) -> Path:
    """Where the backup of an instant lies."""
    return root / at.strftime(_STAMP)


def backups_in(root: Path) -> list[Path]:
    """The whole backups in a folder, oldest first."""
    if not root.is_dir():
        return []
    found = [path for path in root.iterdir() if _NAME.fullmatch(path.name)]
    return sorted(path for path in found if (path / NAME).is_file())


def find(path: Path) -> Path:
    """The backup that is meant: this folder, or the newest of those in it; raises Invalid."""
    if (path / NAME).is_file():
        return path
    found = backups_in(path)
    if not found:
        raise Invalid("backup-none-here", field="backup", path=str(path))
    return found[-1]


def pool_of(backup: Path) -> Path:
    """Where the photos of a backup lie."""
    return backup.absolute().parent / POOL


def free_bytes(path: Path) -> int:
    """What still fits on the disk that `path`, which need not be there yet, is on."""
    there = next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())
    found = os.statvfs(there)
    return found.f_bavail * found.f_frsize
