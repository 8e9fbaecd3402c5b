"""`gridtrack calendar`: days off, make-up workdays, and when a limit is used up."""

import json
from datetime import date, timedelta
from pathlib import Path

import click

from gridtrack.cli.context import tells_errors
from gridtrack.cli.db import ready
from gridtrack.cli.times import instant
from gridtrack.deadlines.calendar import Day, read_hours, written
from gridtrack.deadlines.calendar_days import LocalDay, read_notice
from gridtrack.errors import Invalid
from gridtrack.queries import calendar as queries
from gridtrack.usecases import calendar as usecases


@click.group()
def calendar() -> None:
    """Days off, make-up workdays, and when a limit is used up."""


@calendar.command(name="import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
@tells_errors
def import_(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """Take in the notices of FILES (JSON of holiday-cn), all or none; again changes nothing."""
    notices = []
    for file in files:
        named = int(file.stem) if file.stem.isdecimal() and len(file.stem) == 4 else None
        try:
            text = file.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise Invalid("holiday-file-bad", field=file.name, reason=str(error)) from error
        notices.append(read_notice(text, file.name, named))
    with ready(ctx).work() as work:
        changed = usecases.import_notices(work, notices)
    for notice in notices:
        word = "taken in" if notice.year in changed else "known already"
        word = word if notice.days else "its notice is not out: nothing taken in"
        click.echo(f"{notice.year}\t{len(notice.days)} days\t{word}")


@calendar.command()
@click.argument("first", metavar="FROM")
@click.argument("last", metavar="TO")
@click.option("--json", "out", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.pass_context
@tells_errors
def days(ctx: click.Context, first: str, last: str, out: Path | None) -> None:
    """Every day from FROM to TO, both included: worked or not, its name, how sure it is."""
    begin, end = _date(first, "from"), _date(last, "to")
    with ready(ctx).look() as work:
        found = queries.days(work, begin, end)
    if out is None:
        for day in found:
            word = "work" if day.is_workday else "off"
            hours = written(day.hours) if day.hours else ""
            click.echo(f"{day.date}\t{word}\t{day.status}\t{day.name}\t{hours}".rstrip())
        return
    text = json.dumps([_row(day) for day in found], ensure_ascii=False, indent=1)
    if str(out) == "-":
        click.echo(text)
        return
    out.write_text(text + "\n", "utf-8")


def _row(day: Day) -> dict[str, object]:
    row: dict[str, object] = {"date": day.date.isoformat(), "is_workday": day.is_workday}
    row |= {"name": day.name, "status": day.status}
    return row if day.hours is None else row | {"hours": written(day.hours)}


@calendar.command()
@click.argument("start")
@click.option("--minutes", type=float, help="working minutes from START")
@click.option("--workdays", type=float, help="whole workdays instead, 0.5 for half a one")
@click.option("--calendar", "code", default="workdays", show_default=True, help="see list")
@click.option("--tz", "zone", help="zone the hours are in, START too where it names none")
@click.pass_context
@tells_errors
def due(
    ctx: click.Context, start: str, code: str, zone: str | None, **amount: float | None
) -> None:
    """When so much working time after START (2026-02-13T16:30) is used up."""
    minutes, workdays = amount["minutes"], amount["workdays"]
    if (minutes is None) == (workdays is None):
        raise click.UsageError("give --minutes or --workdays")
    with ready(ctx).look() as work:
        hours = queries.working_time(work, code, zone)
    begin = instant(start, hours.zone)
    if workdays is not None:
        found = hours.add_workdays(begin, workdays)
    else:
        assert minutes is not None
        found = hours.add(begin, _span(minutes))
    click.echo(found.astimezone(hours.zone).isoformat())


def _span(minutes: float) -> timedelta:
    try:
        return timedelta(minutes=minutes)
    except (OverflowError, ValueError) as error:
        raise Invalid("limit-too-long", field="--minutes", value=minutes, years=100) from error


@calendar.command(name="list")
@click.pass_context
@tells_errors
def list_(ctx: click.Context) -> None:
    """The calendars with their hours, and the years whose notice is known."""
    with ready(ctx).look() as work:
        found = queries.calendars(work)
        missing = queries.missing_years(work)
    for one in found.named.values():
        when = "workdays" if one.opening.workdays else "every day"
        click.echo(f"{one.code}\t{when}\t{written(one.opening.hours)}")
    click.echo("notices\t" + " ".join(map(str, sorted(found.days.years))))
    if missing:
        click.echo("missing\t" + " ".join(map(str, missing)))


@calendar.command(name="set")
@click.argument("day", metavar="DATE")
@click.option("--off/--work", "off", required=True, default=None, help="closed, or open")
@click.option("--hours", help='own hours of the day: "09:00-12:00"')
@click.option("--name", required=True, help="why")
@click.pass_context
@tells_errors
def set_(ctx: click.Context, day: str, hours: str | None, name: str, *, off: bool) -> None:
    """Say what DATE is in this deployment, whatever the notice says."""
    own = read_hours(hours, "--hours") if hours else None
    local = LocalDay(_date(day, "date"), name, not off, own)
    with ready(ctx).work() as work:
        usecases.set_day(work, local)


@calendar.command()
@click.argument("day", metavar="DATE")
@click.pass_context
@tells_errors
def unset(ctx: click.Context, day: str) -> None:
    """Let DATE be again what notice and rule say."""
    with ready(ctx).work() as work:
        usecases.remove_day(work, _date(day, "date"))


def _date(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid("not-a-date", field=field, value=text) from error
