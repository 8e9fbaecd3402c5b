"""The board without scripts: a filter in the address, kept views, acts on several matters."""

import re

import pytest

from gridtrack.queries.changes import Seen, seen_now, touched
from tests.builders import BUILDING, FUNERAL, LAMP, PARKING, Site, middle
from tests.web.visitor import Visitor, a_visitor


def listed(page: str) -> list[int]:
    return [int(one) for one in re.findall(r'id="m-(\d+)"', page)]


def of(site: Site, query: str, who: str = "secretary-a") -> list[int]:
    return listed(a_visitor(site, who).page(f"/board?{query}"))


@pytest.fixture
def busy(lite: Site) -> Site:
    """1 a lamp in A11 that climbed, 2 a car in A22, 3 nobody's lamp, 4 a lamp that is handled."""
    lite.report(LAMP, description="路灯坏了")
    lite.sweep(minutes=6)
    lite.report(PARKING, at=middle("A22"), description="车占道")
    lite.report(LAMP, at=(119.4, 27.3))
    lite.report(LAMP, at=middle("A12"))
    lite.acknowledge(4, "worker-a12")
    return lite


ASKED = {
    "": [1, 3, 2, 4],
    "sort=new": [4, 3, 2, 1],
    "due=overdue": [1],
    "due=hour": [3, 2],
    "climbed=any": [1],
    "climbed=me": [],
    "handler=none": [3],
    "state=handling": [4],
    "state=closed": [],
    "category=0104": [2],
    "category=06": [1, 3, 4],
    "grid=A1": [1, 4],
    "grid=Z9": [],
    "source=patrol": [],
    "from=2026-11-20&to=2026-11-20": [1, 3, 2, 4],
    "to=2026-11-19": [],
    "q=%E8%B7%AF%E7%81%AF&category=0601&grid=A11": [1],
    "q=%25%27": [],
    "page=2": [],
    "state=nonsense&due=x&handler=--&page=-3&from=1&category=99": [1, 3, 2, 4],
}


def test_the_address_says_what_is_listed(busy: Site) -> None:
    visitor = a_visitor(busy, "secretary-a")
    assert {query: listed(visitor.page(f"/board?{query}")) for query in ASKED} == ASKED


def test_what_is_sealed_is_listed_for_the_secretary_alone_and_without_its_words(lite: Site) -> None:
    lite.report(FUNERAL, description="somebody died")
    page = a_visitor(lite, "secretary-a").page("/board")
    assert (listed(page), "somebody died" in page) == ([1], False)
    assert of(lite, "", "leader-a1") == []


def test_a_view_is_kept_by_name_and_by_person(busy: Site) -> None:
    mine = a_visitor(busy, "secretary-a")
    form = {"name": "路灯", "query": "category=06&grid=A1&page=3&evil=1"}
    answer = mine.post("/board/views", form, seen="/board")
    assert answer.headers["Location"] == "/board?category=06&grid=A1&page=3"
    assert 'href="/board?category=06&amp;grid=A1' in mine.page("/board")
    assert "路灯</a>" not in a_visitor(busy, "leader-a1").page("/board").partition("<table")[0]
    mine.post("/board/views/1/drop", {}, seen="/board")
    assert "/board/views/1/drop" not in mine.page("/board")


def chosen(site: Site, *ids: int) -> list[str]:
    return [f"{one}.{site.incident(one).version}" for one in ids]


def test_acts_on_several_are_shown_before_anything_happens(busy: Site) -> None:
    visitor = a_visitor(busy, "secretary-a")
    form = {"act": "close", "pick": chosen(busy, 1, 4)}
    page = visitor.post("/board/bulk", form, seen="/board").text
    assert "this can be done to 0" in page
    assert busy.incident(4).state == "acknowledged"


def test_several_are_assigned_and_given_back_where_nothing_else_happened(busy: Site) -> None:
    visitor, to = a_visitor(busy, "secretary-a"), busy.people["worker-a12"]
    had = busy.incident(1).handler_id
    form = {"act": "assign", "pick": chosen(busy, 1, 2, 3), "to": str(to)}
    page = visitor.post("/board/bulk/do", form, seen="/board").text
    assert [busy.incident(one).handler_id for one in (1, 2, 3)] == [to, to, to]
    back = re.findall(r'name="back" value="([^"]+)"', page)
    assert len(back) == 2  # nobody had the third
    busy.acknowledge(2, "worker-a12")
    page = visitor.post("/board/bulk/back", {"back": back}, seen="/board").text
    assert "Taken back: 1 of 2" in page
    assert [busy.incident(one).handler_id for one in (1, 2)] == [had, to]


def test_what_may_not_be_done_says_why_and_the_rest_is_done(busy: Site) -> None:
    visitor = a_visitor(busy, "secretary-a")
    form = {"act": "urge", "pick": chosen(busy, 1, 3, 4)}
    page = visitor.post("/board/bulk/do", form, seen="/board").text
    assert "Done to 2 of 3" in page
    assert "You may not do this" in page
    assert "You urged this matter" in visitor.post("/board/bulk", form, seen="/board").text


def test_a_matter_of_another_scope_cannot_be_chosen(busy: Site) -> None:
    busy.report(BUILDING, at=middle("B11"))
    form = {"act": "urge", "pick": chosen(busy, 5)}
    page = a_visitor(busy, "secretary-a").post("/board/bulk/do", form, seen="/board").text
    assert "Nothing was chosen" in page
    assert "urged" not in busy.kinds(5)


def poll(visitor: Visitor, etag: str = "", query: str = "") -> tuple[int, str]:
    answer = visitor.get(f"/board/lists{query}", **({"If-None-Match": etag} if etag else {}))
    return answer.status_code, answer.headers["ETag"]


def test_an_unchanged_board_is_not_put_together_again(
    busy: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = a_visitor(busy, "secretary-a")
    _, etag = poll(visitor)
    monkeypatch.setattr("gridtrack.web.board.read_board", lambda *_: pytest.fail("read again"))
    assert poll(visitor, etag)[0] == 304
    busy.report(LAMP, at=middle("B11"))  # not theirs
    assert poll(visitor, etag)[0] == 304


def test_what_happens_to_a_matter_of_mine_changes_the_board(busy: Site) -> None:
    visitor = a_visitor(busy, "secretary-a")
    _, etag = poll(visitor)
    busy.acknowledge(2, "secretary-a")
    assert poll(visitor, etag)[0] == 200


def test_time_alone_changes_the_board_at_the_instant_a_promise_is_missed(busy: Site) -> None:
    visitor = a_visitor(busy, "secretary-a")
    _, etag = poll(visitor)
    due = busy.incident(3).due_at
    assert due is not None
    busy.clock.advance(seconds=(due - busy.clock.now()).total_seconds() - 1)
    assert poll(visitor, etag)[0] == 304
    busy.clock.advance(seconds=1)
    assert poll(visitor, etag)[0] == 200


def test_an_event_that_was_committed_late_with_a_smaller_number_is_seen(lite: Site) -> None:
    lite.report(LAMP)
    with lite.look("secretary-a") as work:
        assert not touched(work, seen_now(work), ())
        assert touched(work, Seen(top=2, last=frozenset({2})), ())


def test_a_matter_found_near_is_merged_from_the_page_of_the_one_that_stays(lite: Site) -> None:
    lite.report(LAMP)
    second = lite.report(LAMP)
    visitor = a_visitor(lite, "secretary-a")
    seen = "/incidents/1"
    assert "Near it, or of its kind" in visitor.page(seen)
    answer = visitor.post(f"{seen}/repeats", {"number": second.number}, seen=seen)
    assert answer.status_code == 303
    assert lite.incident(2).duplicate_of == 1
    assert "1 duplicate was merged into it" in visitor.page(seen)
    assert visitor.post(f"{seen}/repeats", {"number": "261120-99999"}, seen=seen).status_code == 422
    form = {"reason": "another lamp", "version": str(lite.incident(2).version)}
    assert visitor.post("/incidents/2/split", form, seen="/incidents/2").status_code == 303
    form = {"of": second.number, "version": str(lite.incident(1).version)}
    assert visitor.post(f"{seen}/parent", form, seen=seen).status_code == 303
    assert "It is part of" in visitor.page(seen)
