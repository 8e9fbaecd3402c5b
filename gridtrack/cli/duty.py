"""`gridtrack duty`: who is on duty, rosters from a file, and where nobody would be."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from gridtrack.accounts import store as accounts
from gridtrack.cli.context import runtime, tells_errors
from gridtrack.cli.times import instant
from gridtrack.duty.parse import read_rosters
from gridtrack.duty.rules import Roster
from gridtrack.errors import Invalid
from gridtrack.queries import duty as queries
from gridtrack.queries.duty import Standing
from gridtrack.usecases.rosters import bring_rosters

OUT = click.Path(path_type=Path, dir_okay=False, allow_dash=True)


@click.group()
def duty() -> None:
    """Who is on duty, rosters from a file, and where nobody would be."""


@duty.command()
@click.option("--scope", default="", help="grid path; it and all above it are looked at")
@click.option("--zone", help="code of an estate beside it")
@click.option("--at", "at", help="local time such as 2026-11-28T22:00; now when not given")
@click.option("--json", "out", type=OUT)
@click.pass_context
@tells_errors
def show(
    ctx: click.Context, scope: str, zone: str | None, at: str | None, out: Path | None
) -> None:
    """Everybody who is asked for a matter in --scope, in order, with shift, leave and deputy."""
    here = runtime(ctx)
    when = instant(at, ZoneInfo(here.settings.timezone)) if at else None
    with here.look(now=when) as work:
        found = queries.standing(work, scope, zone)
    if out is None:
        for one in found:
            click.echo("\t".join(str(value or "") for value in _row(one).values()))
        return
    _write(out, [_row(one) for one in found])


def _row(one: Standing) -> dict[str, Any]:
    holder = one.holder
    state = "on" if holder.present else "off-shift" if holder.off_shift else "away"
    return {
        "state": state,
        "role": holder.role,
        "login": one.login,
        "name": holder.name,
        "scope": holder.scope,
        "zone": holder.zone,
        "deputy": holder.deputy,
        "until": _iso(holder.until),
    }


def roster_file(file: Path) -> tuple[Roster[str], ...]:
    """The rosters of a file, .toml or .csv; raises Invalid, or Rejected with every fault."""
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid("roster-file-bad", field=file.name, reason=str(error)) from error
    return read_rosters(text, file.name, is_csv=file.suffix.lower() == ".csv")


@duty.command(name="import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
@tells_errors
def import_(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """Bring the rosters of FILES (.toml or .csv) in, all or none; again changes nothing."""
    given: list[Roster[str]] = []
    for file in files:
        given += roster_file(file)
    with runtime(ctx).work() as work:
        done = bring_rosters(work, given)
    for one in done:
        click.echo(f"{one.code}\t{one.did}")


@duty.command()
@click.option("--days", type=click.IntRange(1, queries.MOST_DAYS), default=14, show_default=True)
@click.option("--json", "out", type=OUT)
@click.pass_context
@tells_errors
def holes(ctx: click.Context, days: int, out: Path | None) -> None:
    """Time of the next --days in which nobody would be on duty; exit code 1 where there is any."""
    with runtime(ctx).look() as work:
        found = queries.holes(work, days)
        names = accounts.names(work.session, (p for one in found for p in one.people))
    rows = [queries.said_of(one, names) for one in found]
    if out is None:
        for row in rows:
            people = ", ".join(row["people"])
            click.echo(f"{row['begin']}\t{row['end']}\t{row['roster']}\t{row['kind']}\t{people}")
    else:
        _write(out, rows)
    if rows:
        ctx.exit(1)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _write(out: Path, rows: list[dict[str, Any]]) -> None:
    text = json.dumps(rows, ensure_ascii=False, indent=1)
    if str(out) == "-":
        click.echo(text)
        return
    out.write_text(text + "\n", "utf-8")
