"""The `gridtrack` command."""

import logging
import os
import sys

import click
import structlog

from gridtrack.app import create_app
from gridtrack.cli.audit import audit
from gridtrack.cli.backup import backup, restore
from gridtrack.cli.calendar import calendar
from gridtrack.cli.channels import channels
from gridtrack.cli.context import Doors, say
from gridtrack.cli.db import db
from gridtrack.cli.deadlines import deadlines
from gridtrack.cli.demo import demo
from gridtrack.cli.doctor import doctor
from gridtrack.cli.doors import doors
from gridtrack.cli.duty import duty
from gridtrack.cli.estates import estates
from gridtrack.cli.grids import grids
from gridtrack.cli.incidents import incidents
from gridtrack.cli.keys import keys
from gridtrack.cli.policy import policy
from gridtrack.cli.replay import replay
from gridtrack.cli.retention import retention
from gridtrack.cli.serve import serve, worker
from gridtrack.cli.tokens import tokens
from gridtrack.cli.users import users
from gridtrack.errors import GridtrackError
from gridtrack.settings import Settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Incident tracking for grid management."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        settings = Settings.from_env(os.environ)  # noqa: TID251 - the one door of settings
    except GridtrackError as error:
        click.echo(say(error, "en"), err=True)
        ctx.exit(2)
    ctx.obj = Doors.open(settings, create_app)


for command in (
    audit,
    backup,
    calendar,
    channels,
    db,
    deadlines,
    demo,
    doctor,
    doors,
    duty,
    estates,
    grids,
    incidents,
    keys,
    policy,
    replay,
    retention,
    restore,
    serve,
    tokens,
    users,
    worker,
):
    cli.add_command(command)


def main() -> None:
    """The entry point of the installed command."""
    cli(prog_name="gridtrack")


if __name__ == "__main__":
    main()
