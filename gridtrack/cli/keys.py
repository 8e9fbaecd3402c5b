"""`gridtrack keys`: the keys that seal reporters."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from gridtrack.cli.context import runtime, tells_errors
from gridtrack.usecases.seal_keys import Watch, forget, key_uses, rotate

_INTERRUPTED = 130


@click.group()
def keys() -> None:
    """The keys that seal reporters."""


@keys.command()
@click.option("--json", "as_json", is_flag=True, help="for machines")
@click.pass_context
@tells_errors
def status(ctx: click.Context, *, as_json: bool) -> None:
    """Every key and how many values it has sealed; exit 1 where one that is needed is missing."""
    found = key_uses(runtime(ctx))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found]))
    else:
        for one in found:
            word = "seals" if one.seals else "opens" if one.here else "MISSING"
            about = f"{one.algorithm or '-'}\t{one.made[:19] or '-'}"
            click.echo(f"{one.id}\t{word}\t{one.values} values\t{about}")
    ctx.exit(0 if all(one.here for one in found) else 1)


@keys.command(name="rotate")
@click.option("--go-on", is_flag=True, help="make no key, end what was interrupted")
@click.pass_context
@tells_errors
def rotate_(ctx: click.Context, *, go_on: bool) -> None:
    """Make a new key and seal everything anew under it, while others work."""
    here = runtime(ctx)
    try:
        with _bar() as watch:
            count = rotate(here, watch, go_on=go_on)
    except KeyboardInterrupt:
        click.echo("interrupted: every value is whole; end it with gridtrack keys rotate --go-on")
        ctx.exit(_INTERRUPTED)
    click.echo(f"{here.keys.ring.current.id} seals; {count} reporters were sealed anew")


@keys.command(name="forget")
@click.pass_context
@tells_errors
def forget_(ctx: click.Context) -> None:
    """Take away older keys that have sealed nothing any more; older backups need them still."""
    gone = forget(runtime(ctx))
    click.echo(", ".join(gone) or "-")


@contextmanager
def _bar() -> Iterator[Watch]:
    """A bar on a terminal only."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("reporters", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
