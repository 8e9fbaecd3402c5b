"""`gridtrack retention`: what is kept how long, and away with what is not."""

import json

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from gridtrack.cli.context import runtime, tells_errors
from gridtrack.errors import Invalid
from gridtrack.incidents.numbers import parse_number
from gridtrack.jobs.purging import purge_all
from gridtrack.usecases.purge import erase_reporter, purge_due
from gridtrack.usecases.reporter_held import reporter_held

_INTERRUPTED = 130


@click.group()
def retention() -> None:
    """What is kept how long after a matter's end, and why."""


@retention.command()
@click.option("--json", "as_json", is_flag=True, help="for machines")
@click.pass_context
@tells_errors
def show(ctx: click.Context, *, as_json: bool) -> None:
    """Every rule, what it is for, and how many matters it would take something away from now."""
    here = runtime(ctx)
    with here.look() as work:
        schedule, due = purge_due(work)
    rows = [
        {"what": one.rule.what.value, "category": one.rule.category, "days": one.rule.days,
         "purpose": one.rule.purpose(here.settings.locale), "due": one.matters}
        for one in due
    ]  # fmt: skip
    if as_json:
        whole = {"version": schedule.version, "automatic": schedule.automatic, "rules": rows}
        click.echo(json.dumps(whole, ensure_ascii=False))
        return
    for row in rows:
        about = f"{row['what']}\t{row['category'] or '*'}\t{row['days']} d"
        click.echo(f"{about}\t{row['due']} due\t{row['purpose']}")


@retention.command()
@click.option("--dry-run", is_flag=True, help="say what would go, change nothing")
@click.option("--yes", is_flag=True, help="away with it; it cannot be brought back")
@click.pass_context
@tells_errors
def purge(ctx: click.Context, *, dry_run: bool, yes: bool) -> None:
    """Take away what is no longer kept, in small transactions while others work."""
    if dry_run == yes:
        raise Invalid("retention-say-yes", field="--yes", value="")
    if dry_run:
        ctx.invoke(show, as_json=False)
        return
    here = runtime(ctx)
    with here.look() as work:
        total = sum(one.matters for one in purge_due(work)[1])
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    try:
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task("purge", total=total)
            gone = purge_all(here, lambda done: bar.advance(task, done))
    except KeyboardInterrupt:
        click.echo("interrupted: what went stands in the register; call it again to go on")
        ctx.exit(_INTERRUPTED)
    click.echo(f"something of {gone} matters was taken away")


@retention.command()
@click.argument("number")
@click.option("--erase", is_flag=True, help="take it away instead")
@click.pass_context
@tells_errors
def reporter(ctx: click.Context, number: str, *, erase: bool) -> None:
    """What is held of whoever reported the matter NUMBER, as JSON; a person may ask for it."""
    found = parse_number(number)
    if found is None:
        raise Invalid("number-unreadable", field="NUMBER", value=number)
    here = runtime(ctx)
    if erase:
        with here.work() as work:
            gone = erase_reporter(work, found)
        click.echo(f"{gone} rows were taken away")
        return
    with here.work() as work:
        held = reporter_held(work, found)
    click.echo(json.dumps(held, ensure_ascii=False, indent=1))
