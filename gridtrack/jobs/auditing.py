"""The auditor beside the sweep: what is new each minute, each day as a whole the day after.

After a look that found nothing wrong, and only then, the dead man's switch outside is told: its
silence is the alarm (docs/operations.md).
"""

from collections.abc import Mapping
from datetime import timedelta

import structlog

from gridtrack.clock import monotonic
from gridtrack.notifications.channels.port import Outgoing, Sender, Sent
from gridtrack.usecases import audit as auditing
from gridtrack.usecases.heartbeat import health
from gridtrack.work import Runtime

EVERY = timedelta(seconds=55)
BUDGET_S = 20.0
log = structlog.get_logger()


def audit_news(runtime: Runtime, *, every: timedelta = EVERY, budget_s: float = BUDGET_S) -> bool:
    """Walk what is new, at most for `budget_s`; False where another worker has done so lately."""
    with runtime.look() as work:
        mark = auditing.look_due(work, every)
    if mark is None:
        return False
    began, after, settled, held = monotonic(), mark.event_id, mark.event_id, False
    first = True
    while True:
        with runtime.look() as work:
            news = auditing.read_news(work, after, first=first)
        # Behind an event that is not settled nothing is: the mark stops before it.
        settled = settled if held else max(settled, news.settled_to)
        held = held or news.settled_to < news.read_to
        with runtime.work() as work:
            auditing.keep_news(work, news, settled, (monotonic() - began) * 1000)
        after, first = news.read_to, False
        if news.end or monotonic() - began > budget_s:
            break
    _whole_day(runtime)
    return True


def _whole_day(runtime: Runtime) -> None:
    with runtime.look() as work:
        day = auditing.unfinished_day(work)
        if day is None:
            return
        news = auditing.read_day(work, day)
    with runtime.work() as work:
        auditing.keep_day(work, day, news)
    log.info("day-audited", day=day.isoformat(), promises=len(news.rows))


def ping_outside(runtime: Runtime, senders: Mapping[str, Sender]) -> bool:
    """Tell the dead man's switch that all is well; nothing is sent where it is not, or unset."""
    settings = runtime.settings
    if not settings.deadman_url:
        return False
    with runtime.look() as work:
        now = health(work)
    if not (now.well and now.audit_fresh and now.verdict.clean):
        log.error("deadman-not-told", overdue_s=now.overdue_s, quarantined=now.quarantined)
        return False
    verdict = now.verdict
    message = Outgoing(
        key=f"deadman:{now.now:%Y-%m-%dT%H:%M}",
        channel="webhook",
        target=settings.deadman_url,
        title="gridtrack is well",
        text=f"{verdict.promises} promises, {verdict.on_time} on time",
        secret=settings.deadman_secret or None,
    )
    outcome = senders["webhook"].send(message)
    if not isinstance(outcome, Sent):
        log.warning("deadman-unreachable", reason=outcome.reason)
    return isinstance(outcome, Sent)
