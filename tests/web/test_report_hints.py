"""While a report is filled in: what the words may mean, what is near, by which entrance."""

import re

from tests.builders import LAMP, Site, middle
from tests.web.test_resident import a_form, number_and_code
from tests.web.visitor import a_photo, a_visitor

ENTRANCES = ("photo", "complaint", "help", "opinion", "wish", "praise")


def test_a_missing_category_is_answered_with_what_the_words_may_mean(lite: Site) -> None:
    form = a_form(category="", description="楼上卫生间漏水")
    answer = a_visitor(lite, lang="zh").post("/", form, seen="/")
    assert answer.status_code == 422
    assert "因为您写了“漏水”" in answer.text
    chosen = re.search(r'<option value="0201"[^>]*>', answer.text)
    assert chosen is not None
    assert "selected" not in chosen.group(0)


def test_words_of_violence_lead_to_the_police_and_the_sealed_way(lite: Site) -> None:
    found = a_visitor(lite).post("/suggest", {"description": "he beats her, domestic violence"})
    assert 'data-category="0203"' in found.text
    assert "110" in found.text
    assert "Confidential" in found.text


def test_nothing_is_suggested_of_words_that_say_nothing(lite: Site) -> None:
    assert a_visitor(lite).post("/suggest", {"description": "hello"}).text.strip() == ""


def test_what_is_near_is_offered_once_before_it_is_sent(lite: Site) -> None:
    a_visitor(lite).post("/", a_form(), seen="/")
    visitor = a_visitor(lite)
    asked = visitor.post("/", a_form(description="dark again"), seen="/")
    assert asked.status_code == 200
    assert "Is it one of these?" in asked.text
    assert "dark again" in asked.text
    assert "The lamp in front" not in asked.text  # what another wrote
    assert visitor.post("/", a_form(near_seen="1"), seen="/").status_code == 303


def test_a_report_with_photos_is_not_asked_back_since_the_page_would_lose_them(lite: Site) -> None:
    a_visitor(lite).post("/", a_form(), seen="/")
    answer = a_visitor(lite).post("/", {**a_form(), "photos": a_photo()}, seen="/")
    assert answer.status_code == 303


def test_me_too_is_answered_with_number_and_an_own_code(lite: Site) -> None:
    first = a_visitor(lite)
    first.post("/", a_form(), seen="/")
    number, code = number_and_code(first)
    other = a_visitor(lite)
    assert other.post("/me-too", {**a_form(), "join": "1"}).status_code == 303
    mine, own = number_and_code(other)
    assert (mine == number, own == code) == (True, False)
    assert "1 follows it" in other.page("/reported")


def test_what_cannot_be_joined_says_so_and_keeps_what_was_written(lite: Site) -> None:
    answer = a_visitor(lite).post("/me-too", {**a_form(), "join": "77"})
    assert answer.status_code == 409
    assert "kept on this device" in answer.text


def test_near_is_asked_with_the_place_in_the_body(lite: Site) -> None:
    lon, lat = middle("A11")
    lite.report(LAMP)
    found = a_visitor(lite).post(
        "/near", {"lon": str(lon), "lat": str(lat), "datum": "wgs84", "category": LAMP}
    )
    assert 'name="join" value="1"' in found.text
    half = a_visitor(lite).post("/near", {"lon": "1", "lat": "x", "category": LAMP})
    assert (half.status_code, half.text.strip()) == (200, "")


def test_every_entrance_leads_to_the_form_with_its_own_words(lite: Site) -> None:
    visitor = a_visitor(lite, lang="zh")
    leads = {re.findall(r"<h1>([^<]+)<", visitor.page(f"/?entrance={e}"))[0] for e in ENTRANCES}
    assert leads == {"随手拍", "投诉建议", "在线求助", "民意畅达", "微心愿", "我要表扬"}
    page = visitor.page("/?entrance=praise")
    assert re.search(r'value="named" checked', page)
    assert re.search(r'<option value="12" selected', page)


def test_the_entrance_stands_in_the_record_and_a_made_up_one_does_not(lite: Site) -> None:
    a_visitor(lite).post("/?entrance=photo", a_form(entrance="photo"), seen="/")
    a_visitor(lite).post("/", a_form(entrance="x' OR 1", near_seen="1"), seen="/")
    assert lite.events(1)[0].data["came"] == {"entrance": "photo"}
    assert "came" not in lite.events(2)[0].data


def test_at_most_four_things_are_required(lite: Site) -> None:
    empty = a_form(description="", category="", lon="", lat="")
    answer = a_visitor(lite).post("/", empty, seen="/")
    summary = answer.text.split('class="error-summary"')[1].split("</div>")[0]
    assert len(re.findall("<li>", summary)) <= 4
