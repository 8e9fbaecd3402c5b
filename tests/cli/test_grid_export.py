"""`gridtrack grids export`, as it is typed."""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from gridtrack.app import create_app
from gridtrack.cli.context import Doors
from gridtrack.cli.grids import grids
from tests.builders import Site


def run(site: Site, *words: str) -> tuple[int, str]:
    commands = click.Group("gridtrack", commands=[grids])
    here = Doors(site.runtime.settings, create_app, site.clock)
    line = ["grids", "export", *words, "--lang", "en"]
    done = CliRunner().invoke(commands, line, obj=here, catch_exceptions=False)
    return done.exit_code, done.output


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.zip", "a.csv"])
def test_the_ending_names_the_format(lite: Site, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    code, said = run(lite, "1", str(out))
    assert (code, out.stat().st_size > 0) == (0, True), said


def test_a_subtree_in_a_named_format(lite: Site, tmp_path: Path) -> None:
    out = tmp_path / "grids.txt"
    code, said = run(lite, "1", "--under", "A/A1", "--format", "geojson", str(out))
    assert code == 0
    assert "Wrote 3 rows" in said
    assert len(json.loads(out.read_text())["features"]) == 3


@pytest.mark.parametrize(
    "words", [("9", "a.gpkg"), ("1", "a.exe"), ("1", "--under", "Z", "a.gpkg")]
)
def test_what_cannot_be_is_told_and_nothing_is_written(
    lite: Site, tmp_path: Path, words: tuple[str, ...]
) -> None:
    out = tmp_path / words[-1]
    code, said = run(lite, *words[:-1], str(out))
    assert (code, out.exists()) == (2, False)
    assert said.strip()
