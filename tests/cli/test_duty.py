"""`gridtrack duty`, as others call it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from gridtrack.accounts.tables import Absence
from tests.builders import Site
from tests.cli.conftest import Run

NIGHT = """
[[roster]]
code = "night-a"
scope = "A"
role = "gridworker"
from = 2026-11-01
shift = [{hours = "18:00-08:00", people = ["worker-a11", "worker-a12"]}]
"""


@pytest.fixture
def night(run: Run, tmp_path: Path) -> Path:
    path = tmp_path / "night.toml"
    path.write_text(NIGHT)
    assert run("duty", "import", path).output == "night-a\tadded\n"
    return path


def test_show_tells_who_is_asked_at_an_instant(run: Run, night: Path, tmp_path: Path) -> None:
    assert run("duty", "import", night).output == "night-a\tsame\n"
    out = tmp_path / "on.json"
    told = run("duty", "show", "--scope", "A/A1/A12", "--at", "2026-11-21T22:00", "--json", out)
    assert told.exit_code == 0, told.output
    rows = json.loads(out.read_text("utf-8"))
    on = [row for row in rows if row["role"] == "gridworker" and row["scope"] == "A/A1/A12"]
    assert [(row["login"], row["state"], row["until"]) for row in on] == [
        ("worker-a12", "off-shift", "2026-11-22T10:00:00+00:00"),
        ("worker-a11", "on", "2026-11-22T00:00:00+00:00"),
    ]
    assert {row["role"] for row in rows} >= {"leader", "secretary", "street"}


def test_holes_are_found_a_week_ahead_and_set_the_exit_code(
    run: Run, night: Path, lite: Site, tmp_path: Path
) -> None:
    assert night.exists()
    assert run("duty", "holes").exit_code == 0
    with lite.work() as work:
        begin, end = work.now + timedelta(days=7), work.now + timedelta(days=9)
        person = lite.people["worker-a12"]
        work.session.add(Absence(person_id=person, from_at=begin, until_at=end, reason="x"))
    out = tmp_path / "holes.json"
    assert run("duty", "holes", "--days", "6", "--json", out).exit_code == 0
    assert json.loads(out.read_text("utf-8")) == []
    assert run("duty", "holes", "--days", "9", "--json", out).exit_code == 1
    (hole,) = json.loads(out.read_text("utf-8"))
    assert (hole["roster"], hole["kind"], hole["people"]) == ("night-a", "leave", ["worker-a12"])
    assert hole["begin"] == "2026-11-28T10:00:00+00:00", "six in the evening there"
    assert hole["end"] == "2026-11-29T00:00:00+00:00"


def test_a_file_that_cannot_be_used_is_refused_in_words(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    line = "2026-12-01,08:00,08:00,worker-a11,gridworker,A"
    path.write_text(f"date,from,to,people,role,scope\n{line}\n")
    told = run("duty", "import", path)
    assert told.exit_code == 2
    assert "bad.csv: line 2: to" in told.output
    assert "08:00-08:00+1" in told.output
