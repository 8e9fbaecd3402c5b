"""`gridtrack incidents import`: rows are independent, nothing is lost, nothing comes in twice."""

import csv
import gzip
import json
import signal
from datetime import datetime
from pathlib import Path

import pytest

from gridtrack.clock import ManualClock
from gridtrack.incidents.tables import Incident
from tests.builders import NOW, Site, middle
from tests.cli.conftest import Run
from tests.door_builders import bring_in, the_book

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
HEADER = "key,lon,lat,when,kind,what,where"
X, Y = middle("A11")
OPTIONS = (
    "--lon", "lon", "--lat", "lat", "--datum", "wgs84", "--at", "when", "--category", "kind",
    "--text", "what", "--address", "where",
)  # fmt: skip


def a_row(key: object = 1, **given: object) -> str:
    cells = {
        "key": key, "lon": X, "lat": Y, "when": "2026-11-20T09:30:00", "kind": "0601",
        "what": "lamp out", "where": "", **given,
    }  # fmt: skip
    return ",".join(str(value) for value in cells.values())


def a_file(folder: Path, *rows: str, name: str = "reports.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    return path


def stored(site: Site) -> list[Incident]:
    with site.look() as work:
        return list(work.session.query(Incident).order_by(Incident.id))


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_column_names_the_filing_condition_and_a_wrong_one_is_told(
    run: Run, lite: Site, tmp_path: Path
) -> None:
    rows = a_row(1, kind="0401", where="dump"), a_row(2, kind="0401", where="heap")
    told = run(
        "incidents", "import", a_file(tmp_path, *rows), *OPTIONS[:-2], "--condition", "where"
    )
    assert told.exit_code == 1
    assert [one.condition for one in stored(lite)] == ["dump"]
    assert "heap" in told.output
    assert "loose, dump" in told.output


def test_rows_become_reports_that_are_routed_and_have_their_five_minutes(
    run: Run, lite: Site, tmp_path: Path
) -> None:
    told = run("incidents", "import", a_file(tmp_path, a_row(1), a_row(2)), *OPTIONS)
    assert told.exit_code == 0, told.output
    assert told.output == "2 added, 0 in already, 0 rows refused.\n"
    first = stored(lite)[0]
    assert (first.grid_code, first.source, first.description) == ("A11", "import", "lamp out")
    assert first.handler_id == lite.people["worker-a11"]
    assert first.due_at is not None
    assert lite.told("worker-a11") == ["assigned", "assigned"]


def test_times_without_an_offset_are_local(run: Run, lite: Site, tmp_path: Path) -> None:
    rows = [a_row(1), a_row(2, when="2026-11-20T01:30:00+00:00")]
    run("incidents", "import", a_file(tmp_path, *rows), *OPTIONS)
    assert {row.occurred_at.isoformat() for row in stored(lite)} == {"2026-11-20T01:30:00+00:00"}


def test_another_zone_and_format_of_times_can_be_stated(
    run: Run, lite: Site, tmp_path: Path
) -> None:
    file = a_file(tmp_path, a_row(when="11/19/2026 08:30:00 PM"))
    how = ("--tz", "America/New_York", "--at-format", "%m/%d/%Y %I:%M:%S %p")
    assert run("incidents", "import", file, *OPTIONS, *how).exit_code == 0
    assert stored(lite)[0].occurred_at.isoformat() == "2026-11-20T01:30:00+00:00"


def test_running_it_twice_adds_nothing(run: Run, lite: Site, tmp_path: Path) -> None:
    file = a_file(tmp_path, a_row(1), a_row(2))
    run("incidents", "import", file, *OPTIONS)
    lite.clock.advance(hours=1)
    told = run("incidents", "import", file, *OPTIONS)
    assert told.output == "0 added, 2 in already, 0 rows refused.\n"
    assert len(stored(lite)) == 2


def test_rows_that_are_alike_are_all_reports_and_still_come_in_once(
    run: Run, lite: Site, tmp_path: Path
) -> None:
    file = a_file(tmp_path, a_row(1), a_row(1), a_row(1))
    run("incidents", "import", file, *OPTIONS)
    assert len(stored(lite)) == 3
    run("incidents", "import", file, *OPTIONS)
    assert len(stored(lite)) == 3


def test_a_row_with_a_known_key_and_other_content_is_refused(
    run: Run, lite: Site, tmp_path: Path
) -> None:
    keyed = (*OPTIONS, "--client-id", "key")
    run("incidents", "import", a_file(tmp_path, a_row(7)), *keyed)
    told = run("incidents", "import", a_file(tmp_path, a_row(7, what="more")), *keyed)
    assert told.exit_code == 1
    assert "made for a new report" in told.stderr or "new id" in told.stderr
    assert len(stored(lite)) == 1


def test_a_uuid_in_the_key_is_the_client_id(run: Run, lite: Site, tmp_path: Path) -> None:
    key = "5f0c2a6e-7f0e-4d0e-9a3b-2f1c8b6d7e90"
    run("incidents", "import", a_file(tmp_path, a_row(key)), *OPTIONS, "--client-id", "key")
    assert stored(lite)[0].client_id == key


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ({"lon": "abc"}, "lon coordinate-not-a-number"),
        ({"lon": "0", "lat": "0"}, "lon coordinate-zero"),
        ({"lon": "", "lat": ""}, "lon coordinate-missing"),
        ({"lat": ""}, "lat coordinate-missing"),
        ({"lon": Y, "lat": X}, "lat coordinates-swapped"),
        ({"lon": "nan"}, "lon coordinate-not-a-number"),
        ({"when": "2027-11-20T09:30:00"}, "when in-the-future"),
        ({"when": "yesterday"}, "when not-a-time"),
        ({"when": ""}, "when required"),
        ({"kind": "9999"}, "kind category-unknown"),
        ({"kind": ""}, "kind required"),
        ({"what": "x" * 2001}, "what too-long"),
        ({"what": "x" * 100_000}, "what too-long"),
        ({"what": "a\x00b"}, "what control-characters"),
    ],
)
def test_a_bad_cell_is_told_with_its_column_and_the_rest_goes_on(
    run: Run, lite: Site, tmp_path: Path, bad: dict[str, object], told: str
) -> None:
    file = a_file(tmp_path, a_row(1), a_row(2, **bad), a_row(3))
    out = tmp_path / "faults.csv"
    answer = run("incidents", "import", file, *OPTIONS, "--faults", out)
    assert answer.exit_code == 1
    assert "line 3:" in answer.stderr
    assert len(stored(lite)) == 2
    (fault,) = read(out)
    assert f"{fault['fault_fields']} {fault['fault_codes']}" == told
    assert fault["fault_line"] == "3"


def test_a_refused_row_is_kept_whole_and_comes_in_when_it_is_mended(
    run: Run, lite: Site, tmp_path: Path
) -> None:
    file, out = a_file(tmp_path, a_row(1), a_row(2, lon="abc")), tmp_path / "faults.csv"
    run("incidents", "import", file, *OPTIONS, "--faults", out)
    assert read(out)[0]["what"] == "lamp out"
    out.write_text(out.read_text("utf-8-sig").replace(",abc,", f",{X},"), "utf-8")
    assert "1 added, 0 in already" in run("incidents", "import", out, *OPTIONS).output
    # The mended file itself and the whole file mended name the same row.
    whole = a_file(tmp_path, a_row(1), a_row(2))
    assert "0 added, 2 in already" in run("incidents", "import", whole, *OPTIONS).output


def test_several_faults_of_a_row_are_all_told(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "faults.csv"
    file = a_file(tmp_path, a_row(1, what="x" * 2001, when="2027-11-20T09:30:00"))
    run("incidents", "import", file, *OPTIONS, "--faults", out)
    assert read(out)[0]["fault_codes"] == "too-long in-the-future"


def test_a_row_without_coordinates_but_with_an_address_goes_to_the_desk(
    run: Run, lite: Site, tmp_path: Path
) -> None:
    file = a_file(tmp_path, a_row(1, lon="", lat="", where="东升大厦"))
    run("incidents", "import", file, *OPTIONS)
    assert (stored(lite)[0].state, stored(lite)[0].address) == ("reported", "东升大厦")


def test_forty_in_a_hundred_rows_without_coordinates_leave_sixty(
    run: Run, lite: Site, tmp_path: Path
) -> None:
    rows = [a_row(n, **({"lon": "", "lat": ""} if n % 5 < 2 else {})) for n in range(100)]
    out = tmp_path / "out.json"
    run("incidents", "import", a_file(tmp_path, *rows), *OPTIONS, "--json", out)
    found = json.loads(out.read_text("utf-8"))
    assert (found["added"], found["refused"]) == (60, 40)
    assert found["faults"] == {"coordinate-missing": 40}
    assert len(stored(lite)) == 60


def test_a_row_with_an_open_quote_does_not_swallow_those_after_it(
    run: Run, lite: Site, tmp_path: Path
) -> None:
    file = a_file(tmp_path, a_row(1), a_row(2, what='"open'), a_row(3), a_row(4))
    out = tmp_path / "faults.csv"
    told = run("incidents", "import", file, *OPTIONS, "--faults", out)
    assert told.output.endswith("3 added, 0 in already, 1 rows refused.\n")
    assert len(stored(lite)) == 3
    assert '"open' in out.read_text("utf-8")


def test_rows_with_too_few_or_too_many_cells_are_told(run: Run, lite: Site, tmp_path: Path) -> None:
    file = a_file(tmp_path, "1,2,3", a_row(2), a_row(3) + ",more")
    told = run("incidents", "import", file, *OPTIONS)
    assert "line 2: This row has 3 cells and the header 7" in told.stderr
    assert "line 4: This row has 8 cells" in told.stderr
    assert len(stored(lite)) == 1


def test_words_of_the_table_are_named_as_categories(run: Run, lite: Site, tmp_path: Path) -> None:
    rows = [a_row(1, kind="Lamp"), a_row(2, kind="Other"), a_row(3, kind="")]
    named = ("--category-as", "Lamp=0601", "--default-category", "13")
    run("incidents", "import", a_file(tmp_path, *rows), *OPTIONS, *named)
    assert [row.category for row in stored(lite)] == ["0601", "13", "13"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_files_as_spreadsheets_write_them_are_read(
    run: Run, lite: Site, tmp_path: Path, encoding: str
) -> None:
    file = tmp_path / "表.csv"
    file.write_bytes(f"{HEADER}\r\n{a_row(1, what='楼下的路灯坏了')}\r\n".encode(encoding))
    assert run("incidents", "import", file, *OPTIONS).exit_code == 0
    assert stored(lite)[0].description == "楼下的路灯坏了"


def test_a_gzipped_file_is_read(run: Run, lite: Site, tmp_path: Path) -> None:
    file = tmp_path / "reports.csv.gz"
    file.write_bytes(gzip.compress(a_file(tmp_path, a_row(1)).read_bytes()))
    assert run("incidents", "import", file, *OPTIONS).exit_code == 0
    assert len(stored(lite)) == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"\n", "no header"),
        (b"lon,lon,lat\n", "two columns"),
        (b"\x80\x00\xff\xff", "UTF-8"),
        (b"a,b\n1,2\n", "lon"),
    ],
)
def test_a_file_that_is_no_table_of_reports_is_unusable(
    run: Run, lite: Site, tmp_path: Path, content: bytes, told: str
) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    answer = run("incidents", "import", file, *OPTIONS)
    assert answer.exit_code == 2
    assert told in answer.stderr
    assert stored(lite) == []


def test_all_missing_columns_are_named_with_those_that_there_are(run: Run, tmp_path: Path) -> None:
    file = a_file(tmp_path, a_row())
    answer = run("incidents", "import", file, "--lon", "x", "--lat", "y", "--datum", "wgs84")
    assert answer.exit_code == 2
    assert all(word in answer.stderr for word in ("x", "y", "when"))


def test_an_unknown_zone_or_word_is_named(run: Run, tmp_path: Path) -> None:
    file = a_file(tmp_path, a_row())
    assert run("incidents", "import", file, *OPTIONS, "--tz", "Mars/Base").exit_code == 2
    assert run("incidents", "import", file, *OPTIONS, "--category-as", "Lamp").exit_code == 2


def test_somebody_can_be_named_as_the_one_who_reports(run: Run, lite: Site, tmp_path: Path) -> None:
    run("incidents", "import", a_file(tmp_path, a_row()), *OPTIONS, "--as", "desk")
    assert stored(lite)[0].reported_by == lite.people["desk"]


def test_one_who_may_not_report_imports_nothing(run: Run, lite: Site, tmp_path: Path) -> None:
    answer = run("incidents", "import", a_file(tmp_path, a_row()), *OPTIONS, "--as", "admin")
    assert answer.exit_code == 2
    assert stored(lite) == []


def test_refusals_are_in_the_language_of_the_deployment(run: Run, tmp_path: Path) -> None:
    file = a_file(tmp_path, a_row(lon="abc"))
    assert "第 2 行" in run("incidents", "import", file, *OPTIONS, locale="zh").stderr


class PressedAt(ManualClock):
    """A clock at whose n-th reading somebody presses Ctrl-C."""

    def __init__(self, start: datetime, reading: int) -> None:
        super().__init__(start)
        self.left = reading

    def now(self) -> datetime:
        self.left -= 1
        if self.left == 0:
            signal.raise_signal(signal.SIGINT)
        return super().now()


def test_ctrl_c_leaves_whole_rows_and_the_same_command_goes_on(
    run: Run, lite: Site, tmp_path: Path
) -> None:
    file = a_file(tmp_path, *(a_row(n) for n in range(180)))
    stopped = run("incidents", "import", file, *OPTIONS, clock=PressedAt(NOW, 3))
    assert stopped.exit_code == 130
    got = stored(lite)
    assert 0 < len(got) < 180
    assert f"{len(got)} added" in stopped.output
    assert all(lite.sums_up(row.id) for row in got[-3:])
    again = run("incidents", "import", file, *OPTIONS)
    assert f"{180 - len(got)} added, {len(got)} in already" in again.output
    assert len(stored(lite)) == 180


@pytest.mark.shared
def test_real_reports_come_in_and_those_without_coordinates_are_told(
    run: Run, lite: Site, tmp_path: Path
) -> None:
    if not SHARED.is_dir():
        pytest.skip("no ../shared/data")
    file = SHARED / "nyc" / "original" / "nyc311_fetched_2026-06-22.csv.gz"
    out = tmp_path / "out.json"
    answer = run(
        "incidents", "import", file, "--lon", "longitude", "--lat", "latitude",
        "--datum", "wgs84", "--at", "created_date", "--tz", "America/New_York", "--text",
        "complaint_type", "--default-category", "13", "--client-id", "unique_key",
        "--limit", 300, "--json", out,
    )  # fmt: skip
    assert answer.exit_code == 1, answer.output
    found = json.loads(out.read_text("utf-8"))
    assert found["added"] + found["refused"] == 300
    assert found["faults"] == {"coordinate-missing": found["refused"]}
    assert len(stored(lite)) == found["added"]


def test_an_address_that_is_one_plate_gives_the_place_and_any_other_goes_to_the_desk(
    run: Run, lite: Site, tmp_path: Path
) -> None:
    bring_in(lite, the_book())
    rows = [a_row(n, where=where) for n, where in enumerate(("朝阳新村33号", "朝阳新村3", "新村"))]
    options = ("--category", "kind", "--text", "what", "--address", "where")
    told = run("incidents", "import", a_file(tmp_path, *rows), *options)
    assert told.exit_code == 0, told.output
    found = [(row.outcome, row.grid_code, row.address) for row in stored(lite)]
    assert found == [
        ("inside", "A11", "朝阳新村33号"),
        ("unplaced", None, "朝阳新村3"),
        ("unplaced", None, "新村"),
    ]  # fmt: skip


@pytest.mark.parametrize("options", [(), ("--lon", "lon"), ("--lon", "lon", "--lat", "lat")])
def test_an_import_says_where_its_rows_are(run: Run, tmp_path: Path, options: tuple[str, ...]):
    told = run("incidents", "import", a_file(tmp_path, a_row(1)), *options)
    assert told.exit_code == 2
    assert "--" in told.output
