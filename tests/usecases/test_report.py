"""A report reaches the right person, who is told at once, and the row is the sum of its events."""

import uuid
from datetime import timedelta

import pytest
import shapely

from gridtrack.access import RESIDENT
from gridtrack.accounts.tables import Post
from gridtrack.errors import Conflict, Forbidden, Invalid, Rejected
from gridtrack.incidents.intake import Place, Source
from gridtrack.incidents.reporters import bound
from gridtrack.incidents.tables import Reporter
from gridtrack.usecases.people import end_post, set_absence
from tests.builders import (
    BUILDING,
    FUNERAL,
    LAMP,
    NOW,
    SOUTH,
    STEP,
    WEST,
    Site,
    in_estate,
    leaves,
    middle,
)


def test_the_gridworker_of_the_leaf_is_told_at_once_and_has_five_minutes(site: Site) -> None:
    receipt = site.report(LAMP)
    incident = site.incident(receipt.incident_id)
    assert incident.state == "assigned"
    assert incident.handler_id == site.people["worker-a11"]
    assert incident.grid_path == "A/A1/A11"
    assert incident.due_at == NOW + timedelta(minutes=5)
    assert site.told("worker-a11") == ["assigned"]


def test_the_row_of_a_new_report_is_the_sum_of_its_events(site: Site) -> None:
    assert site.sums_up(site.report(LAMP).incident_id)


def test_the_reason_is_kept_with_the_assignment(site: Site) -> None:
    events = site.events(site.report(LAMP).incident_id)
    assert events[1].data["why"] == [{"code": "on-duty", "name": "worker-a11", "grid": "A11"}]


def test_the_same_report_sent_again_gets_the_first_answer(site: Site) -> None:
    same = str(uuid.uuid4())
    first = site.report(LAMP, client_id=same)
    site.clock.advance(minutes=1)
    again = site.report(LAMP, client_id=same)
    assert (again.number, again.code, again.created) == (first.number, first.code, False)
    assert site.told("worker-a11") == ["assigned"]


def test_another_report_under_a_used_client_id_is_a_conflict(site: Site) -> None:
    same = str(uuid.uuid4())
    site.report(LAMP, client_id=same)
    with pytest.raises(Conflict) as caught:
        site.report(LAMP, client_id=same, description="something else")
    assert caught.value.code == "client-id-reused"


def test_a_point_outside_every_grid_goes_to_the_triage_desk(site: Site) -> None:
    receipt = site.report(LAMP, at=(WEST - 1, SOUTH))
    incident = site.incident(receipt.incident_id)
    assert (incident.state, incident.outcome, incident.handler_id) == ("reported", "outside", None)
    assert site.told("desk") == ["triage"]
    assert site.sums_up(receipt.incident_id)


def test_a_point_just_outside_snaps_to_the_nearest_leaf(site: Site) -> None:
    receipt = site.report(LAMP, at=(WEST - 1e-4, SOUTH - STEP / 2))
    incident = site.incident(receipt.incident_id)
    assert (incident.outcome, incident.grid_code) == ("snapped", "A11")


def test_a_point_on_a_shared_border_belongs_to_the_smallest_code_and_says_so(site: Site) -> None:
    receipt = site.report(LAMP, at=(WEST + STEP, SOUTH - STEP / 2))
    incident = site.incident(receipt.incident_id)
    assert (incident.grid_code, incident.neighbour_code) == ("A11", "A12")
    assert incident.border_distance_m == pytest.approx(0, abs=0.01)


def test_a_position_whose_accuracy_crosses_the_border_offers_the_neighbour(site: Site) -> None:
    lon = WEST + STEP - 5e-4  # about 50 m from A12
    report = site.report(LAMP, place=Place(lon, SOUTH - STEP / 2, "wgs84", accuracy_m=80))
    assert site.incident(report.incident_id).neighbour_code == "A12"
    exact = site.report(LAMP, place=Place(lon, SOUTH - STEP / 2, "wgs84", accuracy_m=5))
    assert site.incident(exact.incident_id).neighbour_code is None


def test_only_an_address_is_enough_and_goes_to_the_desk(site: Site) -> None:
    receipt = site.report(LAMP, place=None, address="环城路朝阳新村33号")
    assert site.incident(receipt.incident_id).outcome == "unplaced"


def test_the_property_manager_of_the_estate_is_told_beside_the_gridworker(site: Site) -> None:
    receipt = site.report(LAMP, at=in_estate())
    assert site.incident(receipt.incident_id).co_handler_id == site.people["property-e1"]
    assert site.told("property-e1") == ["co-assigned"]


def test_a_gridworker_on_leave_is_stood_in_for_by_the_deputy(site: Site) -> None:
    with site.work() as work:
        set_absence(work, site.people["worker-a11"], NOW, NOW + timedelta(days=1), "leave")
    receipt = site.report(LAMP)
    assert site.incident(receipt.incident_id).handler_id == site.people["deputy-a11"]


def test_a_post_that_ended_gets_nothing_from_that_instant(site: Site) -> None:
    with site.work() as work:
        post = work.session.query(Post).filter_by(person_id=site.people["worker-a12"]).one()
        end_post(work, post.id)
    receipt = site.report(LAMP, at=middle("A12"))
    assert site.incident(receipt.incident_id).handler_id == site.people["leader-a1"]


def test_a_funeral_goes_to_the_secretary_only(site: Site) -> None:
    receipt = site.report(FUNERAL, by="worker-a11", source=Source.PATROL, at=in_estate())
    incident = site.incident(receipt.incident_id)
    assert incident.handler_id == site.people["secretary-a"]
    assert incident.co_handler_id is None
    assert site.told("leader-a1") == []


def test_a_finding_in_ones_own_grid_is_acknowledged_by_reporting_it(site: Site) -> None:
    receipt = site.report(LAMP, by="worker-a11", source=Source.PATROL)
    incident = site.incident(receipt.incident_id)
    assert (incident.state, incident.next_due_at) == ("acknowledged", None)
    assert site.sums_up(receipt.incident_id)


def test_illegal_building_found_by_the_gridworker_goes_to_the_leader(site: Site) -> None:
    receipt = site.report(BUILDING, by="worker-a11", source=Source.PATROL)
    assert site.incident(receipt.incident_id).handler_id == site.people["leader-a1"]


def test_the_reporter_is_kept_apart_with_only_a_hash_of_the_code(site: Site) -> None:
    receipt = site.report(LAMP)
    with site.look() as work:
        kept = work.session.get(Reporter, receipt.incident_id)
        assert kept is not None
        assert work.keys.open(kept.sealed_contact, bound(kept.incident_id, "contact")) == (
            "13800000000"
        )
    assert "138" not in kept.sealed_contact
    assert receipt.code not in kept.code_hash


def test_a_resident_may_not_file_what_is_not_public(site: Site) -> None:
    hidden = next(c for c in ("1001", "1002", "10") if True)
    with pytest.raises((Forbidden, Invalid)):
        site.report(hidden, by=RESIDENT)


def test_every_fault_of_a_report_is_told_at_once(lite: Site) -> None:
    with pytest.raises(Rejected) as caught:
        lite.report(
            LAMP,
            client_id="not a uuid",
            description="x" * 100_000,
            occurred_at=NOW + timedelta(days=365),
            place=Place(119.5, 27.4, None, accuracy_m=-1),
        )
    assert {fault.code for fault in caught.value.faults} == {
        "not-a-uuid", "too-long", "in-the-future", "datum-missing", "accuracy-bad",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("place", "code"),
    [
        (Place(0, 0, "wgs84"), "coordinate-zero"),
        (Place(27.4, 119.5, "wgs84"), "coordinates-swapped"),
        (Place(119.5, 27.4, "mars"), "datum-unknown"),
        (Place(float("nan"), 27.4, "wgs84"), "coordinate-not-a-number"),
    ],
)
def test_a_place_that_cannot_be_is_refused_by_name(lite: Site, place: Place, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        lite.report(LAMP, place=place)
    assert caught.value.code == code


def test_control_characters_are_refused_and_line_breaks_are_not(lite: Site) -> None:
    with pytest.raises(Rejected):
        lite.report(LAMP, description="a\x00b")
    assert lite.report(LAMP, description="一\r\n二").created


def test_a_gcj02_point_lands_where_it_really_is(site: Site) -> None:
    from gridtrack.geo.datum import from_wgs84

    lon, lat = from_wgs84(*middle("A11"), "gcj02")
    receipt = site.report(LAMP, place=Place(lon, lat, "gcj02"))
    incident = site.incident(receipt.incident_id)
    assert incident.grid_code == "A11"
    assert (incident.given_lon, incident.given_lat, incident.datum) == (lon, lat, "gcj02")
    assert not leaves()["A11"].contains(shapely.Point(lon, lat))


def test_nothing_is_kept_of_a_report_that_fails(site: Site) -> None:
    with pytest.raises(Invalid):
        site.report("9999")
    with site.look() as work:
        assert work.session.query(Reporter).count() == 0
