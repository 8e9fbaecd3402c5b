"""`gridtrack backup` and `gridtrack restore`: everything out of a running deployment, and back."""

import errno
import json
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn
from sqlalchemy.exc import SQLAlchemyError

from gridtrack.backups.folder import backups_in
from gridtrack.backups.keys import Kept, open_to_others, read_keys, write_keys
from gridtrack.backups.manifest import Manifest, read_manifest
from gridtrack.cli import db
from gridtrack.cli.context import doors, runtime, say, tells_errors
from gridtrack.clock import monotonic
from gridtrack.errors import Conflict, Unavailable
from gridtrack.sealing.keys import given_ring
from gridtrack.settings import Settings, given_key
from gridtrack.usecases import back_up as making
from gridtrack.usecases.back_up import Made, Tell
from gridtrack.usecases.restore import Restored, Wish
from gridtrack.usecases.restore import restore as bring_back
from gridtrack.usecases.verify_backup import Verified
from gridtrack.usecases.verify_backup import verify as look_through

assert db.TABLES  # every table is known before any is copied

_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False)
_KEYS = click.option("--keys", type=_FILE, help="file with the keys of the backup")
_JSON = click.option(
    "--json", "out", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True)
)
_INTERRUPTED = 130


class _Backup(click.Group):
    """`gridtrack backup FOLDER` is `gridtrack backup make FOLDER`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put in the word that was left out."""
        if args and args[0] not in {*self.commands, "-h", "--help"}:
            args = ["make", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Backup)
def backup() -> None:
    """Copies of everything but the keys, made while it runs."""


@backup.command()
@click.argument("folder", type=_FOLDER)
@click.option("--without-photos", is_flag=True, help="the database and the own rules only")
@click.option("--keys", type=_FILE, help="write the keys to this file, outside of FOLDER")
@click.option("--keep", type=click.IntRange(min=1), help="remove all but the newest so many")
@_JSON
@click.pass_context
@tells_errors
def make(
    ctx: click.Context,
    folder: Path,
    *,
    without_photos: bool,
    keys: Path | None,
    keep: int | None,
    out: Path | None,
) -> None:
    """Make a backup in a new folder below FOLDER while others work; read it again."""
    if keys is not None and folder.resolve() in keys.resolve().parents:
        raise Conflict("keys-beside-backup", value=str(folder))
    here = runtime(ctx)
    begun = monotonic()
    with _failures(ctx, folder), _bar() as tell:
        made = making.back_up(here, folder, photos=not without_photos, tell=tell)
        if keys is not None:
            write_keys(keys, here.secret, here.keys.ring)
        gone = making.keep_newest(folder, keep) if keep else []
    here.engine.dispose()
    _tell_made(made, keys, gone, out, seconds=monotonic() - begun)
    ctx.exit(1 if made.odd or (made.manifest.photos and made.manifest.photos.missing) else 0)


def _tell_made(
    made: Made, keys: Path | None, gone: list[Path], out: Path | None, *, seconds: float
) -> None:
    manifest = made.manifest
    told = {"path": str(made.path), **_told(manifest), "odd": list(made.odd)}
    removed = [str(path) for path in gone]
    _write(out, {**told, "removed": removed, "seconds": round(seconds, 1)})
    if out is None:
        click.echo(f"{made.path}\t{_line(manifest)}")
    if keys is not None:
        click.echo(f"the keys are in {keys}: keep it apart from the backups", err=True)
    if manifest.photos:
        for name in manifest.photos.missing:
            click.echo(f"photo not there or damaged: {name}", err=True)
    for one in made.odd:
        click.echo(f"incident {one} is not the sum of its events", err=True)


@backup.command(name="list")
@click.argument("folder", type=_FOLDER)
@_JSON
@click.pass_context
@tells_errors
def list_(ctx: click.Context, folder: Path, out: Path | None) -> None:
    """The backups in FOLDER, oldest first; nothing of them is read but what they say."""
    found = [(path, read_manifest(path)) for path in backups_in(folder)]
    _write(out, [{"path": str(path), **_told(manifest)} for path, manifest in found])
    if out is None:
        for path, manifest in found:
            click.echo(f"{path}\t{_line(manifest)}")
    ctx.exit(0)


@backup.command()
@click.argument("backup", type=_FOLDER)
@_KEYS
@click.option("--without-photos", is_flag=True, help="leave the photos unread")
@_JSON
@click.pass_context
@tells_errors
def verify(
    ctx: click.Context, backup: Path, *, keys: Path | None, without_photos: bool, out: Path | None
) -> None:
    """Read BACKUP (or the newest in that folder) from end to end; exit 1 where it is not whole."""
    kept = read_keys(keys) if keys else _given(doors(ctx).settings)
    with _failures(ctx, backup), _bar() as tell:
        found = look_through(backup, kept, tell, photos=not without_photos)
    _tell_verified(found, doors(ctx).settings.locale, out)
    ctx.exit(1 if found.faults or (keys is not None and not found.key_fits) else 0)


def _given(settings: Settings) -> Kept | None:
    """The keys of this deployment, where it has any yet."""
    secret = given_key(settings)
    return Kept(secret, given_ring(settings)) if secret is not None else None


def _tell_verified(found: Verified, locale: str, out: Path | None) -> None:
    key = {True: "fits", False: "is another one", None: "not here"}[found.key_fits]
    faults = [{"code": f.code, "part": f.params.get("value")} for f in found.faults]
    head = {"path": str(found.path), **_told(found.manifest), "key": key, "faults": faults}
    _write(out, head)
    if out is None:
        click.echo(f"{found.path}\t{_line(found.manifest)}\tkey {key}")
    for fault in found.faults:
        click.echo(say(fault, locale), err=True)


@click.command()
@click.argument("backup", type=_FOLDER)
@_KEYS
@click.option("--into", type=_FOLDER, help="instance folder to restore into; else the one in force")
@click.option("--database", default="", help="with --into: a database other than SQLite in there")
@click.option("--replace", is_flag=True, help="what is there goes aside")
@click.option("--other-key", is_flag=True, help="the key of the backup is lost: go on with another")
@click.option("--without-photos", is_flag=True, help="the database and the own rules only")
@click.option("--silent", is_flag=True, help="switch every channel off: for a rehearsal")
@_JSON
@click.pass_context
@tells_errors
def restore(ctx: click.Context, backup: Path, out: Path | None, **given: Any) -> None:
    """Bring BACKUP (or the newest in that folder) back; all of it or nothing."""
    settings, clock = doors(ctx).settings, doors(ctx).clock
    if given["into"] is not None:
        update = {"instance": given["into"], "database_url": given["database"]}
        settings = settings.model_copy(update=update)
    elif given["database"]:
        raise click.UsageError("--database goes with --into; else GRIDTRACK_DATABASE_URL counts")
    wish = Wish(
        given["keys"],
        replace=given["replace"],
        other_key=given["other_key"],
        photos=not given["without_photos"],
        silent=given["silent"],
    )
    begun = monotonic()
    with _failures(ctx, settings.instance), _bar() as tell:
        back = bring_back(settings, clock, backup, wish, tell)
    _tell_restored(back, settings.instance, wish, out, seconds=monotonic() - begun)
    ctx.exit(1 if back.odd else 0)


def _tell_restored(
    back: Restored, instance: Path, wish: Wish, out: Path | None, *, seconds: float
) -> None:
    told = {"into": str(instance), **_told(back.manifest), "now_schema": back.schema}
    rest = {"aside": list(back.aside), "odd": list(back.odd), "seconds": round(seconds, 1)}
    _write(out, {**told, **rest})
    if out is None:
        click.echo(f"{instance}\t{_line(back.manifest)}")
    for one in back.aside:
        click.echo(f"kept aside: {one}", err=True)
    for incident in back.odd:
        click.echo(f"incident {incident} is not the sum of its events", err=True)
    if wish.keys is not None and open_to_others(wish.keys):
        click.echo(f"others can read {wish.keys}: chmod 600 it", err=True)


def _told(manifest: Manifest) -> dict[str, Any]:
    return manifest.model_dump(
        mode="json", by_alias=True, exclude={"parts", "salt", "seal", "sealing"}
    )


def _line(manifest: Manifest) -> str:
    photos = f"{manifest.photos.count} photo files" if manifest.photos else "no photos"
    at = manifest.taken_at.isoformat(timespec="seconds")
    size = sum(part.bytes for part in manifest.parts) / 1e6
    event = manifest.last_event or 0
    return f"{at}\t{manifest.schema_}\tlast event {event}\t{size:.1f} MB\t{photos}"


def _write(out: Path | None, told: Any) -> None:
    if out is None:
        return
    text = json.dumps(told, ensure_ascii=False, indent=1)
    if str(out) == "-":
        click.echo(text)
    else:
        out.write_text(text + "\n", "utf-8")


@contextmanager
def _failures(ctx: click.Context, where: Path) -> Iterator[None]:
    """Tell in words what disk and database do; Ctrl-C and SIGTERM leave nothing half done."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        click.echo("interrupted: nothing half done was left", err=True)
        ctx.exit(_INTERRUPTED)
    except OSError as error:
        reason = errno.errorcode.get(error.errno or 0, "") + f" {error.strerror or error}"
        value = str(error.filename or where)
        raise Unavailable("backup-disk-failed", reason=reason.strip(), value=value) from error
    except (sqlite3.Error, SQLAlchemyError) as error:
        reason = str(getattr(error, "orig", error)).strip().partition("\n")[0][:200]
        raise Unavailable("backup-database-failed", reason=reason) from error
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _bar() -> Iterator[Tell]:
    """A bar for each step, on a terminal only."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    steps: dict[str, TaskID] = {}
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:

        def tell(step: str, done: int, total: int) -> None:
            if step not in steps:
                steps[step] = progress.add_task(step, total=total)
            progress.update(steps[step], completed=done, total=total)

        yield tell
