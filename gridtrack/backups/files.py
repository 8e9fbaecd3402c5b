"""Files written whole or not at all, read again from the disk, known by what is in them."""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

_BLOCK = 1 << 20
PART = ".part"

Check = Callable[[str], bool]


def digest(path: Path, *, from_disk: bool = False) -> str:
    """SHA-256 of a file; `from_disk` asks the system to forget what it still has in memory."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        if from_disk:
            _forget(file.fileno())
        while block := file.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def _forget(handle: int) -> None:
    """Written down and out of the page cache, where the system has a word for that."""
    with suppress(OSError):
        os.fsync(handle)
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)


def write_whole(path: Path, data: bytes, *, mode: int) -> None:
    """All of the file or none of it, also when the power goes: written beside, then renamed."""
    _place(path, (data,), mode, lambda _: True)


def copy_whole(source: Path, target: Path, *, mode: int, fits: Check = lambda _: True) -> str:
    """Copy a file and return its SHA-256; where that does not fit nothing of it stays."""
    with source.open("rb") as file:
        return _place(target, iter(lambda: file.read(_BLOCK), b""), mode, fits)


def _place(path: Path, blocks: Iterable[bytes], mode: int, fits: Check) -> str:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PART}")
    found = hashlib.sha256()
    with ExitStack() as undo:
        undo.callback(beside.unlink, missing_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as out:
            for block in blocks:
                found.update(block)
                out.write(block)
            out.flush()
            os.fsync(out.fileno())
        if fits(found.hexdigest()):
            beside.replace(path)
            undo.pop_all()
            settle(path.parent)
    return found.hexdigest()


def settle(folder: Path) -> None:
    """Let the names in a folder survive a power cut, as the files do."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def leftovers(folder: Path) -> Iterator[Path]:
    """What somebody who was killed left half written."""
    yield from folder.rglob(f".*{PART}")
