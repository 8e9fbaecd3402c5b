"""Photos in a backup: content names them, so each is copied once and known by its own name."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gridtrack.backups.files import copy_whole, digest
from gridtrack.errors import Conflict, Invalid

_FILE = re.compile(r"([0-9a-f]{2})/(\1[0-9a-f]{62})(\.thumb)?\.jpg")
_LINE = re.compile(r"([0-9a-f]{64})  \.\./photos/(\S+)")


@dataclass(slots=True)
class Kept:
    """What came of it: SHA-256 by file, bytes, and what the instance did not have (whole)."""

    files: dict[str, str] = field(default_factory=dict)
    bytes: int = 0
    missing: list[str] = field(default_factory=list)


def keep(
    source: Path, pool: Path, names: Iterable[str], known: Mapping[str, str], kept: Kept
) -> Iterator[str]:
    """Bring the photos `names` and their thumbnails into the pool; yields each.

    `known` are digests of an earlier backup: what it has in the pool is not read again. `kept`
    gathers what came of it.
    """
    for name in names:
        for file in (name, name.removesuffix(".jpg") + ".thumb.jpg"):
            _keep(source / file, pool / file, file, known, kept)
        yield name


def _keep(source: Path, target: Path, file: str, known: Mapping[str, str], kept: Kept) -> None:
    match = _FILE.fullmatch(file)
    if match is None or not (target.is_file() or source.is_file()):
        kept.missing.append(file)
        return
    if target.is_file():
        found = known.get(file) or digest(target)
    else:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = copy_whole(source, target, mode=0o600)
        if digest(target, from_disk=True) != found:
            target.unlink()
            raise OSError(f"{target} reads otherwise than it was written")
    if not _named_so(file, found):
        target.unlink()  # damaged where it came from: told, and copied anew once it is mended
        kept.missing.append(file)
        return
    kept.files[file] = found
    kept.bytes += target.stat().st_size


def _named_so(file: str, found: str) -> bool:
    """Thumbnails have the name of their photo; a photo that of its own content."""
    return file.endswith(".thumb.jpg") or found == file[3:67]


def listed(text: str) -> dict[str, str]:
    """SHA-256 by file from a list; raises Invalid for a line that is none of ours."""
    found = {}
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match is None or _FILE.fullmatch(match[2]) is None:
            raise Invalid("backup-manifest-bad", field="backup", value="photos.sha256")
        found[match[2]] = match[1]
    return found


def list_of(files: Mapping[str, str]) -> str:
    """The list as `sha256sum --check` reads it inside the backup's folder."""
    return "".join(f"{sha256}  ../photos/{file}\n" for file, sha256 in sorted(files.items()))


def changed(pool: Path, files: Mapping[str, str]) -> Iterator[str]:
    """Read every photo of a list; yields its name where it is not what it was, else ""."""
    for file, sha256 in files.items():
        path = pool / file
        yield "" if path.is_file() and digest(path) == sha256 else file


def give_back(pool: Path, target: Path, files: Mapping[str, str]) -> Iterator[str]:
    """Copy those photos of a list that the instance lacks, or has damaged; yields each name.

    Raises Conflict where one was changed since it was looked at.
    """
    for file, sha256 in files.items():
        path = target / file
        if not path.is_file() or digest(path) != sha256:
            path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            if copy_whole(pool / file, path, mode=0o640, fits=sha256.__eq__) != sha256:
                raise Conflict("backup-part-changed", value=file)
        yield file
