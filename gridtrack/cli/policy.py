"""`gridtrack policy`: versions of clocks and ladders, checked, published and compared."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from gridtrack.cli.context import say, tells_errors
from gridtrack.cli.db import ready
from gridtrack.cli.times import local
from gridtrack.deadlines.policy_write import toml
from gridtrack.errors import Invalid, Rejected
from gridtrack.queries import policies as queries
from gridtrack.queries.policy_words import PolicyWords
from gridtrack.usecases import policies as usecases

_FILE = click.Path(path_type=Path, dir_okay=False)
_JSON = click.option(
    "--json", "out", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True)
)


@click.group()
def policy() -> None:
    """Versions of clocks, ladders and what goes with them."""


@policy.command(name="list")
@_JSON
@click.pass_context
@tells_errors
def list_(ctx: click.Context, out: Path | None) -> None:
    """Every version: number, state, from when, who made it and why, what it changed."""
    here = ready(ctx)
    with here.look() as work:
        found = queries.versions(work, here.settings.locale)
    if out is not None:
        _write(out, [_row(one) for one in found])
        return
    for one in found:
        begin = one.from_at.isoformat(timespec="seconds")
        who = one.author or "policy.toml"
        click.echo(f"{one.version}\t{one.state}\t{begin}\t{one.name}\t{who}\t{one.why}".rstrip())
        for line in one.changes:
            click.echo(f"\t{line}")


def _row(one: queries.Version) -> dict[str, object]:
    names = ("version", "name", "state", "author", "why", "follows", "changes")
    row: dict[str, object] = {name: getattr(one, name) for name in names}
    for name in ("from_at", "until_at", "recorded_at", "withdrawn_at"):
        at: datetime | None = getattr(one, name)
        row[name] = at.isoformat() if at else None
    return row


@policy.command()
@click.argument("version", type=int, required=False)
@click.pass_context
@tells_errors
def show(ctx: click.Context, version: int | None) -> None:
    """The document of VERSION as TOML, of the one in force where none is named."""
    with ready(ctx).look() as work:
        click.echo(toml(queries.body_of(work, version)), nl=False)


@policy.command()
@click.argument("file", type=_FILE)
@_JSON
@click.pass_context
@tells_errors
def check(ctx: click.Context, file: Path, out: Path | None) -> None:
    """Tell every fault of FILE with its field and the way out; exit 1 where there is one."""
    here = ready(ctx)
    faults: Sequence[Invalid] = ()
    with here.look() as work:
        try:
            usecases.check_text(work, _text(file))
        except Invalid as error:
            faults = error.faults if isinstance(error, Rejected) else (error,)
    told = [{**_fault(one), "message": say(one, here.settings.locale)} for one in faults]
    if out is not None:
        _write(out, {"ok": not told, "faults": told})
    else:
        for line in told:
            click.echo(line["message"])
    ctx.exit(1 if told else 0)


def _fault(fault: Invalid) -> dict[str, object]:
    return {"code": fault.code, "field": fault.field, "value": fault.params.get("value")}


@policy.command()
@click.argument("file", type=_FILE)
@click.option("--from", "begin", type=click.DateTime(), help="local time; now where it is left out")
@click.option("--why", default="policy publish", show_default=True, help="stays on record")
@_JSON
@click.pass_context
@tells_errors
def publish(
    ctx: click.Context, file: Path, begin: datetime | None, why: str, out: Path | None
) -> None:
    """Make FILE the policy from an instant on; what was promised stays as promised."""
    here = ready(ctx)
    from_at = local(here.settings.timezone, begin) if begin else None
    with here.work() as work:
        body = usecases.check_text(work, _text(file))
        version = usecases.publish(work, body, from_at, why)
        since = queries.row_of(work, version).from_at
    if out is not None:
        _write(out, {"version": version, "from_at": since.isoformat()})
        return
    click.echo(f"{version}\t{since.isoformat(timespec='seconds')}")


@policy.command()
@click.argument("version", type=int)
@click.option("--why", required=True, help="stays on record")
@click.pass_context
@tells_errors
def withdraw(ctx: click.Context, version: int, why: str) -> None:
    """Let VERSION, which is not in force yet, never come into force."""
    with ready(ctx).work() as work:
        usecases.withdraw(work, version, why)


@policy.command()
@click.argument("one", type=int, metavar="A")
@click.argument("other", type=int, metavar="B")
@_JSON
@click.pass_context
@tells_errors
def diff(ctx: click.Context, one: int, other: int, out: Path | None) -> None:
    """What version B says otherwise than version A, in words."""
    here = ready(ctx)
    with here.look() as work:
        found = queries.compared(work, one, other)
        lines = PolicyWords.of(work, here.settings.locale).changes(found)
    if out is not None:
        told = [{"key": list(c.key), "words": line} for c, line in zip(found, lines, strict=True)]
        _write(out, told)
        return
    for line in lines:
        click.echo(line)


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid("policy-file-bad", field=file.name, reason=str(error)) from error


def _write(out: Path, told: Mapping[str, Any] | Sequence[Any]) -> None:
    text = json.dumps(told, ensure_ascii=False, indent=1)
    if str(out) == "-":
        click.echo(text)
        return
    out.write_text(text + "\n", "utf-8")
