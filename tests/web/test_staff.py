"""Gridworker and secretary without scripts: every list and every act works as a plain form."""

import pytest

from gridtrack.incidents.rules import Action
from tests.builders import BUILDING, FUNERAL, LAMP, Site
from tests.web.visitor import a_photo, a_visitor


def test_a_page_of_staff_leads_a_stranger_to_the_login(lite: Site) -> None:
    answer = a_visitor(lite).get("/inbox")
    assert answer.headers["Location"] == "/login?next=/inbox"


def test_after_login_one_goes_on_where_one_wanted_to(lite: Site) -> None:
    visitor = a_visitor(lite, "worker-a11")
    form = {"login": "worker-a11", "password": "a-long-password", "next": "/map"}
    assert visitor.post("/login", form, seen="/login").headers["Location"] == "/map"


def test_a_wrong_password_keeps_the_name_and_not_the_password(lite: Site) -> None:
    form = {"login": "worker-a11", "password": "wrong-wrong-wrong"}
    answer = a_visitor(lite).post("/login", form, seen="/login")
    assert answer.status_code == 422
    assert 'value="worker-a11"' in answer.text
    assert "wrong-wrong-wrong" not in answer.text


@pytest.mark.parametrize(
    ("who", "address"), [("worker-a11", "/inbox"), ("secretary-a", "/board"), ("admin", "/notices")]
)
def test_everybody_has_a_first_page(lite: Site, who: str, address: str) -> None:
    assert a_visitor(lite, who).get("/home").headers["Location"] == address


def test_logging_out_ends_the_session(lite: Site) -> None:
    visitor = a_visitor(lite, "worker-a11")
    visitor.post("/logout", {}, seen="/inbox")
    assert visitor.get("/inbox").status_code == 302


def test_the_inbox_is_sorted_by_time_left(lite: Site) -> None:
    lite.report(LAMP)
    lite.report("0104")  # fifteen minutes
    page = a_visitor(lite, "worker-a11").page("/inbox")
    assert page.index("Estate lamp") < page.index("Disorderly parking")


def test_a_tap_acknowledges_and_goes_back_to_the_inbox(lite: Site) -> None:
    incident = lite.report(LAMP).incident_id
    visitor = a_visitor(lite, "worker-a11")
    answer = visitor.post(f"/inbox/{incident}/acknowledge", {"version": "2"}, seen="/inbox")
    assert answer.headers["Location"] == "/inbox"
    assert lite.incident(incident).state == "acknowledged"


def test_who_is_too_late_sees_the_fresh_list_and_why(lite: Site) -> None:
    incident = lite.report(LAMP).incident_id
    visitor = a_visitor(lite, "worker-a11")
    lite.acknowledge(incident, "leader-a1")
    answer = visitor.post(
        f"/inbox/{incident}/acknowledge", {"version": "2"}, seen="/inbox", **{"HX-Request": "true"}
    )
    assert answer.status_code == 409
    assert "Nothing waits for you" in answer.text


def test_an_unchanged_list_costs_one_304(lite: Site) -> None:
    lite.report(LAMP)
    visitor = a_visitor(lite, "worker-a11")
    first = visitor.get("/inbox/list")
    again = visitor.get("/inbox/list", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_new_matter_changes_the_list(lite: Site) -> None:
    visitor = a_visitor(lite, "worker-a11")
    first = visitor.get("/inbox/list")
    lite.report(LAMP)
    again = visitor.get("/inbox/list", **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200


def test_every_answer_tells_the_time_of_the_server(lite: Site) -> None:
    lite.clock.advance(minutes=3)
    answer = a_visitor(lite, "worker-a11").get("/inbox/list")
    assert int(answer.headers["X-Server-Now"]) == lite.clock.now().timestamp() * 1000


def test_two_readers_never_share_an_answer(lite: Site) -> None:
    one = a_visitor(lite, "worker-a11").get("/inbox/list").headers["ETag"]
    other = a_visitor(lite, "worker-a12").get("/inbox/list").headers["ETag"]
    assert one != other


def test_the_incident_page_says_why_this_person(lite: Site) -> None:
    incident = lite.report(LAMP).incident_id
    page = a_visitor(lite, "worker-a11", lang="zh").page(f"/incidents/{incident}")
    assert "A11网格当班网格员：worker-a11" in page


def test_a_missed_clock_is_told_with_its_lateness(lite: Site) -> None:
    incident = lite.report(LAMP).incident_id
    lite.sweep(minutes=5, milliseconds=300)
    page = a_visitor(lite, "secretary-a", lang="zh").page(f"/incidents/{incident}")
    assert "超时升级到替岗（deputy-a11）" in page
    assert "升级晚 0.3 秒" in page


def test_a_matter_of_another_grid_does_not_exist(lite: Site) -> None:
    incident = lite.report(LAMP).incident_id
    assert a_visitor(lite, "worker-b11").get(f"/incidents/{incident}").status_code == 404


def test_the_reporter_is_hidden_from_the_handler(lite: Site) -> None:
    incident = lite.report(LAMP).incident_id
    assert "13800000000" not in a_visitor(lite, "worker-a11").page(f"/incidents/{incident}")
    known = a_visitor(lite, "secretary-a").page(f"/incidents/{incident}")
    assert "13800000000" not in known  # test_reporter.py: only after saying what for
    assert "Show who reported" in known


def test_resolving_needs_words_and_keeps_what_was_typed(lite: Site) -> None:
    incident = lite.report(BUILDING).incident_id
    lite.acknowledge(incident, "worker-a11")
    visitor = a_visitor(lite, "worker-a11")
    version = str(lite.incident(incident).version)
    address = f"/incidents/{incident}/resolve"
    answer = visitor.post(
        address, {"version": version, "result": ""}, seen=f"/incidents/{incident}"
    )
    assert answer.status_code == 422
    assert "resolve-result" in answer.text
    assert "<details open>" in answer.text


def test_a_matter_is_handled_with_photo_checked_and_closed(lite: Site) -> None:
    incident = lite.report(LAMP).incident_id
    lite.acknowledge(incident, "worker-a11")
    seen, worker = f"/incidents/{incident}", a_visitor(lite, "worker-a11")
    version = str(lite.incident(incident).version)
    form = {"version": version, "result": "Bulb changed", "photos": a_photo()}
    assert worker.post(f"{seen}/resolve", form, seen=seen).status_code == 303
    assert lite.incident(incident).state == "resolved"
    secretary = a_visitor(lite, "secretary-a")
    version = str(lite.incident(incident).version)
    assert secretary.post(f"{seen}/close", {"version": version}, seen=seen).status_code == 303
    assert lite.incident(incident).state == "closed"


def test_two_people_cannot_overwrite_each_other(lite: Site) -> None:
    incident = lite.report(LAMP).incident_id
    lite.acknowledge(incident, "worker-a11")
    seen = f"/incidents/{incident}"
    answer = a_visitor(lite, "worker-a11").post(
        f"{seen}/note", {"version": "1", "text": "too late"}, seen=seen
    )
    assert answer.status_code == 409
    assert "too late" in answer.text


def test_a_hold_ends_at_the_local_time_that_was_chosen(lite: Site) -> None:
    incident = lite.report(LAMP).incident_id
    version = str(lite.acknowledge(incident, "worker-a11"))
    seen = f"/incidents/{incident}"
    form = {"version": version, "reason": "Waiting for parts", "until": "2026-11-21T09:30"}
    a_visitor(lite, "worker-a11").post(f"{seen}/hold", form, seen=seen)
    assert lite.events(incident)[-1].data["until"] == "2026-11-21T09:30:00+08:00"


def test_the_desk_assigns_what_no_grid_owns(lite: Site) -> None:
    incident = lite.report(LAMP, at=(119.4, 27.3)).incident_id
    desk, seen = a_visitor(lite, "desk"), f"/incidents/{incident}"
    assert "outside every grid" in desk.page(seen)
    form = {"version": "2", "to": str(lite.people["worker-a12"])}
    assert desk.post(f"{seen}/assign", form, seen=seen).status_code == 303
    assert lite.incident(incident).handler_id == lite.people["worker-a12"]


def test_the_board_shows_what_is_overdue(lite: Site) -> None:
    lite.report(LAMP)
    lite.sweep(minutes=6)
    page = a_visitor(lite, "secretary-a").page("/board")
    assert 'id="overdue-1"' in page
    assert 'id="escalated-1"' in page


def test_the_board_shows_no_words_of_sealed_matters(lite: Site) -> None:
    lite.report(FUNERAL, description="somebody died", address="Chaoyang 33")
    page = a_visitor(lite, "secretary-a").page("/board")
    assert "somebody died" not in page
    assert "Chaoyang 33" not in page


def test_the_board_is_not_for_gridworkers(lite: Site) -> None:
    assert a_visitor(lite, "worker-a11").get("/board").status_code == 403


def test_the_map_has_a_mark_with_a_word_for_each_open_matter(lite: Site) -> None:
    lite.report(LAMP)
    found = a_visitor(lite, "secretary-a").get("/map/incidents").json
    assert found["features"][0]["properties"] == {
        "number": "261120-00001", "tone": "open", "title": "Estate lamp, stairwell lamp",
        "status": "to be acknowledged", "url": "/incidents/1",
    }  # fmt: skip


def test_a_sealed_matter_has_no_mark(lite: Site) -> None:
    lite.report(FUNERAL)
    assert a_visitor(lite, "secretary-a").get("/map/incidents").json["features"] == []


@pytest.mark.parametrize(("level", "count"), [(1, 2), (2, 4), (3, 8)])
def test_anybody_may_see_the_grids(lite: Site, level: int, count: int) -> None:
    assert len(a_visitor(lite).get(f"/map/grids/{level}").json["features"]) == count


def test_notices_are_counted_until_they_are_read(lite: Site) -> None:
    lite.report(LAMP)
    visitor = a_visitor(lite, "worker-a11")
    assert "1 unread notice" in visitor.page("/inbox")
    visitor.post("/notices/read", {}, seen="/notices")
    assert "Notices, none unread" in visitor.page("/inbox")


def test_a_finding_in_the_own_grid_is_acknowledged_at_once(lite: Site) -> None:
    lon, lat = 119.5015, 27.3985
    form = {
        "client_id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "description": "dark",
        "category": LAMP, "lon": str(lon), "lat": str(lat), "datum": "wgs84",
    }  # fmt: skip
    answer = a_visitor(lite, "worker-a11").post("/report", form, seen="/report")
    assert answer.headers["Location"] == "/report/1"
    assert lite.incident(1).state == "acknowledged"


def test_the_editions_are_for_those_who_keep_the_grids(lite: Site) -> None:
    assert "the street" in a_visitor(lite, "admin").page("/grids")
    assert a_visitor(lite, "worker-a11").get("/grids").status_code == 403


def test_a_photo_is_for_those_who_may_see_its_matter(lite: Site) -> None:
    incident = lite.report(LAMP).incident_id
    version = str(lite.acknowledge(incident, "worker-a11"))
    seen = f"/incidents/{incident}"
    worker = a_visitor(lite, "worker-a11")
    form = {"version": version, "text": "see", "photos": a_photo()}
    worker.post(f"{seen}/note", form, seen=seen)
    name = next(e.data["name"] for e in lite.events(incident) if e.kind == "photo")
    assert worker.get(f"{seen}/photos/{name}").mimetype == "image/jpeg"
    assert a_visitor(lite, "worker-b11").get(f"{seen}/photos/{name}").status_code == 404


def test_an_unknown_act_is_a_page_that_is_not_there(lite: Site) -> None:
    incident = lite.report(LAMP).incident_id
    visitor = a_visitor(lite, "worker-a11")
    assert visitor.post(f"/incidents/{incident}/explode", {}, seen="/inbox").status_code == 404


def test_every_act_of_the_state_table_has_a_form_and_a_door(lite: Site) -> None:
    assert set(Action) == set(_verbs())


def _verbs() -> set[Action]:
    from gridtrack.web.incident import VERBS

    return set(VERBS)
