"""`gridtrack serve` and `gridtrack worker`: the processes of a deployment."""

import signal
from collections.abc import Callable
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from gridtrack.cli.context import Doors, doors, runtime, tells_errors
from gridtrack.cli.db import prepare
from gridtrack.cli.fitness import refuse_unfit
from gridtrack.db.memory import keep_memory_flat
from gridtrack.jobs.senders import make_senders
from gridtrack.jobs.standby import Standby
from gridtrack.jobs.warmer import Warmer
from gridtrack.jobs.worker import Worker
from gridtrack.work import Runtime, make_runtime

OnStart = Callable[[Runtime], None]


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with threads, told everything by us and nothing by its own command line."""

    def __init__(self, here: Doors, options: dict[str, Any], on_start: OnStart | None) -> None:
        """A server that has not begun."""
        self._here = here
        self._options = options
        self._on_start = on_start
        super().__init__()

    def load_config(self) -> None:
        """Hand the options to gunicorn."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, made in the worker process: no engine or thread crosses a fork."""
        settings, clock = self._here.settings, self._here.clock
        own = make_runtime(settings, clock)
        Warmer(own).start()
        if settings.embedded_worker:
            Worker(own, make_senders(settings, clock)).start()
        else:
            Standby(own).start()
        if self._on_start is not None:
            self._on_start(own)
        return self._here.create_app(settings, clock, own)


def run_server(
    here: Doors, *, bind: str, workers: int = 1, threads: int = 16, on_start: OnStart | None = None
) -> None:
    """Serve until stopped; `on_start(runtime)` runs once in each worker process."""
    options = {
        "bind": bind,
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "timeout": 120,
        "graceful_timeout": 10,
        "keepalive": 5,
        "worker_tmp_dir": str(here.settings.instance),
        "proc_name": "gridtrack",
        "control_socket_disable": True,
    }
    keep_memory_flat()
    Server(here, options, on_start).run()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=16, show_default=True, type=click.IntRange(1, 256))
@click.pass_context
@tells_errors
def serve(ctx: click.Context, host: str, port: int, workers: int, threads: int) -> None:
    """Serve the web application (and, unless told otherwise, sweep and deliver beside it)."""
    refuse_unfit(doors(ctx).settings)
    prepare(runtime(ctx))
    run_server(doors(ctx), bind=f"{host}:{port}", workers=workers, threads=threads)


@click.command()
@click.pass_context
@tells_errors
def worker(ctx: click.Context) -> None:
    """Sweep and deliver in a process of its own; any number may run."""
    here = doors(ctx)
    refuse_unfit(here.settings)
    own = runtime(ctx)
    prepare(own)
    one = Worker(own, make_senders(here.settings, here.clock))
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: one.stop())
    one.start()
    click.echo(f"worker {one.name} sweeps every second", err=True)
    one.wait()
