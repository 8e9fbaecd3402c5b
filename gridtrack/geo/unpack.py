"""Files as they come: plain, gzipped or zipped; opened without trusting their sizes."""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from gridtrack.errors import Invalid

MOST_BYTES = 200_000_000
MOST_UNPACKED_BYTES = 500_000_000
_BLOCK = 1 << 20

SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_WANTED = (".shp", ".gpkg", ".geojson", ".json")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may come in: the file as it lies there, and what it unpacks to, in bytes."""

    packed: int = MOST_BYTES
    unpacked: int = MOST_UNPACKED_BYTES


LIMITS = Limits()


@contextmanager
def unpacked(path: Path, limits: Limits = LIMITS) -> Iterator[Path]:
    """The path of a plain file: `path` itself, or what it holds, in a folder that goes again.

    A zip may hold one Shapefile, GeoPackage or GeoJSON file. Raises Invalid: "file-missing",
    "file-empty", "file-too-large", "file-unpacks-too-large", "file-damaged", "zip-content".
    """
    magic = _magic(path, limits)
    if not magic.startswith((b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06")):
        yield path
        return
    with TemporaryDirectory(prefix="gridtrack-") as folder:
        try:
            if magic.startswith(b"PK"):
                found = _unzip(path, Path(folder), limits)
            else:
                found = Path(folder) / (path.stem if path.suffix == ".gz" else path.name)
                with gzip.open(path) as source:
                    _copy(source, found, limits.unpacked, path)
        except (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile, RuntimeError) as error:
            raise Invalid(
                "file-damaged", field="file", value=path.name, reason=str(error)
            ) from None
        yield found


def _magic(path: Path, limits: Limits) -> bytes:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            magic = file.read(16)
    except OSError as error:
        raise Invalid(
            "file-missing", field="file", value=str(path), reason=error.strerror or ""
        ) from None
    if size > limits.packed:
        raise Invalid(
            "file-too-large", field="file", value=path.name, bytes=size, most=limits.packed
        )
    if not magic:
        raise Invalid("file-empty", field="file", value=path.name)
    return magic


def _unzip(path: Path, folder: Path, limits: Limits) -> Path:
    """Write the one data set of a zip, flat, under names of ours: no path of it is followed."""
    with zipfile.ZipFile(path) as archive:
        members = [m for m in archive.infolist() if not m.is_dir() and "__MACOSX" not in m.filename]
        mains = [m for m in members if _suffix(m.filename) in _WANTED]
        if len(mains) != 1:
            names = ", ".join(m.filename for m in mains)[:200]
            raise Invalid(
                "zip-content", field="file", value=path.name, count=len(mains), names=names
            )
        stem = mains[0].filename[: -len(_suffix(mains[0].filename))]
        wanted = (_suffix(mains[0].filename), *SHAPEFILE_PARTS)
        left = limits.unpacked
        for member in members:
            suffix = _suffix(member.filename)
            if member.filename[: -len(suffix) or None] != stem or suffix not in wanted:
                continue
            with archive.open(member) as source:
                left -= _copy(source, folder / f"layer{suffix}", left, path)
        return folder / f"layer{_suffix(mains[0].filename)}"


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _copy(source: IO[bytes] | gzip.GzipFile, target: Path, most: int, path: Path) -> int:
    """Copy counting what really comes out: the sizes that an archive states may be lies."""
    written = 0
    with target.open("wb") as out:
        while block := source.read(_BLOCK):
            written += len(block)
            if written > most:
                raise Invalid("file-unpacks-too-large", field="file", value=path.name, most=most)
            out.write(block)
    return written
