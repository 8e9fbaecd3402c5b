"""`gridtrack demo`: a made-up street with thirty days behind it, and life in it."""

import socket
from dataclasses import replace

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from gridtrack.access import Role
from gridtrack.cli.context import doors, runtime, tells_errors
from gridtrack.cli.db import prepare
from gridtrack.cli.serve import run_server
from gridtrack.db.relaxed import relax
from gridtrack.errors import Unavailable
from gridtrack.i18n.sentences import sentence
from gridtrack.simulation import demo as made
from gridtrack.simulation import live, town
from gridtrack.work import Runtime, make_runtime

HOST = "127.0.0.1"


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--reset", is_flag=True, help="throw the demo's data away and make it anew")
@click.option("--no-live", is_flag=True, help="let nothing happen by itself")
@click.option("--seed", default=made.SEED, show_default=True, help="of a demo that is made anew")
@click.pass_context
@tells_errors
def demo(ctx: click.Context, port: int, seed: int, *, reset: bool, no_live: bool) -> None:
    """Serve a made-up street: its thirty days are made once, and kept from start to start."""
    # Anybody may look around: whoever tries the secretary has no telephone that was set up for it.
    open_to_all = doors(ctx).settings.model_copy(update={"second_factor": "off"})
    here, screen = replace(doors(ctx), settings=open_to_all), Console(stderr=True)
    locale = here.settings.locale
    _check_port(port)
    build = runtime(ctx)
    made.check_is_demo(build)
    if reset or not made.is_built(build):
        made.empty(build)
        _build(build, screen, seed, locale)
    build.engine.dispose()
    ready = make_runtime(here.settings, here.clock)
    prepare(ready)
    _welcome(ready, screen, port, locale)
    ready.engine.dispose()
    run_server(here, bind=f"{HOST}:{port}", on_start=None if no_live else _live)


def _check_port(port: int) -> None:
    """Say so at once where somebody listens already, not after the days have been made."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Unavailable("port-in-use", field="--port", value=port) from error


def _live(here: Runtime) -> None:
    live.start(here)


def _build(here: Runtime, screen: Console, seed: int, locale: str) -> None:
    relax(here.engine)  # whatever a power cut takes is made again
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=screen) as bars:
        days = bars.add_task(sentence("demo-builds", locale), total=None)

        def watch(done: int, total: int) -> None:
            bars.update(days, completed=done, total=total)

        made.build(here, seed, watch=watch)


def _welcome(here: Runtime, screen: Console, port: int, locale: str) -> None:
    with here.look() as work:
        people = town.logins(work)
    table = Table(box=None, pad_edge=False)
    for heading in ("login", "role", "name", "place"):
        table.add_column(sentence(f"demo-{heading}", locale))
    for one in people:
        role = sentence(f"role-{Role(one.role).value}", locale)
        table.add_row(one.login, role, one.name, one.place)
    screen.print(table)
    for code in ("demo-password", "demo-visitor", "demo-address"):
        told = sentence(code, locale, password=town.PASSWORD, url=f"http://{HOST}:{port}/")
        screen.print(told, markup=False, highlight=False)
