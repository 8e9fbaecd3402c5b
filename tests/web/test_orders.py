"""Urging and written orders as plain forms: without scripts, words kept, one page to print."""

import pytest

from gridtrack.usecases.calendar import keep_calendars
from gridtrack.usecases.supervise import NewOrder, supervise
from tests.builders import FUNERAL, LAMP, Site
from tests.web.visitor import a_photo, a_visitor

TEXT = "三天内修好并回复"


@pytest.fixture(autouse=True)
def _calendars(lite: Site) -> None:
    with lite.work() as work:
        keep_calendars(work)


def an_order(site: Site, by: str = "secretary-a", category: str = LAMP) -> int:
    incident = site.report(category).incident_id
    with site.work(by) as work:
        return supervise(work, incident, NewOrder(TEXT, "handler"))


def test_a_leader_urges_on_the_page_and_is_told_when_again(lite: Site) -> None:
    one = lite.report(LAMP).incident_id
    leader = a_visitor(lite, "leader-a1")
    page = f"/incidents/{one}"
    answer = leader.post(f"{page}/urges", {"reason": "Please hurry"}, seen=page)
    assert answer.status_code == 303
    shown = leader.page(page)
    assert "Urged 1 time<" in shown
    assert "Please hurry" in shown
    assert "You urged it lately; you may again from Nov 20, 2026 10:30." in shown
    again = leader.post(f"{page}/urges", {"reason": "Still waiting"}, seen=page)
    assert again.status_code == 429
    assert "you may do so again from 11-20 10:30" in again.text
    assert "Still waiting" in again.text
    assert "Urged 1 time<" in a_visitor(lite, "worker-a11").page("/inbox")


def test_the_handler_sees_no_form_to_urge_or_order(lite: Site) -> None:
    one = lite.report(LAMP).incident_id
    shown = a_visitor(lite, "worker-a11").page(f"/incidents/{one}")
    assert "/urges" not in shown
    assert f"/incidents/{one}/orders" not in shown


def test_an_order_is_given_answered_sent_back_and_accepted_in_forms(lite: Site) -> None:
    one = lite.report(LAMP).incident_id
    page = f"/incidents/{one}"
    secretary, worker = a_visitor(lite, "secretary-a"), a_visitor(lite, "worker-a11")
    form = {"to": "handler", "level": "key", "text": TEXT, "answer_by": "2026-11-20T15:00"}
    answer = secretary.post(f"{page}/orders", form, seen=page)
    sheet = answer.headers["Location"]
    assert answer.status_code == 303
    assert "督〔2026〕1号" in worker.page("/inbox")
    assert "Nov 20, 2026 15:00" in worker.page(sheet)
    sent = {"text": "Lamp replaced", "round": "1", "photos": a_photo()}
    assert worker.post(f"{sheet}/answer", sent, seen=sheet).status_code == 303
    assert "Photo 1, with the answer" in secretary.page(sheet)
    empty = secretary.post(f"{sheet}/send-back", {"reason": "", "round": "1"}, seen=sheet)
    assert empty.status_code == 422
    assert "“Reason” is missing" in empty.text
    back = {"reason": "By night too?", "round": "1"}
    assert secretary.post(f"{sheet}/send-back", back, seen=sheet).status_code == 303
    late = worker.post(f"{sheet}/answer", {"text": "again", "round": "1"}, seen=sheet)
    assert late.status_code == 409
    assert "again" in late.text
    worker.post(f"{sheet}/answer", {"text": "Yes", "round": "2"}, seen=sheet)
    assert secretary.post(f"{sheet}/accept", {"round": "2"}, seen=sheet).status_code == 303
    shown = secretary.page(sheet)
    for words in (TEXT, "Lamp replaced", "By night too?", "Answer accepted", "Issuer (signature"):
        assert words in shown


def test_what_is_missing_in_an_order_is_told_beside_it_words_kept(lite: Site) -> None:
    one = lite.report(LAMP).incident_id
    page = f"/incidents/{one}"
    form = {"to": "", "level": "general", "text": TEXT}
    answer = a_visitor(lite, "secretary-a").post(f"{page}/orders", form, seen=page)
    assert answer.status_code == 422
    assert "f-order-to-error" in answer.text
    assert TEXT in answer.text


def test_the_board_counts_orders_and_opens_their_list(lite: Site) -> None:
    an_order(lite)
    secretary = a_visitor(lite, "secretary-a")
    assert 'href="/orders?which=open"' in secretary.page("/board")
    lite.clock.advance(days=6)
    secretary = a_visitor(lite, "secretary-a")
    assert 'href="/orders?which=overdue"' in secretary.page("/board")
    shown = secretary.page("/orders?which=overdue")
    assert "督〔2026〕1号" in shown
    assert "Answer overdue" in shown
    assert "No orders here" in secretary.page("/orders?which=answered")
    assert secretary.get("/orders?which=nonsense&before=x").status_code == 200


@pytest.mark.parametrize("who", ["worker-a11", "desk", "checker-a"])
def test_the_list_is_for_those_who_supervise(lite: Site, who: str) -> None:
    assert a_visitor(lite, who).get("/orders").status_code == 403


def test_a_stranger_to_the_matter_finds_no_order(lite: Site) -> None:
    order_id = an_order(lite, "street", FUNERAL)
    visitor = a_visitor(lite, "leader-a1")
    assert visitor.get(f"/orders/{order_id}").status_code == 404
    assert visitor.post(f"/orders/{order_id}/answer", {"text": "x"}).status_code == 404
    assert visitor.get("/orders/999").status_code == 404
    assert visitor.post(f"/orders/{order_id}/burn", {}).status_code == 404
