"""Read a backup from end to end before anybody relies on it, and before a restore touches anything.

Who starts it has the backup already, so nobody else is asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gridtrack.backups import folder as folders
from gridtrack.backups import photos as pictures
from gridtrack.backups.files import digest
from gridtrack.backups.keys import Kept
from gridtrack.backups.manifest import DATA, PHOTO_LIST, Manifest, read_manifest
from gridtrack.db import copying, migrate
from gridtrack.errors import Invalid
from gridtrack.usecases.back_up import Tell


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found: the backup's own word, whether a key was its key, and every fault."""

    path: Path
    manifest: Manifest
    key_fits: bool | None  # None: there was no key to try
    faults: tuple[Invalid, ...]


def verify(path: Path, kept: Kept | None, tell: Tell, *, photos: bool = True) -> Verified:
    """Read the backup at `path`, or the newest of those below it.

    Raises Invalid for what is no backup, Conflict for one of a newer format, or whose manifest
    was changed since it was sealed with this very key. The key fits where all of `kept` does.
    """
    folder = folders.find(path)
    manifest = read_manifest(folder)
    fits = None
    if kept is not None:
        fits = manifest.made_with(kept.secret) and not manifest.lacks(kept.ring)
    faults = [*_schema(manifest), *_parts(folder, manifest, tell)]
    bad = {fault.params.get("value") for fault in faults}
    if DATA not in bad:
        faults += _data(folder, manifest)
    if photos and manifest.photos is not None and PHOTO_LIST not in bad:
        faults += _photos(folder, tell)
    return Verified(folder, manifest, fits, tuple(faults))


def _schema(manifest: Manifest) -> Iterator[Invalid]:
    if not migrate.knows(manifest.schema_):
        yield Invalid(
            "backup-schema-newer", field="backup", value=manifest.schema_, head=migrate.head()
        )


def _parts(folder: Path, manifest: Manifest, tell: Tell) -> Iterator[Invalid]:
    for done, part in enumerate(manifest.parts, start=1):
        path = folder / part.name
        if not path.is_file():
            yield Invalid("backup-part-missing", field="backup", value=part.name)
        elif path.stat().st_size != part.bytes or digest(path) != part.sha256:
            yield Invalid("backup-part-changed", field="backup", value=part.name)
        tell("verify", done, len(manifest.parts))


def _data(folder: Path, manifest: Manifest) -> Iterator[Invalid]:
    content, broken = copying.inspect(folder / DATA)
    for line in broken[:3]:
        yield Invalid("backup-data-broken", field="backup", value=DATA, reason=line)
    told = copying.Content(manifest.schema_, manifest.rows, manifest.last_event)
    if content != told:
        yield Invalid("backup-rows-differ", field="backup", value=DATA)


def _photos(folder: Path, tell: Tell) -> Iterator[Invalid]:
    files = pictures.listed((folder / PHOTO_LIST).read_text("utf-8"))
    found = pictures.changed(folders.pool_of(folder), files)
    for done, name in enumerate(found, start=1):
        if name:
            yield Invalid("backup-photo-changed", field="backup", value=f"{folders.POOL}/{name}")
        tell("verify photos", done, len(files))
