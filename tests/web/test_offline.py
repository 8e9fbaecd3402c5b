"""What a phone's queue sends, and what everybody then reads on the page."""

from datetime import timedelta

from flask.testing import FlaskClient

from tests.builders import Site
from tests.web.visitor import a_visitor, an_app, let_in

ACT = "0b0f1c4e-6a52-4d0e-9c1d-3a7f10f5b201"


def queued(site: Site, made_ago: timedelta, behind: timedelta = timedelta(0)) -> dict[str, str]:
    now = site.clock.now() - behind
    return {
        "act_id": ACT, "acted_at": (now - made_ago).isoformat(), "sent_at": now.isoformat(),
        "version": "1",
    }  # fmt: skip


def test_both_times_are_read_by_everybody(lite: Site) -> None:
    made = lite.report()
    lite.sweep(minutes=6)
    lite.sweep(hours=3)
    form = queued(lite, timedelta(hours=3, minutes=5), timedelta(seconds=12))
    a_visitor(lite, "worker-a11").post(f"/incidents/{made.incident_id}/acknowledge", form)
    for who in ("worker-a11", "secretary-a"):
        page = a_visitor(lite, who).page(f"/incidents/{made.incident_id}?lang=zh")
        assert "（离线），收到于" in page
        assert "手机时钟慢 12 秒" in page
        assert "不计入考核" in page
    page = a_visitor(lite, "leader-a1").page(f"/incidents/{made.incident_id}?lang=en")
    assert "the phone&#39;s clock was 12 s slow" in page
    assert "charged to nobody" in page


def test_the_page_says_why_the_time_of_receipt_counts(lite: Site) -> None:
    made = lite.report()
    lite.sweep(minutes=6)
    form = queued(lite, timedelta(minutes=5), timedelta(hours=8))
    visitor = a_visitor(lite, "worker-a11")
    visitor.post(f"/incidents/{made.incident_id}/acknowledge", form)
    assert "手机时钟偏差过大" in visitor.page(f"/incidents/{made.incident_id}?lang=zh")


def test_a_resident_reads_both_times_too(lite: Site) -> None:
    made = lite.report()
    lite.clock.advance(minutes=30)
    form = queued(lite, timedelta(minutes=29))
    a_visitor(lite, "worker-a11").post(f"/incidents/{made.incident_id}/acknowledge", form)
    resident = a_visitor(lite, lang="zh")
    resident.post("/track", {"number": made.number, "code": made.code})
    assert "（离线），收到于" in resident.page("/track/progress")


def test_a_script_is_answered_with_what_became_of_the_act(lite: Site) -> None:
    made = lite.report()
    lite.clock.advance(minutes=2)
    visitor = a_visitor(lite, "worker-a11")
    form = queued(lite, timedelta(minutes=1))
    ask = {"Accept": "application/json"}
    where = f"/incidents/{made.incident_id}/acknowledge"
    first = visitor.post(where, form, **ask)
    assert first.json == {"outcome": "done", "doubt": None, "version": 3}
    assert visitor.post(where, form, **ask).json == first.json
    other = visitor.post(where, {**form, "acted_at": form["sent_at"]}, **ask)
    assert (other.status_code, other.json["code"]) == (409, "act-id-reused")
    assert lite.kinds(made.incident_id).count("acknowledged") == 1


def test_the_queue_asks_for_whom_it_would_send(lite: Site) -> None:
    let_in(lite, "worker-a11")
    visitor = a_visitor(lite, "worker-a11")
    told = visitor.get("/acts/session")
    assert told.json["person"] == lite.people["worker-a11"]
    assert told.json["csrf"]
    stranger: FlaskClient = an_app(lite).test_client()
    assert stranger.get("/acts/session", headers={"Accept": "application/json"}).status_code == 401
