"""`gridtrack grids export`: an edition into a file."""

from pathlib import Path

import click

from gridtrack.cli.context import runtime
from gridtrack.cli.db import prepare
from gridtrack.cli.grid_inputs import bar, speaks
from gridtrack.errors import Invalid
from gridtrack.geo.datum import Datum
from gridtrack.grids.outputs import DATUMS, Format
from gridtrack.i18n.sentences import sentence
from gridtrack.queries.export import Wanted, export_doors, export_grids

DOORS = "doors"
_BY_ENDING = {".geojson": "geojson", ".json": "geojson", ".gpkg": "gpkg", ".zip": "shp",
              ".csv": DOORS}  # fmt: skip


@click.command(name="export")
@click.argument("edition_id", metavar="EDITION", type=int)
@click.option("--under", default="", metavar="PATH", help="only this grid and what is below it")
@click.option(
    "--format", "kind", type=click.Choice([*(one.value for one in Format), DOORS]),
    help="doors: a CSV of the plates in each grid  [default: by the ending of OUT]",
)  # fmt: skip
@click.option(
    "--datum",
    default=Datum.WGS84.value,
    show_default=True,
    type=click.Choice([one.value for one in DATUMS]),
)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
@speaks
def export(
    ctx: click.Context, edition_id: int, out: Path, locale: str, **given: str | None
) -> None:
    """Write the grids of EDITION to OUT (.geojson, .gpkg, .zip of a Shapefile; .csv of plates).

    What comes out can be checked and imported again, and is the same.
    """
    kind = given["kind"] or _BY_ENDING.get(out.suffix.lower())
    if kind is None:
        raise Invalid("export-format", field="--format", value=out.name)
    here = runtime(ctx)
    prepare(here)
    form = Format.GEOJSON if kind == DOORS else Format(kind)
    wanted = Wanted(edition_id, form, given["under"] or "", Datum(given["datum"] or ""))
    write = export_doors if kind == DOORS else export_grids
    with here.look() as work, bar("grids-exporting", locale) as progress:
        count = write(work, wanted, out, progress)
    click.echo(sentence("grids-exported", locale, count=count, value=str(out)))
