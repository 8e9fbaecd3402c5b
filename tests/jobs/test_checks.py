"""The check of a large edition is the worker's, and ends as one that somebody waited for."""

import pytest

from gridtrack.tasks.rules import State
from gridtrack.usecases.start_task import start_task
from gridtrack.web import edition_check
from tests.builders import Site
from tests.jobs.toil import do_next, task
from tests.usecases.test_check_edition import spoil
from tests.usecases.test_editions import a_copy, edition, kinds
from tests.web.visitor import a_visitor


def test_the_worker_checks_for_whoever_asked(site: Site) -> None:
    draft = a_copy(site)
    spoil(site, draft)
    with site.work("secretary-a") as work:
        one = start_task(work, "check-edition", {"edition_id": draft}).id
    assert do_next(site) is State.DONE
    assert task(site, one).result == {"edition_id": draft, "faults": 2}
    assert edition(site, draft).checked_revision == 1
    assert kinds(site, draft) == ["copied", "examined"]


def test_a_large_edition_is_given_to_the_worker(
    lite: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edition_check, "AT_ONCE", 3)
    draft = a_copy(lite)
    visitor, seen = a_visitor(lite, "admin"), f"/grids/{draft}/findings"
    answer = visitor.post(f"{seen}/check", {}, seen=seen)
    assert answer.headers["Location"] == "/tasks/1"
    assert do_next(lite) is State.DONE
    assert f'href="{seen}"' in visitor.page("/tasks/1")
    assert edition(lite, draft).state == "checked"
