"""Looks at the clock before every tick, and lets nothing be swept by one that jumped forward."""

import socket
from dataclasses import replace
from pathlib import Path

import structlog

from gridtrack.deadlines.jumps import Reading, ahead_s, is_same, jump_s
from gridtrack.usecases.watch_clock import (
    behind_database,
    believed,
    keep_hold,
    keep_reading,
)
from gridtrack.work import Runtime

KEEP_EVERY_S = 10.0
_SURE_S = 0.5
_TRIES = 5
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
log = structlog.get_logger()


def this_boot(path: Path = _BOOT_ID) -> str:
    """Which start of the machine this is; empty where nobody knows, then restarts forget."""
    return path.read_text().strip() if path.exists() else ""


class ClockGuard:
    """Whether the clock of this machine can be believed, for one process."""

    def __init__(self, runtime: Runtime, boot: str | None = None) -> None:
        """A guard that has not looked yet."""
        self.held = False
        self._runtime = runtime
        self._host = socket.gethostname()
        self._boot = this_boot() if boot is None else boot
        self._trusted: Reading | None = None
        self._kept_s: float | None = None
        self._confirmed_s: float | None = None

    def may_sweep(self) -> bool:
        """Look; True where steps may be fired. Raises OperationalError as everything here does."""
        self._begin()
        now = self._read()
        ahead = ahead_s(self._trusted, now)
        if not ahead:
            self._believe(now)
        elif is_same(ahead, self._confirmed_s):
            # A jump is over once it is believed; a clock that objects goes on doing so.
            self._confirmed_s = -now.behind_s if now.behind_s is not None else None
            self._believe(now)
        else:
            self._hold(ahead, now)
        return not self.held

    def _begin(self) -> None:
        """After a restart, and after a hold that another process ended, goes by what was kept."""
        if not self.held and (self._trusted is not None or not self._boot):
            return
        with self._runtime.look() as work:
            known = believed(work, self._host, self._boot)
        if known is not None:
            self._confirmed_s = known.confirmed_s
            if not (self.held and known.held):
                self._trusted = known.reading

    def _read(self) -> Reading:
        """Both clocks at one moment: not with a pause between the two in which we were stopped."""
        clock = self._runtime.clock
        for _ in range(_TRIES):
            steady_s = clock.steady()
            wall = clock.now()
            if clock.steady() - steady_s < _SURE_S:
                break
        seen = Reading(wall, steady_s)
        known = self._trusted
        if known is None or self.held or self._is_time(steady_s) or jump_s(known, seen) > _SURE_S:
            with self._runtime.look() as work:
                return replace(seen, behind_s=behind_database(work))
        return replace(seen, behind_s=known.behind_s)

    def _is_time(self, steady_s: float) -> bool:
        return self._kept_s is None or steady_s - self._kept_s >= KEEP_EVERY_S

    def _believe(self, now: Reading) -> None:
        if self._trusted is not None and abs(jump_s(self._trusted, now)) > _SURE_S:
            log.warning("clock-set", seconds=round(jump_s(self._trusted, now), 1))
        if self.held or self._is_time(now.steady_s):
            with self._runtime.work() as work:
                keep_reading(work, self._host, self._boot, now, self._confirmed_s)
            self._kept_s = now.steady_s
        self._trusted, self.held = now, False

    def _hold(self, ahead: float, now: Reading) -> None:
        if not self.held:
            log.error("clock-not-believed", ahead_s=round(ahead, 1))
            # Without a reading to go by only the database's clock objects.
            trusted = self._trusted or now
            with self._runtime.work() as work:
                keep_hold(work, self._host, self._boot, trusted, ahead)
        self.held = True
