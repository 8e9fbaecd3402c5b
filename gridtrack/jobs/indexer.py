"""Keeping the index of words up with the log, a part at a time."""

from gridtrack.clock import monotonic
from gridtrack.jobs.pause import Pauses
from gridtrack.usecases.index_words import keep_words, read_words
from gridtrack.work import Runtime

BUDGET_S = 20.0


def index_news(runtime: Runtime, *, budget_s: float = BUDGET_S) -> None:
    """Take in what is new, at most for `budget_s`; what is left is taken in the next time."""
    began, after = monotonic(), None
    pauses = Pauses(monotonic)
    while True:
        with runtime.look() as work:
            fresh = read_words(work, after)
        if fresh.words or fresh.settled_to is not None:
            with pauses.after(), runtime.work() as work:
                keep_words(work, fresh)
        after = fresh.read_to
        if fresh.end or monotonic() - began > budget_s:
            return
