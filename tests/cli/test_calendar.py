"""`gridtrack calendar`, as others call it."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

SHARED = Path(__file__).resolve().parents[3] / "shared/data/holidays_cn/original"


@pytest.fixture(autouse=True)
def kept(lite):
    from gridtrack.usecases.calendar import keep_calendars

    with lite.work() as work:
        keep_calendars(work)


def a_file(folder: Path, year: int = 2027, name: str = "2027.json") -> Path:
    days = [{"name": "元旦", "date": f"{year}-01-01", "isOffDay": True}]
    path = folder / name
    path.write_text(json.dumps({"year": year, "papers": [], "days": days}))
    return path


def test_due_prints_the_instant_in_the_zone_of_the_calendar(run: Run) -> None:
    told = run("calendar", "due", "2026-02-13T16:30", "--minutes", "240")
    assert told.output == "2026-02-14T12:00:00+08:00\n"


def test_due_takes_an_instant_with_an_offset_and_another_calendar(run: Run) -> None:
    told = run("calendar", "due", "2026-02-13T00:00:00Z", "--minutes", "5", "--calendar", "24x7")
    assert told.output == "2026-02-13T08:05:00+08:00\n"


def test_due_counts_in_another_zone_where_one_is_named(run: Run) -> None:
    told = run("calendar", "due", "2026-03-06T17:00", "--minutes", "60", "--tz", "America/New_York")
    assert told.output == "2026-03-09T09:30:00-04:00\n"


@pytest.mark.parametrize("minutes", ["0", "-1", "1e30", "nan"])
def test_a_limit_that_is_none_is_refused_in_words(run: Run, minutes: str) -> None:
    told = run("calendar", "due", "2026-02-13T16:30", f"--minutes={minutes}")
    assert told.exit_code == 2
    assert "give" in told.output


def test_days_are_written_for_machines(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "days.json"
    assert run("calendar", "days", "2026-12-31", "2027-01-01", "--json", str(out)).exit_code == 0
    assert json.loads(out.read_text("utf-8")) == [
        {"date": "2026-12-31", "is_workday": True, "name": "", "status": "official"},
        {"date": "2027-01-01", "is_workday": False, "name": "元旦", "status": "provisional"},
    ]


def test_import_is_all_or_none(run: Run, tmp_path: Path) -> None:
    good, bad = a_file(tmp_path), a_file(tmp_path, 2028, "2029.json")
    assert run("calendar", "import", str(good), str(bad)).exit_code == 2
    assert "2027" not in run("calendar", "list").output
    assert run("calendar", "import", str(good)).output == "2027\t1 days\ttaken in\n"
    assert run("calendar", "import", str(good)).output == "2027\t1 days\tknown already\n"
    assert "2027" in run("calendar", "list").output


@pytest.mark.shared
def test_the_real_files_are_taken_in_and_the_empty_one_is_told(run: Run) -> None:
    told = run("calendar", "import", *(str(one) for one in sorted(SHARED.glob("20*.json"))))
    assert told.exit_code == 0
    assert "2027\t0 days\tits notice is not out" in told.output


def test_a_local_day_is_set_and_taken_back(run: Run) -> None:
    run("calendar", "set", "2026-11-23", "--work", "--hours", "09:00-12:00", "--name", "半天")
    assert "半天\t09:00-12:00" in run("calendar", "days", "2026-11-23", "2026-11-23").output
    assert run("calendar", "unset", "2026-11-23").exit_code == 0
    assert run("calendar", "unset", "2026-11-23").exit_code == 2
