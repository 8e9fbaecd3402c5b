"""`gridtrack replay`: what would have happened to these reports here?"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from gridtrack.cli import whatif
from gridtrack.cli.context import doors, runtime, say, tells_errors
from gridtrack.cli.db import prepare as prepare_database
from gridtrack.cli.stop import asked_to_stop
from gridtrack.db.relaxed import relax
from gridtrack.errors import Invalid, Rejected
from gridtrack.geo.datum import Datum
from gridtrack.i18n.sentences import sentence
from gridtrack.settings import Settings
from gridtrack.sheets.rows import BadRow
from gridtrack.sheets.table import open_table
from gridtrack.simulation import rows
from gridtrack.simulation.crowd import Crowd
from gridtrack.simulation.replay import Given, Replay, Result, prepare
from gridtrack.simulation.rows import Columns, Line, Read

SHOWN = 5  # unusable rows told on the screen; the rest is in the JSON
REDRAW_EVERY = 25
WHAT_IF = ("policy", "roster", "edition")  # with any of these nothing is written
DATUMS = [datum.value for datum in Datum]
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("reports", nargs=-1, type=_FILE)
@click.option("--lon", metavar="COL", help="column of the longitude, in degrees")
@click.option("--lat", metavar="COL", help="column of the latitude, in degrees")
@click.option("--at", metavar="COL", help="column of the time of report, ISO 8601")
@click.option("--closed", metavar="COL", help="column of the time it was closed; may be empty")
@click.option("--category", metavar="COL", help="column of the category")
@click.option("--category-as", metavar="VALUE=CODE", multiple=True, help="a word as a category")
@click.option("--default-category", default="13", show_default=True, metavar="CODE")
@click.option("--text", metavar="COL", help="column of the description")
@click.option("--tz", metavar="ZONE", help="zone of times without an offset  [default: ours]")
@click.option(
    "--datum", default="wgs84", show_default=True, type=click.Choice([d.value for d in Datum])
)
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="N", help="only N rows, or the N newest recorded"
)
@click.option("--seed", default=1, show_default=True, metavar="N", help="of the made-up people")
@click.option("--people", type=_FILE, metavar="FILE", help="how people answer, as people.toml")
@click.option("--json", "out", metavar="OUT", help="write the result for machines; - for stdout")
@click.option("--recorded", is_flag=True, help="what if: the matters of this database, not a file")
@click.option("--from", "begin", type=click.DateTime(), help="recorded from then on, local time")
@click.option("--to", "end", type=click.DateTime(), help="recorded before then, local time")
@click.option("--policy", type=_FILE, metavar="FILE", help="what if: this policy, as policy.toml")
@click.option("--roster", type=_FILE, metavar="FILE", help="what if: these rosters, toml or csv")
@click.option("--edition", type=int, metavar="ID", help="what if: the grids of this edition")
@click.option("--draws", default=9, show_default=True, type=click.IntRange(1, 99), metavar="N")
@click.option("--bearable-hour", default=4, show_default=True, type=click.IntRange(min=1))
@click.option("--bearable-day", default=20, show_default=True, type=click.IntRange(min=1))
@click.pass_context
@tells_errors
def replay(ctx: click.Context, reports: Sequence[Path], out: str | None, **given: Any) -> None:
    """Feed the reports of a CSV file (gz allowed) through the product on a clock of their own.

    They go into the database in force, and stay there. Ctrl-C stops between two happenings and
    prints what came out so far; the same command goes on from there.

    With --recorded, --policy, --roster or --edition nothing is written: matters of this database,
    or the reports of the file, are forecast beside what happened.
    """
    settings = doors(ctx).settings
    what_if = given["recorded"] or any(given[name] is not None for name in WHAT_IF)
    _check_asked(reports, given, what_if=what_if)
    if given["recorded"]:
        whatif.run(ctx, None, {**given, "out": out})
        return
    zone = _zone(given["tz"] or settings.timezone)
    columns = Columns(*(given[name] for name in ("lon", "lat", "at", "closed", "category", "text")))
    how = _given(settings, zone, given)
    lines = islice(_lines(reports, columns), given["limit"])
    read = rows.read(lines, columns, zone, given["seed"])
    if what_if:
        if not read.rows:
            raise Invalid("no-usable-row", field="REPORTS", value=read.total)
        whatif.run(ctx, read.rows, {**given, "out": out, "pairs": how.category_as})
        return
    _feed(ctx, read, how, out)


def _check_asked(reports: Sequence[Path], given: Mapping[str, Any], *, what_if: bool) -> None:
    """Raise Rejected naming every flag that is missing, or that does not go with the others."""
    recorded = given["recorded"]
    faults: list[Invalid] = []
    if recorded and reports:
        faults.append(Invalid("recorded-or-file", field="--recorded"))
    if not recorded and not reports:
        faults.append(Invalid("recorded-or-file", field="REPORTS"))
    if not recorded:
        needed = [name for name in ("lon", "lat", "at") if given[name] is None]
        faults += [Invalid("required", field=f"--{name}") for name in needed]
    if not what_if:
        spans = [("--from", "begin"), ("--to", "end")]
        faults += [
            Invalid("only-what-if", field=flag) for flag, name in spans if given[name] is not None
        ]
    if faults:
        raise Rejected(faults)


def _feed(ctx: click.Context, read: Read, how: Given, out: str | None) -> None:
    settings = doors(ctx).settings
    here = runtime(ctx)
    prepare_database(here)
    relax(here.engine)  # whatever a power cut takes, the same command brings back
    ready = prepare(here, read, how)
    screen = Console(stderr=True)
    _announce(screen, ready, settings.locale)
    with asked_to_stop() as stopped:
        result = _go(screen, ready, settings.locale, stopped)
    if out == "-":
        click.echo(json.dumps(result.as_json(), ensure_ascii=False, indent=1))
        return
    if out is not None:
        Path(out).write_text(json.dumps(result.as_json(), ensure_ascii=False, indent=1), "utf-8")
    for line in told(result, settings.locale):
        click.echo(line)


def _lines(paths: Sequence[Path], columns: Columns) -> Iterator[Line]:
    for path in paths:
        with open_table(path) as table:
            rows.check_columns(table.header, columns)
            for row, _cells in table.rows():
                if isinstance(row, BadRow):
                    yield Line(path.name, row.line, {}, fault=row.fault)
                else:
                    yield Line(path.name, row.line, row.cells, row.copy)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Invalid("bad-zone", field="--tz", value=name) from error


def _given(settings: Settings, zone: ZoneInfo, given: Mapping[str, Any]) -> Given:
    people, seed = given["people"], given["seed"]
    if people is None:
        crowd = Crowd.shipped(zone.key, seed)
    else:
        crowd = Crowd.parse(people.read_text("utf-8"), zone.key, seed)
    pairs = dict(_pair(text) for text in given["category_as"])
    return Given(crowd, given["datum"], given["default_category"], pairs, settings.locale)


def _pair(text: str) -> tuple[str, str]:
    value, is_one, code = text.rpartition("=")
    if not (value and is_one and code):
        raise Invalid("bad-pair", field="--category-as", value=text)
    return value, code


def _go(screen: Console, ready: Replay, locale: str, stopped: Callable[[], bool]) -> Result:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    total, happenings = len(ready.arrivals), 0
    with Progress(*columns, console=screen) as bars:
        reports = bars.add_task(sentence("replay-reports", locale), total=total)
        follows = bars.add_task(sentence("replay-follows", locale), total=None)

        def watch() -> bool:
            nonlocal happenings
            happenings += 1
            if happenings % REDRAW_EVERY == 0:
                bars.update(reports, completed=ready.day.reported + len(ready.day.refused))
                bars.update(follows, completed=happenings, total=happenings + ready.day.planned())
            return not stopped()

        result = ready.go(watch)
        bars.update(reports, completed=ready.day.reported + len(ready.day.refused))
    return result


def _announce(screen: Console, ready: Replay, locale: str) -> None:
    made, day = ready.ready, ready.day
    zone = day.crowd.zone
    begin, end = (ready.read.rows[n].at.astimezone(zone) for n in (0, -1))
    lines = [
        sentence(
            "replay-begins", locale, rows=ready.read.total, begin=f"{begin:%Y-%m-%d %H:%M}",
            end=f"{end:%Y-%m-%d %H:%M}", edition=made.edition, people=day.crowd.name,
            seed=day.crowd.seed,
        )
    ]  # fmt: skip
    if made.backdated:
        lines.append(sentence("replay-backdated", locale, edition=made.edition))
    for count, code in (
        (made.made_up, "replay-made-up"),
        (made.known, "replay-known"),
        (made.others, "replay-others"),
    ):
        if count:
            lines.append(sentence(code, locale, count=count))
    for line in lines:
        screen.print(line, markup=False, highlight=False)


def told(result: Result, locale: str) -> Iterator[str]:
    """What came out, in lines for a person."""
    found = result.as_json()
    if not result.complete:
        yield sentence("replay-stopped", locale)
    yield f"{found['reports']:>8}  {sentence('replay-reports-read', locale)}"
    for name in (
        "routed", "triaged", "unusable", "acknowledged", "acknowledged_in_time", "resolved",
        "closed",
    ):  # fmt: skip
        yield f"{found[name]:>8}  {sentence(f'replay-{name}', locale)}"
    for rung, count in result.outcome.escalations.items():
        yield f"{count:>8}  {sentence('replay-escalated', locale, rung=rung)}"
    for rung, count in result.outcome.skipped.items():
        yield f"{count:>8}  {sentence('replay-skipped', locale, rung=rung)}"
    yield sentence("replay-lateness", locale, **found["lateness_s"])
    most = result.outcome.per_grid.most_common(3)
    named = ", ".join(f"{code} ({count})" for code, count in most)
    yield sentence("replay-grids", locale, count=len(found["per_grid"]), most=named)
    yield sentence("replay-auditor", locale, **found["auditor"])
    for file, line, error in result.of.refused[:SHOWN]:
        fault = say(error, locale)
        yield sentence("replay-row", locale, file=file, line=line, fault=fault)
    if len(result.of.refused) > SHOWN:
        yield sentence("replay-more", locale, count=len(result.of.refused) - SHOWN)
    yield sentence("replay-took", locale, seconds=round(result.took_s, 1))
