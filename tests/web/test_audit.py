"""The page of the audit: for its administrator alone, narrowed by what is asked, page by page."""

import pytest

from gridtrack.access import RESIDENT
from gridtrack.audit.rules import Origin
from gridtrack.queries import audit_lines
from gridtrack.usecases.report import report_incident
from tests.builders import Site, a_report
from tests.web.visitor import Visitor, a_visitor


@pytest.fixture
def auditor(lite: Site) -> Visitor:
    return a_visitor(lite, "auditor")


def test_it_is_where_the_audit_administrator_begins(auditor: Visitor) -> None:
    assert auditor.get("/home").location == "/audit"


def test_it_names_who_did_what_on_what_from_where(lite: Site, auditor: Visitor) -> None:
    one = lite.report().incident_id
    worker = a_visitor(lite, "worker-a11")
    worker.post(f"/incidents/{one}/acknowledge", {}, seen=f"/incidents/{one}")
    page = auditor.page(f"/audit?subject=incident:{one}&who=worker-a11")
    for said in ("acknowledged", "gridworker@A/A1/A11", f"incident:{one}", "127.0.0.1", "web"):
        assert said in page
    assert "reported" not in page


def test_a_resident_has_no_address_there(lite: Site, auditor: Visitor) -> None:
    seen_before = auditor.page("/audit?act=reported")
    with lite.runtime.work(RESIDENT, origin=Origin("web", "x", address="203.0.113.9")) as work:
        report_incident(work, a_report())
    page = auditor.page("/audit?act=reported")
    assert "resident" not in seen_before
    assert "resident" in page
    assert "203.0.113.9" not in page


def test_a_closed_door_leaves_a_line(lite: Site, auditor: Visitor) -> None:
    assert a_visitor(lite, "worker-a11").get("/policies").status_code == 403
    page = auditor.page("/audit?outcome=refused")
    assert "policies" in page
    assert "worker-a11" in page


def test_it_goes_on_to_older_lines(
    lite: Site, auditor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_lines, "PAGE", 2)
    for _ in range(3):
        lite.report()
    first = auditor.page("/audit?act=reported")
    assert "before=" in first
    assert ">incident:1<" not in first
    assert ">incident:1<" in auditor.page(
        "/audit?act=reported&before=" + first.split("before=")[1][:1]
    )


@pytest.mark.parametrize(
    "asked",
    ["who=nobody-of-that-name", "begin=2031-01-01", "subject=%27%3B--", "before=x&end=never"],
)
def test_whatever_is_asked_is_answered(auditor: Visitor, asked: str) -> None:
    assert auditor.get(f"/audit?{asked}").status_code == 200


@pytest.mark.parametrize("who", ["secretary-a", "admin", "security"])
def test_nobody_else_sees_it(lite: Site, who: str) -> None:
    assert a_visitor(lite, who).get("/audit").status_code == 403
