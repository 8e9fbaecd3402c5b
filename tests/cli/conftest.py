"""Commands called as a shell would, on a small street."""

from collections.abc import Callable

import click
import pytest
from click.testing import CliRunner, Result

from gridtrack.app import create_app
from gridtrack.cli.audit import audit
from gridtrack.cli.backup import backup, restore
from gridtrack.cli.calendar import calendar
from gridtrack.cli.context import Doors
from gridtrack.cli.deadlines import deadlines
from gridtrack.cli.doctor import doctor
from gridtrack.cli.doors import doors
from gridtrack.cli.duty import duty
from gridtrack.cli.incidents import incidents
from gridtrack.cli.keys import keys
from gridtrack.cli.policy import policy
from gridtrack.cli.replay import replay
from gridtrack.cli.tokens import tokens
from gridtrack.clock import Clock
from tests.builders import Site

Run = Callable[..., Result]


@pytest.fixture
def run(lite: Site) -> Run:
    """`run("tokens", "list")` on the street; `clock` may be another than the street's."""
    known = [
        keys,
        doctor,
        audit,
        backup,
        restore,
        calendar,
        deadlines,
        doors,
        duty,
        incidents,
        policy,
        replay,
        tokens,
    ]
    commands = click.Group("gridtrack", commands=known)

    def call(*words: str, clock: Clock | None = None, locale: str = "en") -> Result:
        settings = lite.runtime.settings.model_copy(update={"locale": locale})
        here = Doors(settings, create_app, clock or lite.clock)
        return CliRunner().invoke(commands, [str(word) for word in words], obj=here)

    return call
