"""How the machine is doing: a page for people, metrics for Prometheus, a word for balancers."""

from flask import Response, render_template
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from gridtrack.access import ENGINE, Permission
from gridtrack.http.context import look, runtime
from gridtrack.http.guard import may, public
from gridtrack.queries.audits import audit_days
from gridtrack.usecases.heartbeat import LATE_S, Health, health

_MAX_AGE_S = 1.0
TEXT = "text/plain; version=0.0.4; charset=utf-8"


@may(Permission.HEALTH)
def health_page() -> str:
    """Workers, sweep, outbox, and what the auditor says, in words."""
    with look() as unit:
        found, audits = health(unit), audit_days(unit)
    return render_template("health.html", health=found, audits=audits, late_s=LATE_S)


@public
def healthz() -> tuple[dict[str, bool], int]:
    """200 while something sweeps and nothing due is left lying, else 503; no figure is told.

    It asks the database for what is overdue, not a thread whether it runs. Anybody may ask, so the
    answer is kept for a second. A matter that was set apart is a person's work: no other server
    would do better.
    """
    here = runtime()

    def ask() -> bool:
        with here.look(ENGINE) as unit:
            return health(unit).sweeping

    well = here.memo.get("healthz", ask, _MAX_AGE_S)
    return {"well": well}, 200 if well else 503


@may(Permission.HEALTH)
def metrics() -> Response:
    """The same figures for Prometheus, which comes with a token that may `health`."""
    with look() as unit:
        found = health(unit)
    return Response(generate_latest(_registry(found)), content_type=TEXT)


def _registry(found: Health) -> CollectorRegistry:
    """Made anew for each scrape: every figure is read from the database, none is kept here."""
    registry = CollectorRegistry()
    verdict = found.verdict
    audited = (found.now - found.audited_at).total_seconds() if found.audited_at else float("nan")
    beat = float("nan") if found.beat_s is None else found.beat_s
    tick = found.workers[0][2] / 1000 if found.workers else float("nan")
    for name, told, value in (
        ("well", "1 while it is sweeping and no matter is set apart", float(found.well)),
        ("sweeping", "1 while something sweeps and nothing due lies", float(found.sweeping)),
        ("oldest_due_not_fired_seconds", "age of the oldest due step", found.overdue_s),
        ("overdue_matters", "open matters past their promise", found.overdue),
        ("newest_heartbeat_age_seconds", "since some worker finished a tick", beat),
        ("workers_beating", "workers that ticked within ten seconds", found.beating),
        ("sweep_tick_seconds", "length of the newest tick", tick),
        ("outbox_waiting", "messages not sent yet", found.waiting),
        ("outbox_oldest_age_seconds", "age of the oldest of them", found.oldest_waiting_s),
        ("outbox_stuck", "messages over a minute past their turn", found.stuck),
        ("dead_letters", "messages given up", found.dead),
        ("clocks_held", "machines whose clock jumped forward and is not believed", len(found.held)),
        ("quarantined", "matters set apart because their step failed", found.quarantined),
        ("used_up", "promises that nobody answered up to the top", found.used_up),
        ("audit_age_seconds", "since the log was looked at", audited),
        ("audit_promises", "promises of today and yesterday", verdict.promises),
        ("audit_on_time", "those kept on time to fire", verdict.on_time),
        ("audit_missing", "steps that nobody fired", verdict.missing),
        ("audit_double", "steps fired twice", verdict.double),
        ("audit_early", "steps fired too early", verdict.early),
        ("audit_misjudged", "answers or due instants that do not come out", verdict.misjudged),
        ("audit_late", "steps fired over a minute late", verdict.late),
        ("audit_worst_late_seconds", "the worst lateness", verdict.worst_late_ms / 1000),
        ("calendar_years_missing", "years whose notice is missing", len(found.calendar_missing)),
    ):
        Gauge(f"gridtrack_{name}", told, registry=registry).set(value)
    each = Gauge(
        "gridtrack_heartbeat_age_seconds", "since this worker finished a tick", ["worker"],
        registry=registry,
    )  # fmt: skip
    for worker, beat_at, _ in found.workers:
        each.labels(worker).set((found.now - beat_at).total_seconds())
    return registry
