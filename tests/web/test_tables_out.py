"""Matters as a file: asked for on the page, written by the worker, read by whoever asked."""

import csv
import io

import pytest
from openpyxl import load_workbook

from gridtrack.errors import Invalid
from gridtrack.jobs.gathering import gather_news
from gridtrack.jobs.perform import perform
from gridtrack.queries.tasks import own_task
from gridtrack.sheets.writing import Kind, refuse_too_many, table_out
from gridtrack.tasks import files
from gridtrack.tasks.rules import State
from gridtrack.usecases.cancel_task import cancel_task
from gridtrack.usecases.run_task import take_task
from tests.builders import FUNERAL, middle
from tests.web.visitor import a_visitor

DAYS = {"begin": "2026-11-01", "end": "2026-11-30"}


def do_next(site):
    with site.work() as work:
        taken = take_task(work)
    return perform(site.runtime, taken), taken.id


def asked(site, who="secretary-a", **given):
    visitor = a_visitor(site, who)
    answer = visitor.post("/figures/matters", {**DAYS, **given}, seen="/figures")
    assert answer.status_code == 303
    return visitor


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def test_a_table_of_matters_is_written_and_read_by_who_asked(lite):
    lite.report(description="=1+1 灯坏了")
    lite.report(at=middle("B11"))
    visitor = asked(lite)
    state, task = do_next(lite)
    assert state is State.DONE
    assert f"/tasks/{task}/file" in visitor.page(f"/tasks/{task}")
    header, *rows = rows_of(visitor.get(f"/tasks/{task}/file"))
    assert len(rows) == 1
    line = dict(zip(header, rows[0], strict=True))
    assert line["words"] == "'=1+1 灯坏了"
    assert line["state"] == "to be acknowledged"
    assert line["reported"] == "2026-11-20 10:00:00"


def test_sealed_matters_are_a_line_without_words_or_place(lite):
    lon, lat = middle("A22")
    lite.report(FUNERAL, description="marker", at=(lon, lat))
    visitor = asked(lite)
    _, task = do_next(lite)
    answer = visitor.get(f"/tasks/{task}/file")
    header, row = rows_of(answer)
    line = dict(zip(header, row, strict=True))
    assert (line["words"], line["address"], line["longitude (WGS-84)"]) == ("", "", "")
    assert b"marker" not in answer.get_data()


def test_nobody_reads_the_table_of_somebody_else(lite):
    lite.report()
    asked(lite)
    _, task = do_next(lite)
    for other in ("street", "secretary-b"):
        assert a_visitor(lite, other).get(f"/tasks/{task}/file").status_code == 404


def test_a_workbook_opens_with_a_bold_header_and_local_times(lite):
    lite.report()
    visitor = asked(lite, format="xlsx")
    _, task = do_next(lite)
    book = load_workbook(io.BytesIO(visitor.get(f"/tasks/{task}/file").get_data()))
    head, row = book.worksheets[0].iter_rows()
    assert head[0].font.bold
    assert row[1].value.hour == 10


def test_what_is_cancelled_leaves_no_file(lite):
    lite.report()
    asked(lite)
    with lite.work() as work:
        taken = take_task(work)
    with lite.work("secretary-a") as work:
        cancel_task(work, taken.id)
    assert perform(lite.runtime, taken) is State.CANCELLED
    folder = files.folder_of(lite.runtime.settings.instance, taken.params["folder"])
    assert list(folder.iterdir()) == []


def test_a_file_of_long_ago_is_told_to_be_gone(lite):
    lite.report()
    visitor = asked(lite)
    _, task = do_next(lite)
    files.drop(lite.runtime.settings.instance, _folder(lite, task))
    assert visitor.get(f"/tasks/{task}/file").status_code == 404


def _folder(site, task):
    with site.look("secretary-a") as work:
        return own_task(work, task).result["folder"]


def test_rows_come_in_batches_and_none_is_lost_or_doubled(lite, monkeypatch):
    monkeypatch.setattr("gridtrack.queries.matters_out.BATCH", 3)
    numbers = {lite.report().number for _ in range(7)}
    visitor = asked(lite)
    _, task = do_next(lite)
    _, *rows = rows_of(visitor.get(f"/tasks/{task}/file"))
    assert sorted(row[0] for row in rows) == sorted(numbers)


def test_a_sheet_that_cannot_hold_them_is_refused_before_the_work():
    refuse_too_many(Kind.CSV, 2_000_000)
    with pytest.raises(Invalid) as told:
        refuse_too_many(Kind.XLSX, 2_000_000)
    assert told.value.code == "sheet-too-long"


def test_signs_that_a_sheet_cannot_hold_are_left_out(tmp_path):
    with table_out(tmp_path / "t.xlsx", Kind.XLSX, ["a"]) as write:
        write(["灯\x08坏\x00了"])
    assert load_workbook(tmp_path / "t.xlsx").active["A2"].value == "灯坏了"


def test_a_workbook_that_breaks_off_is_no_file(tmp_path):
    def broken_off():
        with table_out(tmp_path / "t.xlsx", Kind.XLSX, ["a"]) as write:
            write([1])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken_off()
    assert not (tmp_path / "t.xlsx").exists()


def test_days_that_are_none_are_told(lite):
    visitor = a_visitor(lite, "secretary-a")
    answer = visitor.post("/figures/matters", {"begin": "x", "end": "y"}, seen="/figures")
    assert answer.status_code == 422


def test_the_table_of_figures_has_a_sum_and_n(lite):
    lite.report()
    lite.clock.advance(minutes=6)
    gather_news(lite.runtime)
    visitor = a_visitor(lite, "secretary-a")
    header, total, *groups = rows_of(visitor.get("/figures/table?format=csv&by=category"))
    assert total[0] == "∑"
    assert dict(zip(header, total, strict=True))["Acknowledged in time n"] == "1"
    assert len(groups) == 1


def test_a_month_is_reported_beside_the_month_before(lite):
    lite.report()
    lite.clock.advance(minutes=6)
    gather_news(lite.runtime)
    visitor = a_visitor(lite, "secretary-a")
    page = visitor.page("/figures/month?month=2026-11")
    assert "Report of 2026-11" in page
    assert "the month is not over yet" in page
    assert "2026-10" in page
    assert visitor.get("/figures/month?month=2026-13").status_code == 422
