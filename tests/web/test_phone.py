"""The gridworker's phone: what it may keep, how findings arrive, how small the shell is."""

import gzip
import json
import uuid
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from gridtrack.web.assets import BUILT
from gridtrack.web.phone import shell_files
from tests.builders import FUNERAL, LAMP, Site, middle
from tests.web.visitor import Visitor, a_photo, a_visitor, an_app

JSON = {"Accept": "application/json"}
SHELL_MOST = 120_000
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"\0" * 200


def finding(site: Site, made_ago: timedelta, **given: Any) -> dict[str, Any]:
    lon, lat = middle("A11")
    now = site.clock.now()
    return {
        "client_id": str(uuid.uuid4()), "category": LAMP, "description": "灯不亮",
        "lon": str(lon), "lat": str(lat), "accuracy_m": "12", "datum": "wgs84",
        "acted_at": (now - made_ago).isoformat(), "sent_at": now.isoformat(), **given,
    }  # fmt: skip


def send(visitor: Visitor, form: dict[str, Any]) -> Any:
    return visitor.post("/report", form, seen="/notices", **JSON)


def test_a_finding_from_a_queue_is_one_however_often_it_is_sent(lite: Site) -> None:
    visitor = a_visitor(lite, "worker-a11")
    form = finding(lite, timedelta(hours=2))
    first = send(visitor, {**form, "photos": a_photo(), "voice_seconds": "7",
                           "voice": (BytesIO(WEBM), "voice.webm")})  # fmt: skip
    assert first.json["created"], first.json
    # Sent again a while later the measured time of making is another by a second or two.
    lite.clock.advance(seconds=95)
    again = {**form, "sent_at": (lite.clock.now() - timedelta(seconds=3)).isoformat()}
    second = send(visitor, again)
    assert second.status_code == 200, second.json
    assert (second.json["number"], second.json["created"]) == (first.json["number"], False)
    incident = lite.incident(1)
    assert incident.reported_at - incident.occurred_at == timedelta(hours=2)
    page = visitor.page("/incidents/1")
    assert page.count("/incidents/1/photos/") == 2
    assert 'src="/incidents/1/voice/1"' in page
    sound = visitor.get("/incidents/1/voice/1")
    assert (sound.data, sound.mimetype) == (WEBM, "audio/webm")
    assert a_visitor(lite, "worker-a12").get("/incidents/1/voice/1").status_code == 404


def test_a_phone_that_is_a_day_wrong_is_told_so_and_nothing_is_lost(lite: Site) -> None:
    visitor = a_visitor(lite, "worker-a11")
    form = finding(lite, timedelta(minutes=40))
    wrong = {name: _later(form[name], days=1) for name in ("acted_at", "sent_at")}
    told = send(visitor, {**form, **wrong}).json
    assert told["clock_off_s"] == -86_400
    incident = lite.incident(1)
    assert incident.reported_at - incident.occurred_at == timedelta(minutes=40)


def _later(text: str, **by: float) -> str:
    return (datetime.fromisoformat(text) + timedelta(**by)).isoformat()


def test_what_cannot_be_taken_says_why_in_words(lite: Site) -> None:
    visitor = a_visitor(lite, "worker-a11", lang="zh")
    sound = {"voice": (BytesIO(b"<html>"), "voice.webm"), "voice_seconds": "3"}
    refused = send(visitor, {**finding(lite, timedelta(0)), **sound})
    assert refused.status_code == 422
    assert "录音" in refused.json["errors"][0]["message"]
    long = {"voice": (BytesIO(WEBM), "voice.webm"), "voice_seconds": "90"}
    assert send(visitor, {**finding(lite, timedelta(0)), **long}).json["errors"][0]["code"] == (
        "voice-too-long"
    )


def test_the_phone_keeps_number_and_clock_of_a_sealed_matter_and_nothing_else(lite: Site) -> None:
    lite.report(FUNERAL, description="王家老人去世")
    lite.report(LAMP)
    mine = a_visitor(lite, "secretary-a").get("/phone/matters").json
    (sealed,) = [one for one in mine["matters"] if one["sealed"]]
    assert set(sealed) == {
        "id", "number", "version", "state", "due", "sealed", "title", "actions",
    }  # fmt: skip
    assert "王家" not in json.dumps(mine, ensure_ascii=False)
    assert "丧事" not in json.dumps(mine, ensure_ascii=False)
    assert len(mine["open"]) == 1
    worker = a_visitor(lite, "worker-a11").get("/phone/matters").json
    assert [one["title"] for one in worker["matters"]] != []
    assert "林某" not in json.dumps(worker, ensure_ascii=False)


def test_the_ground_is_the_reader_s_own_and_costs_nothing_unchanged(lite: Site) -> None:
    visitor = a_visitor(lite, "worker-a11")
    first = visitor.get("/phone/ground")
    (grid,) = first.json["grids"]
    assert grid["code"].endswith("A11")
    again = visitor.get("/phone/ground", **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert a_visitor(lite, "checker-a").get("/phone/ground").status_code == 403


def test_the_shell_holds_nobody_s_data_and_is_small(lite: Site) -> None:
    visitor = a_visitor(lite, "worker-a11")
    shell, script = visitor.page("/phone"), visitor.page("/sw.js")
    assert shell == a_visitor(lite).page("/phone")
    for hidden in ("csrf", "data-person", "server-now"):
        assert hidden not in shell
    with an_app(lite).test_request_context():
        files = shell_files()
    for file in files:
        assert file in script
    built = [(BUILT / one.split("/dist/")[1]).read_bytes() for one in files]
    size = sum(len(gzip.compress(one, 9)) for one in [shell.encode(), script.encode(), *built])
    assert size <= SHELL_MOST, size
    print("bytes of the shell, gzipped:", size)


def test_the_app_can_be_installed(lite: Site) -> None:
    visitor = a_visitor(lite, "worker-a11")
    assert 'rel="manifest"' in visitor.page("/inbox")
    told = visitor.get("/app.webmanifest").json
    assert told["display"] == "standalone"
    for icon in told["icons"]:
        assert visitor.get(icon["src"]).data.startswith(b"\x89PNG")
