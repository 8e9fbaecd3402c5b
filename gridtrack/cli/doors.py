"""`gridtrack doors`: the door-plate book (门楼牌库)."""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from gridtrack.access import ENGINE
from gridtrack.addresses import columns, store
from gridtrack.addresses.columns import FIELDS, Meaning, guessed
from gridtrack.cli.context import doors as opened
from gridtrack.cli.context import runtime, tells_errors
from gridtrack.cli.db import prepare
from gridtrack.cli.refused import actor_named, bar, faults_file
from gridtrack.cli.stop import asked_to_stop
from gridtrack.errors import Invalid
from gridtrack.i18n.sentences import sentence
from gridtrack.queries.door_coverage import as_json, summary
from gridtrack.queries.door_coverage import coverage as find_coverage
from gridtrack.queries.doors import find_doors
from gridtrack.sheets.sheet import Sheet, open_sheet
from gridtrack.usecases.import_doors import Result, import_doors

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)
STOPPED = 130  # what a shell calls a command that was ended by Ctrl-C
PAGE, SHOWN = 1000, 50


@click.group()
def doors() -> None:
    """The door-plate book."""


@doors.command(name="import")
@click.argument("file", type=_FILE)
@click.option("--datum", default="", metavar="DATUM", help="wgs84, gcj02, bd09 or cgcs2000")
@click.option(
    "--map", "pairs", multiple=True, metavar="FIELD=COL", help=f"of {', '.join(FIELDS)}; guessed"
)
@click.option("--preview", is_flag=True, help="only tell what would come of it")
@click.option("--as", "login", metavar="LOGIN", help="who imports  [default: the machine]")
@click.option("--faults", type=_OUT, metavar="OUT.csv", help="refused rows, whole, with reasons")
@click.option("--json", "out", type=_OUT, metavar="OUT", help="the result for machines")
@click.pass_context
@tells_errors
def import_(ctx: click.Context, file: Path, **given: Any) -> None:
    """Bring the plates of FILE (CSV, CSV.gz, XLSX) into the book; a bad row is told and left.

    Importing a file again changes nothing. Ctrl-C leaves whole batches, and the same command goes
    on from there. Exit 0: all rows are in; 1: some were refused; 2: the file cannot be used.
    """
    here, locale = runtime(ctx), opened(ctx).settings.locale
    prepare(here)
    actor = actor_named(here, given["login"]) if given["login"] else ENGINE
    with ExitStack() as stack:
        sheet = stack.enter_context(open_sheet(file))
        meaning = columns.checked(_meaning(sheet, given), sheet.header)
        click.echo(_told_columns(meaning, locale), err=True)
        keep = stack.enter_context(faults_file(given["faults"], sheet.header, locale))
        draw = stack.enter_context(bar(sheet.size))
        stop = stack.enter_context(asked_to_stop())

        def watch(_: Result) -> bool:
            draw(sheet.read)
            return not stop()

        write = not given["preview"]
        way = (lambda: here.work(actor)) if write else (lambda: here.look(actor))
        result = import_doors(way, sheet, meaning, write=write, watch=watch, keep=keep)
    _tell(result, locale, given)
    ctx.exit(STOPPED if result.stopped else int(result.refused > 0))


def _meaning(sheet: Sheet, given: dict[str, Any]) -> Meaning:
    """What the header's own words say, and what `--map` says instead; FIELD= leaves one out."""
    chosen = guessed(sheet.header)
    for text in given["pairs"]:
        field, sign, column = text.partition("=")
        if not sign:
            raise Invalid("door-map", field="--map", value=text)
        chosen.pop(field, None)
        if column:
            chosen[field] = column
    return Meaning(chosen, given["datum"])


def _told_columns(meaning: Meaning, locale: str) -> str:
    pairs = ", ".join(f"{field}={column}" for field, column in meaning.columns.items())
    return sentence("door-columns", locale, pairs=pairs, datum=meaning.datum or None)


def _tell(result: Result, locale: str, given: dict[str, Any]) -> None:
    for line, fault in result.first:
        said = sentence(fault.code, locale, **fault.params)
        click.echo(sentence("import-row", locale, line=line, fault=said), err=True)
    if result.refused and given["faults"] is None:
        click.echo(sentence("import-keep", locale), err=True)
    if result.better:
        told = sentence("door-datum-doubt", locale, datum=result.datum, better=result.better)
        click.echo(told, err=True)
    numbers = result.as_json()
    if given["out"] is not None:
        given["out"].write_text(json.dumps(numbers, ensure_ascii=False, indent=1), "utf-8")
    if result.stopped:
        click.echo(sentence("import-stopped", locale), err=True)
    code = "door-previewed" if given["preview"] else "door-imported"
    click.echo(sentence(code, locale, **numbers))


@doors.command(name="list")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="only N plates")
@click.pass_context
@tells_errors
def list_(ctx: click.Context, limit: int | None) -> None:
    """Every plate: id, text, longitude, latitude (WGS-84), households, status."""
    here = runtime(ctx)
    prepare(here)
    after, left = 0, limit
    while left is None or left > 0:
        with here.look() as work:
            rows = store.page(work.session, after, PAGE if left is None else min(left, PAGE))
        if not rows:
            return
        for row in rows:
            cells: Sequence[Any] = (row.id, row.text, row.lon, row.lat, row.households, row.status)
            click.echo("\t".join("" if cell is None else str(cell) for cell in cells))
        after = rows[-1].id
        left = None if left is None else left - len(rows)


@doors.command()
@click.argument("text")
@click.option("--most", default=8, show_default=True, type=click.IntRange(1, 40))
@click.option("--json", "as_json", is_flag=True, help="for machines")
@click.pass_context
@tells_errors
def search(ctx: click.Context, text: str, most: int, *, as_json: bool) -> None:
    """Plates that TEXT may mean, surest first, each with its score and why; exit 1 for none."""
    here, locale = runtime(ctx), opened(ctx).settings.locale
    prepare(here)
    with here.look() as work:
        found = find_doors(work, text, most=most, locale=locale)
    if as_json:
        names = ("id", "text", "score", "why", "lon", "lat", "grid_code", "grid_name")
        told = [{name: getattr(one, name) for name in names} for one in found]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for one in found:
            why = sentence(f"door-why-{one.why}", locale)
            point = "" if one.lon is None else f"{one.lon:.6f}, {one.lat:.6f}"
            click.echo(f"{one.score:.2f}\t{one.text}\t{why}\t{point}\t{one.grid_name}")
    ctx.exit(0 if found else 1)


@doors.command()
@click.option("--edition", type=int, metavar="ID", help="of the grids  [default: in force now]")
@click.option("--json", "out", type=_OUT, metavar="OUT", help="the whole report for machines")
@click.pass_context
@tells_errors
def coverage(ctx: click.Context, edition: int | None, out: Path | None) -> None:
    """Tell whether every plate lies in exactly one base grid; exit 1 where one does not."""
    here, locale = runtime(ctx), opened(ctx).settings.locale
    prepare(here)
    with here.look() as work:
        report = find_coverage(work, edition, locale)
    if out is not None:
        out.write_text(json.dumps(as_json(report), ensure_ascii=False, indent=1), "utf-8")
    for one in report.strays[:SHOWN]:
        kind = sentence(f"door-stray-{one.kind}", locale)
        away = "" if one.away_m is None else f"{one.away_m:.0f} m"
        click.echo(f"{one.id}\t{one.text}\t{kind}\t{', '.join(one.grids)}\t{away}")
    for line in report.leaves:
        if line.size or line.unmanned:
            size = sentence(f"door-size-{line.size}", locale) if line.size else ""
            people = ", ".join(line.on_duty) or sentence("door-unmanned", locale)
            click.echo(f"{line.code}\t{line.name}\t{line.households}\t{size}\t{people}")
    click.echo(sentence("door-coverage", locale, **summary(report)))
    ctx.exit(0 if report.complete else 1)
