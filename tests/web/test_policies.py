"""The administrator's versions of the policy, edited without scripts."""

import re

import pytest

from tests.web.visitor import Visitor, a_visitor

DRAFT = "/policies/drafts/1"
_INPUT = re.compile(r"<input ([^>]*)>")
_SELECT = re.compile(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)


@pytest.fixture
def admin(lite):
    admin = a_visitor(lite, "admin")
    assert admin.post("/policies/new", {}, seen="/policies/new").status_code == 303
    return admin


def fields(page: str) -> dict[str, str]:
    """The form of a page as a browser would send it."""
    found = {}
    for inside in _INPUT.findall(page):
        given = dict(re.findall(r'(\w+)="([^"]*)"', inside))
        if "name" in given and (given.get("type") != "checkbox" or inside.endswith("checked")):
            found[given["name"]] = given.get("value", "")
    for name, options in _SELECT.findall(page):
        chosen = re.search(r'value="([^"]*)" selected', options)
        first = re.search(r'value="([^"]*)"', options)
        found[name] = (chosen or first).group(1)
    found.pop("csrf_token", None)
    return found


def send(admin: Visitor, address: str, do: str = "save", **typed: str):
    """Change some fields of the form at `address` and press a button of it."""
    page = admin.page(address)
    form = {**fields(page), **{name.replace("__", "."): text for name, text in typed.items()}}
    return admin.post(address, {**form, "do": do}, seen=address)


def test_a_version_is_edited_published_ahead_listed_in_words_and_withdrawn(admin):
    first = {"acknowledge__default": "10"}
    assert send(admin, f"{DRAFT}/limits", **first).status_code == 303
    assert "acknowledge where nothing else is said: 5 min → 10 min" in admin.page(DRAFT)
    assert "open matters were looked at" in admin.page(f"{DRAFT}/preview")
    form = {"rev": "2", "from": "2026-12-01T00:00", "why": "winter"}
    assert admin.post(f"{DRAFT}/publish", form, seen=DRAFT).status_code == 303
    page = admin.page("/policies")
    assert "5 min → 10 min" in page
    assert "winter" in page
    assert admin.post("/policies/2/withdraw", {"why": ""}, seen="/policies/2").status_code == 422
    assert admin.post("/policies/2/withdraw", {"why": "no"}, seen="/policies/2").status_code == 303
    assert "Withdrawn by" in admin.page("/policies")


def test_a_form_that_is_sent_as_it_came_changes_nothing(admin):
    for section in ("limits", "rest", "lights", "quiet", "ladder/standard"):
        assert send(admin, f"{DRAFT}/{section}").status_code == 303
    assert "Nothing yet." in admin.page(DRAFT)


def test_a_row_is_added_filled_in_saved_and_removed(admin):
    added = send(admin, f"{DRAFT}/limits", do="add")
    typed = {"limit.1.clock": "resolve", "limit.1.category": "0601 Street lamp"}
    typed |= {"limit.1.limit": "1", "limit.1.limit.unit": "wd", "do": "save"}
    form = fields(added.text) | typed
    assert admin.post(f"{DRAFT}/limits", form, seen=DRAFT).status_code == 303
    assert "as the category says → 1 workday" in admin.page(DRAFT)
    filed = {"limit.1.category": "0401 Exposed refuse", "limit.1.condition": "dump A dump"}
    assert send(admin, f"{DRAFT}/limits", **filed).status_code == 303
    assert "when dump" in admin.page(DRAFT)
    strange = send(admin, f"{DRAFT}/limits", **{"limit.1.condition": "night"})
    assert strange.status_code == 422
    assert 'id="f-limit.1.condition-error"' in strange.text
    gone = fields(send(admin, f"{DRAFT}/limits", do="remove:1").text)
    assert not any(name.startswith("limit.") for name in gone)


FAULTS = (
    ("limits", {"acknowledge__default": "0"}, "acknowledge.default", ""),
    ("limits", {"acknowledge__default": "five"}, "acknowledge.default", ""),
    ("lights", {"lights__yellow": "120"}, "lights", "yellow comes before red"),
    ("lights", {"lights__resolve__yellow": "x"}, "lights.resolve", "yellow comes before red"),
    ("quiet", {"quiet__until": "25:00"}, "quiet.until", "write it like 22:00"),
    ("quiet", {"remind__resolve__1": "0"}, "remind.resolve", ""),
    ("rest", {"extend__resolve__times": "0"}, "extend.resolve.times", ""),
    ("rest", {"pause__most": ""}, "pause.most", ""),
    ("ladder/standard", {"repeat_every": "0"}, "repeat_every", ""),
    ("ladder/standard", {"rung__2__after": "soon"}, "rung.2.after", ""),
    ("ladder/standard", {"rung__2__role": "secretary"}, "rungs", "comes back to a rung"),
    ("ladder/sealed", {"for": "default"}, "ladder", "two ladders"),
)


def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(admin):
    for section, typed, field, said in FAULTS:
        answer = send(admin, f"{DRAFT}/{section}", **typed)
        assert answer.status_code == 422, field
        assert f'id="f-{field}-error"' in answer.text, field
        assert f'href="#f-{field}"' in answer.text, field
        assert f'id="f-{field}"' in answer.text, field
        assert said in answer.text, field
        kept = fields(answer.text)
        assert all(kept[name.replace("__", ".")] == text for name, text in typed.items())
    assert "Nothing yet." in admin.page(DRAFT)


def test_a_place_that_is_no_grid_is_warned_about_with_what_is_near(admin):
    added = send(admin, f"{DRAFT}/limits", do="add")
    typed = {"limit.1.clock": "resolve", "limit.1.scope": "A/A1/A1l", "limit.1.limit": "1"}
    form = fields(added.text) | typed | {"limit.1.limit.unit": "wd", "do": "save"}
    assert admin.post(f"{DRAFT}/limits", form, seen=DRAFT).status_code == 303
    page = admin.page(DRAFT)
    assert "A/A1/A1l" in page
    assert "is no grid in force" in page
    assert '<span class="figures">A/A1/A11</span>' in page
    right = {"limit.1.scope": "A/A1/A11"}
    assert send(admin, f"{DRAFT}/limits", **right).status_code == 303
    assert "is no grid in force" not in admin.page(DRAFT)


def test_rungs_come_go_and_move(admin):
    address = f"{DRAFT}/ladder/standard"

    def roles(page: str) -> list[str]:
        form = fields(page)
        return [form[f"rung.{n}.role"] for n in range(1, 6) if f"rung.{n}.role" in form]

    assert roles(send(admin, address, do="up:3").text)[1:3] == ["secretary", "leader"]
    assert len(roles(send(admin, address, do="add").text)) == 5
    assert roles(send(admin, address, do="remove:1").text) == ["leader", "secretary", "street"]
    moved = fields(send(admin, address, do="down:2").text)
    assert admin.post(address, {**moved, "do": "save"}, seen=DRAFT).status_code == 303
    assert "order of ladder standard" in admin.page(DRAFT)


def test_a_ladder_is_added_for_a_place_and_dropped(admin):
    typed = {"code": "night", "scope": "A", "repeat_every": "1", "repeat_max": "2"}
    page = fields(send(admin, f"{DRAFT}/ladder", do="add", **typed).text)
    form = page | {"rung.1.role": "leader", "rung.1.after": "0", "do": "save"}
    assert admin.post(f"{DRAFT}/ladder", form, seen=DRAFT).status_code == 303
    assert "ladder night: none → there" in admin.page(DRAFT)
    assert send(admin, f"{DRAFT}/ladder/night", do="drop").status_code == 303
    assert "Nothing yet." in admin.page(DRAFT)


def test_who_looked_before_somebody_else_saved_is_told_and_keeps_what_they_typed(admin):
    send(admin, f"{DRAFT}/lights", **{"lights.yellow": "70"})
    form = fields(admin.page(f"{DRAFT}/lights")) | {"rev": "1", "lights.yellow": "60", "do": "save"}
    answer = admin.post(f"{DRAFT}/lights", form, seen=DRAFT)
    assert answer.status_code == 409
    assert "Somebody has changed the draft" in answer.text
    assert 'value="60"' in answer.text


def test_others_may_not_look(admin, lite):
    other = a_visitor(lite, "secretary-a")
    for address in ("/policies", "/policies/new", "/policies/1", DRAFT, f"{DRAFT}/limits"):
        assert other.get(address).status_code == 403


def test_what_is_not_there_is_told(admin):
    for address in ("/policies/99", f"{DRAFT}/x", "/policies/drafts/9/limits"):
        assert admin.get(address).status_code == 404


def test_a_draft_is_thrown_away(admin):
    assert admin.post(f"{DRAFT}/drop", {}, seen=DRAFT).status_code == 303
    assert admin.get(DRAFT).status_code == 404
