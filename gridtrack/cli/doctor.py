"""`gridtrack doctor`: is this deployment fit to run, and is it running well?"""

import json
from dataclasses import asdict, dataclass

import click
from sqlalchemy.exc import OperationalError

from gridtrack.backups.last import last
from gridtrack.cli.context import doors, runtime, say, tells_errors
from gridtrack.cli.fitness import unfit
from gridtrack.db import migrate
from gridtrack.deadlines.store import policy_at
from gridtrack.errors import GridtrackError
from gridtrack.grids import store as grids
from gridtrack.queries.calendar import missing_years
from gridtrack.queries.followed import Named, triage_scope
from gridtrack.usecases.heartbeat import LATE_S, Health, health
from gridtrack.usecases.initialise import OWN_FILE, file_differs
from gridtrack.usecases.purge import purge_due
from gridtrack.usecases.seal_keys import key_uses
from gridtrack.work import Runtime


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `ok`, `warn` or `bad`, and what was seen."""

    name: str
    verdict: str
    seen: str


def examine(here: Runtime) -> list[Finding]:
    """Everything there is to look at, in the order of what must work first."""
    try:
        revision = migrate.current(here.engine)
    except OperationalError as error:
        return [Finding("database", "bad", f"does not answer: {type(error.orig).__name__}")]
    found = [Finding("database", "ok", here.engine.dialect.name)]
    newest = revision == migrate.head()
    found.append(Finding("schema", "ok" if newest else "bad", f"{revision}, head {migrate.head()}"))
    if not newest:
        return [*found, *_settings(here)]
    parts = (
        _grids(here),
        [_policy(here)],
        _calendar(here),
        _engine(here),
        [_backup(here), _sealing(here), _retention(here)],
        _settings(here),
    )
    return [*found, *(one for part in parts for one in part)]


def _grids(here: Runtime) -> list[Finding]:
    with here.look() as work:
        edition = grids.edition_at(work.session, work.now)
        triage = triage_scope(work)
    if edition is None:
        return [Finding("grids", "warn", "no edition in force: every report goes to triage")]
    return [Finding("grids", "ok", f"edition {edition.id} {edition.name}"), _triage(triage)]


def _triage(triage: Named) -> Finding:
    """Whether the scope of the triage desk is a grid; an old path is followed, and said."""
    if triage.lost:
        seen = f"GRIDTRACK_TRIAGE_SCOPE {triage.given} is in no edition: the desk of the whole"
        return Finding("triage desk", "bad", f"{seen} deployment alone is told")
    if triage.moved:
        seen = f"GRIDTRACK_TRIAGE_SCOPE {triage.given} is {triage.now} now and followed"
        return Finding("triage desk", "warn", f"{seen}: set it so")
    return Finding("triage desk", "ok", triage.now or "the whole deployment")


def _policy(here: Runtime) -> Finding:
    """Whether an own file says what is in force: once a version is published it is not followed."""
    with here.look() as work:
        differs = file_differs(work)
        version = policy_at(work.session, work.memo, work.now).version
    if not differs:
        return Finding("policy", "ok", f"version {version}")
    seen = f"{OWN_FILE} says otherwise than version {version} in force"
    return Finding("policy", "warn", f"{seen}: publish it with gridtrack policy publish, or not")


def _calendar(here: Runtime) -> list[Finding]:
    with here.look() as work:
        missing = missing_years(work)
    if not missing:
        return [Finding("calendar", "ok", "every year due has its notice")]
    years = ", ".join(map(str, missing))
    seen = f"no notice for {years}: weekends and fixed holidays only"
    this_year = work.now.year in missing  # December's next year still has time
    return [Finding("calendar", "bad" if this_year else "warn", seen)]


def _engine(here: Runtime) -> list[Finding]:
    with here.look() as work:
        now = health(work)
    return [
        _audit(now),
        _clock(now),
        Finding("worker", "ok" if now.beating else "warn", _workers(now)),
        Finding(
            "sweep",
            "ok" if now.overdue_s <= LATE_S else "bad",
            f"oldest due step {now.overdue_s:.1f} s",
        ),
        Finding(
            "outbox",
            "ok" if now.oldest_waiting_s < 60 and not now.stuck else "warn",
            f"{now.waiting} waiting, oldest {now.oldest_waiting_s:.0f} s, {now.stuck} stuck",
        ),
        Finding("dead letters", "ok" if not now.dead else "warn", str(now.dead)),
        Finding("quarantine", "ok" if not now.quarantined else "bad", _apart(now)),
        Finding("used up", "ok" if not now.used_up else "warn", str(now.used_up)),
    ]


def _workers(now: Health) -> str:
    """Every worker of the last day with its last tick, the newest first."""
    each = [
        f"{name} {(now.now - beat).total_seconds():.1f} s ago ({tick_ms:.0f} ms)"
        for name, beat, tick_ms in now.workers
    ]
    return f"{now.beating} beating; last ticks: {', '.join(each) if each else 'never'}"


def _apart(now: Health) -> str:
    """How many matters are set apart, and which, by number."""
    each = [f"{one.number} ({one.error}, {one.tries} tries)" for one in now.apart]
    return f"{now.quarantined}: {', '.join(each)}" if each else str(now.quarantined)


def _clock(now: Health) -> Finding:
    if not now.held:
        return Finding("clock", "ok", "")
    seen = ", ".join(f"{host} is {ahead_s:.0f} s ahead" for host, ahead_s in now.held)
    return Finding("clock", "bad", f"{seen}: steps are held, see gridtrack deadlines confirm-clock")


def _audit(now: Health) -> Finding:
    verdict = now.verdict
    seen = f"{verdict.promises} promises, {verdict.on_time} kept on time to fire"
    seen += f", worst {verdict.worst_late_ms / 1000:.1f} s"
    if not verdict.clean:
        seen += f"; {verdict.missing} missing, {verdict.double} double, {verdict.early} early"
        seen += f", {verdict.misjudged} misjudged"
    if now.audited_at is None:
        return Finding("audit", "warn", f"{seen}; never looked")
    ago = (now.now - now.audited_at).total_seconds()
    verdict_word = "bad" if not verdict.clean else "ok" if now.audit_fresh else "warn"
    return Finding("audit", verdict_word, f"{seen}; looked {ago:.0f} s ago")


def _backup(here: Runtime) -> Finding:
    at, days = last(here.settings.instance), here.settings.backup_warn_days
    if at is None:
        return Finding("backup", "warn" if days else "ok", "never")
    hours = (here.clock.now() - at).total_seconds() / 3600
    late = bool(days) and hours > 24 * days
    return Finding("backup", "warn" if late else "ok", f"{hours:.1f} hours ago")


def _sealing(here: Runtime) -> Finding:
    """Whether every key that sealed a reporter is here."""
    found = key_uses(here)
    missing = [one for one in found if not one.here]
    if missing:
        lost = ", ".join(f"{one.id} ({one.values} values)" for one in missing)
        return Finding("sealing keys", "bad", f"missing: {lost}, see gridtrack keys status")
    return Finding("sealing keys", "ok", f"{found[0].id} seals, {found[0].algorithm}")


def _retention(here: Runtime) -> Finding:
    """Whether the rules of what is kept how long can be read, and whether anything is overdue."""
    try:
        with here.look() as work:
            schedule, due = purge_due(work)
    except GridtrackError as error:
        return Finding("retention", "bad", say(error, "en"))
    over = sum(one.matters for one in due)
    seen = f"rules {schedule.version}, {over} due" + (", by itself" * schedule.automatic)
    warn = over and not schedule.automatic
    return Finding("retention", "warn" if warn else "ok", seen)


def _settings(here: Runtime) -> list[Finding]:
    """What would keep it from going public; bad where it says that it is in production."""
    settings = here.settings
    faults = {fault.code: say(fault, "en") for fault in unfit(settings)}
    open_key = faults.get("unfit-readable")
    grave = "bad" if settings.production else "warn"

    def finding(name: str, *codes: str, fine: str = "") -> Finding:
        told = [faults[code] for code in codes if code in faults]
        return Finding(name, grave if told else "ok", "; ".join(told) or fine)

    return [
        finding("https", "unfit-https", fine="True"),
        Finding("secret key", "bad" if open_key else "ok", open_key or ""),
        finding("given keys", "unfit-key"),
        finding("instance folder", "unfit-writable"),
        finding("public url", "unfit-url", fine=settings.public_url),
    ]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="for machines")
@click.pass_context
@tells_errors
def doctor(ctx: click.Context, *, as_json: bool) -> None:
    """Look at database, grids, worker, outbox and settings; exit 1 where something is bad."""
    found = examine(runtime(ctx))
    bad = any(one.verdict == "bad" for one in found)
    if as_json:
        click.echo(json.dumps({"well": not bad, "findings": [asdict(one) for one in found]}))
    else:
        click.echo(f"gridtrack at {doors(ctx).settings.instance.absolute()}")
        for one in found:
            click.echo(f"{one.verdict:4}  {one.name}: {one.seen}")
    ctx.exit(1 if bad else 0)
