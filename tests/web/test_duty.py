"""Rosters without scripts: the table, the form, one's own shifts, and the residents' page."""

import re
from datetime import timedelta

import pytest

from gridtrack.accounts.tables import Absence
from gridtrack.usecases.calendar import keep_calendars
from tests.builders import NOW, Site
from tests.usecases.test_rosters import GOOD, bring
from tests.web.visitor import Visitor, a_visitor

FROM_20 = GOOD.replace("2026-11-01", '2026-11-20\nname = "Night of A"')
SESSION = """
[[roster]]
code = "say"
name = "居民说事日"
scope = "A"
role = "gridworker"
from = 2026-11-20
kind = "session"
public = true
place = "红色驿站"
shift = [{hours = "09:00-11:00", days = "fri", people = ["worker-a11", "worker-a12"]}]
"""
FORM = {
    "code": "night-a", "name": "Night of A", "ground": "grid:A", "role": "gridworker",
    "start": "2026-11-20", "until": "", "outside": "off", "kind": "duty", "place": "", "phone": "",
    "shift_hours_1": "18:00-08:00", "shift_days_1": "every", "shift_turn_1": "each",
    "shift_people_1": "worker-a11, worker-a12", "shift_name_1": "",
    "shift_hours_2": "", "shift_people_2": "",
    "dated_date_1": "2026-11-25", "dated_hours_1": "18:00-08:00", "dated_people_1": "deputy-a11",
}  # fmt: skip


@pytest.fixture
def secretary(lite: Site) -> Visitor:
    with lite.work() as work:
        keep_calendars(work)
    return a_visitor(lite, "secretary-a")


def away(lite: Site, who: str, day: int) -> None:
    with lite.work() as work:
        begin = NOW + timedelta(days=day)
        end = begin + timedelta(days=1)
        work.session.add(Absence(person_id=lite.people[who], from_at=begin, until_at=end))


def test_a_roster_is_written_shown_changed_and_taken_away(secretary: Visitor) -> None:
    assert "No roster yet" in secretary.page("/duty")
    assert secretary.post("/duty/new", FORM, seen="/duty/new").status_code == 303
    page = secretary.page("/duty")
    assert "Night of A" in page
    assert re.search(r"11-25.{0,200}deputy-a11", page, re.DOTALL)
    form = secretary.page("/duty/1")
    assert 'value="worker-a11, worker-a12"' in form
    version = re.search(r'name="version" value="(\d+)"', form)
    assert version is not None
    changed = FORM | {"version": version[1], "shift_people_1": "worker-a12"}
    assert secretary.post("/duty/1", changed, seen="/duty/1").status_code == 303
    answer = secretary.post("/duty/1", changed, seen="/duty/1")
    assert answer.status_code == 409, "somebody was faster"
    assert secretary.post("/duty/1/end", {}, seen="/duty/1").status_code == 303
    assert "No roster yet" in secretary.page("/duty")


WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({"shift_hours_1": "08:00-08:00"}, "has no length"),
    ({"shift_people_1": "nobody"}, "is nobody here"),
    ({"shift_people_1": "-"}, "Nobody is on shift 1"),
    ({"ground": ""}, "fill it in"),
    ({"ground": "zone:E1"}, "does not go with that ground"),
    ({"dated_date_1": "2026-11-19"}, "outside the dates"),
    ({"start": "someday"}, "is no date"),
    ({"shift_days_1": "someday"}, "names no days"),
    (
        {"shift_hours_2": "20:00-22:00", "shift_people_2": "worker-a11", "shift_days_2": ""},
        "two shifts at once",
    ),
)


def test_what_is_wrong_is_told_and_nothing_typed_is_lost(secretary: Visitor) -> None:
    for change, said in WRONG:
        answer = secretary.post("/duty/new", FORM | change, seen="/duty/new")
        assert (answer.status_code, said in answer.text) == (422, True), change
        assert 'value="Night of A"' in answer.text


def test_a_hole_is_told_in_words_on_the_table_and_on_the_board(
    secretary: Visitor, lite: Site
) -> None:
    bring(lite, FROM_20)
    assert "nobody is on duty" not in secretary.page("/board")
    away(lite, "worker-a12", 1)
    page = secretary.page("/duty")
    assert "On leave, nobody stands in" in page
    assert "1 hole" in page
    assert "1 time this week nobody is on duty" in secretary.page("/board")


def test_shifts_are_swapped_between_two_at_their_own_pages(lite: Site) -> None:
    roster = bring(lite, FROM_20)[0].roster_id
    giver, taker = a_visitor(lite, "worker-a11"), a_visitor(lite, "worker-a12")
    page = giver.page("/duty/mine")
    assert "Swap this shift" in page
    asked = {"roster": roster, "date": "2026-11-20", "begin": 1080}
    asked["taker"] = lite.people["worker-a11"]
    refused = giver.post("/duty/swap", asked, seen="/duty/mine")
    assert refused.status_code == 422
    assert "Nobody swaps with themselves" in refused.text
    asked["taker"] = lite.people["worker-a12"]
    assert giver.post("/duty/swap", asked, seen="/duty/mine").status_code == 303
    assert "was asked to take it" in giver.page("/duty/mine")
    assert "Take it" in taker.page("/duty/mine")
    assert taker.post("/duty/swaps/1/take", {}, seen="/duty/mine").status_code == 303
    assert "Swaps that wait" not in giver.page("/duty/mine")
    assert taker.post("/duty/swaps/1/take", {}, seen="/duty/mine").status_code == 409


def test_a_note_is_left_and_read_by_the_next_shift(lite: Site) -> None:
    roster = bring(lite, FROM_20)[0].roster_id
    lite.clock.advance(hours=10)
    first = a_visitor(lite, "worker-a11")
    note = {"roster": roster, "text": "Pump of house 3"}
    assert first.post("/duty/notes", note, seen="/duty/mine").status_code == 303
    assert "not read yet" in first.page("/duty/mine")
    lite.clock.advance(days=1)
    second = a_visitor(lite, "worker-a12")
    assert "From the shift before" in second.page("/duty/mine")
    assert second.post("/duty/notes/1", {}, seen="/duty/mine").status_code == 303
    assert "read by worker-a12" in second.page("/duty/mine")


def test_leave_is_entered_by_oneself_and_by_the_leader(lite: Site) -> None:
    mine = {"from": "2026-11-21T08:00", "until": "2026-11-23T08:00", "reason": "wedding"}
    worker = a_visitor(lite, "worker-a11")
    assert worker.post("/duty/leave/new", mine, seen="/duty/mine").status_code == 303
    assert "wedding" in worker.page("/duty/mine")
    again = worker.post("/duty/leave/new", mine, seen="/duty/mine")
    assert (again.status_code, "leave in that time already" in again.text) == (409, True)
    leader = a_visitor(lite, "leader-a1")
    assert "wedding" in leader.page("/duty/leave")
    theirs = mine | {"person": lite.people["worker-a12"], "deputy": lite.people["deputy-a11"]}
    assert leader.post("/duty/leave/new", theirs, seen="/duty/leave").status_code == 303
    assert "deputy-a11 stands in" in leader.page("/duty/leave")
    assert leader.post("/duty/leave/1/end", {"led": "1"}, seen="/duty/leave").status_code == 303


def test_residents_see_who_receives_them_where_and_when_and_no_more(lite: Site) -> None:
    with lite.work() as work:
        keep_calendars(work)
    resident = a_visitor(lite)
    assert "No hours are announced" in resident.page("/rota")
    bring(lite, SESSION + FROM_20)
    page = resident.page("/rota")
    assert "红色驿站" in page
    assert "There now" in page
    assert "worker-a11" in page
    assert "Night of A" not in page, "not public"
    assert "tel:" not in page
    bring(lite, SESSION.replace('place = "', 'phone = "0593-1234"\nplace = "'))
    assert "0593-1234" in resident.page("/rota")


@pytest.mark.parametrize(
    ("who", "seen", "refused"),
    [
        ("worker-a11", ["/duty", "/duty/mine"], ["/duty/new", "/duty/leave", "/duty/1"]),
        ("secretary-b", ["/duty", "/duty/new", "/duty/leave"], ["/duty/1"]),
        ("property-e1", ["/duty", "/duty/mine"], ["/duty/new", "/duty/leave", "/duty/1"]),
        ("admin", ["/rota"], ["/duty", "/duty/mine", "/duty/new", "/duty/leave", "/duty/1"]),
    ],
)
def test_deny_by_default(lite: Site, who: str, seen: list[str], refused: list[str]) -> None:
    bring(lite, GOOD)
    visitor = a_visitor(lite, who)
    assert {address: visitor.get(address).status_code for address in seen} == dict.fromkeys(
        seen, 200
    )
    statuses = {address: visitor.get(address).status_code for address in refused}
    assert statuses == dict.fromkeys(refused, 403)


def test_without_a_login_there_is_the_public_page_alone(lite: Site) -> None:
    assert a_visitor(lite).get("/duty").status_code in (302, 303)


def test_a_gridworker_of_another_community_reads_nothing_of_it(lite: Site) -> None:
    bring(lite, FROM_20)
    assert "Night of A" not in a_visitor(lite, "worker-b11").page("/duty")
    assert "Night of A" in a_visitor(lite, "worker-a12").page("/duty")
