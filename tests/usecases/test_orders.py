"""Urging and supervising: who may, what happens, who is told, what stays as it was."""

from datetime import timedelta
from typing import Any

import pytest

from gridtrack.analytics.auditor import audit
from gridtrack.deadlines.tables import ClockRow
from gridtrack.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from gridtrack.incidents.rules import Action
from gridtrack.notifications.tables import Message
from gridtrack.orders import store as orders
from gridtrack.orders.tables import Order
from gridtrack.queries.inbox import inbox
from gridtrack.queries.incident import incident_page
from gridtrack.queries.notices import notices
from gridtrack.queries.orders import Which, listed_orders, order_page
from gridtrack.usecases.answer_order import answer_order
from gridtrack.usecases.assign import assign
from gridtrack.usecases.calendar import keep_calendars
from gridtrack.usecases.close import close, merge
from gridtrack.usecases.handle import handle
from gridtrack.usecases.judge_order import accept_answer, send_back
from gridtrack.usecases.supervise import NewOrder, supervise
from gridtrack.usecases.urge import urge
from gridtrack.usecases.withdraw_order import withdraw_order
from tests.builders import FUNERAL, LAMP, NOW, Site

BINS = "0401"  # asks for nothing on being resolved
WORDS = "三天内修好并回复"


def urged(site: Site, incident_id: int, by: str = "leader-a1", reason: str = "") -> int:
    with site.work(by) as work:
        return urge(work, incident_id, reason=reason).count


def ordered(site: Site, incident_id: int, by: str = "secretary-a", **given: Any) -> int:
    new = NewOrder(**{"text": WORDS, "to": "handler", **given})
    with site.work() as work:
        keep_calendars(work)
    with site.work(by) as work:
        return supervise(work, incident_id, new)


def answered(site: Site, order_id: int, by: str = "worker-a11", text: str = "已修好") -> None:
    with site.work(by) as work:
        answer_order(work, order_id, text)


def order_of(site: Site, order_id: int) -> Order:
    with site.look() as work:
        return orders.get(work.session, order_id)


def to_be_answered_by(site: Site, who: str) -> list[int]:
    with site.look(who) as work:
        return [one.id for one in inbox(work, "zh").orders]


# --- urging ------------------------------------------------------------------------------------


def test_an_urge_tells_handler_and_co_handler_and_moves_no_clock(site: Site) -> None:
    one = site.report(LAMP).incident_id
    before = site.incident(one)
    assert urged(site, one, reason="请尽快") == 1
    after = site.incident(one)
    for name in ("due_at", "next_due_at", "deadline_state", "state", "handler_id", "rung"):
        assert getattr(after, name) == getattr(before, name)
    assert site.told("worker-a11") == ["assigned", "urged"]
    assert site.kinds(one)[-1] == "urged"
    assert site.sums_up(one)
    site.sweep(minutes=5)
    assert site.incident(one).rung == "deputy"


def test_a_person_urges_a_matter_once_in_a_span_and_is_told_when_again(site: Site) -> None:
    one = site.report(LAMP).incident_id
    site.acknowledge(one, "worker-a11")
    urged(site, one)
    site.clock.advance(minutes=29, seconds=59)
    with pytest.raises(TooMany) as refused:
        urged(site, one)
    assert refused.value.params == {"at": "11-20 10:00", "again": "11-20 10:30", "retry_after_s": 1}
    assert urged(site, one, "secretary-a") == 2
    site.clock.advance(seconds=1)
    assert urged(site, one) == 3
    other = site.report(LAMP).incident_id
    assert urged(site, other) == 1


def test_the_span_is_the_deployments_own(lite: Site) -> None:
    shipped = lite.runtime.settings.instance / orders.OWN_FILE
    text = '[urge]\nevery = "1h"\n' + "".join(
        f'[[level]]\ncode = "{code}"\nworkdays = 1\n' for code in ("general", "key", "listed")
    )
    shipped.write_text(text, "utf-8")
    one = lite.report(LAMP).incident_id
    urged(lite, one)
    lite.clock.advance(minutes=59)
    with pytest.raises(TooMany):
        urged(lite, one)


@pytest.mark.parametrize("who", ["worker-a11", "worker-b11", "checker-a", "property-e1", "admin"])
def test_who_does_not_direct_does_not_urge(lite: Site, who: str) -> None:
    one = lite.report(LAMP).incident_id
    with pytest.raises(Forbidden):
        urged(lite, one, who)


def test_who_directs_elsewhere_is_told_that_there_is_no_such_matter(lite: Site) -> None:
    one = lite.report(LAMP).incident_id
    with pytest.raises(NotFound):
        urged(lite, one, "secretary-b")


def test_the_desk_urges_too(lite: Site) -> None:
    assert urged(lite, lite.report(LAMP).incident_id, "desk") == 1


def test_there_is_nobody_to_urge(lite: Site) -> None:
    nowhere = lite.report(LAMP, at=(119.4, 27.3)).incident_id
    with pytest.raises(Conflict, match="urge-nobody"):
        urged(lite, nowhere, "street")
    own = lite.report(BINS).incident_id
    lite.acknowledge(own, "leader-a1")
    with pytest.raises(Conflict, match="urge-self"):
        urged(lite, own, "leader-a1")
    with lite.work("leader-a1") as work:
        handle(work, own, Action.RESOLVE, {"result": "好了"})
    with pytest.raises(Conflict, match="urge-done"):
        urged(lite, own, "secretary-a")


def test_a_sealed_matter_is_urged_inside_its_chain_without_a_word_of_it(site: Site) -> None:
    one = site.report(FUNERAL).incident_id
    with pytest.raises(NotFound):
        urged(site, one, "leader-a1")
    urged(site, one, "street", reason="家属在等")
    with site.look("secretary-a") as work:
        notice = notices(work, "zh")[0]
    assert notice.title.startswith("催办 261120-")
    assert "家属" not in notice.text
    assert "street" not in notice.title + notice.text


# --- the course of an order --------------------------------------------------------------------


def test_an_order_is_answered_and_accepted(site: Site) -> None:
    one = site.report(LAMP).incident_id
    order_id = ordered(site, one)
    assert order_of(site, order_id).number == "督〔2026〕1号"
    assert to_be_answered_by(site, "worker-a11") == [order_id]
    assert site.told("worker-a11") == ["assigned", "ordered"]
    answered(site, order_id)
    assert site.told("secretary-a") == ["order-answered"]
    assert to_be_answered_by(site, "worker-a11") == []
    with site.work("secretary-a") as work:
        accept_answer(work, order_id, comment="属实")
    assert order_of(site, order_id).state == "accepted"
    assert site.told("worker-a11")[-1] == "order-accepted"
    assert site.kinds(one)[-3:] == ["ordered", "order-answered", "order-accepted"]
    assert site.sums_up(one)


def test_an_answer_sent_back_makes_another_round(site: Site) -> None:
    order_id = ordered(site, site.report(LAMP).incident_id)
    answered(site, order_id)
    with site.work("secretary-a") as work:
        send_back(work, order_id, reason="没有照片", answer_by=NOW + timedelta(hours=5))
    again = order_of(site, order_id)
    assert (again.state, again.round, again.due_at) == ("issued", 2, NOW + timedelta(hours=5))
    with site.work("worker-a11") as work, pytest.raises(Conflict, match="order-round"):
        answer_order(work, order_id, "照片见附件", round_=1)
    answered(site, order_id, text="照片见附件")
    assert site.told("worker-a11")[-1] == "order-returned"
    with site.look("secretary-a") as work:
        said = order_page(work, order_id, "zh").said
    assert [(one.kind, one.text) for one in said] == [
        ("ordered", WORDS),
        ("order-answered", "已修好"),
        ("order-returned", "没有照片"),
        ("order-answered", "照片见附件"),
    ]


def test_the_answer_is_due_in_workdays_unless_said_otherwise(site: Site) -> None:
    # A Friday at ten: three workdays later is Wednesday at ten.
    order_id = ordered(site, site.report(LAMP).incident_id)
    assert order_of(site, order_id).due_at == NOW + timedelta(days=5)
    own = NOW + timedelta(hours=2)
    other = ordered(site, site.report(LAMP).incident_id, level="listed", answer_by=own)
    assert order_of(site, other).due_at == own


def test_an_order_is_withdrawn_with_a_reason(site: Site) -> None:
    order_id = ordered(site, site.report(LAMP).incident_id)
    with site.work("secretary-a") as work, pytest.raises(Invalid):
        withdraw_order(work, order_id, reason=" ")
    with site.work("secretary-a") as work:
        withdraw_order(work, order_id, reason="已由别处办理")
    assert order_of(site, order_id).state == "withdrawn"
    with pytest.raises(Conflict):
        answered(site, order_id)


def test_numbers_run_on_within_a_year_and_begin_anew(site: Site) -> None:
    first, second = (ordered(site, site.report(LAMP).incident_id) for _ in range(2))
    site.clock.advance(days=42)  # 1 January, ten in the morning
    third = ordered(site, site.report(LAMP).incident_id)
    numbers = [order_of(site, one).number for one in (first, second, third)]
    assert numbers == ["督〔2026〕1号", "督〔2026〕2号", "督〔2027〕1号"]


def test_one_order_at_a_time_is_open_on_a_matter(site: Site) -> None:
    one = site.report(LAMP).incident_id
    ordered(site, one)
    with pytest.raises(Conflict, match="order-open"):
        ordered(site, one, "street")


def test_a_matter_under_an_open_order_does_not_end(lite: Site) -> None:
    one, other = lite.report(BINS).incident_id, lite.report(BINS).incident_id
    order_id = ordered(lite, one)
    lite.acknowledge(one, "worker-a11")
    with lite.work("secretary-a") as work, pytest.raises(Conflict, match="order-still-open"):
        handle(work, one, Action.REJECT, {"reason": "不属实"})
    with lite.work("secretary-a") as work, pytest.raises(Conflict, match="order-still-open"):
        merge(work, one, other)
    with lite.work("worker-a11") as work:
        handle(work, one, Action.RESOLVE, {"result": "好了"})
    with lite.work("checker-a") as work, pytest.raises(Conflict, match="order-still-open"):
        close(work, one)
    answered(lite, order_id)
    with lite.work("secretary-a") as work:
        accept_answer(work, order_id)
    with lite.work("checker-a") as work:
        close(work, one)
    assert lite.incident(one).state == "closed"


# --- who ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["worker-a11", "desk", "checker-a", "property-e1", "security"])
def test_who_may_not_supervise_gives_no_order(lite: Site, who: str) -> None:
    with pytest.raises(Forbidden):
        ordered(lite, lite.report(LAMP).incident_id, who)


def keys(site: Site, incident_id: int, who: str) -> list[str]:
    with site.look(who) as work:
        return [one.key for one in incident_page(work, incident_id, "zh").pressed.addressees]


def test_an_order_goes_to_the_handler_or_to_posts_below_ones_own(lite: Site) -> None:
    one = lite.report(LAMP).incident_id
    assert keys(lite, one, "leader-a1") == ["handler", "gridworker:A/A1/A11"]
    assert keys(lite, one, "secretary-a") == [
        "handler", "gridworker:A/A1/A11", "leader:A/A1", "secretary:A",
    ]  # fmt: skip
    assert keys(lite, one, "street")[-1] == "secretary:A"
    assert keys(lite, one, "worker-a11") == []
    for wrong in ("street:", "leader:B/B1", "secretary", "desk:"):
        with pytest.raises(Invalid, match="not-an-addressee"):
            ordered(lite, one, "leader-a1", to=wrong)


def test_a_sealed_matter_is_ordered_inside_its_chain(lite: Site) -> None:
    one = lite.report(FUNERAL).incident_id
    assert keys(lite, one, "street") == ["handler", "secretary:A"]
    with pytest.raises(NotFound):
        ordered(lite, one, "leader-a1")
    order_id = ordered(lite, one, "street")
    with lite.look("worker-a11") as work, pytest.raises(NotFound):
        order_page(work, order_id, "zh")
    with lite.look("secretary-a") as work:
        notice = notices(work, "zh")[0]
    assert WORDS not in notice.text
    assert "督〔" not in notice.title + notice.text


def test_an_order_to_a_post_is_answered_by_whoever_holds_it(lite: Site) -> None:
    one = lite.report(LAMP).incident_id
    order_id = ordered(lite, one, "street", to="secretary:A")
    assert lite.told("secretary-a2")[-1] == "ordered"
    assert to_be_answered_by(lite, "secretary-a2") == [order_id]
    with pytest.raises(Forbidden):
        answered(lite, order_id, "worker-a11")
    answered(lite, order_id, "secretary-a2")
    with lite.work("secretary-a2") as work, pytest.raises(Forbidden):
        accept_answer(work, order_id)  # not one's own answer
    with lite.work("street") as work:
        accept_answer(work, order_id)


def test_an_order_to_the_handler_goes_with_the_matter(lite: Site) -> None:
    one = lite.report(LAMP).incident_id
    order_id = ordered(lite, one)
    with lite.work("leader-a1") as work:
        assign(work, one, lite.people["worker-a12"])
    with pytest.raises(Forbidden):
        answered(lite, order_id, "worker-a11")
    answered(lite, order_id, "worker-a12")


def test_an_order_does_not_climb_to_its_issuer_with_the_matter(lite: Site) -> None:
    one = lite.report(LAMP).incident_id
    order_id = ordered(lite, one)
    for _ in range(3):
        lite.sweep(minutes=5)
    assert lite.incident(one).handler_id == lite.people["secretary-a"]
    assert to_be_answered_by(lite, "secretary-a") == []
    assert to_be_answered_by(lite, "worker-a11") == [order_id]
    answered(lite, order_id)


def test_whoever_stands_above_the_issuer_judges_and_nobody_below(lite: Site) -> None:
    order_id = ordered(lite, lite.report(LAMP).incident_id)
    answered(lite, order_id)
    with lite.work("leader-a1") as work, pytest.raises(Forbidden):
        accept_answer(work, order_id)
    with lite.work("street") as work:
        accept_answer(work, order_id)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "字" * 3000}, "text"),
        ({"to": ""}, "to"),
        ({"level": "urgent"}, "level"),
        ({"answer_by": NOW}, "answer_by"),
        ({"answer_by": NOW + timedelta(days=366)}, "answer_by"),
    ],
)
def test_what_is_missing_in_an_order_is_named(
    lite: Site, given: dict[str, Any], field: str
) -> None:
    one = lite.report(LAMP).incident_id
    with pytest.raises(Invalid) as refused:
        ordered(lite, one, **given)
    assert refused.value.field == field


def test_no_message_holds_the_words_of_an_order_or_of_its_answer(lite: Site) -> None:
    order_id = ordered(lite, lite.report(LAMP).incident_id)
    answered(lite, order_id)
    with lite.look() as work:
        kept = [str(one.facts) for one in work.session.query(Message)]
    assert not [facts for facts in kept if WORDS in facts or "已修好" in facts]


# --- the list ----------------------------------------------------------------------------------


def test_the_list_of_a_secretary_holds_the_orders_of_the_scope(site: Site) -> None:
    first = ordered(site, site.report(LAMP).incident_id, answer_by=NOW + timedelta(hours=1))
    second = ordered(site, site.report(LAMP).incident_id)
    sealed = ordered(site, site.report(FUNERAL).incident_id, "street")
    answered(site, second)
    site.clock.advance(hours=2)

    def shown(who: str, which: Which) -> list[int]:
        with site.look(who) as work:
            page = listed_orders(work, which, "zh")
            assert page.counts.get(which.value, len(page.lines)) == len(page.lines)
            return [one.id for one in page.lines]

    assert shown("secretary-a", Which.OPEN) == [first, second, sealed]
    assert shown("secretary-a", Which.OVERDUE) == [first]
    assert shown("secretary-a", Which.ANSWERED) == [second]
    assert shown("leader-a1", Which.OPEN) == [first, second]
    assert shown("secretary-b", Which.OPEN) == []
    with site.work("secretary-a") as work:
        accept_answer(work, second)
    assert shown("secretary-a", Which.DONE) == [second]


# --- the clock of an answer --------------------------------------------------------------------


def clock_of(site: Site, incident_id: int, cycle: int = 1) -> ClockRow:
    with site.look() as work:
        found = work.session.get(ClockRow, (incident_id, "supervise", cycle))
    assert found is not None
    return found


def clean(site: Site) -> bool:
    with site.look() as work:
        return audit(work).clean


def test_an_answer_in_time_keeps_the_clock_and_another_round_starts_one(site: Site) -> None:
    one = site.report(BINS).incident_id
    site.acknowledge(one, "worker-a11")
    order_id = ordered(site, one, answer_by=NOW + timedelta(hours=2))
    assert clock_of(site, one).due_at == NOW + timedelta(hours=2)
    answered(site, order_id)
    assert (clock_of(site, one).state, clock_of(site, one).breached_at) == ("met", None)
    with site.work("secretary-a") as work:
        send_back(work, order_id, reason="再查", answer_by=NOW + timedelta(hours=3))
    assert clock_of(site, one, 2).due_at == NOW + timedelta(hours=3)
    with site.work("secretary-a") as work:
        withdraw_order(work, order_id, reason="不必了")
    assert clock_of(site, one, 2).state == "cancelled"
    assert site.sums_up(one)
    assert clean(site)


def test_an_answer_that_is_overdue_climbs_and_takes_nothing_over(site: Site) -> None:
    one = site.report(BINS).incident_id
    site.acknowledge(one, "worker-a11")
    order_id = ordered(site, one, answer_by=NOW + timedelta(minutes=30))
    site.sweep(minutes=30)
    assert site.told("secretary-a").count("order-overdue") == 1  # who gave it, apart from the steps
    site.sweep(hours=1)
    assert site.told("secretary-a").count("order-overdue") == 1
    assert site.told("leader-a1")[-1] == "overdue"
    assert site.told("secretary-a")[-1] == "overdue"
    assert site.incident(one).handler_id == site.people["worker-a11"]
    with site.look("secretary-a") as work:
        story = next(s for s in incident_page(work, one, "zh").stories if s.clock == "supervise")
    assert story.missed_by == "worker-a11"
    answered(site, order_id)
    assert clock_of(site, one).breached_at == NOW + timedelta(minutes=30)
    assert site.sums_up(one)
    assert clean(site)
