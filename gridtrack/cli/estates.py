"""`gridtrack estates`: residential estates and their property managers."""

from pathlib import Path

import click

from gridtrack.cli.context import runtime, tells_errors
from gridtrack.usecases.import_estates import import_estates, read_estates


@click.group()
def estates() -> None:
    """Residential estates with their property managers."""


@estates.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
@tells_errors
def import_(ctx: click.Context, file: Path) -> None:
    """Bring in the estates of FILE (`code`, `name`, `manager`); a known code is replaced."""
    layer = read_estates(file)
    with runtime(ctx).work() as work:
        click.echo(import_estates(work, layer))
