"""Photos on disk, named by what is in them: the same picture twice is one file."""

import os
import re
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from gridtrack.errors import NotFound
from gridtrack.photos.rules import Photo

_NAME = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{62}\.jpg")
_FILE_MODE = 0o640
_FOLDER_MODE = 0o750


def put(root: Path, photo: Photo) -> str:
    """Store a photo and its thumbnail under `root`; gives the name, `ab/abcdef….jpg`."""
    name = f"{photo.sha256[:2]}/{photo.sha256}.jpg"
    # The thumbnail first: where the photo is, its thumbnail is too.
    _write(root / thumb_name(name), photo.thumb)
    _write(root / name, photo.jpeg)
    return name


def thumb_name(name: str) -> str:
    """The name of the thumbnail of the photo `name`."""
    return name.removesuffix(".jpg") + ".thumb.jpg"


def path_of(root: Path, name: str, *, thumb: bool = False) -> Path:
    """Where the photo `name`, or its thumbnail, lies; raises NotFound for any name not of ours."""
    if _NAME.fullmatch(name) is None:
        raise NotFound("photo-not-found", name=name[:80])
    path = root / (thumb_name(name) if thumb else name)
    if not path.is_file():
        raise NotFound("photo-not-found", name=name)
    return path


def open_photo(root: Path, name: str, *, thumb: bool = False) -> BinaryIO:
    """The stored file for reading; raises NotFound like `path_of`."""
    return path_of(root, name, thumb=thumb).open("rb")


def remove(root: Path, name: str) -> None:
    """Remove a photo and its thumbnail; one that is gone already is well."""
    if _NAME.fullmatch(name) is None:
        raise NotFound("photo-not-found", name=name[:80])
    for file in (name, thumb_name(name)):
        (root / file).unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    """All of the file or none of it, also when the power goes: written beside, then renamed."""
    if path.exists():
        return
    path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    with ExitStack() as undo:
        undo.callback(Path(beside).unlink, missing_ok=True)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), _FILE_MODE)
            os.fsync(file.fileno())
        Path(beside).replace(path)
        undo.pop_all()
