"""Working a matter where it is: the distance, a voice note, the leader called in."""

import uuid
from io import BytesIO

from gridtrack.incidents.tables import Incident
from tests.builders import BUILDING, DISPUTE, FUNERAL, LAMP, Site, middle
from tests.web.test_phone import WEBM
from tests.web.visitor import a_photo, a_visitor


def begun(site: Site, **form: str) -> int:
    site.report(LAMP)
    site.acknowledge(1, "worker-a11")
    visitor = a_visitor(site, "worker-a11")
    return visitor.post("/incidents/1/start", form).status_code


def test_beginning_keeps_the_distance_and_never_where_somebody_stood(lite: Site) -> None:
    lon, lat = middle("A11")
    assert begun(lite, lon=str(lon), lat=str(lat + 0.0005), accuracy_m="9") == 303
    event = lite.events(1)[-1]
    assert (event.data["distance_m"], event.data["accuracy_m"]) == (55, 9)
    assert "lon" not in event.data
    page = a_visitor(lite, "leader-a1").page("/incidents/1?lang=zh")
    assert "距事发地点约 55 米" in page


def test_beginning_from_far_away_asks_why_beside_the_form(lite: Site) -> None:
    lon, lat = middle("B11")
    far = {"lon": str(lon), "lat": str(lat), "accuracy_m": "20"}
    assert begun(lite, **far) == 422
    assert lite.incident(1).state == "acknowledged"
    again = a_visitor(lite, "worker-a11")
    assert again.post("/incidents/1/start", {**far, "reason": "先去取梯子"}).status_code == 303
    assert lite.events(1)[-1].data["reason"] == "先去取梯子"


def test_a_note_may_be_spoken(lite: Site) -> None:
    lite.report(LAMP)
    visitor = a_visitor(lite, "worker-a11")
    form = {"text": "见语音", "version": "2", "voice": (BytesIO(WEBM), "voice.webm")}
    assert visitor.post("/incidents/1/note", {**form, "voice_seconds": "4"}).status_code == 303
    assert lite.kinds(1)[-2:] == ["voice", "note"]
    assert "/incidents/1/voice/1" in visitor.page("/incidents/1")


def test_the_leader_is_called_in_and_the_matter_stays_whose_it_is(lite: Site) -> None:
    lite.report(LAMP)
    lite.acknowledge(1, "worker-a11")
    visitor = a_visitor(lite, "worker-a11", lang="zh")
    assert visitor.post("/incidents/1/calls", {"reason": " "}).status_code == 422
    assert visitor.post("/incidents/1/calls", {"reason": "门打不开"}).status_code == 303
    assert lite.told("leader-a1")[-1] == "called"
    assert lite.incident(1).handler_id == lite.people["worker-a11"]
    page = visitor.page("/incidents/1")
    assert "到场支援" in page
    assert "门打不开" in page
    stranger = a_visitor(lite, "worker-a12")
    assert stranger.post("/incidents/1/calls", {"reason": "x"}).status_code in (403, 404)


def test_a_sealed_matter_calls_the_secretary_and_not_the_leader(lite: Site) -> None:
    lite.report(FUNERAL)
    secretary = a_visitor(lite, "secretary-a")
    secretary.post("/incidents/1/acknowledge", {})
    answer = secretary.post("/incidents/1/calls", {"reason": "要人"})
    assert answer.status_code == 409
    assert "called" not in lite.told("leader-a1")


def settled(site: Site, category: str, at: str = "A11") -> int:
    lon, lat = middle(at)
    form = {
        "client_id": str(uuid.uuid4()), "category": category, "description": "杂物",
        "lon": str(lon), "lat": str(lat), "datum": "wgs84",
        "settled": "当场清走", "photos": a_photo(),
    }  # fmt: skip
    return a_visitor(site, "worker-a11").post("/report", form).status_code


def test_a_finding_settled_on_the_spot_is_closed_and_adds_up(lite: Site) -> None:
    assert settled(lite, LAMP) == 303
    assert lite.kinds(1)[-2:] == ["resolve", "closed"]
    assert lite.incident(1).state == "closed"
    assert lite.sums_up(1)


def test_what_needs_a_second_person_or_is_elsewhere_is_never_closed_on_the_spot(
    lite: Site,
) -> None:
    assert settled(lite, BUILDING) == 422
    assert settled(lite, DISPUTE) == 422
    assert settled(lite, LAMP, at="A12") == 422
    with lite.look() as work:
        assert work.session.query(Incident).count() == 0
