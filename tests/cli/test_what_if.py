"""`gridtrack replay` as a what-if: which flags go together, what is refused, what is told."""

import json

import pytest

from tests.builders import NOW
from tests.usecases.test_replay import write
from tests.usecases.test_what_if import a_month

FILE = ("--lon", "x", "--lat", "y", "--at", "opened", "--category", "kind")


@pytest.fixture
def month(lite):
    a_month(lite, 12)
    lite.clock.set(NOW.replace(day=28))
    return lite


def test_what_is_recorded_is_told_as_a_table_and_as_json(run, month, tmp_path):
    out = tmp_path / "out.json"
    result = run(
        "replay", "--recorded", "--from", "2026-11-20", "--to", "2026-12-01", "--json", out
    )
    assert result.exit_code == 0, result.output
    assert "acknowledged in time" in result.output
    found = json.loads(out.read_text("utf-8"))
    assert (found["matters"], found["happened"]["matters"], found["forecast"]) == (12, 12, None)


def test_every_fault_of_a_policy_is_told_before_anything_runs(run, month, tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text('[acknowledge]\ndefault = "0min"\n[quiet]\nfrom = "25:00"\nuntil = "07:00"\n')
    result = run("replay", "--recorded", "--policy", bad)
    assert result.exit_code == 2
    assert "acknowledge.default" in result.output
    assert "quiet" in result.output


def test_every_fault_of_a_roster_is_told(run, month, tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text(
        '[[roster]]\ncode = "r"\nname = "r"\nrole = "gridworker"\nscope = "A/A1/A11"\n'
        'from = 2026-11-01\n[[roster.shift]]\nhours = "08:00-18:00"\n'
        'people = ["nobody", "no-one"]\n'
    )
    result = run("replay", "--recorded", "--roster", bad)
    assert result.exit_code == 2
    assert "nobody" in result.output
    assert "no-one" in result.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--recorded", "--edition", "99"], "99"),
        (["--recorded", "--from", "2026-12-05", "--to", "2026-12-01"], "--to"),
        (["--recorded", "--from", "2025-01-01", "--to", "2025-02-01"], "2025"),
        ([], "REPORTS"),
        (["--from", "2026-11-20"], "--from"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(run, month, words, told):
    result = run("replay", *words)
    assert result.exit_code == 2
    assert told in result.output


def test_a_file_and_what_is_recorded_are_not_asked_for_together(run, month, tmp_path):
    path = write(tmp_path / "r.csv", [])
    result = run("replay", path, "--recorded")
    assert (result.exit_code, "--recorded" in result.output) == (2, True)


def test_a_file_with_another_edition_writes_nothing(run, month, tmp_path):
    rows = [
        {"x": 119.5015, "y": 27.3985, "opened": "2026-11-21T10:00", "closed": "", "kind": "0601"}
    ]
    path = write(tmp_path / "r.csv", rows)
    result = run("replay", path, *FILE, "--edition", "1", "--json", "-")
    found = json.loads(result.stdout)
    assert (found["matters"], found["happened"], found["changed"]["edition"]) == (1, None, 1)
    assert month.incident(12).id == 12
    with pytest.raises(Exception, match="incident-not-found"):
        month.incident(13)
