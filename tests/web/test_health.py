"""How the machine is doing: a page, metrics for who may know, one word for anybody."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from gridtrack.access import Permission
from gridtrack.cli.doctor import examine
from gridtrack.incidents.store import INCIDENT
from gridtrack.jobs.auditing import audit_news
from gridtrack.jobs.guard import ClockGuard
from gridtrack.usecases.heartbeat import heartbeat
from gridtrack.usecases.quarantine import set_apart
from gridtrack.usecases.tokens import NewToken, issue_token
from tests.builders import Site
from tests.web.visitor import a_visitor, an_app


def beat(site: Site) -> None:
    with site.runtime.work() as work:
        heartbeat(work, "host:1", 3.0, 0)
    site.runtime.memo.forget("healthz")


def healthz(site: Site) -> tuple[int, object]:
    site.runtime.memo.forget("healthz")
    answer = an_app(site).test_client().get("/healthz/engine")
    return answer.status_code, answer.json


def test_a_load_balancer_is_told_one_word_without_a_login(lite: Site) -> None:
    assert healthz(lite) == (503, {"well": False})  # nothing has ever swept
    beat(lite)
    assert healthz(lite) == (200, {"well": True})
    lite.clock.advance(seconds=11)
    assert healthz(lite) == (503, {"well": False})


def test_an_overdue_step_is_a_503_whatever_the_worker_claims(lite: Site) -> None:
    lite.report()
    lite.clock.advance(minutes=5, seconds=11)
    beat(lite)
    assert healthz(lite) == (503, {"well": False})
    lite.sweep()
    assert healthz(lite) == (200, {"well": True})


@pytest.mark.parametrize("who", [None, "worker-a11", "security"])
def test_figures_are_for_who_may_see_them(lite: Site, who: str | None) -> None:
    visitor = a_visitor(lite, who)
    assert visitor.get("/metrics").status_code in (302, 303, 401, 403)
    assert visitor.get("/health").status_code in (302, 303, 401, 403)


def test_prometheus_comes_with_a_token_that_may_see_health(lite: Site) -> None:
    lite.report()
    beat(lite)
    lite.clock.advance(minutes=1)
    audit_news(lite.runtime)
    until = lite.clock.now().replace(day=28)
    wanted = NewToken(lite.people["admin"], "prometheus", {Permission.HEALTH}, until)
    with lite.work("security") as work:
        issued = issue_token(work, wanted)
    headers = {"Authorization": f"Bearer {issued.secret}"}
    answer = an_app(lite).test_client().get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert "gridtrack_audit_promises 1.0" in answer.text
    assert "gridtrack_newest_heartbeat_age_seconds 60.0" in answer.text


def test_the_page_tells_the_verdict_and_what_to_do(lite: Site) -> None:
    made = lite.report()
    with lite.runtime.work() as work:
        work.session.execute(update(INCIDENT).values(next_due_at=None))
    lite.clock.advance(minutes=7)
    audit_news(lite.runtime)
    page = a_visitor(lite, "secretary-a").page("/health")
    assert "1 promises, 0 kept on time to fire" in page
    assert "1 missing, 0 double, 0 early" in page
    assert f"/incidents/{made.incident_id}" in page
    assert "start gridtrack worker" in page


def test_the_board_shows_the_verdict_to_who_may_know_it(lite: Site) -> None:
    assert "kept on time to fire" in a_visitor(lite, "secretary-a").page("/board")
    assert "kept on time to fire" not in a_visitor(lite, "leader-a1").page("/board")


def quarantined(site: Site) -> int:
    """A matter whose step fails for a reason that nobody should read on a page."""
    made = site.report().incident_id
    site.clock.advance(minutes=6)
    with site.runtime.work() as work:
        set_apart(work, made, KeyError("what somebody wrote"))
    site.runtime.memo.forget("machine")
    return made


def test_every_worker_is_shown_with_its_last_tick_and_who_fell_silent(lite: Site) -> None:
    beat(lite)
    lite.clock.advance(minutes=5)
    with lite.runtime.work() as work:
        heartbeat(work, "host:2", 7.0, 0)
    page = a_visitor(lite, "secretary-a").page("/health")
    assert "host:1" in page
    assert "host:2" in page
    assert page.count("silent since") == 1
    assert "7 ms" in page


def test_a_matter_set_apart_is_named_by_number_and_kind_of_error_alone(lite: Site) -> None:
    made = quarantined(lite)
    page = a_visitor(lite, "secretary-a").page("/health")
    assert f'href="/incidents/{made}"' in page
    assert "KeyError" in page
    assert "what somebody wrote" not in page
    seen = {one.name: one.seen for one in examine(lite.runtime)}
    assert seen["quarantine"].startswith("1: 261120-00001 (KeyError, 1 tries)")


def test_the_board_turns_red_where_the_machine_needs_somebody(lite: Site) -> None:
    beat(lite)
    visitor = a_visitor(lite, "secretary-a")
    assert "The machine is well" in visitor.page("/board")
    quarantined(lite)
    beat(lite)
    lite.sweep()
    lite.clock.advance(minutes=1, seconds=11)
    lite.runtime.memo.forget("machine")
    lists = visitor.page("/board/lists")
    assert "The machine needs somebody" in lists
    assert "oldest step not fired" in lists
    assert "The machine" not in a_visitor(lite, "leader-a1").page("/board")


def test_an_unchanged_machine_costs_the_board_nothing(lite: Site) -> None:
    beat(lite)
    visitor = a_visitor(lite, "secretary-a")
    first = visitor.get("/board/lists")
    lite.clock.advance(seconds=3)
    lite.runtime.memo.forget("machine")
    again = visitor.get("/board/lists", **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_doctor_names_every_worker_and_when_it_ticked(lite: Site) -> None:
    beat(lite)
    lite.clock.advance(seconds=4)
    seen = {one.name: (one.verdict, one.seen) for one in examine(lite.runtime)}
    assert seen["worker"] == ("ok", "1 beating; last ticks: host:1 4.0 s ago (3 ms)")


def test_a_clock_that_is_not_believed_is_told_on_the_page(lite: Site) -> None:
    guard = ClockGuard(lite.runtime, "boot 1")
    assert guard.may_sweep()
    lite.clock.set(lite.clock.now() + timedelta(hours=1))
    assert not guard.may_sweep()
    page = a_visitor(lite, "admin").get("/health").get_data(as_text=True)
    assert "jumped 60 min forward" in page
