"""`gridtrack grids compare`: what differs between two editions, in lines or for machines."""

import json
from collections.abc import Iterator
from typing import Any

import click

from gridtrack.cli.context import runtime
from gridtrack.cli.db import prepare
from gridtrack.cli.grid_inputs import speaks
from gridtrack.grids.compare import Difference
from gridtrack.i18n.sentences import sentence
from gridtrack.queries.edition_compare import Comparison, comparison


@click.command()
@click.argument("before", type=int)
@click.argument("after", type=int)
@click.option("--json", "as_json", is_flag=True, help="for machines")
@click.pass_context
@speaks
def compare(ctx: click.Context, before: int, after: int, locale: str, *, as_json: bool) -> None:
    """Say what is different in the edition AFTER from the edition BEFORE.

    Exit code 0: nothing; 1: something.
    """
    here = runtime(ctx)
    prepare(here)
    with here.look() as work:
        found = comparison(work, before, after)
    if as_json:
        click.echo(json.dumps(_json(found), ensure_ascii=False, indent=1))
    else:
        for line in _lines(found, locale):
            click.echo(line)
    ctx.exit(1 if found.differences else 0)


def _lines(found: Comparison, locale: str) -> Iterator[str]:
    for one in found.differences:
        kinds = ", ".join(sentence(f"differs-{kind.value}", locale) for kind in one.kinds)
        area = f"{one.area_change_m2:+.0f} m2"
        yield "\t".join((str(one.level), one.grid.code, one.grid.name, kinds, area))
    counts = ", ".join(
        f"{sentence(f'differs-{kind}', locale)} {count}" for kind, count in found.summary.items()
    )
    yield sentence("differs-all" if counts else "differs-none", locale, value=counts)


def _json(found: Comparison) -> dict[str, Any]:
    return {
        "before": found.before.id,
        "after": found.after.id,
        "summary": dict(found.summary),
        "differences": [_one(one) for one in found.differences],
    }


def _one(one: Difference) -> dict[str, Any]:
    sides = {"before": one.before, "after": one.after}
    return {
        "kinds": [kind.value for kind in one.kinds],
        "level": one.level,
        **{
            name: grid and {"code": grid.code, "path": grid.path, "name": grid.name}
            for name, grid in sides.items()
        },
        "area_before_m2": round(one.area_before_m2, 1),
        "area_after_m2": round(one.area_after_m2, 1),
        "area_change_m2": round(one.area_change_m2, 1),
        "area_change_percent": one.area_change_percent and round(one.area_change_percent, 2),
        "moved_m2": round(one.moved_m2, 1),
    }
