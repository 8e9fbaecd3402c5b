"""`gridtrack serve` in a process of its own, and what processes cost. For the timed runs."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from gridtrack.settings import Settings

TICKS = os.sysconf("SC_CLK_TCK")


class Serving:
    """A server on a free loopback port, until it is stopped."""

    def __init__(self, settings: Settings, *, worker: bool = False) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environ = {**os.environ, "GRIDTRACK_INSTANCE": str(settings.instance),
                   "GRIDTRACK_DATABASE_URL": settings.url,
                   "GRIDTRACK_EMBEDDED_WORKER": "true" if worker else "false"}  # fmt: skip
        command = [sys.executable, "-m", "gridtrack", "serve", "--port", str(self.port)]
        with (settings.instance / "serve.log").open("wb") as log:
            self.process = subprocess.Popen(command, env=environ, stderr=log, stdout=log)
        for _ in range(1200):  # a busy machine takes its time
            link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
            try:
                link.request("GET", "/")
            except OSError:
                time.sleep(0.1)
            else:
                return
            finally:
                link.close()
        raise SystemExit("the server did not come up")

    def pids(self) -> list[int]:
        """The server and its children."""
        return [self.process.pid, *children_of(self.process.pid)]

    def cpu_s(self) -> float:
        """CPU seconds of the server and its children so far."""
        return sum(cpu_of(pid) for pid in self.pids())

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(120)  # a busy machine takes its time


def children_of(pid: int) -> list[int]:
    """The children that live."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu_of(pid: int) -> float:
    """User + system seconds of a process, those of its ended children included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / TICKS


class Postgres:
    """The processes of one PostgreSQL server on this machine, no matter how many others run."""

    def __init__(self, url: str) -> None:
        with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")) as connection:
            backend = connection.info.backend_pid
        fields = Path(f"/proc/{backend}/stat").read_text().rsplit(")", 1)[1].split()
        self._postmaster = int(fields[1])

    def cpu_s(self) -> float:
        """CPU seconds so far, those of connections that have ended included."""
        found = cpu_of(self._postmaster)
        for pid in children_of(self._postmaster):
            try:
                found += cpu_of(pid)
            except FileNotFoundError:  # it ended just now and is counted next time
                continue
        return found
