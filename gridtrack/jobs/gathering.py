"""The worker's hand for the figures: what is new in the log, every few seconds, in short works."""

from datetime import timedelta

from gridtrack.clock import monotonic
from gridtrack.usecases import gather_figures as gathering
from gridtrack.work import Runtime

EVERY = timedelta(seconds=9)
BUDGET_S = 5.0


def gather_news(runtime: Runtime, *, every: timedelta = EVERY, budget_s: float = BUDGET_S) -> int:
    """Make the facts of what is new, at most for `budget_s`; how many facts were kept."""
    with runtime.look() as work:
        mark = gathering.gathering_due(work, every)
    if mark is None:
        return 0
    began, after, settled, held, kept = monotonic(), mark.event_id, mark.event_id, False, 0
    while True:
        with runtime.look() as work:
            found = gathering.gather(work, after)
        # Behind an event that is not settled nothing is: the mark stops before it.
        settled = settled if held else max(settled, found.settled_to)
        held = held or found.settled_to < found.read_to
        with runtime.work() as work:
            gathering.keep_gathered(work, found, settled)
        after, kept = found.read_to, kept + len(found.rows)
        if found.end or monotonic() - began > budget_s:
            return kept
