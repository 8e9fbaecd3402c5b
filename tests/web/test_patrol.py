"""A patrol as the phone sends it, what it covers, and the codes on the walls."""

import re
import uuid
from datetime import timedelta
from typing import Any

from gridtrack.patrol.tables import CheckpointPass, PatrolPoint
from gridtrack.usecases.patrol import forget_tracks
from tests.builders import Site, middle
from tests.door_builders import a_row, bring_in
from tests.web.visitor import Visitor, a_visitor

METRE = 1 / 110_800


def walk(site: Site, north_m: range, **given: Any) -> dict[str, Any]:
    """Ten minutes ago, a point every ten seconds, northward from the middle of A11."""
    lon, lat = middle("A11")
    began = site.clock.now() - timedelta(minutes=10)
    return {
        "client_id": str(uuid.uuid4()),
        "started_at": began.isoformat(),
        "sent_at": site.clock.now().isoformat(),
        "points": [
            [(began + timedelta(seconds=10 * n)).isoformat(), lon, lat + metres * METRE, 8]
            for n, metres in enumerate(north_m)
        ],
        **given,
    }


def send(visitor: Visitor, body: dict[str, Any]) -> Any:
    csrf = visitor.get("/acts/session").json["csrf"]
    headers = {"X-CSRFToken": csrf, "Accept": "application/json"}
    return visitor.client.post("/patrol/track", json=body, headers=headers)


def count(site: Site, table: Any) -> int:
    with site.look() as work:
        return int(work.session.query(table).count())


def test_a_piece_of_a_walk_sent_twice_is_one(lite: Site) -> None:
    visitor = a_visitor(lite, "worker-a11")
    body = walk(lite, range(0, 100, 10))
    first = send(visitor, body)
    assert first.json == {"points": 10, "metres": 90, "off_duty": 0}
    lite.clock.advance(seconds=20)
    again = {**body, "sent_at": lite.clock.now().isoformat()}
    assert send(visitor, again).json == first.json
    assert count(lite, PatrolPoint) == 10


def test_the_week_says_which_doors_nobody_came_near(lite: Site) -> None:
    lon, lat = middle("A11")
    near, far = (lon, lat + 40 * METRE), (lon, lat - 90 * METRE)
    plates = (("朝阳新村1号", near), ("朝阳新村2号", far))
    bring_in(lite, [a_row(text, lon=f"{x:.7f}", lat=f"{y:.7f}") for text, (x, y) in plates])
    visitor = a_visitor(lite, "worker-a11", lang="zh")
    ended = {"ended_at": lite.clock.now().isoformat(), "all_normal": True, "note": "一切正常"}
    send(visitor, walk(lite, range(0, 60, 10), **ended))
    page = visitor.page("/patrol")
    assert "50 %" in page
    assert "朝阳新村2号" in page
    assert "朝阳新村1号" not in page
    assert "一切正常" in page


def test_tracks_are_deleted_after_some_days_and_their_sums_stay(lite: Site) -> None:
    visitor = a_visitor(lite, "worker-a11")
    send(visitor, walk(lite, range(0, 1000, 100)))
    lite.clock.advance(days=31)
    with lite.work() as work:
        assert forget_tracks(work) == 10
    assert count(lite, PatrolPoint) == 0
    assert "0.9 km" in a_visitor(lite, "worker-a11").page("/patrol")


def test_what_cannot_be_a_walk_is_refused_in_words(lite: Site) -> None:
    visitor = a_visitor(lite, "worker-a11")
    bad = send(visitor, walk(lite, range(1), points=[["x", 1, 2, 3]]))
    assert (bad.status_code, bad.json["code"]) == (422, "track-bad")
    old = walk(lite, range(1), started_at="2020-01-01T00:00:00+08:00")
    assert send(visitor, old).status_code == 422
    stranger = a_visitor(lite, "worker-a12")
    body = walk(lite, range(0, 30, 10))
    assert send(visitor, body).status_code == 200
    assert send(stranger, body).status_code == 403


def test_a_code_on_the_wall_is_scanned_printed_and_taken_down(lite: Site) -> None:
    leader = a_visitor(lite, "leader-a1")
    grid = re.search(r'<option value="([^"]+A11)"', leader.page("/patrol/checkpoints"))
    assert grid is not None
    form = {"name": "水泵房", "grid": grid.group(1)}
    assert leader.post("/patrol/checkpoints", form).status_code == 303
    assert leader.post("/patrol/checkpoints", {**form, "name": " "}).status_code == 422
    sheet = leader.page("/patrol/checkpoints/sheet")
    code = re.search(r"· ([2-9A-Z]{10})<", sheet)
    assert code is not None
    assert "<svg" in sheet
    worker = a_visitor(lite, "worker-a11")
    assert "水泵房" in worker.page(f"/at/{code.group(1)}")
    for _ in range(2):  # twice within a quarter of an hour is once
        assert worker.post(f"/at/{code.group(1)}", {}).status_code == 303
    assert count(lite, CheckpointPass) == 1
    assert a_visitor(lite, "worker-a12").post(f"/at/{code.group(1)}", {}).status_code == 403
    assert leader.post(f"/patrol/checkpoints/{code.group(1)}/end", {}).status_code == 303
    assert worker.get(f"/at/{code.group(1)}").status_code == 404
