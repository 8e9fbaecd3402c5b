"""Sweeping until nothing is due: batches, a time budget, and one bad incident set apart."""

from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import OperationalError

from gridtrack.clock import monotonic
from gridtrack.usecases.quarantine import due_ids, set_apart
from gridtrack.usecases.sweep import BATCH, Swept, sweep
from gridtrack.work import Runtime

BUDGET_S = 5.0
# While somebody waits to write, a batch is made so small that it takes no longer than this.
SHORT_S = 0.015
LEAST = 20
log = structlog.get_logger()


@dataclass(slots=True)
class Tick:
    """What one tick did, over all its batches."""

    claimed: int = 0
    late_ms: list[int] = field(default_factory=list)
    rungs: list[str] = field(default_factory=list)
    quarantined: int = 0

    def add(self, swept: Swept) -> None:
        """Count one more batch."""
        self.claimed += swept.claimed
        self.late_ms += swept.late_ms
        self.rungs += swept.rungs


def tick(runtime: Runtime, *, batch: int = BATCH, budget_s: float = BUDGET_S) -> Tick:
    """Fire everything that is due now, oldest first, for at most `budget_s`.

    A batch that fails is redone one incident at a time; the one that fails alone is set apart. Of
    several processes on one SQLite file one sweeps, and the others have nothing to do: a file has
    one writer, and who waits for it asks again and again.
    """
    if runtime.sweeping is None:
        return _tick(runtime, batch, budget_s)
    with runtime.sweeping.taken() as mine:
        return _tick(runtime, batch, budget_s) if mine else Tick()


def _tick(runtime: Runtime, batch: int, budget_s: float) -> Tick:
    done, size = Tick(), batch
    until = monotonic() + budget_s
    while True:
        wanted, began = False, monotonic()
        try:
            with runtime.work() as work:
                began = monotonic()
                swept = sweep(work, size)
                wanted = runtime.wanted
        except OperationalError:
            raise  # the database is away: nothing was done, the next tick tries again
        except Exception as error:  # noqa: BLE001 - whatever broke the batch must not stop the rest
            log.warning("sweep-batch-failed", error=repr(error))
            swept = _one_by_one(runtime, size, done)
        done.add(swept)
        if swept.claimed < size or monotonic() >= until:
            return done
        size = following_batch(size, batch, monotonic() - began, wanted=wanted)


def following_batch(size: int, batch: int, took_s: float, *, wanted: bool) -> int:
    """How many the next batch takes: all it may, or as many as are done in a short while."""
    if not wanted:
        return min(batch, size * 2)
    fits = int(size * SHORT_S / took_s) if took_s else batch
    return min(batch, max(LEAST, fits))


def _one_by_one(runtime: Runtime, batch: int, done: Tick) -> Swept:
    total = Swept()
    with runtime.look() as work:
        ids = due_ids(work, batch)
    for incident_id in ids:
        try:
            with runtime.work() as work:
                one = sweep(work, 1, only=incident_id)
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - it is set apart with an alarm
            with runtime.work() as work:
                set_apart(work, incident_id, error)
            said = repr(error)
            log.error("incident-quarantined", incident=incident_id, error=said)  # noqa: TRY400 - kept
            done.quarantined += 1
            continue
        total.claimed += one.claimed
        total.late_ms += one.late_ms
        total.rungs += one.rungs
    return total
