"""`gridtrack grids`: what other programs call, with its files, its exit codes and its words."""

import csv
import gzip
import io
import json
from dataclasses import replace

import click
import pytest
import shapely
from click.testing import CliRunner

from gridtrack.app import create_app
from gridtrack.cli.context import Doors
from gridtrack.cli.grids import grids
from gridtrack.geo.datum import from_wgs84
from gridtrack.grids import store
from gridtrack.settings import Settings
from tests.builders import NOW, Site, middle
from tests.edition_builders import NOW_A12, a_draft, a_shift, in_force
from tests.grid_builders import METRE, SHARED, changed, shared, square, street, without, written

CLEAN, FAULTS, UNUSABLE = 0, 1, 2
KEYS = {"code", "level", "grids", "size", "unit", "place", "message"}


@pytest.fixture
def run(lite: Site):
    """`run("check", file)` on a database with the street of `builders` in force."""
    commands = click.Group("gridtrack", commands=[grids])

    def call(*words, settings=None, locale="en"):
        chosen = settings or lite.runtime.settings.model_copy(update={"locale": locale})
        here = Doors(chosen, create_app, lite.clock)
        line = ["grids", *(str(word) for word in words)]
        return CliRunner().invoke(commands, line, obj=here, catch_exceptions=False)

    return call


def a_file(folder, given=None, name="street.geojson"):
    return written(folder / name, street() if given is None else given)


def levels(folder, given):
    """Arguments for one file for each level."""
    words = []
    for level in (1, 2, 3):
        path = written(folder / f"{level}.json", [g for g in given if g.level == level])
        words += ["--level", f"{level}={path}"]
    return words


def points(folder, *rows, header="id,lon,lat", name="points.csv"):
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def routed(run, path, *more, out=None):
    """The rows that came out, as dicts."""
    target = out or path.with_name("out.csv")
    result = run("route", path, "--lon", "lon", "--lat", "lat", "--out", target, *more)
    assert result.exit_code == CLEAN, result.output
    opened = gzip.open if str(target).endswith(".gz") else open
    with opened(target, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def editions(lite):
    with lite.look() as work:
        return [(e.name, e.state) for e in store.editions(work.session)]


def test_a_clean_file_ends_with_zero(run, tmp_path):
    result = run("check", a_file(tmp_path))
    assert (result.exit_code, "no faults" in result.output) == (CLEAN, True)


def test_one_file_for_each_level_is_checked(run, tmp_path):
    assert run("check", *levels(tmp_path, street())).exit_code == CLEAN


def test_faults_end_with_one_and_are_told(run, tmp_path):
    result = run("check", a_file(tmp_path, without(street(), "A21")))
    assert (result.exit_code, "gap: " in result.output) == (FAULTS, True)


def test_the_json_has_the_summary_and_every_fault(run, tmp_path):
    out = tmp_path / "out.json"
    spoilt = changed(without(street(), "A21"), "B11", parent="")
    run("check", a_file(tmp_path, spoilt), "--json", out)
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["summary"] == {"gap": 1, "missing-parent": 1}
    assert all(set(fault) >= KEYS for fault in found["faults"])


def test_the_json_of_a_clean_file_is_empty_but_there(run, tmp_path):
    out = tmp_path / "out.json"
    run("check", a_file(tmp_path), "--json", out)
    found = json.loads(out.read_text(encoding="utf-8"))
    assert (found["summary"], found["faults"]) == ({}, [])


def test_json_on_stdout_is_alone_there(run, tmp_path):
    result = run("check", a_file(tmp_path), "--json", "-")
    assert json.loads(result.stdout)["grids"] == 14


def test_the_check_needs_no_database(run, tmp_path):
    nowhere = Settings(database_url="postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert run("check", a_file(tmp_path), settings=nowhere).exit_code == CLEAN


def test_the_tolerance_is_the_callers(run, tmp_path):
    slit = square(0.2, 0.5, 0.6, 3 * METRE / 0.001)
    shape = next(g.shape for g in street() if g.code == "A11") - slit
    path = a_file(tmp_path, changed(street(), "A11", shape=shape))
    codes = [run("check", path, "--tolerance", t).exit_code for t in (1, 5)]
    assert codes == [FAULTS, CLEAN]


def test_fields_are_mapped(run, tmp_path):
    path = a_file(tmp_path)
    path.write_text(path.read_text().replace('"code"', '"id"').replace('"parent"', '"up"'))
    assert run("check", path, "--map", "code=id", "--map", "parent=up").exit_code == CLEAN


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["absent.geojson"],
        ["--level", "1"],
        ["--level", "x=a.json"],
        ["a.json", "b.json"],
        ["a.json", "--level", "1=b.json"],
        ["--level", "1=a.json", "--level", "1=b.json"],
        ["street.geojson", "--map", "code"],
        ["street.geojson", "--map", "code=GEOID"],
        ["street.geojson", "--map", "colour=code"],
        ["street.geojson", "--crs", "EPSG:0"],
        ["street.geojson", "--crs", "EPSG:28992"],
        ["street.geojson", "--datum", "mars"],
        ["street.geojson", "--tolerance", "-1"],
        ["street.geojson", "--plane", "EPSG:4326"],
        ["html.geojson"],
        ["empty.geojson"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_used_ends_with_two_and_a_word(run, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    a_file(tmp_path)
    (tmp_path / "html.geojson").write_text("<html></html>")
    (tmp_path / "empty.geojson").touch()
    result = run("check", *words)
    assert (result.exit_code, bool(result.stderr.strip())) == (UNUSABLE, True)


@pytest.mark.parametrize(("words", "told"), [(["--lang", "en"], "no faults"), ([], "没有问题")])
def test_the_language_is_the_deployments_or_the_callers(run, tmp_path, words, told):
    assert told in run("check", a_file(tmp_path), *words, locale="zh").output


def test_many_faults_are_cut_short_on_the_screen(run, tmp_path):
    first = next(grid for grid in street() if grid.code == "A11")
    far = [replace(first, code=f"X{n}", parent="", shape=square(20 + 2 * n, 0)) for n in range(50)]
    result = run("check", a_file(tmp_path, [*street(), *far]))
    assert "--json has all of them" in result.output


def test_an_import_makes_a_draft(run, lite, tmp_path):
    assert run("import", a_file(tmp_path)).exit_code == CLEAN
    assert editions(lite) == [("street", "draft"), ("the street", "active")]


def test_an_import_may_be_put_in_force_at_once(run, lite, tmp_path):
    run("import", a_file(tmp_path), "--activate", "--name", "autumn")
    assert editions(lite) == [("autumn", "active"), ("the street", "retired")]


def test_several_files_are_named_by_their_folder(run, lite, tmp_path):
    folder = tmp_path / "aoyang"
    folder.mkdir()
    run("import", *levels(folder, street()))
    assert editions(lite)[0][0] == "aoyang"


def test_faults_stop_an_import(run, lite, tmp_path):
    result = run("import", a_file(tmp_path, without(street(), "A21")))
    assert (result.exit_code, len(editions(lite))) == (FAULTS, 1)


@pytest.mark.parametrize(
    "accept",
    [
        ["--accept", "gap", "--accept", "missing-parent"],
        ["--accept", "gap,missing-parent"],
        ["--accept", "gap", "missing-parent"],
        ["--accept", "all"],
    ],
    ids=" ".join,
)
def test_faults_are_accepted_by_code(run, lite, tmp_path, accept):
    path = a_file(tmp_path, changed(without(street(), "A21"), "B11", parent=""))
    assert run("import", path, *accept).exit_code == CLEAN
    assert len(editions(lite)) == 2


def test_a_code_that_was_not_accepted_still_stops(run, lite, tmp_path):
    path = a_file(tmp_path, changed(without(street(), "A21"), "B11", parent=""))
    assert run("import", path, "--accept", "gap").exit_code == FAULTS


def test_an_unusable_file_leaves_nothing_behind(run, lite, tmp_path):
    line = shapely.LineString([(119.5, 27.4), (119.6, 27.5)])
    path = a_file(tmp_path, changed(street(), "B22", shape=line))
    assert run("import", path, "--accept", "all").exit_code == UNUSABLE
    assert len(editions(lite)) == 1


def test_a_draft_is_listed_and_activated_at_a_time(run, lite, tmp_path):
    run("import", a_file(tmp_path))
    number = run("list").output.split("\t")[0]
    assert run("activate", number, "--at", "2026-12-01 08:00").exit_code == CLEAN
    assert "2026-12-01T00:00+00:00" in run("list").output  # eight in Shanghai is midnight UTC


def test_activating_twice_is_refused_in_words(run, tmp_path):
    run("import", a_file(tmp_path), "--activate")
    number = run("list").output.split("\t")[0]
    result = run("activate", number)
    assert (result.exit_code, "in force" in result.stderr) == (UNUSABLE, True)


def test_every_row_comes_out_in_order_with_its_grid(run, tmp_path):
    codes = ["B22", "A11", "A12", "A11"]
    rows = [f"{n},{middle(code)[0]},{middle(code)[1]}" for n, code in enumerate(codes)]
    found = routed(run, points(tmp_path, *rows))
    assert [(row["id"], row["grid_code"], row["grid_path"], row["outcome"]) for row in found] == [
        ("0", "B22", "B/B2/B22", "inside"),
        ("1", "A11", "A/A1/A11", "inside"),
        ("2", "A12", "A/A1/A12", "inside"),
        ("3", "A11", "A/A1/A11", "inside"),
    ]


def test_the_distance_to_the_border_is_a_column(run, tmp_path):
    (row,) = routed(run, points(tmp_path, f"1,{middle('A11')[0]},{middle('A11')[1]}"))
    assert float(row["border_distance_m"]) == pytest.approx(0.0015 * 98_850, rel=0.01)


def test_outside_and_unusable_rows_stay_with_their_outcome(run, tmp_path):
    lon, lat = 119.5 - 10 * METRE, middle("A11")[1]
    rows = [f"1,{lon},{lat}", "2,118.0,27.4", "3,,", "4,0,0", "5,abc,27.4", "6,27.4,119.5", "7"]
    found = routed(run, points(tmp_path, *rows))
    assert [row["outcome"] for row in found] == ["snapped", "outside", *["unusable"] * 5]


def test_faulty_rows_are_counted_on_stderr(run, tmp_path):
    path = points(tmp_path, *(f"{n},," for n in range(40)), f"x,{middle('A11')[0]},27.3985")
    out = tmp_path / "out.csv"
    result = run("route", path, "--lon", "lon", "--lat", "lat", "--out", out)
    assert "Row 1: " in result.stderr
    assert "coordinate-missing 40" in result.stderr


def test_gzip_marks_and_semicolons_of_a_csv_do_no_harm(run, tmp_path):
    lon, lat = middle("A11")
    text = f"\ufeffname;lon;lat\n朝阳新村33号;{lon};{lat}\n"
    path = tmp_path / "points.csv.gz"
    path.write_bytes(gzip.compress(text.encode()))
    (row,) = routed(run, path, out=tmp_path / "out.csv.gz")
    assert (row["name"], row["grid_code"]) == ("朝阳新村33号", "A11")


def test_a_csv_of_a_chinese_spreadsheet_is_read(run, tmp_path):
    lon, lat = middle("A11")
    path = tmp_path / "points.csv"
    path.write_bytes(f"名称,lon,lat\n朝阳新村,{lon},{lat}\n".encode("gb18030"))
    assert routed(run, path)[0]["名称"] == "朝阳新村"


def test_points_of_another_datum_are_converted(run, tmp_path):
    lon, lat = from_wgs84(*middle("A11"), "gcj02")
    path = points(tmp_path, f"1,{lon},{lat}")
    assert routed(run, path, "--datum", "gcj02")[0]["grid_code"] == "A11"
    assert routed(run, path)[0]["grid_code"] != "A11"


@pytest.mark.parametrize(
    ("words", "told"),
    [(["--lon", "x", "--lat", "lat"], "lon, lat"), (["--lon", "lon", "--lat", "lat",
     "--datum", "mars"], "gcj02")],
)  # fmt: skip
def test_a_column_or_datum_that_is_not_there_is_told(run, tmp_path, words, told):
    result = run("route", points(tmp_path, "1,2,3"), *words, "--out", tmp_path / "out.csv")
    assert (result.exit_code, told in result.stderr) == (UNUSABLE, True)
    assert not (tmp_path / "out.csv").exists()


def test_no_half_written_file_is_left(run, tmp_path):
    path = points(tmp_path, "1,119.5,27.4", '2,"' + "x" * 11_000_000 + '",3')  # an endless cell
    result = run("route", path, "--lon", "lon", "--lat", "lat", "--out", tmp_path / "out.csv")
    assert result.exit_code == UNUSABLE
    assert sorted(p.name for p in tmp_path.glob("out*")) == []


def test_rows_go_to_stdout_too(run, tmp_path):
    path = points(tmp_path, f"1,{middle('A11')[0]},{middle('A11')[1]}")
    result = run("route", path, "--lon", "lon", "--lat", "lat", "--out", "-")
    assert next(csv.DictReader(io.StringIO(result.stdout)))["grid_code"] == "A11"


def test_without_an_edition_in_force_nothing_is_routed(run, lite, tmp_path):
    lite.clock.set(NOW.replace(year=2000))
    result = run("route", points(tmp_path, "1,2,3"), "--lon", "lon", "--lat", "lat", "--out", "-")
    assert (result.exit_code, "edition" in result.stderr) == (UNUSABLE, True)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="no shared data")
@pytest.mark.parametrize(("city", "exit_code"), [("amsterdam", CLEAN), ("nyc", FAULTS)])
def test_real_cities_end_as_they_should(run, tmp_path, city, exit_code):
    files = [word for n in (1, 2, 3) for word in ("--level", f"{n}={shared(city, n)}")]
    result = run("check", *files, "--map", "code=id", "--map", "parent=parent_id")
    assert result.exit_code == exit_code, result.output


# --- compare --------------------------------------------------------------------------------------


def test_two_editions_are_compared_in_lines_and_for_machines(run, lite):
    draft = a_shift(lite)
    said = run("compare", 1, draft)
    assert said.exit_code == FAULTS
    assert "3\tA11\tA11网格\tborder moved\t-" in said.stdout
    found = json.loads(run("compare", 1, draft, "--json").stdout)
    assert found["summary"] == {"moved": 5}
    a11 = next(one for one in found["differences"] if one["after"]["code"] == "A11")
    assert a11["area_change_percent"] == pytest.approx(-33.3, abs=0.1)


def test_an_edition_compared_with_its_copy_is_the_same(run, lite):
    said = run("compare", 1, a_draft(lite))
    assert (said.exit_code, "very same grids" in said.stdout) == (CLEAN, True)


def test_points_are_routed_by_the_grids_of_a_day(run, lite, tmp_path):
    in_force(lite, a_shift(lite))
    lon, lat = NOW_A12
    path = points(tmp_path, f"1,{lon},{lat}")
    for at, code in (("2026-11-19", "A11"), ("2026-11-20 10:00", "A12")):
        out = tmp_path / "out.csv"
        told = run("route", path, "--lon", "lon", "--lat", "lat", "--out", out, "--at", at)
        assert told.exit_code == CLEAN
        assert f",{code},A/A1/{code},inside," in out.read_text("utf-8")
