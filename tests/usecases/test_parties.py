"""Whom a matter is about is never told, never given it, and cannot find out that there is one."""

from typing import Any

import pytest

from gridtrack.access import Role
from gridtrack.accounts import store as accounts
from gridtrack.accounts.store import NewPost
from gridtrack.accounts.tables import Person
from gridtrack.analytics.auditor import audit
from gridtrack.errors import Conflict, Forbidden, GridtrackError, Invalid, NotFound
from gridtrack.incidents.intake import ReporterGiven
from gridtrack.notifications.tables import Message
from gridtrack.queries.board import board
from gridtrack.queries.inbox import inbox
from gridtrack.queries.incident import incident_page
from gridtrack.queries.listed import Wanted, listed
from gridtrack.queries.maps import Box, incidents_in
from gridtrack.queries.notices import notices
from gridtrack.usecases.assign import assign
from gridtrack.usecases.mark_party import mark_party
from tests.builders import DISPUTE, FUNERAL, LAMP, NO_PASSWORD, NOW, Site, in_estate

WORLD = Box(-180, -85, 180, 85)


def person(site: Site, who: str) -> str:
    return f"person:{site.people[who]}"


def mark(site: Site, by: str, incident_id: int, who: str) -> int:
    with site.work(by) as work:
        return mark_party(work, incident_id, who)


def handler(site: Site, incident_id: int) -> str | None:
    names = {key: who for who, key in site.people.items()}
    return names.get(site.incident(incident_id).handler_id or 0)


def finds_nothing(site: Site, who: str, incident_id: int) -> None:
    """Every way that this person could learn of the matter, as of one that does not exist."""
    ghost = incident_id + 1000
    with site.look(who) as work:
        told = []
        for one in (incident_id, ghost):
            with pytest.raises(NotFound) as caught:
                incident_page(work, one, "zh")
            told.append((caught.value.code, set(caught.value.params)))
        assert told[0] == told[1]
        assert incident_id not in {one.id for one in asked(listed, work, Wanted(), "zh")}
        assert incident_id not in {one["id"] for one in incidents_in(work, WORLD)["features"]}
        page = inbox(work, "zh")
        assert incident_id not in {one.id for one in (*page.waiting, *page.handling)}
        assert incident_id not in {one.incident_id for one in notices(work, "zh")}
    with site.look(who) as work:
        try:
            shown = board(work, "zh")
        except Forbidden:
            return
        lists = (shown.overdue, shown.soon, shown.escalated, shown.triage, shown.recent)
        assert incident_id not in {one.id for some in lists for one in some}
        assert sum(shown.counts.values()) == 0


def asked(query: Any, *given: Any) -> Any:
    try:
        return query(*given).incidents
    except Forbidden:
        return ()


def never_told(site: Site, who: str, incident_id: int) -> None:
    with site.look() as work:
        rows = work.session.query(Message).filter_by(
            incident_id=incident_id, recipient_id=site.people[who]
        )
        assert rows.count() == 0


# --- the story of field guide §0.2 ---


def test_the_manager_of_the_estate_complained_of_never_hears_of_it(site: Site) -> None:
    plain = site.report(LAMP, at=in_estate()).incident_id
    assert site.incident(plain).co_handler_id == site.people["property-e1"]  # as 13415 has it
    one = site.report(LAMP, at=in_estate(), against=("property",)).incident_id
    row = site.incident(one)
    assert (handler(site, one), row.co_handler_id, row.sensitivity) == ("worker-a11", None, 2)
    site.sweep(minutes=6)
    site.sweep(minutes=30)
    finds_nothing(site, "property-e1", one)
    never_told(site, "property-e1", one)
    for action in (lambda work: assign(work, one, site.people["property-e1"]),):
        with pytest.raises(Invalid, match="person-not-available"), site.work("secretary-a") as w:
            action(w)
    with site.look("secretary-a") as work:
        page = incident_page(work, one, "zh")
    assert "property-e1" not in repr((page.why, page.timeline, page.people))
    assert site.sums_up(one)


def test_who_manages_the_estate_tomorrow_is_gone_round_as_well(lite: Site) -> None:
    one = lite.report(LAMP, at=in_estate(), against=("property",)).incident_id
    with lite.work() as work:
        new = Person(login="property-new", name="property-new", password_hash=NO_PASSWORD,
                     phone="", locale="zh", active=True, created_at=NOW)  # fmt: skip
        accounts.add_person(work.session, new, (NewPost(Role.PROPERTY, "", zone="E1"),), NOW)
        lite.people["property-new"] = new.id
    finds_nothing(lite, "property-new", one)


@pytest.mark.parametrize(
    ("against", "goes_to"),
    [(("gridworker",), "leader-a1"), (("leader",), "worker-a11"),
     (("gridworker", "leader"), "secretary-a"), (("gridworker", "leader", "secretary"), "street")],
)  # fmt: skip
def test_a_complaint_goes_above_the_post_that_it_is_about(
    site: Site, against: tuple[str, ...], goes_to: str
) -> None:
    one = site.report(LAMP, against=against).incident_id
    assert handler(site, one) == goes_to
    for role, who in (("gridworker", "worker-a11"), ("leader", "leader-a1"),
                      ("secretary", "secretary-a")):  # fmt: skip
        if role in against:
            finds_nothing(site, who, one)
            never_told(site, who, one)
    first = next(event.data for event in site.events(one) if event.kind == "assigned")
    if "gridworker" in against:
        assert first["why"][0] == {"code": "not-available"}
        assert "a11" not in repr(first["why"])


def test_a_sealed_complaint_of_the_secretary_goes_to_the_street(site: Site) -> None:
    one = site.report(FUNERAL, against=("secretary",)).incident_id
    assert handler(site, one) == "street"
    finds_nothing(site, "secretary-a", one)


def test_the_ladder_goes_round_them_and_the_auditor_agrees(site: Site) -> None:
    one = site.report(LAMP, against=("leader", "secretary")).incident_id
    for _ in range(8):
        site.sweep(minutes=10)
    for who in ("leader-a1", "secretary-a", "secretary-a2"):
        never_told(site, who, one)
    skipped = [e.data["passed"] for e in site.events(one) if e.kind == "rung-skipped"]
    assert {"code": "not-available", "names": []} in skipped
    assert site.told("street")
    with site.look() as work:
        found = audit(work)
    assert (found.missing, found.double, found.early) == (0, 0, 0), found.faults
    assert site.sums_up(one)


# --- marked later ---


def test_marked_later_it_is_taken_from_them_with_everything_they_were_told(site: Site) -> None:
    one = site.report(LAMP, at=in_estate(), reporter=ReporterGiven("林某")).incident_id
    site.acknowledge(one, "worker-a11")
    mark(site, "secretary-a", one, person(site, "worker-a11"))
    mark(site, "secretary-a", one, "estate")
    row = site.incident(one)
    assert (handler(site, one), row.co_handler_id, row.state) == ("leader-a1", None, "assigned")
    assert row.acknowledged_at is None
    for who in ("worker-a11", "property-e1"):
        finds_nothing(site, who, one)
        assert site.told(who) == []
    assert site.told("leader-a1")[-1] == "assigned"
    assert "worker-a11" not in repr([e.data for e in site.events(one) if e.kind == "party-marked"])
    site.sweep(minutes=6)
    with site.look() as work:
        assert audit(work).clean
    assert site.sums_up(one)


def test_nobody_above_is_left_and_the_desk_has_it(lite: Site) -> None:
    one = lite.report(DISPUTE, against=("gridworker", "leader", "secretary")).incident_id
    mark(lite, "desk", one, person(lite, "street"))
    assert handler(lite, one) is None
    assert lite.told("desk")[-1] == "triage"


def test_a_handler_may_mark_themselves_and_nobody_else(lite: Site) -> None:
    one = lite.report(LAMP).incident_id
    with pytest.raises(Forbidden):
        mark(lite, "worker-a11", one, person(lite, "leader-a1"))
    mark(lite, "worker-a11", one, person(lite, "worker-a11"))
    assert handler(lite, one) == "leader-a1"
    finds_nothing(lite, "worker-a11", one)


@pytest.mark.parametrize(
    ("by", "who", "error"),
    [("secretary-b", "person:1", NotFound), ("checker-a", "person:1", Forbidden),
     ("secretary-a", "person:9999", Invalid), ("secretary-a", "estate", Invalid),
     ("secretary-a", "person:x", Invalid), ("secretary-a", "", Invalid)],
)  # fmt: skip
def test_who_cannot_mark_and_what_cannot_be_marked(
    lite: Site, by: str, who: str, error: type[GridtrackError]
) -> None:
    one = lite.report(LAMP).incident_id
    with pytest.raises(error):
        mark(lite, by, one, who)


def test_a_mark_twice_is_one_and_an_old_version_is_a_conflict(lite: Site) -> None:
    one = lite.report(LAMP).incident_id
    version = mark(lite, "secretary-a", one, person(lite, "leader-a1"))
    assert mark(lite, "secretary-a", one, person(lite, "leader-a1")) == version
    with pytest.raises(Conflict), lite.work("secretary-a") as work:
        mark_party(work, one, person(lite, "worker-a11"), version=1)
