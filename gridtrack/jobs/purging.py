"""The purge at work: rule by rule, batch by batch, each a transaction of its own."""

from collections.abc import Callable

import structlog

from gridtrack.retention import store
from gridtrack.usecases.purge import purge_batch, remove_files
from gridtrack.work import Runtime

log = structlog.get_logger()


def purge_all(runtime: Runtime, watch: Callable[[int], None] = lambda _: None) -> int:
    """Take away what no rule keeps any more; returns of how many matters something went."""
    with runtime.look() as work:
        schedule = store.schedule(work.memo, work.settings.instance)
    total = 0
    for rule in schedule.rules:
        last = gone = 0
        while True:
            with runtime.work() as work:
                done = purge_batch(work, rule, last)
            if not done.matters:
                break
            with runtime.look() as work:
                remove_files(work, done.files)
            last, gone = done.last, gone + done.matters
            watch(done.matters)
        if gone:
            log.info("purged", what=rule.what.value, category=rule.category, matters=gone)
        total += gone
    return total


def purge_by_itself(runtime: Runtime) -> int:
    """The same, where the deployment's rules say that it happens by itself."""
    with runtime.look() as work:
        automatic = store.schedule(work.memo, work.settings.instance).automatic
    return purge_all(runtime) if automatic else 0
