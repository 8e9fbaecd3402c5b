"""After the calendars changed: the clocks that run across a changed day, batch by batch."""

import structlog

from gridtrack.usecases.recompute import BATCH, recompute, stale
from gridtrack.work import Runtime

log = structlog.get_logger()


def recount(runtime: Runtime) -> int:
    """Count again whatever was counted on calendars as they are no more; returns how many."""
    total = 0
    while True:
        with runtime.look() as work:
            if not stale(work, 1):
                break
        with runtime.work() as work:
            done = recompute(work)
        total += done
        if done < BATCH:
            break
    if total:
        log.info("clocks-recounted", matters=total)
    return total
