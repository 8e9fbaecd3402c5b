"""`gridtrack grids repair`: what a repair would do, and doing it."""

import json
from collections.abc import Iterator
from typing import Any

import click

from gridtrack.cli.context import runtime
from gridtrack.cli.db import prepare
from gridtrack.cli.grid_inputs import check_again, speaks
from gridtrack.grids.repairs import Kind
from gridtrack.i18n.sentences import sentence
from gridtrack.usecases.repair_edition import apply_repair, plan_repair, told

SHOWN = 40


@click.command()
@click.argument("edition_id", type=int)
@click.option("--kind", type=click.Choice([one.value for one in Kind]), required=True)
@click.option(
    "--fault", "faults", type=int, multiple=True, metavar="N", help="only this one, from 0 on"
)
@click.option("--apply", "do", is_flag=True, help="do it; without this it is only shown")
@click.option("--json", "as_json", is_flag=True, help="for machines")
@click.pass_context
@speaks
def repair(ctx: click.Context, edition_id: int, locale: str, **given: Any) -> None:
    """Repair faults of the draft EDITION_ID: show what each grid gains and loses, then do it.

    The draft is checked first, and again after. Exit code 0: there is something to repair, or it
    was done; 1: nothing can be repaired this way; 2: it cannot be done.
    """
    here = runtime(ctx)
    prepare(here)
    check_again(here, edition_id)
    with here.look() as work:
        planned = plan_repair(work, edition_id, Kind(given["kind"]), given["faults"])
    done = told(planned.repair)
    if given["as_json"]:
        click.echo(json.dumps(done, ensure_ascii=False, indent=1))
    else:
        for line in _lines(done, locale):
            click.echo(line)
    if not planned.repair.changes:
        ctx.exit(1)
    if not given["do"]:
        return
    with here.work() as work:
        apply_repair(work, planned)
    left = check_again(here, edition_id)
    click.echo(sentence("repair-done", locale, id=edition_id, left=left), err=given["as_json"])


def _lines(done: dict[str, Any], locale: str) -> Iterator[str]:
    for row in done["effects"][:SHOWN]:
        code = "repair-grid-gone" if row["gone"] else "repair-grid"
        if row["parent"] != row["parent_before"] and not row["gone"]:
            code = "repair-grid-parent"
        sizes = {name: f"{row[name]:,.2f}" for name in ("before_m2", "after_m2")}
        yield sentence(code, locale, **{**row, **sizes})
    if done["count"] > SHOWN:
        yield sentence("grids-more", locale, count=done["count"] - SHOWN)
    moved = f"{done['moved_m2']:,.2f}"
    numbers = {name: done[name] for name in ("count", "done", "left")}
    yield sentence("repair-sum", locale, **numbers, moved_m2=moved)
