"""The page of long work: progress that polls, an end in words, and nobody else's eyes."""

from datetime import timedelta
from typing import Any

import pytest

from gridtrack.errors import Invalid
from gridtrack.i18n.sentences import TEXTS
from gridtrack.jobs.progress import Progress
from gridtrack.tasks.rules import State
from gridtrack.usecases.run_task import take_task
from tests.builders import Site
from tests.jobs.toil import TOIL, a_kind, ask, do_next, task
from tests.web.visitor import a_visitor

WHO = "secretary-a"


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    for code, english in ((f"task-{TOIL}", "Toil"), ("phase-read", "Reading")):
        monkeypatch.setitem(TEXTS, code, ("", english))  # type: ignore[arg-type]


def nothing(*_given: object) -> dict[str, Any]:
    return {}


def half_done(site: Site) -> int:
    """A task that counts 500 of 2,000 after ten seconds."""
    one = ask(site, WHO)
    with site.work() as work:
        taken = take_task(work)
    assert taken is not None
    seconds = [0.0]
    progress = Progress(site.runtime, taken, lambda: seconds[0])
    progress.phase("read", 2000)
    site.clock.advance(seconds=10)
    seconds[0] += 10
    progress(500, 2000)
    return one


def test_progress_has_its_count_its_rate_and_the_time_left(lite: Site) -> None:
    with a_kind(nothing):
        page = a_visitor(lite, WHO).page(f"/tasks/{half_done(lite)}")
    for words in ("Reading", "500 of 2,000", "50 a second", "about 0:30 left", 'value="25.0"'):
        assert words in page
    assert "Look again" in page  # for readers without scripts


def test_an_unchanged_task_is_a_304(lite: Site) -> None:
    with a_kind(nothing):
        one, visitor = half_done(lite), a_visitor(lite, WHO)
        first = visitor.get(f"/tasks/{one}/live")
        mark = first.headers["ETag"]
        again = visitor.get(f"/tasks/{one}/live", **{"If-None-Match": mark})
    assert (first.status_code, again.status_code, again.text) == (200, 304, "")


def test_cancelling_from_the_page(lite: Site) -> None:
    with a_kind(nothing):
        one, visitor = ask(lite, WHO), a_visitor(lite, WHO)
        answer = visitor.post(f"/tasks/{one}/cancel", {"next": f"/tasks/{one}"}, seen="/tasks")
        assert answer.headers["Location"] == f"/tasks/{one}"
        assert "Nothing of it was kept" in visitor.page(f"/tasks/{one}")
    assert task(lite, one).state == State.CANCELLED.value


def test_a_task_that_is_over_leads_on_where_the_page_asked_for_it(lite: Site) -> None:
    with a_kind(nothing):
        one, visitor = ask(lite, WHO), a_visitor(lite, WHO)
        do_next(lite)
        assert 'href="/grids" data-onward' in visitor.get(f"/tasks/{one}/live?next=/grids").text
        assert "data-onward" not in visitor.get(f"/tasks/{one}/live?next=//evil.example").text


@pytest.mark.parametrize(("lang", "words"), [("zh", "请填写"), ("en", "is missing")])
def test_what_went_wrong_is_told_in_the_readers_language(lite: Site, lang: str, words: str) -> None:
    def fails(*_given: object) -> dict[str, Any]:
        raise Invalid("required", field="name")

    with a_kind(fails):
        one = ask(lite, WHO)
        do_next(lite)
        assert words in a_visitor(lite, WHO, lang).page(f"/tasks/{one}")


def test_the_list_has_ones_own_and_nobody_elses(lite: Site) -> None:
    with a_kind(nothing):
        one = ask(lite, WHO)
        lite.clock.advance(seconds=timedelta(minutes=1).total_seconds())
        assert f'href="/tasks/{one}"' in a_visitor(lite, WHO).page("/tasks")
        other = a_visitor(lite, "secretary-b")
        assert f'href="/tasks/{one}"' not in other.page("/tasks")
        for part in ("", "/live"):
            assert other.get(f"/tasks/{one}{part}").status_code == 404
        assert other.post(f"/tasks/{one}/cancel", {}, seen="/tasks").status_code == 404


def test_strangers_are_sent_to_the_door(lite: Site) -> None:
    assert a_visitor(lite).get("/tasks").status_code == 302
