"""`gridtrack grids codes`: check codes against the scheme, and make new ones."""

import json
from pathlib import Path
from typing import Any

import click

from gridtrack.cli.context import runtime
from gridtrack.cli.db import prepare
from gridtrack.cli.grid_inputs import check_again, speaks
from gridtrack.i18n.sentences import sentence
from gridtrack.queries.codes import MAPPING_HEAD, codes_page, names_old_codes
from gridtrack.sheets.csv_text import csv_text
from gridtrack.usecases.renumber_edition import apply_renumbering, plan_renumbering

SHOWN = 40


@click.group()
def codes() -> None:
    """Codes of grids: check, renumber."""


@codes.command()
@click.argument("edition_id", type=int)
@click.option("--json", "as_json", is_flag=True, help="for machines")
@click.pass_context
@speaks
def check(ctx: click.Context, edition_id: int, locale: str, *, as_json: bool) -> None:
    """Check the codes of an edition by the deployment's scheme.

    Exit code 0: all fit; 1: some do not; 2: it cannot be checked.
    """
    here = runtime(ctx)
    prepare(here)
    with here.look() as work:
        page = codes_page(work, edition_id)
    rows = [
        {
            "kind": fault.kind.value,
            "level": fault.level,
            "codes": list(fault.codes),
            "params": dict(fault.params),
            "message": sentence(
                f"code-fault-{fault.kind}", locale, **{"level": fault.level, **fault.params},
                grids=fault.codes,
            ),
        }
        for fault in page.faults
    ]  # fmt: skip
    said = {"scheme": page.scheme.name, "count": page.grids, "faults": page.fault_count}
    if as_json:
        click.echo(json.dumps({**said, "rows": rows}, ensure_ascii=False, indent=1))
    else:
        for row in rows[:SHOWN]:
            click.echo(f"{row['kind']}: {row['message']}")
        click.echo(sentence("codes-found" if rows else "codes-clean", locale, **said))
    ctx.exit(1 if rows else 0)


@codes.command()
@click.argument("edition_id", type=int)
@click.option("--keep", is_flag=True, help="codes that are right stay, the others get free numbers")
@click.option("--csv", "out", type=click.Path(path_type=Path), metavar="OUT", help="the table")
@click.option("--apply", "do", is_flag=True, help="do it; without this it is only shown")
@click.pass_context
@speaks
def renumber(ctx: click.Context, edition_id: int, locale: str, **given: Any) -> None:
    """Make new codes for the draft EDITION_ID by place, with the table old -> new."""
    here = runtime(ctx)
    prepare(here)
    with here.look() as work:
        planned = plan_renumbering(work, edition_id, keep=given["keep"])
        named = names_old_codes(work, planned.paths)
    rows = [(old.level, old.name, old.code, new.code, old.path, new.path)
            for old, new in planned.changes]  # fmt: skip
    if given["out"] is not None:
        given["out"].write_text(csv_text([MAPPING_HEAD, *rows]), encoding="utf-8", newline="")
    for old, new in list(planned.mapping.items())[:SHOWN]:
        click.echo(sentence("codes-mapped", locale, old=old, new=new))
    if len(planned.mapping) > SHOWN:
        click.echo(sentence("grids-more", locale, count=len(planned.mapping) - SHOWN))
    counts = {
        "posts": named.post_count, "matters": named.open_matters, "rosters": named.rosters,
        "channels": named.channels, "limits": named.limits,
    }  # fmt: skip
    click.echo(sentence("codes-sum", locale, count=len(planned.mapping), **counts))
    if not given["do"]:
        return
    with here.work() as work:
        apply_renumbering(work, planned)
    check_again(here, edition_id)
    click.echo(sentence("codes-done", locale, id=edition_id))
