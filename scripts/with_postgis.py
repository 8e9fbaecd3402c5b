"""Runs a command with a PostGIS server of its own, and forgets the server afterwards.

    python scripts/with_postgis.py [--durable] COMMAND ...    GRIDTRACK_TEST_POSTGRES tells its URL
    python scripts/with_postgis.py --find                     is there one to start? (exit code)

The server stands in a new folder below /var/tmp (/tmp may be memory, which would flatter a
benchmark, and user postgres, as whom it runs for root, cannot look into root's home). It listens
on a free loopback port, with a password of its own. Making one takes about a second, so nothing is
kept between runs and two runs cannot meet. A given GRIDTRACK_TEST_POSTGRES is used as it is.
"""

import contextlib
import fcntl
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "GRIDTRACK_TEST_POSTGRES"
RUNS = Path("/var/tmp")
OWNER = pwd.getpwuid(os.geteuid()).pw_name if os.geteuid() else "postgres"
FAST = " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"


def main(arguments: list[str]) -> int:
    """The exit code of the command that was run."""
    programs = find()
    if arguments == ["--find"]:
        return 0 if programs or VARIABLE in os.environ else 1
    durable = arguments[:1] == ["--durable"]
    command = arguments[1:] if durable else arguments
    if VARIABLE in os.environ:
        return wait(command, {})
    if programs is None:
        print("no PostgreSQL with PostGIS on this machine", file=sys.stderr)
        return 1
    remove_orphans(programs)
    with server(programs, "" if durable else FAST) as url:
        return wait(command, {VARIABLE: url})


def find() -> Path | None:
    """The programs of the newest PostgreSQL that has PostGIS."""
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    newest = sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)
    pairs = [(p, Path("/usr/share/postgresql", p.parent.name)) for p in newest]
    config = shutil.which("pg_config")
    if config:
        asked = subprocess.check_output([config, "--bindir", "--sharedir"], text=True)
        beside, share = map(Path, asked.splitlines())
        pairs.append((beside, share))
    for programs, share in pairs:
        if (share / "extension/postgis.control").exists() and (programs / "initdb").exists():
            return programs
    return None


def wait(command: list[str], environ: dict[str, str]) -> int:
    """Run the command to its end; Ctrl-C reaches it from the terminal, and it ends in its time."""
    child = subprocess.Popen(command, env={**os.environ, **environ})
    try:
        while True:
            with contextlib.suppress(KeyboardInterrupt):
                code = child.wait()
                return code if code >= 0 else 128 - code
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()


@contextlib.contextmanager
def server(programs: Path, options: str) -> Iterator[str]:
    """A running server's URL, as long as it is needed."""
    folder = Path(tempfile.mkdtemp(prefix="gridtrack-", dir=RUNS))
    with (folder / "taken").open("w") as lock:  # held while we live: see remove_orphans
        fcntl.flock(lock, fcntl.LOCK_EX)
        (folder / "taken").rename(folder / "lock")
        shutil.chown(folder, OWNER)
        try:
            port, password = free_port(), secrets.token_hex(16)
            start(programs, folder, password, f"-c port={port}{options}")
            yield f"postgresql+psycopg://postgres:{password}@127.0.0.1:{port}/postgres"
        finally:
            remove(programs, folder)


def free_port() -> int:
    """A port of the loopback that nobody listens on; the system does not hand it out again soon."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(programs: Path, folder: Path, password: str, options: str) -> None:
    """Make a cluster in `folder` and start it."""
    (folder / "password").write_text(password)
    login = ("--username=postgres", "--auth=password", f"--pwfile={folder / 'password'}")
    call(programs / "initdb", folder, *login, "--encoding=UTF8", "--no-locale", "--no-sync")
    here = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    more = f"--options={here} -c max_connections=200 {options}"
    call(programs / "pg_ctl", folder, "--wait", more, "start")


def remove(programs: Path, folder: Path) -> None:
    """Stop the server without ceremony and forget it."""
    if (folder / "data/postmaster.pid").exists():
        with contextlib.suppress(subprocess.CalledProcessError):
            call(programs / "pg_ctl", folder, "--mode=immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


def remove_orphans(programs: Path) -> None:
    """Remove the servers of runs that were killed: nobody holds their lock any more."""
    for file in RUNS.glob("gridtrack-*/lock"):
        with contextlib.suppress(OSError, KeyError):
            if file.parent.owner() != OWNER:
                continue
            with file.open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(programs, file.parent)


def call(program: Path, folder: Path, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the cluster; what it says is shown when it fails."""
    said = folder / "said"
    root = not os.geteuid()
    try:
        with said.open("w") as output:
            subprocess.run(
                [program, f"--pgdata={folder / 'data'}", *arguments],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=True,
                user=OWNER if root else None,
                group=OWNER if root else None,
                extra_groups=() if root else None,
            )
    except subprocess.CalledProcessError:
        print(said.read_text(), file=sys.stderr)
        raise


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    raise SystemExit(main(sys.argv[1:]))
