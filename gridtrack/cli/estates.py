"""`gridtrack estates`: residential estates and units, and their property managers."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from gridtrack.cli.context import runtime, tells_errors
from gridtrack.cli.grid_inputs import pair
from gridtrack.geo.layers import Reading
from gridtrack.grids.zones import ZoneKind
from gridtrack.queries.zones import zones_page
from gridtrack.usecases.import_estates import ZoneFile, import_estates, read_estates


@click.group()
def estates() -> None:
    """Residential estates and units with their property managers."""


@estates.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--kind",
    type=click.Choice(list(ZoneKind)),
    default="estate",
    show_default=True,
    help="of the rows that have no kind of their own",
)
@click.option(
    "--map",
    "fields",
    multiple=True,
    metavar="NAME=FIELD",
    help="read code, name, manager or kind from another field",
)
@click.option("--crs", default="", metavar="EPSG:n", help="reference system of the file")
@click.option("--datum", default="wgs84", show_default=True, help="gcj02, bd09, cgcs2000")
@click.option("--layer", default="", help="layer of a GeoPackage")
@click.option("--encoding", default="", help="encoding of a Shapefile's texts")
@click.pass_context
@tells_errors
def import_(ctx: click.Context, file: Path, fields: tuple[str, ...], **given: str) -> None:
    """Bring in the zones of FILE (`code`, `name`, `manager`, `kind`), all or nothing.

    One whose code is known and that differs ends now, and the new one begins.
    """
    reading = Reading(given["crs"], given["datum"], given["layer"], given["encoding"])
    named = dict(pair("--map", text, "NAME=FIELD") for text in fields)
    read = read_estates(file, ZoneFile(named, given["kind"], reading))
    with runtime(ctx).work() as work:
        did = import_estates(work, read)
    click.echo(f"{len(did.added)} added, {len(did.changed)} changed, {len(did.same)} as they were")


@estates.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="everything, for machines")
@click.pass_context
@tells_errors
def list_(ctx: click.Context, *, as_json: bool) -> None:
    """The zones in force and to come: code, kind, name, manager, state, from, until, m², grids."""
    with runtime(ctx).look() as work:
        found = zones_page(work, work.settings.locale).zones
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], default=str, ensure_ascii=False))
        return
    for one in found:
        click.echo("\t".join(str(value) for value in _row(one)))


def _row(one: Any) -> tuple[object, ...]:
    shares = ", ".join(f"{share.code} {share.of_zone:.0%}" for share in one.grids)
    until = f"{one.until_at:%Y-%m-%d}" if one.until_at else ""
    return (one.code, one.kind, one.name, one.manager, one.state, f"{one.from_at:%Y-%m-%d}",
            until, f"{one.area_m2:.0f}", shares)  # fmt: skip
