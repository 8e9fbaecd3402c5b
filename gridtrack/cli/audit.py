"""`gridtrack audit`: who did what, checked, taken out, and cut where it is old."""

import csv
import json
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

import click

from gridtrack.audit.store import Wanted
from gridtrack.cli.context import runtime, tells_errors
from gridtrack.cli.times import local
from gridtrack.queries.audit_lines import audit_rows
from gridtrack.sheets.csv_text import inert
from gridtrack.usecases.audit_chain import KEPT_DAYS, cut_audit, verify_audit
from gridtrack.usecases.note import note

SHOWN = 20


@click.group()
def audit() -> None:
    """The record of every act: who, what, on what, when, from where, and whether it was let."""


@audit.command()
@click.option("--old-key", "old_keys", multiple=True, type=click.Path(path_type=Path, exists=True))
@click.option("--expect", "expected", multiple=True, help="an anchor from the log: LANE:SEQ:DIGEST")
@click.pass_context
@tells_errors
def verify(ctx: click.Context, old_keys: tuple[Path, ...], expected: tuple[str, ...]) -> None:
    """Check the whole chain; exit 1 where a line was changed, removed or inserted."""
    secrets = [path.read_text("utf-8").strip() for path in old_keys]
    with runtime(ctx).look() as work:
        found = verify_audit(work, secrets, expected)
    for one in sorted(found.faults, key=lambda fault: fault.id)[:SHOWN]:
        at = f" at {one.at.isoformat()}" if one.at else ""
        click.echo(f"{one.kind.value}: row {one.id}, lane {one.lane}, line {one.seq}{at}")
    if found.faults:
        click.echo(f"{len(found.faults)} faults in {found.lines} lines", err=True)
        ctx.exit(1)
    click.echo(f"{found.lines} lines in {found.lanes} lanes fit")


@audit.command()
@click.option("--from", "begin", type=click.DateTime(), help="local time")
@click.option("--until", "end", type=click.DateTime(), help="local time, not included")
@click.option("--format", "shape", default="csv", type=click.Choice(["csv", "jsonl"]))
@click.pass_context
@tells_errors
def export(ctx: click.Context, begin: datetime | None, end: datetime | None, shape: str) -> None:
    """Write the lines of a range to standard output, oldest first; that too leaves a line."""
    here = runtime(ctx)
    zone = here.settings.timezone
    span = [None if one is None else local(zone, one) for one in (begin, end)]
    with here.look() as work:
        rows = audit_rows(work, Wanted(begin=span[0], end=span[1]))
        written = (_csv if shape == "csv" else _jsonl)(rows, sys.stdout)
        note(work, "audit-export", "", lines=written)


@audit.command()
@click.option("--older-than", "days", required=True, type=int, help=f"days, at least {KEPT_DAYS}")
@click.pass_context
@tells_errors
def purge(ctx: click.Context, days: int) -> None:
    """Take away what is older than DAYS; what remains can still be checked."""
    with runtime(ctx).work() as work:
        gone = cut_audit(work, work.now - timedelta(days=days))
    click.echo(f"{gone} lines removed")


def _csv(rows: Iterable[Mapping[str, Any]], out: TextIO) -> int:
    writer, count = csv.writer(out), 0
    for row in rows:
        if not count:
            writer.writerow(row)
        writer.writerow([inert(value) for value in row.values()])
        count += 1
    return count


def _jsonl(rows: Iterable[Mapping[str, Any]], out: TextIO) -> int:
    count = 0
    for row in rows:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
        count += 1
    return count
