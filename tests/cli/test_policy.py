"""`gridtrack policy`, as others call it."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def document(run: Run, tmp_path: Path) -> Path:
    """The policy in force as a file, with ten minutes to acknowledge."""
    shown = run("policy", "show").output
    file = tmp_path / "policy.toml"
    file.write_text(shown.replace('default = "5min"', 'default = "10min"'), "utf-8")
    return file


def test_what_is_shown_can_be_checked_published_listed_and_compared(run: Run, document: Path):
    assert run("policy", "check", document).exit_code == 0
    told = run("policy", "publish", document, "--from", "2026-12-01", "--why", "winter")
    assert told.output == "2\t2026-11-30T16:00:00+00:00\n"
    listed = json.loads(run("policy", "list", "--json", "-").output)
    assert [(one["version"], one["state"]) for one in listed] == [(1, "in-force"), (2, "scheduled")]
    line = "acknowledge where nothing else is said: 5 min → 10 min"
    assert listed[1]["changes"] == [line]
    assert run("policy", "diff", 1, 2).output == line + "\n"
    assert run("policy", "withdraw", 2, "--why", "no").exit_code == 0
    assert "2\twithdrawn" in run("policy", "list").output


def test_every_fault_is_told_with_its_field_and_the_way_out(run: Run, document: Path):
    bad = '\n[[limit]]\nclock = "resolve"\nlimit = "0wd"\n\n[[limit]]\nclock = "x"\nlimit = "1wd"\n'
    text = document.read_text("utf-8").replace("yellow = 0.8", "yellow = 8")
    document.write_text(text + bad, "utf-8")
    told = run("policy", "check", document, "--json", "-")
    assert told.exit_code == 1
    faults = {one["field"]: one["code"] for one in json.loads(told.output)["faults"]}
    assert faults["limit.1.limit"] == "category-limit-range"
    assert faults["limit.2.clock"] == "clock-unknown"
    assert faults["lights"] == "lights-bad"


def test_a_bad_file_is_not_published(run: Run, document: Path):
    document.write_text("nonsense", "utf-8")
    assert run("policy", "publish", document).exit_code == 2
    assert run("policy", "show", 7).exit_code == 2
