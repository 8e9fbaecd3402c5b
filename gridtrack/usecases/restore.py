"""Bring a backup back: everything is read and tried before anything that is there moves.

Who starts it has the machine already, so nobody else is asked.
"""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from gridtrack.backups import folder as folders
from gridtrack.backups import photos as pictures
from gridtrack.backups.files import PART, copy_whole, write_whole
from gridtrack.backups.keys import Kept, read_keys
from gridtrack.backups.manifest import DATA, OWN, OWN_FILES, PHOTO_LIST, Manifest
from gridtrack.clock import Clock
from gridtrack.db import copying, migrate, replacing
from gridtrack.db.engine import SEALS, WRITE, make_engine
from gridtrack.errors import Conflict, Invalid, Rejected
from gridtrack.incidents import sums
from gridtrack.sealing import ring as rings
from gridtrack.sealing.keys import NAME as RING
from gridtrack.sealing.keys import SETTING, Keys, given_ring, new_ring
from gridtrack.sealing.ring import Ring
from gridtrack.settings import Settings, given_key
from gridtrack.usecases.back_up import Tell
from gridtrack.usecases.verify_backup import Verified, verify

log = structlog.get_logger()
_MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Wish:
    """How to restore: `keys` a file of the backup's key, `silent` with every channel off."""

    keys: Path | None = None
    replace: bool = False
    other_key: bool = False
    photos: bool = True
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, and where that which was there before lies now."""

    manifest: Manifest
    schema: str
    aside: tuple[str, ...]
    odd: tuple[int, ...]  # matters of a sample that are not the sum of their events


def restore(settings: Settings, clock: Clock, backup: Path, wish: Wish, tell: Tell) -> Restored:
    """Bring the backup at `backup` into the deployment of `settings`; all of it or nothing.

    What was there is kept aside. Raises Rejected or Invalid (the backup is not whole, the key does
    not fit), Conflict (newer than this code, something is there, or somebody is at work in it).
    """
    found = _sound(backup, wish, tell)
    goes_on = _keys(settings, found.manifest, wish)
    stamp = clock.now()
    engine = make_engine(settings.url)
    settings.instance.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        stack.enter_context(_alone(settings.instance))
        if not wish.replace and replacing.holds_something(engine):
            raise Conflict("restore-not-empty", value=engine.url.render_as_string())
        stage = _staged(settings, found, wish, goes_on.ring, stack)
        if wish.photos:
            _photos(settings.instance, found.path, tell)
        with ExitStack() as undo:
            aside = _files(settings, found.path, goes_on, stamp, undo)
            more, odd = _database(engine, stage, stamp, tell)
            undo.pop_all()
    log.info("restored", path=str(found.path), last_event=found.manifest.last_event)
    return Restored(found.manifest, str(migrate.head()), (*aside, *more), tuple(odd))


def _sound(backup: Path, wish: Wish, tell: Tell) -> Verified:
    """The backup where every part of it is what it was; raises Rejected with those that are not."""
    found = verify(backup, None, tell, photos=wish.photos)
    if found.faults:
        for fault in found.faults[:_MOST_TOLD]:
            log.warning("backup-refused", code=fault.code, part=fault.params.get("value"))
        raise Rejected(found.faults[:_MOST_TOLD])
    return found


@dataclass(frozen=True, slots=True)
class _GoesOn:
    """The keys that the restored place will have."""

    secret: str | None
    ring: Ring


def _keys(settings: Settings, manifest: Manifest, wish: Wish) -> _GoesOn:
    """The keys that go on; raises Invalid or Conflict where they are not the backup's.

    Keys of both sides stay: those here may have sealed what is kept aside.
    """
    kept = read_keys(wish.keys) if wish.keys is not None else None
    secret = _key(settings, manifest, wish, kept)
    own, given = given_ring(settings), kept.ring if kept else None
    ring = own or given or new_ring(settings)
    if given is not None:
        ring = ring.joined(given)
    lost = manifest.lacks(ring)
    if lost and not wish.other_key:
        log.warning("backup-refused", code="backup-seal-keys-missing", keys=lost)
        raise Invalid("backup-seal-keys-missing", field="keys", value=", ".join(lost))
    if settings.sealing_keys and ring != own:
        raise Conflict("backup-key-setting", value=SETTING)
    return _GoesOn(secret, ring)


def _key(settings: Settings, manifest: Manifest, wish: Wish, kept: Kept | None) -> str | None:
    """The secret key that goes on; raises Invalid or Conflict where it is not the backup's."""
    own = given_key(settings)
    if kept is not None:
        if not manifest.made_with(kept.secret):
            log.warning("backup-refused", code="backup-key-wrong")
            raise Invalid("backup-key-wrong", field="keys", path=str(wish.keys))
        if settings.secret_key and settings.secret_key != kept.secret:
            raise Conflict("backup-key-setting", value="GRIDTRACK_SECRET_KEY")
        return kept.secret
    if own is not None and manifest.made_with(own):
        return own
    if not wish.other_key:
        log.warning("backup-refused", code="backup-key-missing")
        raise Invalid("backup-key-missing" if own is None else "backup-key-other", field="keys")
    return own


def _staged(settings: Settings, found: Verified, wish: Wish, ring: Ring, stack: ExitStack) -> Path:
    """A copy of the data beside its place, at the newest revision, ready to be tried."""
    url = make_engine(settings.url).url
    home = Path(url.database or "") if url.get_backend_name() == "sqlite" else settings.instance
    home.parent.mkdir(parents=True, exist_ok=True)
    folder = home.parent if url.get_backend_name() == "sqlite" else home
    stage = folder / f".restore{PART}"
    for end in ("", "-wal", "-shm"):
        beside = stage.with_name(stage.name + end)
        beside.unlink(missing_ok=True)  # of one that was killed
        stack.callback(beside.unlink, missing_ok=True)
    (part,) = (one for one in found.manifest.parts if one.name == DATA)
    copied = copy_whole(found.path / DATA, stage, mode=0o640)
    if copied != part.sha256:
        raise Conflict("backup-part-changed", value=DATA)
    lite = make_engine(f"sqlite:///{stage}", execution_options={SEALS: Keys.fixed(ring)})
    migrate.upgrade(lite)
    if wish.silent:
        with lite.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
            connection.execute(text("UPDATE subscription SET active = false"))
    lite.dispose()
    replacing.seal(stage)
    return stage


@contextmanager
def _alone(instance: Path) -> Iterator[None]:
    """Only one restore at a time into an instance."""
    with (instance / ".restore.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict("restore-running", value=str(instance)) from error
        yield
        Path(lock.name).unlink(missing_ok=True)


def _photos(instance: Path, backup: Path, tell: Tell) -> None:
    """Photos go first: content names them, so nothing that is there is touched."""
    if not (backup / PHOTO_LIST).is_file():
        return
    files = pictures.listed((backup / PHOTO_LIST).read_text("utf-8"))
    back = pictures.give_back(folders.pool_of(backup), instance / folders.POOL, files)
    for done, _ in enumerate(back, start=1):
        tell("photos", done, len(files))


def _files(
    settings: Settings, backup: Path, goes_on: _GoesOn, stamp: datetime, undo: ExitStack
) -> list[str]:
    """Own rules and the keys as they were; what is in their place goes aside, back on any error."""
    aside, instance = [], settings.instance
    wanted: dict[str, bytes | None] = {
        name: path.read_bytes() if (path := backup / OWN / name).is_file() else None
        for name in OWN_FILES
    }
    if goes_on.secret is not None:
        wanted["secret_key"] = goes_on.secret.encode()
    if not settings.sealing_keys:
        wanted[RING] = rings.text_of(goes_on.ring).encode()
    for name, data in wanted.items():
        path = instance / name
        there = path.read_bytes() if path.is_file() else None
        if there == data or (name == "secret_key" and there and there.strip() == data):
            continue
        if there is not None:
            before = replacing.aside_of(path, stamp)
            before.hardlink_to(path)  # a key is there at every instant, else one would be made
            undo.callback(before.replace, path)
            aside.append(str(before))
        else:
            undo.callback(path.unlink, missing_ok=True)
        if data is None:
            path.unlink()
        else:
            write_whole(path, data, mode=0o600 if name in ("secret_key", RING) else 0o640)
    return aside


def _database(
    engine: Engine, stage: Path, stamp: datetime, tell: Tell
) -> tuple[list[str], list[int]]:
    """Put the staged data in its place, try it there, and only then let it stand."""
    with copying.reading(stage) as staged, Session(staged) as session:
        rows, odd = copying.counted(session.connection()), sums.unequal(session)
    with replacing.replaced(
        engine, stage, stamp, lambda done, total: tell("database", done, total)
    ) as (connection, aside):
        with Session(connection) as session:
            same = copying.counted(connection) == rows and sums.unequal(session) == odd
        if not same:
            raise Conflict("restore-differs", value=engine.url.render_as_string())
    return aside, odd
