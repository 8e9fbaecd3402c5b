"""The security administrator's pages, and the link by which somebody comes in."""

import re

import pytest

from gridtrack.accounts.tables import Post
from tests.builders import LAMP, Site, middle
from tests.web.visitor import Visitor, a_visitor, an_app

NEW = {"login": "lin", "name": "林小明", "role": "gridworker", "place": "grid:A/A2/A22"}
LINK = re.compile(r"/welcome/gt_[\w-]+")
GOOD = "seven green herons"


@pytest.fixture
def security(lite: Site) -> Visitor:
    return a_visitor(lite, "security")


def invited(security: Visitor, **changes: str) -> str:
    """Somebody is added; the link of the invitation."""
    page = security.post("/people/new", {**NEW, **changes}, seen="/people/new")
    assert page.status_code == 200, page.status
    found = LINK.search(page.text)
    assert found is not None
    return found.group()


def accept(link: str, site: Site, password: str, again: str | None = None) -> int:
    stranger = Visitor(an_app(site).test_client())
    form = {"password": password, "again": password if again is None else again}
    return stranger.post(link, form, seen="/track").status_code


def logs_in(site: Site, login: str, password: str) -> bool:
    stranger = Visitor(an_app(site).test_client())
    form = {"login": login, "password": password}
    return stranger.post("/login", form, seen="/login").status_code == 303


def test_somebody_added_sets_their_own_password_once(lite: Site, security: Visitor) -> None:
    link = invited(security)
    assert not logs_in(lite, "lin", "")
    assert accept(link, lite, GOOD, "something else") == 422
    assert accept(link, lite, "lin-lin-lin-lin") == 422
    assert accept(link, lite, GOOD) == 303
    assert logs_in(lite, "lin", GOOD)
    assert accept(link, lite, "another one here") == 404


def test_a_link_is_over_after_three_days_and_when_another_is_made(
    lite: Site, security: Visitor
) -> None:
    first = invited(security)
    with lite.look() as work:
        number = work.session.query(Post).order_by(Post.id.desc()).first()
        assert number is not None
    page = security.post(f"/people/{number.person_id}/invite", {}, seen="/people")
    second = LINK.search(page.text)
    assert second is not None
    assert accept(first, lite, GOOD) == 404
    lite.clock.advance(hours=73)
    assert accept(second.group(), lite, GOOD) == 404


def test_what_one_person_must_not_hold_is_told_beside_the_field(
    lite: Site, security: Visitor
) -> None:
    form = {"role": "audit", "place": "grid:"}
    page = security.post(f"/people/{lite.people['admin']}/post", form, seen="/people")
    assert page.status_code == 409
    assert "cannot hold both system administrator and audit administrator" in page.text
    assert 'id="f-role-error"' in page.text


def test_whoever_leaves_a_post_is_followed_by_who_is_next(site: Site) -> None:
    one = site.report(LAMP, at=middle("A11")).incident_id
    security = a_visitor(site, "security")
    worker = site.people["worker-a11"]
    with site.look() as work:
        post = work.session.query(Post).filter_by(person_id=worker).one().id
    security.post(f"/people/{worker}/posts/{post}/end", {}, seen=f"/people/{worker}")
    assert site.incident(one).handler_id == site.people["deputy-a11"]
    assert site.kinds(one)[-1] == "assigned"
    assert site.told("deputy-a11") == ["assigned"]
    assert site.sums_up(one)


def test_with_nobody_left_up_to_the_street_it_goes_to_the_desk(lite: Site) -> None:
    one = lite.report(LAMP, at=middle("B11")).incident_id
    security = a_visitor(lite, "security")
    for who in ("street", "secretary-b", "worker-b11"):
        security.post(f"/people/{lite.people[who]}/leave", {}, seen="/people")
    assert lite.incident(one).handler_id is None
    assert lite.incident(one).state == "reported"


def test_what_is_checked_or_anothers_stays_as_it_is(lite: Site) -> None:
    mine = lite.report(LAMP, at=middle("A12")).incident_id
    security = a_visitor(lite, "security")
    security.post(f"/people/{lite.people['worker-a11']}/leave", {}, seen="/people")
    assert lite.incident(mine).handler_id == lite.people["worker-a12"]
    assert len(lite.events(mine)) == 2


@pytest.mark.parametrize("act", ["lock", "post", "leave"])
def test_the_security_administrator_does_nothing_to_themselves(
    lite: Site, security: Visitor, act: str
) -> None:
    form = {"role": "secretary", "place": "grid:A"}
    answer = security.post(f"/people/{lite.people['security']}/{act}", form, seen="/people")
    assert answer.status_code == 403
    assert security.get("/people").status_code == 200


def test_a_person_is_locked_opened_and_changed(lite: Site, security: Visitor) -> None:
    number = lite.people["worker-a11"]
    for act, shown in (("lock", "locked"), ("open", "open")):
        security.post(f"/people/{number}/{act}", {}, seen="/people")
        assert shown in security.page(f"/people/{number}")
    security.post(f"/people/{number}/change", {"name": "陈网格", "phone": "1"}, seen="/people")
    assert "陈网格" in security.page("/people?q=worker-a11")


@pytest.mark.parametrize("page", ["/people", "/people/new", "/people/1"])
@pytest.mark.parametrize("who", ["admin", "auditor", "secretary-a"])
def test_nobody_else_sees_people(lite: Site, page: str, who: str) -> None:
    assert a_visitor(lite, who).get(page).status_code == 403


def test_a_search_that_finds_nobody_says_so(security: Visitor) -> None:
    assert "Nobody found" in security.page("/people?q=%25%25nobody")
