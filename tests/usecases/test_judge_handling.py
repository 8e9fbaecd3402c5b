"""The reporter says how it was handled, once a round and in time; not done opens it anew."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from gridtrack.access import RESIDENT
from gridtrack.accounts.tables import Post
from gridtrack.analytics.auditor import audit
from gridtrack.deadlines import store as deadlines
from gridtrack.errors import Conflict, Invalid, NotFound
from gridtrack.incidents.rules import Action
from gridtrack.usecases.close import close
from gridtrack.usecases.handle import handle
from gridtrack.usecases.judge_handling import Judgement, judge_handling
from gridtrack.usecases.report import Receipt
from tests.builders import PARKING, Site


def handled(site: Site, category: str = PARKING) -> Receipt:
    receipt = site.report(category)
    site.acknowledge(receipt.incident_id, "worker-a11")
    resolved(site, receipt)
    return receipt


def resolved(site: Site, receipt: Receipt) -> None:
    with site.work("worker-a11") as work:
        handle(work, receipt.incident_id, Action.RESOLVE, {"result": "已劝离"})


def closed(site: Site, receipt: Receipt) -> None:
    with site.work("secretary-a") as work:
        close(work, receipt.incident_id)


def said(site: Site, receipt: Receipt, solved: str = "yes", **more: Any) -> bool:
    with site.work(RESIDENT) as work:
        return judge_handling(work, receipt.number, receipt.code, Judgement(solved, **more))


def test_a_rating_is_an_event_and_changes_nothing_else(site: Site) -> None:
    receipt = handled(site)
    before = site.incident(receipt.incident_id)
    said(site, receipt, stars=4, reasons=["slow"], words="谢谢")
    event = site.events(receipt.incident_id)[-1]
    assert (event.kind, event.actor_name) == ("rated", "resident")
    assert event.data == {
        "solved": "yes", "stars": 4, "reasons": ["slow"], "text": "谢谢", "round": 1, "set": {},
    }  # fmt: skip
    after = site.incident(receipt.incident_id)
    assert (after.state, after.handler_id) == (before.state, before.handler_id)
    assert site.sums_up(receipt.incident_id)


def test_it_is_rated_once(site: Site) -> None:
    receipt = handled(site)
    said(site, receipt)
    with pytest.raises(Conflict, match="rated-already"):
        said(site, receipt, stars=1)


def test_not_handled_at_all_opens_it_again_for_its_handler_with_new_clocks(clocked: Site) -> None:
    receipt = handled(clocked)
    closed(clocked, receipt)
    clocked.clock.advance(days=1)
    assert said(clocked, receipt, "no", stars=1, words="还停在那里")
    row = clocked.incident(receipt.incident_id)
    assert (row.state, row.is_open, row.closed_at) == ("assigned", True, None)
    assert row.handler_id == clocked.people["worker-a11"]
    assert clocked.kinds(receipt.incident_id)[-2:] == ["rated", "reopened"]
    assert clocked.told("worker-a11")[-1] == "assigned"
    with clocked.look() as work:
        live = deadlines.live(work.session, [receipt.incident_id])
        assert {(one.kind, one.cycle) for one in live} >= {("acknowledge", 2), ("resolve", 2)}
        assert row.due_at == work.now + timedelta(minutes=15)  # parking
        assert audit(work).faults == ()
    assert clocked.sums_up(receipt.incident_id)


def test_each_round_is_rated_by_itself(lite: Site) -> None:
    receipt = handled(lite)
    said(lite, receipt, "no", words="没修")
    with pytest.raises(Conflict, match="rate-early"):
        said(lite, receipt)
    lite.acknowledge(receipt.incident_id, "worker-a11")
    resolved(lite, receipt)
    assert not said(lite, receipt, "yes", stars=5)
    rounds = [e.data["round"] for e in lite.events(receipt.incident_id) if e.kind == "rated"]
    assert rounds == [1, 2]


def test_out_of_the_window_it_is_not_opened_and_nothing_is_kept(lite: Site) -> None:
    receipt = handled(lite)
    lite.clock.advance(days=7, seconds=1)
    with pytest.raises(Conflict, match="reopen-late"):
        said(lite, receipt, "partly", again=True, words="又坏了")
    assert lite.kinds(receipt.incident_id)[-1] == "resolve"
    assert not said(lite, receipt, "partly", words="又坏了")


def test_in_its_last_instant_the_window_is_open(lite: Site) -> None:
    receipt = handled(lite)
    lite.clock.advance(days=7)
    assert said(lite, receipt, "no", words="没修")


def test_closing_it_opens_the_window_anew(lite: Site) -> None:
    receipt = handled(lite)
    lite.clock.advance(days=6)
    closed(lite, receipt)
    lite.clock.advance(days=6)
    assert said(lite, receipt, "no", words="没修")


def test_after_a_month_it_is_too_late_to_rate(lite: Site) -> None:
    receipt = handled(lite)
    lite.clock.advance(days=31)
    with pytest.raises(Conflict, match="rate-late"):
        said(lite, receipt)


def test_what_is_opened_too_often_is_the_secretarys_to_decide(lite: Site) -> None:
    receipt = handled(lite)
    for _ in range(3):
        said(lite, receipt, "no", words="没修")
        lite.acknowledge(receipt.incident_id, "worker-a11")
        resolved(lite, receipt)
    with pytest.raises(Conflict, match="reopen-often"):
        said(lite, receipt, "no", words="没修")


def test_what_is_missing_is_named(lite: Site) -> None:
    receipt = handled(lite)
    for given, field in (
        ({"solved": ""}, "solved"),
        ({"solved": "no"}, "words"),
        ({"solved": "yes", "stars": 6}, "stars"),
        ({"solved": "yes", "reasons": ["x"]}, "reasons"),
    ):
        with pytest.raises(Invalid) as raised:
            said(lite, receipt, **given)
        assert raised.value.field == field
    assert "rated" not in lite.kinds(receipt.incident_id)


def test_a_stranger_rates_nothing(lite: Site) -> None:
    receipt = handled(lite)
    with lite.work(RESIDENT) as work, pytest.raises(NotFound):
        judge_handling(work, receipt.number, "ABCDEF", Judgement("yes"))


def test_a_handler_without_a_post_is_followed_by_who_is_responsible_now(lite: Site) -> None:
    receipt = handled(lite)
    with lite.work() as work:
        mine = Post.person_id == lite.people["worker-a11"]
        work.session.execute(update(Post).where(mine).values(until_at=work.now))
    said(lite, receipt, "no", words="没修")
    assert lite.incident(receipt.incident_id).handler_id == lite.people["deputy-a11"]
