"""`gridtrack grids`: check, import and activate grids, and route points through them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from gridtrack.cli.context import doors, runtime
from gridtrack.cli.db import prepare
from gridtrack.cli.grid_codes import codes
from gridtrack.cli.grid_compare import compare
from gridtrack.cli.grid_export import export
from gridtrack.cli.grid_inputs import bar, files_given, rule_given, speaks, takes_grids
from gridtrack.cli.grid_repairs import repair
from gridtrack.cli.grid_routes import Route, route_file
from gridtrack.cli.times import local
from gridtrack.geo.datum import Datum
from gridtrack.grids import store
from gridtrack.grids.check import Findings
from gridtrack.grids.explain import as_json, explain
from gridtrack.grids.lifecycle import Handover
from gridtrack.grids.rules import FaultCode
from gridtrack.i18n.sentences import sentence
from gridtrack.usecases.activate_edition import activate_edition
from gridtrack.usecases.import_grids import ALL, Checked, NewEdition, import_grids, read_and_check

SHOWN = 40
WHEN = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")
_ACCEPTABLE = {code.value for code in FaultCode} | {ALL}


@click.group()
def grids() -> None:
    """Grids: check, import, compare, activate, export, route."""


grids.add_command(compare)
grids.add_command(export)
grids.add_command(repair)
grids.add_command(codes)


@grids.command()
@takes_grids
@click.option("--json", "out", metavar="OUT", help="write the findings for machines; - for stdout")
@click.pass_context
@speaks
def check(ctx: click.Context, out: str | None, locale: str, **given: Any) -> None:
    """Check grids in one FILE, or in one file for each --level; needs no database.

    Exit code 0: no faults; 1: faults; 2: the files cannot be used.
    """
    checked = _checked(given, locale)
    _tell(checked, out, locale)
    ctx.exit(1 if checked.findings.faults else 0)


@grids.command(name="import")
@takes_grids
@click.option("--accept", multiple=True, metavar="CODE", help="fault code taken knowingly, or all")
@click.option("--activate", is_flag=True, help="put it in force at once")
@click.option("--name", default="", help="name of the edition  [default: from the file]")
@click.option("--note", default="")
@click.option("--json", "out", metavar="OUT", help="write the findings for machines; - for stdout")
@click.pass_context
@speaks
def import_(ctx: click.Context, out: str | None, locale: str, **given: Any) -> None:
    """Import grids as a draft edition, all or nothing; faults must be accepted by code.

    Exit code 0: imported; 1: faults that were not accepted; 2: the files cannot be used.
    """
    accept = _accepted(given)
    checked = _checked(given, locale)
    _tell(checked, out, locale)
    faults = {code for code in checked.findings.summary if not accept & {code, ALL}}
    if faults:
        count = sum(checked.findings.summary[code] for code in faults)
        kinds = ", ".join(sorted(faults))
        click.echo(sentence("grids-faulty", locale, value=kinds, count=count), err=True)
        ctx.exit(1)
    name = given["name"] or _name(files_given(given).files)
    here = runtime(ctx)
    prepare(here)
    with here.work() as work, bar("grids-storing", locale) as progress:
        edition = import_grids(work, checked, NewEdition(name, accept, given["note"]), progress)
        if given["activate"]:
            activate_edition(work, edition.id)
        code = "grids-activated" if given["activate"] else "grids-drafted"
        told = sentence(code, locale, id=edition.id, name=edition.name, count=len(checked.grids))
    click.echo(told, err=out == "-")


def _name(files: Mapping[int, Path]) -> str:
    """One file gives its name, several the name of their folder."""
    path = next(iter(files.values())).absolute()
    return path.parent.name if len(files) > 1 else path.name.split(".")[0]


def _accepted(given: dict[str, Any]) -> frozenset[str]:
    """Codes after --accept: one each, by comma, or several words in a row."""
    accept = {code for text in given["accept"] for code in text.split(",")}
    if accept:
        words = [word for word in given["files"] if word in _ACCEPTABLE]
        accept.update(words)
        given["files"] = [word for word in given["files"] if word not in words]
    return frozenset(accept)


def _checked(given: dict[str, Any], locale: str) -> Checked:
    with bar("grids-checking", locale) as progress:
        return read_and_check(files_given(given), rule_given(given), progress)


def _tell(checked: Checked, out: str | None, locale: str) -> None:
    """The findings as JSON where it was asked for, and in words; these never mix on stdout."""
    findings = checked.findings
    if out is not None:
        written = json.dumps(_json(checked, locale), ensure_ascii=False, indent=1)
        if out == "-":
            click.echo(written)
        else:
            Path(out).write_text(written + "\n", encoding="utf-8")
    for line in _lines(findings, len(checked.grids), locale):
        click.echo(line, err=out == "-")


def _json(checked: Checked, locale: str) -> dict[str, Any]:
    findings = checked.findings
    return {
        "summary": findings.summary,
        "faults": [as_json(fault, locale) for fault in findings.faults],
        "within_tolerance": findings.within_tolerance,
        "tolerance_m": findings.rule.tolerance_m,
        "depth": findings.rule.depth,
        "plane": findings.rule.plane,
        "grids": len(checked.grids),
        **checked.source,
    }


def _lines(findings: Findings, count: int, locale: str) -> Iterator[str]:
    for fault in findings.faults[:SHOWN]:
        place = "" if fault.place is None else f" [{fault.place[0]:.6f}, {fault.place[1]:.6f}]"
        yield f"{fault.code.value}: {explain(fault, locale)}{place}"
    if len(findings.faults) > SHOWN:
        yield sentence("grids-more", locale, count=len(findings.faults) - SHOWN)
    kinds = ", ".join(f"{code} {n}" for code, n in findings.summary.items())
    code = "grids-found" if kinds else "grids-clean"
    tolerance = f"{findings.rule.tolerance_m:g}"
    yield sentence(
        code, locale, count=count, faults=len(findings.faults), value=kinds, tolerance=tolerance
    )
    within = ", ".join(f"{code} {n}" for code, n in findings.within_tolerance.items())
    if within:
        yield sentence("grids-within", locale, value=within, tolerance=tolerance)


@grids.command(name="list")
@click.pass_context
@speaks
def list_(ctx: click.Context, locale: str) -> None:
    """Every edition, newest first."""
    here = runtime(ctx)
    prepare(here)
    with here.look() as work:
        for edition in store.editions(work.session):
            span = [edition.valid_from, edition.valid_to]
            shown = [moment.isoformat(timespec="minutes") if moment else "-" for moment in span]
            state = sentence(f"edition-{edition.state}", locale)
            levels = "/".join(str(n) for n in edition.source.get("levels", {}).values())
            row = (edition.id, state, *shown, levels, len(edition.accepted), edition.name)
            click.echo("\t".join(str(cell) for cell in row))


@grids.command()
@click.argument("edition_id", type=int)
@click.option(
    "--at", type=click.DateTime(WHEN), help="when, in the deployment's zone  [default: now]"
)
@click.option("--reason", default="", help="why, for the record")
@click.option("--hand-over", is_flag=True, help="acknowledged matters too go to the new handler")
@click.option("--tell-new", is_flag=True, help="tell the new one of matters that stay")
@click.pass_context
@speaks
def activate(ctx: click.Context, edition_id: int, at: object, locale: str, **given: Any) -> None:
    """Put the edition EDITION_ID in force, now or later; the one before stays readable."""
    zone = doors(ctx).settings.timezone
    here = runtime(ctx)
    prepare(here)
    with here.work() as work:
        begin = local(zone, at) if at else None
        decided = Handover(given["hand_over"], given["tell_new"])
        edition = activate_edition(
            work, edition_id, begin, reason=given["reason"], handover=decided
        )
        told = sentence("edition-begins", locale, id=edition.id, at=edition.valid_from)
    click.echo(told)


@grids.command()
@click.argument("points", type=click.Path(path_type=Path))
@click.option("--lon", required=True, metavar="COL", help="column of the longitude, in degrees")
@click.option("--lat", required=True, metavar="COL", help="column of the latitude, in degrees")
@click.option(
    "--datum",
    default=Datum.WGS84.value,
    show_default=True,
    metavar="DATUM",
    help=", ".join(datum.value for datum in Datum),
)
@click.option("--out", required=True, metavar="OUT", help="CSV to write (.gz: gzipped); - stdout")
@click.option("--at", type=click.DateTime(WHEN), help="by the grids in force then  [default: now]")
@click.pass_context
@speaks
def route(
    ctx: click.Context, points: Path, out: str, locale: str, *, at: object, **columns: str
) -> None:
    """Say for every row of the CSV file POINTS (gz allowed) which grid in force it lies in."""
    here = runtime(ctx)
    prepare(here)
    with here.look() as work:
        then = local(doors(ctx).settings.timezone, at) if at else work.now
        partition = store.partition_at(work.session, work.memo, then)
    how = Route(columns["lon"], columns["lat"], columns["datum"], here.settings.snap_m)
    with bar("grids-routing", locale) as progress:
        routed = route_file(partition, points, out, how, progress)
    for line in routed.told(locale):
        click.echo(line, err=True)
