"""`gridtrack grids repair`: shown first, done when asked to, told for machines too."""

import json

import click
import pytest
from click.testing import CliRunner

from gridtrack.app import create_app
from gridtrack.cli.context import Doors
from gridtrack.cli.grids import grids
from tests.builders import Site
from tests.usecases.test_editions import edition
from tests.usecases.test_repair_edition import with_slit


@pytest.fixture
def run(lite: Site):
    """`run("repair", 2)` on a database with the street of `builders` in force."""
    commands = click.Group("gridtrack", commands=[grids])

    def call(*words):
        settings = lite.runtime.settings.model_copy(update={"locale": "en"})
        here = Doors(settings, create_app, lite.clock)
        line = ["grids", *(str(word) for word in words)]
        return CliRunner().invoke(commands, line, obj=here, catch_exceptions=False)

    return call


def test_a_repair_is_shown_and_nothing_is_done(run, lite: Site) -> None:
    draft = with_slit(lite)
    result = run("repair", draft, "--kind", "close-gap")
    assert result.exit_code == 0
    assert "m² change hands" in result.output
    assert edition(lite, draft).revision == 1


def test_a_repair_is_done_and_told_for_machines(run, lite: Site) -> None:
    draft = with_slit(lite)
    result = run("repair", draft, "--kind", "close-gap", "--apply", "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 0
    assert told["moved_m2"] == pytest.approx(
        sum(abs(row["after_m2"] - row["before_m2"]) for row in told["effects"]), abs=0.01
    )
    assert edition(lite, draft).state == "checked"


def test_nothing_to_repair_is_an_exit_code(run, lite: Site) -> None:
    assert run("repair", with_slit(lite), "--kind", "reassign", "--apply").exit_code == 1


def test_what_is_in_force_is_not_repaired(run) -> None:
    assert run("repair", 1, "--kind", "snap").exit_code == 2
