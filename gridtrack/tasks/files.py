"""What people give to long work: files in a folder of their own, streamed to disk, soon gone."""

import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import IO

from gridtrack.errors import Invalid, NotFound

FOLDER = "uploads"
_BLOCK = 1 << 18
_FOLDER_MODE = 0o750
_NAME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def new_folder(instance: Path) -> str:
    """Make an empty folder under `uploads/`; gives its name, a UUID."""
    name = str(uuid.uuid4())
    (instance / FOLDER / name).mkdir(mode=_FOLDER_MODE, parents=True)
    return name


def folder_of(instance: Path, name: str) -> Path:
    """Where the folder `name` lies; raises NotFound where it is gone, or no name of ours."""
    path = instance / FOLDER / name
    if not _NAME.fullmatch(name) or not path.is_dir():
        raise NotFound("upload-not-found", name=name[:80])
    return path


def take(source: IO[bytes], target: Path, most: int, name: str) -> int:
    """Write a sent file to `target` piece by piece; returns its size.

    Raises Invalid("file-too-large") with the `name` it was sent under; nothing of it stays then.
    """
    with ExitStack() as undo:
        undo.callback(target.unlink, missing_ok=True)
        with target.open("xb") as out:
            size = _copy(source, out, most)
        if size > most:
            raise Invalid("file-too-large", field="file", value=name, most=most)
        undo.pop_all()  # it is whole: it stays
    return size


def _copy(source: IO[bytes], out: IO[bytes], most: int) -> int:
    """Copy until the end, or until there is more than `most`; returns how much was read."""
    size = 0
    while size <= most and (block := source.read(_BLOCK)):
        size += len(block)
        out.write(block)
    return size


def touch(instance: Path, name: str, at: datetime) -> None:
    """Say that a folder is still wanted."""
    os.utime(folder_of(instance, name), (at.timestamp(), at.timestamp()))


def drop(instance: Path, name: str) -> None:
    """Remove a folder with all that is in it; one that is gone already is well."""
    if _NAME.fullmatch(name):
        shutil.rmtree(instance / FOLDER / name, ignore_errors=True)


def left_since(instance: Path, before: datetime) -> Iterator[str]:
    """The folders that nobody touched after `before`."""
    root = instance / FOLDER
    for path in sorted(root.iterdir()) if root.is_dir() else ():
        if _NAME.fullmatch(path.name) and path.stat().st_mtime < before.timestamp():
            yield path.name
