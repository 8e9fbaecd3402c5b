"""A walk on duty with a phone: the way, photos on the way, all normal at the end."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from gridtrack.patrol.tables import Patrol
from tests.builders import middle
from tests.e2e.conftest import Open, Place
from tests.e2e.test_accessible import faults
from tests.e2e.test_field import a_picture
from tests.e2e.test_offline import ready

pytestmark = pytest.mark.e2e


def test_a_walk_with_photos_ends_with_all_normal(
    browse: Open, place: Place, tmp_path: Path
) -> None:
    lon, lat = middle("A11")
    here = {"longitude": lon, "latitude": lat, "accuracy": 9}
    page = browse("/patrol", "worker-a11", geolocation=here, permissions=["geolocation"])
    ready(page)
    assert faults(page) == []
    page.click("[data-patrol-start]")
    state = page.locator("[data-patrol-state]")
    expect(state).to_contain_text("1 个点")
    page.context.set_geolocation({**here, "latitude": lat + 0.0002})
    expect(state).to_contain_text("2 个点")
    page.set_input_files("[data-capture]", [a_picture(tmp_path, f"{n}.jpg") for n in range(2)])
    expect(page.locator("[data-queue]")).to_contain_text("草稿（2）")
    page.locator("[data-queue] a[href*='?finding=']").first.click()
    expect(page.locator("[data-photo-list] img")).to_have_count(1)
    expect(page.locator("[data-place-status]")).to_be_visible()
    page.goto("/patrol")  # the walk goes on where it was
    place.site.clock.advance(seconds=60)  # the server's clock stands still otherwise
    page.click("[data-patrol-stop]")
    page.check("[name=all_normal]")
    page.click("[data-patrol-end] button")
    expect(page.locator(".rows .row").last).to_contain_text("一切正常")
    with place.site.look() as work:
        (walk,) = work.session.query(Patrol).all()
    assert (walk.all_normal, walk.metres) == (True, 22)
    assert walk.ended_at is not None
