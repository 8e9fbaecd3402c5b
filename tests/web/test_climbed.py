"""Why a matter came up: on its page, in the inbox line, in both languages, without the sealed."""

from datetime import timedelta

from gridtrack.usecases.people import set_absence
from gridtrack.usecases.read_notices import read_notices
from tests.builders import LAMP, NOW, Site
from tests.web.visitor import a_visitor


def climbed(site: Site) -> int:
    """Missed by the worker and the deputy, past a leader on leave, to the secretary."""
    with site.work() as work:
        set_absence(work, site.people["leader-a1"], NOW, NOW + timedelta(days=1))
    one = site.report(LAMP).incident_id
    with site.work("worker-a11") as work:
        read_notices(work)
    site.sweep(minutes=5)
    site.sweep(minutes=5)
    return one


def test_the_page_says_why_since_when_and_what_was_tried(lite: Site) -> None:
    one = climbed(lite)
    page = a_visitor(lite, "secretary-a").page(f"/incidents/{one}")
    for words in (
        "Why it came up",
        "worker-a11 did not acknowledge it by Nov 20, 2026 10:05",
        "the level-2 leader leader-a1 was away or off duty and was passed over",
        "so it came up to the community secretary",
        "First given to worker-a11",
        "worker-a11: notice in the product, seen 10:00",
        "Up to the deputy: deputy-a11 was told",
        "deputy-a11: notice in the product, delivered 10:05, not seen",
    ):
        assert words in page
    assert "Not acknowledged in time, so it went up" not in page


def test_the_page_says_it_in_chinese(lite: Site) -> None:
    one = climbed(lite)
    page = a_visitor(lite, "secretary-a", lang="zh").page(f"/incidents/{one}")
    assert "worker-a11未在 2026年11月20日 10:05 前签收；" in page
    assert "因此升到社区书记。" in page
    assert "升到替岗，通知deputy-a11" in page


def test_the_line_of_the_inbox_says_why(lite: Site) -> None:
    climbed(lite)
    page = a_visitor(lite, "secretary-a").page("/inbox")
    assert "worker-a11 did not acknowledge it by Nov 20, 2026 10:05" in page


def test_what_did_not_climb_says_nothing(lite: Site) -> None:
    one = lite.report(LAMP).incident_id
    assert "Why it came up" not in a_visitor(lite, "worker-a11").page(f"/incidents/{one}")
