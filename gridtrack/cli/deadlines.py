"""`gridtrack deadlines`: was every promise kept or climbed?"""

import json
from datetime import datetime
from pathlib import Path

import click

from gridtrack.analytics.auditor import Audit, audit
from gridtrack.cli.context import runtime, tells_errors
from gridtrack.cli.times import local
from gridtrack.usecases.watch_clock import confirm_clocks

SHOWN = 100  # faults told one by one


@click.group()
def deadlines() -> None:
    """Promises and ladders."""


@deadlines.command(name="audit")
@click.option("--since", type=click.DateTime(), help="local time; else the whole log")
@click.option("--json", "out", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.pass_context
@tells_errors
def audit_(ctx: click.Context, since: datetime | None, out: Path | None) -> None:
    """Climb every ladder again beside the event log; exit 1 where a step does not fit."""
    here = runtime(ctx)
    begin = None if since is None else local(here.settings.timezone, since)
    with here.look() as work:
        found = audit(work, begin)
    if out is None or str(out) == "-":
        click.echo(json.dumps(_told(found), indent=1))
    else:
        out.write_text(json.dumps(_told(found), indent=1) + "\n", "utf-8")
        click.echo(f"{found.promises} promises, {found.on_time} kept on time to fire", err=True)
    ctx.exit(0 if found.clean else 1)


@deadlines.command(name="confirm-clock")
@click.pass_context
@tells_errors
def confirm_clock(ctx: click.Context) -> None:
    """Say that a clock which jumped forward is right: what was held climbs at the next tick."""
    with runtime(ctx).work() as work:
        confirmed = confirm_clocks(work)
    for host, ahead_s in confirmed:
        click.echo(f"{host}: {ahead_s:.0f} s forward")


def _told(found: Audit) -> dict[str, object]:
    names = (
        "promises", "on_time", "fired", "missing", "double", "early", "late", "misjudged",
        "in_time", "withdrawn",
    )  # fmt: skip
    told: dict[str, object] = {name: getattr(found, name) for name in names}
    told["worst_late_s"] = found.worst_late_ms / 1000
    told["faults"] = [
        {
            "code": one.code, "incident": one.incident_id, "clock": one.clock,
            "cycle": one.cycle, "step": one.step, "repeat": one.repeat,
            "due_at": one.due_at.isoformat(),
        }
        for one in found.faults[:SHOWN]
    ]  # fmt: skip
    return told
