"""`gridtrack incidents`: reports from a file, through the same door as every other report."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from gridtrack.access import ENGINE, Actor
from gridtrack.cli.context import doors, runtime, tells_errors
from gridtrack.cli.db import prepare
from gridtrack.cli.refused import Refused, Watch, actor_named, bar, faults_file
from gridtrack.cli.stop import asked_to_stop
from gridtrack.errors import GridtrackError, Invalid, Rejected
from gridtrack.geo.datum import Datum
from gridtrack.i18n.sentences import sentence
from gridtrack.incidents.intake import Source
from gridtrack.sheets.rows import BadRow, TableRow
from gridtrack.sheets.table import Table, open_table
from gridtrack.usecases.import_reports import (
    Columns,
    Meaning,
    Taken,
    import_reports,
)
from gridtrack.work import Runtime

BATCH = 50  # rows in a transaction: a longer one would hold up reports that come in meanwhile
SHOWN = 20  # refused rows told on the screen; all of them are in --faults
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)
STOPPED = 130  # what a shell calls a command that was ended by Ctrl-C


@click.group()
def incidents() -> None:
    """Reports from files."""


@incidents.command(name="import")
@click.argument("file", type=_FILE)
@click.option("--lon", metavar="COL", help="column of the longitude, in degrees")
@click.option("--lat", metavar="COL", help="column of the latitude, in degrees")
@click.option("--datum", type=click.Choice([d.value for d in Datum]), help="of both")
@click.option("--at", metavar="COL", help="column of when it happened  [default: now]")
@click.option("--at-format", metavar="FORMAT", help="such as %m/%d/%Y %I:%M %p  [default: ISO]")
@click.option("--tz", metavar="ZONE", help="zone of times without an offset  [default: ours]")
@click.option("--category", metavar="COL", help="column of the category")
@click.option("--category-as", metavar="VALUE=CODE", multiple=True, help="a word as a category")
@click.option("--default-category", metavar="CODE", help="where a row names none of them")
@click.option("--text", metavar="COL", help="column of the description")
@click.option("--address", metavar="COL", help="column of the address")
@click.option("--accuracy", metavar="COL", help="column of the accuracy, in metres")
@click.option("--client-id", metavar="COL", help="column of a UUID or key  [default: all of a row]")
@click.option("--condition", metavar="COL", help="column of the filing condition")
@click.option(
    "--source", default="import", show_default=True, type=click.Choice([s.value for s in Source])
)
@click.option("--as", "login", metavar="LOGIN", help="who reports  [default: the machine]")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="read only N rows")
@click.option("--faults", type=_OUT, metavar="OUT.csv", help="refused rows, whole, with reasons")
@click.option("--json", "out", type=_OUT, metavar="OUT", help="the result for machines")
@click.pass_context
@tells_errors
def import_(ctx: click.Context, file: Path, **given: Any) -> None:
    """Report every row of the CSV FILE (gz allowed); a row that cannot be used is told and left.

    Importing a file again adds nothing. Ctrl-C leaves whole rows only, and the same command goes on
    from there. Exit 0: all rows are in; 1: some were refused; 2: the file cannot be used.
    """
    here, locale = runtime(ctx), doors(ctx).settings.locale
    prepare(here)
    _check_place(given)
    columns = Columns(
        given["lon"], given["lat"], given["at"], given["category"], given["text"],
        given["address"], given["accuracy"], given["client_id"], given["condition"],
    )  # fmt: skip
    meaning = Meaning(
        columns=columns,
        datum=given["datum"] or "",
        zone=_zone(given["tz"] or here.settings.timezone),
        time_format=given["at_format"],
        category_as=dict(_pair(text) for text in given["category_as"]),
        default_category=given["default_category"],
        source=Source(given["source"]),
    )
    actor = actor_named(here, given["login"]) if given["login"] else ENGINE
    with ExitStack() as open_things:
        table = open_things.enter_context(open_table(file))
        _check_columns(table, columns, file.name)
        faults = open_things.enter_context(faults_file(given["faults"], table.header, locale))
        watch = open_things.enter_context(bar(table.size))
        result = _go(here, table, _How(actor, meaning, given["limit"]), (watch, faults))
    _tell(result, locale, given["out"], given["faults"])
    ctx.exit(STOPPED if result.stopped else int(result.refused > 0))


@dataclass(frozen=True, slots=True)
class _How:
    actor: Actor
    meaning: Meaning
    limit: int | None


@dataclass(slots=True)
class Result:
    """What came out of an import, in rows."""

    added: int = 0
    known: int = 0  # they were in from another run
    refused: int = 0
    stopped: bool = False
    codes: Counter[str] = field(default_factory=Counter)
    first: list[tuple[int, GridtrackError]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The result for machines."""
        return {
            "added": self.added,
            "known": self.known,
            "refused": self.refused,
            "stopped": self.stopped,
            "faults": dict(self.codes.most_common()),
        }


def _go(here: Runtime, table: Table, how: _How, told: tuple[Watch, Refused]) -> Result:
    watch, keep = told
    result = Result()
    rows = islice(table.rows(), how.limit)
    with asked_to_stop() as stop:
        while batch := list(islice(rows, BATCH)):
            if stop():
                result.stopped = True
                break
            good = [row for row, _cells in batch if isinstance(row, TableRow)]
            with here.work(how.actor) as work:
                taken = {one.line: one for one in import_reports(work, good, how.meaning)}
            # Counted after the commit: what is told is what is there.
            for row, cells in batch:
                _count(result, row, cells, taken.get(row.line), keep)
            watch(table.read)
    return result


def _count(
    result: Result,
    row: TableRow | BadRow,
    cells: Sequence[str],
    taken: Taken | None,
    keep: Refused,
) -> None:
    faults: Sequence[GridtrackError] = (
        (row.fault,) if isinstance(row, BadRow) else taken.faults if taken else ()
    )
    if faults:
        result.refused += 1
        result.codes.update(fault.code for fault in faults)
        result.first += [(row.line, fault) for fault in faults[: SHOWN - len(result.first)]]
        keep(row.line, cells, faults)
    elif taken is not None and taken.receipt is not None:
        result.added += taken.receipt.created
        result.known += not taken.receipt.created


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid("bad-zone", field="--tz", value=name) from error


def _pair(text: str) -> tuple[str, str]:
    value, _, code = text.rpartition("=")
    if not (value and code):
        raise Invalid("bad-pair", field="--category-as", value=text)
    return value, code


def _check_place(given: Mapping[str, Any]) -> None:
    """A row says where it is by longitude, latitude and datum, by its address, or by both."""
    point = [given[name] for name in ("lon", "lat", "datum")]
    if any(point) and not all(point):
        missing = next(f"--{name}" for name in ("lon", "lat", "datum") if not given[name])
        raise Invalid("import-point-half", field=missing)
    if not any(point) and not given["address"]:
        raise Invalid("import-no-place", field="--address")


def _check_columns(table: Table, columns: Columns, name: str) -> None:
    there = ", ".join(table.header)
    named = {
        "--lon": columns.lon, "--lat": columns.lat, "--at": columns.at, "--text": columns.text,
        "--category": columns.category, "--address": columns.address,
        "--accuracy": columns.accuracy, "--client-id": columns.client_id,
        "--condition": columns.condition,
    }  # fmt: skip
    missing = [
        Invalid("column-missing", field=option, value=one, known=there, there=there, file=name)
        for option, one in named.items()
        if one is not None and one not in table.header
    ]
    if missing:
        raise Rejected(missing)


def _tell(result: Result, locale: str, out: Path | None, faults: Path | None) -> None:
    for line, fault in result.first:
        said = sentence(fault.code, locale, **fault.params)
        click.echo(sentence("import-row", locale, line=line, fault=said), err=True)
    if result.refused and faults is None:
        click.echo(sentence("import-keep", locale), err=True)
    numbers: Mapping[str, Any] = result.as_json()
    if out is not None:
        out.write_text(json.dumps(numbers, ensure_ascii=False, indent=1), "utf-8")
    if result.stopped:
        click.echo(sentence("import-stopped", locale), err=True)
    click.echo(sentence("import-done", locale, **numbers))
