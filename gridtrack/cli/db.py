"""`gridtrack db`: the schema, up and down its numbered line."""

import click

from gridtrack.accounts import tables as accounts
from gridtrack.addresses import tables as addresses
from gridtrack.audit import tables as audit
from gridtrack.cli.context import runtime, tells_errors
from gridtrack.db import migrate
from gridtrack.deadlines import audit_tables as audits
from gridtrack.deadlines import calendar_tables as calendars
from gridtrack.deadlines import tables as deadlines
from gridtrack.deadlines import watch_tables as watches
from gridtrack.duty import tables as duty
from gridtrack.figures import tables as figures
from gridtrack.grids import tables as grids
from gridtrack.imports import tables as imports
from gridtrack.incidents import act_tables as acts
from gridtrack.incidents import contact_tables as contacts
from gridtrack.incidents import family_tables as family
from gridtrack.incidents import party_tables as parties
from gridtrack.incidents import tables as incidents
from gridtrack.notifications import tables as notifications
from gridtrack.orders import tables as orders
from gridtrack.patrol import tables as patrols
from gridtrack.residents import tables as residents
from gridtrack.retention import tables as retention
from gridtrack.screens import tables as screens
from gridtrack.tasks import tables as tasks
from gridtrack.usecases.initialise import keep_policy
from gridtrack.voices import tables as voices
from gridtrack.work import Runtime

# Named here so that every table is known before it is compared.
TABLES = (
    accounts,
    acts,
    addresses,
    audit,
    audits,
    calendars,
    contacts,
    deadlines,
    duty,
    family,
    figures,
    grids,
    imports,
    incidents,
    notifications,
    orders,
    parties,
    residents,
    screens,
    retention,
    patrols,
    tasks,
    voices,
    watches,
)


def prepare(here: Runtime) -> None:
    """Bring the schema to its head and store policy and calendars: what every start needs."""
    migrate.upgrade(here.engine)
    with here.work() as work:
        keep_policy(work)


def ready(ctx: click.Context) -> Runtime:
    """A runtime whose database is prepared: made where there is none yet, else left as it is."""
    here = runtime(ctx)
    if migrate.current(here.engine) is None:
        prepare(here)
    return here


@click.group()
def db() -> None:
    """The database's schema."""


@db.command()
@click.pass_context
@tells_errors
def upgrade(ctx: click.Context) -> None:
    """Bring the schema up to the newest revision; safe to call at every start."""
    here = runtime(ctx)
    before = migrate.current(here.engine)
    prepare(here)
    click.echo(f"{before or 'empty'} -> {migrate.current(here.engine)}")


@db.command()
@click.argument("revision")
@click.pass_context
@tells_errors
def downgrade(ctx: click.Context, revision: str) -> None:
    """Take the schema down to REVISION (`base` empties it)."""
    here = runtime(ctx)
    migrate.downgrade(here.engine, revision)
    click.echo(migrate.current(here.engine) or "empty")


@db.command()
@click.pass_context
@tells_errors
def check(ctx: click.Context) -> None:
    """Compare a freshly migrated database with the tables of the code; exit 1 where they differ."""
    here = runtime(ctx)
    migrate.upgrade(here.engine)
    found = migrate.differences(here.engine)
    for line in found:
        click.echo(line)
    if found:
        ctx.exit(1)
    click.echo(f"{migrate.head()}: tables and migrations agree")
