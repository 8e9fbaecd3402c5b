"""A resident without an account and without scripts."""

import re
import uuid

from tests.builders import LAMP, Site, middle
from tests.web.visitor import Visitor, a_photo, a_visitor


def a_form(**given: str) -> dict[str, object]:
    lon, lat = middle("A11")
    return {
        "client_id": str(uuid.uuid4()),
        "description": "The lamp in front of number 3 is dark",
        "category": LAMP,
        "lon": f"{lon:.6f}",
        "lat": f"{lat:.6f}",
        "accuracy_m": "12",
        "datum": "wgs84",
        "address": "",
        "choice": "hidden",
        **given,
    }


def number_and_code(visitor: Visitor) -> tuple[str, str]:
    shown = visitor.page("/reported")
    number = re.search(r'class="number">([^<]+)<', shown)
    code = re.search(r'class="code">([^<]+)<', shown)
    assert number is not None
    assert code is not None
    return number.group(1), code.group(1)


def test_a_report_is_answered_with_number_and_code(lite: Site) -> None:
    visitor = a_visitor(lite)
    answer = visitor.post("/", a_form(), seen="/")
    assert answer.status_code == 303
    number, code = number_and_code(visitor)
    assert re.fullmatch(r"\d{6}-\d{5}", number)
    assert len(code) == 6


def test_the_responsible_gridworker_is_told(lite: Site) -> None:
    a_visitor(lite).post("/", a_form(), seen="/")
    assert lite.told("worker-a11") == ["assigned"]


def test_nothing_typed_is_lost_where_something_is_missing(lite: Site) -> None:
    form = a_form(category="", lon="", lat="", reporter_name="Lin", description="It is <dark>")
    answer = a_visitor(lite).post("/", form, seen="/")
    assert answer.status_code == 422
    assert "It is &lt;dark&gt;" in answer.text
    assert 'value="Lin"' in answer.text


def test_every_fault_is_named_at_once_with_a_link_to_its_field(lite: Site) -> None:
    form = a_form(category="", lon="", lat="", description="")
    answer = a_visitor(lite).post("/", form, seen="/")
    for field in ("description", "category", "location"):
        assert f'href="#f-{field}"' in answer.text
        assert f'id="f-{field}"' in answer.text


def test_the_title_says_that_there_is_an_error(lite: Site) -> None:
    answer = a_visitor(lite, lang="zh").post("/", a_form(category=""), seen="/")
    assert "<title>错误：" in answer.text


def test_a_photo_alone_is_enough_for_words(lite: Site) -> None:
    visitor = a_visitor(lite)
    answer = visitor.post("/", {**a_form(description=""), "photos": a_photo()}, seen="/")
    assert answer.status_code == 303


def test_a_photo_that_is_none_is_refused_and_nothing_is_kept(lite: Site) -> None:
    visitor = a_visitor(lite)
    fake = (a_photo()[0].__class__(b"<html>no photo</html>"), "photo.jpg")
    answer = visitor.post("/", {**a_form(), "photos": fake}, seen="/")
    assert answer.status_code == 422
    assert 'href="#f-photos"' in answer.text
    assert lite.told("worker-a11") == []


def test_an_address_alone_goes_to_the_desk(lite: Site) -> None:
    form = a_form(lon="", lat="", address="Chaoyang Xincun 33")
    assert a_visitor(lite).post("/", form, seen="/").status_code == 303
    assert lite.told("desk") == ["triage"]


def test_the_same_form_sent_twice_is_one_report(lite: Site) -> None:
    visitor, form = a_visitor(lite), a_form()
    visitor.post("/", form, seen="/")
    first = number_and_code(visitor)
    visitor.post("/", form, seen="/")
    assert number_and_code(visitor) == first


def test_changed_words_after_a_lost_answer_can_be_sent_as_a_new_report(lite: Site) -> None:
    visitor, form = a_visitor(lite), a_form()
    visitor.post("/", form, seen="/")
    answer = visitor.post("/", {**form, "description": "and the next one too"}, seen="/")
    assert answer.status_code == 409
    fresh = re.search(r'name="client_id" value="([^"]+)"', answer.text)
    assert fresh is not None
    assert fresh.group(1) != form["client_id"]
    assert "and the next one too" in answer.text


def test_progress_is_shown_for_number_and_code(lite: Site) -> None:
    visitor = a_visitor(lite)
    visitor.post("/", a_form(), seen="/")
    number, code = number_and_code(visitor)
    stranger = a_visitor(lite)
    answer = stranger.post("/track", {"number": number, "code": code})
    assert answer.status_code == 303
    assert "Waiting for confirmation" in stranger.page("/track/progress")


def test_progress_names_nobody_who_works_on_it(lite: Site) -> None:
    visitor = a_visitor(lite)
    visitor.post("/", a_form(), seen="/")
    number, code = number_and_code(visitor)
    lite.acknowledge(1, "worker-a11")
    visitor.post("/track", {"number": number, "code": code})
    assert "worker-a11" not in visitor.page("/track/progress")


def test_a_wrong_code_does_not_tell_which_part_was_wrong(lite: Site) -> None:
    visitor = a_visitor(lite)
    visitor.post("/", a_form(), seen="/")
    number, _ = number_and_code(visitor)
    wrong_code = visitor.post("/track", {"number": number, "code": "ABCDEF"})
    wrong_number = visitor.post("/track", {"number": "261120-99999", "code": "ABCDEF"})
    assert wrong_code.status_code == wrong_number.status_code == 422
    errors = [
        re.findall(r'error-text".*?</p>', a.text, re.DOTALL) for a in (wrong_code, wrong_number)
    ]
    assert errors[0] == errors[1]


def test_what_an_anonymous_reporter_typed_is_not_taken_in(lite: Site) -> None:
    form = a_form(choice="anonymous", reporter_name="Lin", reporter_contact="138")
    a_visitor(lite).post("/", form, seen="/")
    page = a_visitor(lite, "secretary-a").page("/incidents/1")
    assert "138" not in page.split("What has happened")[0].split('class="facts"')[1]


def test_a_program_that_fills_in_everything_is_refused(lite: Site) -> None:
    answer = a_visitor(lite).post("/", a_form(website="http://spam.example"), seen="/")
    assert answer.status_code == 422
    assert lite.told("worker-a11") == []


def test_a_category_of_danger_says_whom_to_call_first(lite: Site) -> None:
    assert "119" in a_visitor(lite).page("/")


def test_the_language_is_remembered(lite: Site) -> None:
    visitor = a_visitor(lite)
    answer = visitor.get("/language/zh?next=/track")
    assert answer.headers["Location"] == "/track"
    assert "lang=zh" in answer.headers["Set-Cookie"]


def test_language_never_leads_to_another_host(lite: Site) -> None:
    answer = a_visitor(lite).get("/language/zh?next=//evil.example/")
    assert answer.headers["Location"] == "/"
