"""Back up a deployment while it runs: its database, photos and own rules; never its key.

Who starts it has the machine already, so nobody else is asked.
"""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from gridtrack.backups import folder as folders
from gridtrack.backups import photos as pictures
from gridtrack.backups.files import copy_whole, digest, write_whole
from gridtrack.backups.keys import mark_of, new_lock
from gridtrack.backups.last import note
from gridtrack.backups.manifest import (
    DATA,
    NAME,
    OWN,
    OWN_FILES,
    PHOTO_LIST,
    Manifest,
    Part,
    Photos,
    read_manifest,
)
from gridtrack.db import copying, migrate
from gridtrack.errors import Conflict, Unavailable
from gridtrack.incidents import reporter_store as reporters
from gridtrack.incidents import sums
from gridtrack.incidents.tables import Photo
from gridtrack.work import Runtime

log = structlog.get_logger()


class Tell(Protocol):
    """Told how far a step has come."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Draw it, or nothing."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that is whole and was read again."""

    path: Path
    manifest: Manifest
    odd: tuple[int, ...]  # matters of a sample that are not the sum of their events


def back_up(here: Runtime, root: Path, *, photos: bool, tell: Tell) -> Made:
    """Make a backup in a new folder below `root`, whole or not at all; read it again.

    Raises Conflict (another one runs, no schema, the database is damaged), Unavailable (the disk
    is full).
    """
    _fits(here.engine, root)
    with folders.alone(root):
        began = here.clock.now()
        with folders.making(root, began) as folder:
            manifest = _write(here, folder, root, photos=photos, tell=tell)
            odd = _read_again(folder, manifest)
        path = folders.name_of(root, began)
    note(here.settings.instance, manifest.taken_at, path)
    log.info("backup-made", path=str(path), last_event=manifest.last_event)
    return Made(path, manifest, tuple(odd))


def _fits(engine: Engine, root: Path) -> None:
    """Say at once what cannot fit: the database comes out about as large as it is."""
    if engine.dialect.name == "sqlite":
        path = Path(engine.url.database or "")
        need = path.stat().st_size if path.is_file() else 0
    else:
        with engine.connect() as connection:
            need = connection.execute(
                text("SELECT pg_database_size(current_database())")
            ).scalar_one()
    free = folders.free_bytes(root)
    if free < need:
        raise Unavailable(
            "backup-disk-small", need_mb=_mb(need), free_mb=_mb(free), value=str(root)
        )


def _mb(size: int) -> float:
    return round(size / 1e6, 1)


def _write(here: Runtime, folder: Path, root: Path, *, photos: bool, tell: Tell) -> Manifest:
    """Every file of the backup. Photos after the database: each that it names is there by then."""
    taken: list[datetime] = []
    data = folder / DATA
    content = copying.take(
        here.engine,
        data,
        lambda: taken.append(here.clock.now()),
        lambda done, total: tell("database", done, total),
    )
    _whole(data, content)
    kept = _photos(here, data, folder, root, tell) if photos else None
    _own_files(here.settings.instance, folder)
    lock = new_lock(here.secret)
    manifest = Manifest(
        product=version("gridtrack"),
        schema=content.schema,
        dialect=here.engine.dialect.name,
        taken_at=taken[0],
        last_event=content.last_event,
        rows=content.rows,
        parts=tuple(_parts(folder)),
        photos=kept,
        salt=lock.salt,
        fingerprint=lock.fingerprint,
        sealing=_sealing(here, data, lock.salt, content.schema),
    ).sealed(lock)
    write_whole(folder / NAME, manifest.text().encode(), mode=0o600)
    return manifest


def _whole(data: Path, content: copying.Content) -> None:
    """Read the copy from end to end; raises Conflict where it is not what was taken."""
    found, faults = copying.inspect(data)
    if faults:
        raise Conflict("backup-data-broken", reason="; ".join(faults[:3]))
    if found != content:
        raise Conflict("backup-rows-differ", value=DATA)


def _sealing(here: Runtime, data: Path, salt: str, schema: str) -> dict[str, str]:
    """The keys that whoever brings this back will need; one that is lost here cannot be named."""
    if schema != migrate.head():
        return {}
    with copying.reading(data) as engine, Session(engine) as session:
        used = sorted(reporters.by_key(session))
    ring, found = here.keys.ring, {}
    for name in used:
        key = ring.get(name)
        if key is None:
            log.warning("backup-lacks-key", key=name)
            continue
        found[name] = mark_of(key, salt)
    return found


def _photos(here: Runtime, data: Path, folder: Path, root: Path, tell: Tell) -> Photos:
    """Bring what the snapshot names into the pool, and write the list of it."""
    with copying.reading(data) as engine, Session(engine) as session:
        names = session.scalars(select(Photo.name).distinct().order_by(Photo.name)).all()
    source, known = here.settings.instance / folders.POOL, _known(root)
    kept = pictures.Kept()
    brought = pictures.keep(source, root / folders.POOL, names, known, kept)
    for done, _ in enumerate(brought, start=1):
        tell("photos", done, len(names))
    write_whole(folder / PHOTO_LIST, pictures.list_of(kept.files).encode(), mode=0o600)
    return Photos(count=len(kept.files), bytes=kept.bytes, missing=tuple(kept.missing))


def _known(root: Path) -> Mapping[str, str]:
    """Digests that the newest backup here has of its photos."""
    lists = [path / PHOTO_LIST for path in folders.backups_in(root)]
    there = [path for path in lists if path.is_file()]
    return pictures.listed(there[-1].read_text("utf-8")) if there else {}


def _own_files(instance: Path, folder: Path) -> None:
    (folder / OWN).mkdir()
    for name in OWN_FILES:
        if (instance / name).is_file():
            copy_whole(instance / name, folder / OWN / name, mode=0o600)


def _parts(folder: Path) -> Iterable[Part]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name, size = path.relative_to(folder).as_posix(), path.stat().st_size
            yield Part(name=name, bytes=size, sha256=digest(path, from_disk=True))


def _read_again(folder: Path, manifest: Manifest) -> list[int]:
    """The manifest once more, and a sample of matters: ids of those not the sum of their events."""
    if read_manifest(folder) != manifest:
        raise Conflict("backup-manifest-bad", value=NAME)
    if manifest.schema_ != migrate.head():
        return []
    with copying.reading(folder / DATA) as engine, Session(engine) as session:
        return sums.unequal(session)


def keep_newest(root: Path, count: int) -> list[Path]:
    """Remove all but the newest `count` backups of a folder, and photos that none of them names."""
    with folders.alone(root):
        found = folders.backups_in(root)
        gone = found[:-count]
        for path in gone:
            (path / NAME).unlink()  # first: what is half removed must not look like a backup
            shutil.rmtree(path)
        lists = [path / PHOTO_LIST for path in found[-count:]]
        named = {
            f for one in lists if one.is_file() for f in pictures.listed(one.read_text("utf-8"))
        }
        pool = root / folders.POOL
        for path in sorted(pool.rglob("*.jpg")):
            if path.relative_to(pool).as_posix() not in named:
                path.unlink()
    return gone
