"""PostgreSQL itself is killed under four sweepers, again and again, and started anew each time."""

import importlib.util
import os
import shlex
import signal
import threading
from pathlib import Path
from types import ModuleType

import psycopg
import pytest

from gridtrack.db import migrate
from gridtrack.db.engine import make_engine
from tests.builders import a_site
from tests.chaos.test_faults import all_due, clean, sweep_through

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/with_postgis.py"
KILLS = 2  # twenty and the seconds until all is through: ./dev bench server_kills
DUE = 800
pytestmark = [pytest.mark.slow, pytest.mark.postgres]


def servers() -> ModuleType:
    """The script that starts servers, as a module."""
    spec = importlib.util.spec_from_file_location("with_postgis", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def kill_server(url: str) -> Path:
    """SIGKILL the postmaster and every process of its; the folder that it stood in."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        data = Path(connection.execute("SHOW data_directory").fetchone()[0])
        pids = connection.execute("SELECT pid FROM pg_stat_activity").fetchall()
    pids.insert(0, (int((data / "postmaster.pid").read_text().split()[0]),))
    for (pid,) in pids:
        if pid != os.getpid():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
    return data.parent


def start_again(tools: ModuleType, programs: Path, folder: Path) -> None:
    """Start the server with the options it had; what names the dead process is in the way.

    In a container a killed process may stay a zombie, which looks alive to the server.
    """
    for file in (folder / "data/postmaster.pid", *folder.glob(".s.PGSQL.*.lock")):
        file.unlink()
    _program, _flag, _data, *options = shlex.split((folder / "data/postmaster.opts").read_text())
    given = "--options=" + shlex.join(options)
    tools.call(programs / "pg_ctl", folder, "--wait", given, "start")


def test_a_server_killed_again_and_again_loses_and_doubles_nothing(tmp_path: Path) -> None:
    tools = servers()
    programs = tools.find()
    if programs is None:
        pytest.skip("no PostgreSQL of our own to kill")
    with tools.server(programs, "") as admin:  # durable: what was committed must be there again
        url = f"{admin.rsplit('/', 1)[0]}/killed"
        with psycopg.connect(admin.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("CREATE DATABASE killed")
        engine = make_engine(url)
        migrate.upgrade(engine)
        engine.dispose()
        site = a_site(url, tmp_path / "instance")
        all_due(site, DUE)
        failures: list[int] = []
        sweepers = [
            threading.Thread(target=lambda: failures.append(sweep_through(site, 240)), daemon=True)
            for _ in range(4)
        ]
        for one in sweepers:
            one.start()
        pause = threading.Event()
        for n in range(KILLS):
            pause.wait(0.15 + 0.1 * n)
            folder = kill_server(admin)
            pause.wait(0.3)
            start_again(tools, programs, folder)
        for one in sweepers:
            one.join()
        assert len(failures) == 4
        assert clean(site).fired == DUE
        site.runtime.engine.dispose()
