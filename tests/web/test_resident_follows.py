"""What a resident does after the report, without scripts: follow, see, rate, have it done again."""

import re

import pytest

from gridtrack.incidents.rules import Action
from gridtrack.usecases.handle import handle
from tests.builders import Site
from tests.web.test_resident import a_form, number_and_code
from tests.web.visitor import Visitor, a_photo, a_visitor

REFUSE = "0401"  # acknowledged within 30 minutes; no photo is asked for


def a_reporter(site: Site) -> Visitor:
    """A resident who has reported refuse and looks at its progress."""
    visitor = a_visitor(site)
    visitor.post("/", a_form(category=REFUSE, near_seen="1"), seen="/")
    number, code = number_and_code(visitor)
    visitor.post("/track", {"number": number, "code": code})
    return visitor


def resolved(site: Site) -> None:
    site.acknowledge(1, "worker-a11")
    with site.work("worker-a11") as work:
        handle(work, 1, Action.RESOLVE, {"result": "Taken away."})


def photo_of(site: Site) -> str:
    staff = a_visitor(site, "worker-a11")
    staff.post("/incidents/1/note", {"text": "x", "photos": a_photo()}, seen="/incidents/1")
    found = re.search(r"/incidents/1/photos/([^?\"]+)", staff.page("/incidents/1"))
    assert found is not None
    return found.group(1)


def test_the_next_promise_is_told_from_the_stored_instant(lite: Site) -> None:
    visitor = a_reporter(lite)
    told = "Somebody will confirm it before 10:30."
    assert told in visitor.page("/reported")
    assert told in visitor.page("/track/progress")
    lite.clock.advance(minutes=31)
    assert "should have been confirmed by 10:30" in visitor.page("/track/progress")


def test_the_qr_code_is_a_drawing_in_the_page(lite: Site) -> None:
    page = a_reporter(lite).page("/reported")
    assert re.search(r'data-qr[^>]*><svg viewBox="0 0 \d+ \d+"', page)
    assert "style=" not in page.split("data-qr")[1].split("</svg>")[0]


def test_it_can_be_rated_once_it_is_handled(lite: Site) -> None:
    visitor = a_reporter(lite)
    assert "Is it done?" not in visitor.page("/track/progress")
    resolved(lite)
    answer = visitor.post(
        "/track/rating", {"solved": "yes", "stars": "5", "words": "thanks"}, seen="/track/progress"
    )
    assert answer.status_code == 303
    assert "content: 5 very" in visitor.page("/track/progress")
    again = visitor.post("/track/rating", {"solved": "yes"}, seen="/track/progress")
    assert again.status_code == 409


def test_not_at_all_without_words_keeps_what_was_chosen(lite: Site) -> None:
    visitor = a_reporter(lite)
    resolved(lite)
    form = {"solved": "no", "stars": "1", "reasons": "slow"}
    answer = visitor.post("/track/rating", form, seen="/track/progress")
    assert answer.status_code == 422
    assert 'href="#f-words"' in answer.text
    for field in ('value="no" checked', 'value="1" checked', 'value="slow" checked'):
        assert field in answer.text


def test_not_at_all_has_it_taken_up_again(lite: Site) -> None:
    visitor = a_reporter(lite)
    resolved(lite)
    form = {"solved": "no", "words": "still there"}
    assert visitor.post("/track/rating", form, seen="/track/progress").status_code == 303
    page = visitor.page("/track/progress")
    assert "It has been taken up again" in page
    assert "Waiting for confirmation" in page
    staff = a_visitor(lite, "worker-a11").page("/incidents/1")
    assert "still there" in staff
    assert "The reporter says that it is not done" in staff


def test_out_of_the_window_the_page_says_what_to_do_instead(lite: Site) -> None:
    visitor = a_reporter(lite)
    resolved(lite)
    lite.clock.advance(days=8)
    page = visitor.page("/track/progress")
    assert "no longer be taken up again" in page
    assert "Report it as a new matter" in page
    lite.clock.advance(days=30)
    assert "It could be rated until" in visitor.page("/track/progress")


def test_a_photo_is_seen_by_the_reporter_only_after_it_was_looked_at(lite: Site) -> None:
    visitor = a_reporter(lite)
    name = photo_of(lite)
    address = f"/track/photos/{name}"
    assert visitor.get(address).status_code == 404
    checker = a_visitor(lite, "secretary-a")
    form = {"name": name, "shown": "1"}
    checker.post("/incidents/1/shown", form, seen="/incidents/1")
    assert address in visitor.page("/track/progress")
    assert visitor.get(address).status_code == 200
    assert a_visitor(lite).get(address).status_code == 404
    checker.post("/incidents/1/shown", {"name": name}, seen="/incidents/1")
    assert visitor.get(address).status_code == 404


def test_only_who_may_close_it_decides_what_is_shown(lite: Site) -> None:
    a_reporter(lite)
    name = photo_of(lite)
    staff = a_visitor(lite, "worker-a11")
    assert "What the reporter may see" not in staff.page("/incidents/1")
    answer = staff.post("/incidents/1/shown", {"name": name, "shown": "1"}, seen="/incidents/1")
    assert answer.status_code == 403
    other = a_visitor(lite, "secretary-b")
    form = {"name": name, "shown": "1"}
    assert other.post("/incidents/1/shown", form, seen="/notices").status_code == 404


def test_wrong_codes_are_slowed_down_without_telling_what_was_wrong(lite: Site) -> None:
    visitor = a_reporter(lite)
    number, _ = number_and_code(visitor)
    stranger = a_visitor(lite)
    answers = [stranger.post("/track", {"number": number, "code": "ABCDEF"}) for _ in range(6)]
    assert [one.status_code for one in answers] == [422] * 5 + [429]
    assert "wait 5 seconds" in answers[-1].text
    assert number in answers[-1].text  # nothing typed is lost
    other = a_visitor(lite)
    form = {"number": "261120-99999", "code": "ABCDEF"}
    unknown = [other.post("/track", form) for _ in range(6)]
    assert [one.status_code for one in unknown] == [422] * 5 + [429]


@pytest.mark.parametrize("address", ["/track/progress", "/reported"])
def test_without_a_report_in_hand_the_pages_lead_back(lite: Site, address: str) -> None:
    assert a_visitor(lite).get(address).status_code == 302


def test_a_follower_sees_no_rating_and_no_photos(lite: Site) -> None:
    a_reporter(lite)
    follower = a_visitor(lite)
    follower.post("/me-too", {**a_form(category=REFUSE), "join": "1"})
    number, code = number_and_code(follower)
    follower.post("/track", {"number": number, "code": code})
    resolved(lite)
    page = follower.page("/track/progress")
    assert "Taken away" not in page
    assert "Is it done?" not in page
    answer = follower.post("/track/rating", {"solved": "yes"}, seen="/track/progress")
    assert answer.status_code == 404
