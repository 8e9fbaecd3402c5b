"""The options with which a command is given grids, and the bar that shows how far it is."""

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from gridtrack.cli.context import doors, say
from gridtrack.errors import GridtrackError, Invalid
from gridtrack.geo.layers import Reading
from gridtrack.grids.check import Rule
from gridtrack.grids.files import GridFiles
from gridtrack.grids.rules import LEVELS, TOLERANCE_M
from gridtrack.i18n.sentences import sentence
from gridtrack.usecases.check_edition import keep_check, read_edition
from gridtrack.work import Runtime

Command = Callable[..., Any]

_INPUTS = (
    click.argument("files", nargs=-1, metavar="[FILE]"),
    click.option("--level", "levels", multiple=True, metavar="N=FILE", help="the file of a level"),
    click.option("--map", "fields", multiple=True, metavar="NAME=FIELD",
                 help="read code, level, parent, name or name_en from another field"),
    click.option("--crs", default="", metavar="EPSG:n", help="reference system of the files"),
    click.option("--datum", default="wgs84", show_default=True, help="gcj02, bd09, cgcs2000"),
    click.option("--layer", default="", help="layer of a GeoPackage"),
    click.option("--encoding", default="", help="encoding of a Shapefile's texts"),
    click.option("--tolerance", default=TOLERANCE_M, show_default=True, type=float, metavar="M",
                 help="metres that are no fault"),
    click.option("--depth", default=LEVELS, show_default=True, type=click.IntRange(1, 9),
                 help="how many levels there must be"),
    click.option("--plane", default="", metavar="EPSG:n", help="system in metres to measure in"),
)  # fmt: skip


def takes_grids(command: Command) -> Command:
    """Give a command the options of `files_given` and `rule_given`."""
    for option in reversed(_INPUTS):
        command = option(command)
    return command


def speaks(command: Command) -> Command:
    """Add --lang; errors of ours are told in that language, and end with exit code 2.

    The command is given `locale` instead.
    """

    @functools.wraps(command)
    def told(*args: Any, lang: str | None, **kwargs: Any) -> Any:
        context = click.get_current_context()
        locale = lang or doors(context).settings.locale
        try:
            return command(*args, locale=locale, **kwargs)
        except GridtrackError as error:
            click.echo(say(error, locale), err=True)
            context.exit(2)

    return click.option("--lang", type=click.Choice(["zh", "en"]), help="language of messages")(
        told
    )


def files_given(given: dict[str, Any]) -> GridFiles:
    """What the options name; Invalid("grid-files") or ("grid-option") if they make no sense."""
    files: Sequence[str] = given["files"]
    levels = dict(pair("--level", text, "N=FILE") for text in given["levels"])
    if len(files) + bool(levels) != 1 or len(levels) != len(given["levels"]):
        raise Invalid("grid-files", field="file", value=", ".join(files))
    paths = {0: Path(files[0])} if files else {}
    for level, path in levels.items():
        if not level.isdecimal() or int(level) < 1:
            raise Invalid("grid-option", field="--level", value=level, wanted="--level 1=FILE")
        paths[int(level)] = Path(path)
    fields = dict(pair("--map", text, "NAME=FIELD") for text in given["fields"])
    reading = Reading(given["crs"], given["datum"], given["layer"], given["encoding"])
    return GridFiles(paths, fields, reading)


def rule_given(given: dict[str, Any]) -> Rule:
    """The rule of the check that the options name."""
    return Rule(given["tolerance"], given["depth"], given["plane"])


def pair(option: str, text: str, wanted: str) -> tuple[str, str]:
    """The two sides of NAME=VALUE; raises Invalid("grid-option")."""
    name, is_pair, value = text.partition("=")
    if not (name and is_pair and value):
        raise Invalid("grid-option", field=option, value=text, wanted=f"{option} {wanted}")
    return name.strip(), value


def check_again(here: Runtime, edition_id: int) -> int:
    """Check a stored edition as it is now and keep what was found; how many faults it has."""
    with here.look() as work:
        read = read_edition(work, edition_id)
    examined = read.examined()
    with here.work() as work:
        keep_check(work, examined)
    return len(examined.findings.faults)


@contextmanager
def bar(code: str, locale: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, on a terminal only; what it gives is called with (done, total)."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal
    ) as bars:
        task = bars.add_task(sentence(code, locale), total=None)

        def show(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total)

        yield show
