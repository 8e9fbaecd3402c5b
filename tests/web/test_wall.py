"""The screen on the wall: by its key alone, without names, sealed matters or anything to press."""

import re

import pytest

from gridtrack.access import ROLES, Permission
from gridtrack.queries.wall import eyes, wall
from tests.builders import FUNERAL, LAMP, Site, middle
from tests.web.visitor import a_visitor


def key_of(site: Site, scope: str = "A") -> str:
    visitor = a_visitor(site, "secretary-a")
    page = visitor.post("/walls", {"name": "大厅", "scope": scope}, seen="/walls").text
    found = re.search(r"/wall/([\w-]+)", page)
    assert found is not None
    return found.group(1)


@pytest.fixture
def hot(lite: Site) -> Site:
    """A lamp in A that climbed, one in B, a funeral in A."""
    lite.report(LAMP, description="楼下的路灯坏了", address="朝阳33号")
    lite.report(LAMP, at=middle("B11"))
    lite.report(FUNERAL, description="老人过世")
    lite.sweep(minutes=6)
    return lite


def test_a_screen_needs_its_key_and_nothing_else(hot: Site) -> None:
    key, stranger = key_of(hot), a_visitor(hot)
    for address in (f"/wall/{key}", f"/wall/{key}/live", f"/wall/{key}/marks"):
        assert stranger.get(address).status_code == 200, address
    assert stranger.get("/wall/not-a-key").status_code == 404
    assert stranger.get("/wall").status_code == 302
    assert stranger.get("/walls").status_code == 302


def test_it_shows_what_burns_and_nobodys_name(hot: Site) -> None:
    stranger, key = a_visitor(hot), key_of(hot)
    page = stranger.page(f"/wall/{key}")
    assert "Estate lamp" in page
    assert "0 of 1" in page  # the lamp of A; neither B's nor the sealed one
    for hidden in ("worker-a11", "secretary-a", "路灯坏了", "老人过世", "朝阳33号", "林某"):
        assert hidden not in page, hidden
    marks = stranger.get(f"/wall/{key}/marks").get_json()["features"]
    assert [sorted(one["properties"]) for one in marks] == [["number", "status", "title", "tone"]]


def test_a_key_that_has_ended_shows_nothing(hot: Site) -> None:
    key, visitor = key_of(hot), a_visitor(hot, "secretary-a")
    visitor.post("/walls/1/end", {}, seen="/walls")
    assert a_visitor(hot).get(f"/wall/{key}/live").status_code == 404
    assert "ended" in visitor.page("/walls")


def test_nobody_gives_a_key_to_ground_that_is_not_theirs(hot: Site) -> None:
    visitor = a_visitor(hot, "secretary-a")
    for scope in ("B", ""):
        page = visitor.post("/walls", {"name": "x", "scope": scope}, seen="/walls")
        assert page.status_code == 303, scope
    hot_key = key_of(hot)
    other = a_visitor(hot, "secretary-b")
    assert other.post("/walls/1/end", {}, seen="/walls").status_code == 403
    assert a_visitor(hot).get(f"/wall/{hot_key}").status_code == 200


def test_who_reads_for_a_wall_may_see_and_do_nothing_more() -> None:
    who = eyes("A")
    allowed = {one for one in Permission if any(one in ROLES[h.role] for h in who.holdings)}
    assert allowed & (who.limited_to or frozenset()) == {Permission.SEE}


def test_a_person_sees_the_same_by_their_login(hot: Site) -> None:
    page = a_visitor(hot, "leader-a1").page("/wall")
    assert "Estate lamp" in page
    assert "worker-a11" not in page


def test_kept_in_time_counts_what_is_over_today(site: Site) -> None:
    site.report(LAMP)
    site.acknowledge(1, "worker-a11")
    site.report(LAMP)
    with site.look(eyes("A")) as work:
        page = wall(work, "zh")
    assert (page.kept, page.promised, page.within_hour) == (1, 1, 1)
    site.sweep(minutes=6)
    with site.look(eyes("A")) as work:
        page = wall(work, "zh")
    assert (page.kept, page.promised, page.overdue, len(page.climbs)) == (1, 2, 1, 1)
