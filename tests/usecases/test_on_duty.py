"""Matters go to whoever is on shift: rosters, swaps and leave before posts."""

from datetime import date, timedelta
from typing import Any

import pytest

from gridtrack.accounts.tables import Absence
from gridtrack.duty import store as duty
from gridtrack.duty.rules import Dated, Days, Hours, Outside, Roster, Shift
from gridtrack.duty.store import Change
from gridtrack.errors import Conflict
from gridtrack.queries.on_duty import on_duty
from tests.builders import Site, in_estate, middle, path

NIGHT, DAY = Hours(18 * 60, 32 * 60), Hours(8 * 60, 18 * 60)
ALWAYS = Hours(0, 1440)


def team(site: Site, *names: str) -> tuple[int, ...]:
    return tuple(site.people[one] for one in names)


def a_roster(site: Site, *shifts: Shift[int], **more: Any) -> int:
    given = {"role": "gridworker", "scope": "A", "start": date(2026, 11, 1), "shifts": shifts}
    roster: Roster[int] = Roster(more.pop("code", "r"), "r", **given | more)
    with site.work() as work:
        roster_id = duty.save(work.session, roster)
        duty.append(work.session, Change(work.now, None, "test", "saved", roster_id, {}))
        duty.forget(work.memo)
    return roster_id


def leave(site: Site, who: str, deputy: str | None = None) -> None:
    with site.work() as work:
        work.session.add(
            Absence(
                person_id=site.people[who],
                from_at=work.now - timedelta(hours=1),
                until_at=work.now + timedelta(days=1),
                reason="",
                deputy_id=site.people[deputy] if deputy else None,
            )
        )


def handler(site: Site, **given: Any) -> str | None:
    found = site.incident(site.report(**given).incident_id).handler_id
    return next((name for name, one in site.people.items() if one == found), None)


def why(site: Site, **given: Any) -> list[str]:
    events = site.events(site.report(**given).incident_id)
    return [one["code"] for one in events[1].data["why"]]


def test_without_a_roster_the_holder_of_the_post_is_on_duty_always(site: Site) -> None:
    assert handler(site) == "worker-a11"
    site.clock.advance(hours=12)
    assert handler(site) == "worker-a11"


def test_whoever_is_on_shift_gets_it_and_the_reasons_say_so(site: Site) -> None:
    a_roster(site, Shift(NIGHT, (team(site, "worker-a12"),)))
    assert handler(site) == "worker-a11", "ten in the morning: no shift runs"
    site.clock.advance(hours=10)
    assert handler(site) == "worker-a12"
    assert why(site) == ["off-shift", "on-shift"]


def test_off_shift_at_night_it_climbs_and_says_until_when(site: Site) -> None:
    shift = Shift(DAY, (team(site, "worker-a11"),))
    a_roster(site, shift, scope=path("A11"), outside=Outside.OFF)
    assert handler(site) == "worker-a11"
    site.clock.advance(hours=10)
    receipt = site.report()
    assert site.incident(receipt.incident_id).handler_id == site.people["leader-a1"]
    reason = site.events(receipt.incident_id)[1].data["why"][0]
    assert reason["code"] == "off-shift-until"
    assert reason["until"] == "2026-11-21T00:00:00+00:00", "eight o'clock in Shanghai"


def test_two_on_shift_stand_behind_each_other(site: Site) -> None:
    a_roster(site, Shift(ALWAYS, (team(site, "worker-a12", "worker-a11"),)))
    assert handler(site) == "worker-a12"
    leave(site, "worker-a12")
    assert handler(site) == "worker-a11"
    assert why(site) == ["absent", "deputy-takes"]


def test_the_deputy_named_for_a_leave_stands_in_with_and_without_a_roster(site: Site) -> None:
    leave(site, "worker-a12", deputy="worker-b11")
    assert handler(site, at=middle("A12")) == "worker-b11"
    a_roster(site, Shift(ALWAYS, (team(site, "worker-a12"),)))
    assert handler(site) == "worker-b11"


def test_a_deputy_who_is_away_too_does_not_stand_in(site: Site) -> None:
    leave(site, "worker-a12", deputy="worker-b11")
    leave(site, "worker-b11")
    assert handler(site, at=middle("A12")) == "leader-a1"


def test_whose_post_has_ended_is_not_on_duty_whatever_the_roster_says(site: Site) -> None:
    a_roster(site, Shift(ALWAYS, (team(site, "desk", "checker-a"),)), scope=path("A11"))
    with site.look() as work:
        found = on_duty(work, [path("A11")], [])
    assert [(one.name, one.present) for one in found] == [
        ("worker-a11", False), ("deputy-a11", True)
    ]  # fmt: skip
    assert handler(site) == "deputy-a11"


def test_the_property_manager_on_shift_is_told_beside_the_gridworker(site: Site) -> None:
    nobody = Dated(date(2026, 11, 20), ALWAYS, off=True)
    shift = Shift(ALWAYS, (team(site, "property-e1"),))
    options: dict[str, Any] = {"role": "property", "scope": "", "zone": "E1"}
    a_roster(site, shift, dated=(nobody,), outside=Outside.OFF, **options)
    receipt = site.report(at=in_estate())
    assert site.incident(receipt.incident_id).co_handler_id is None
    site.clock.advance(days=1)
    receipt = site.report(at=in_estate())
    assert site.incident(receipt.incident_id).co_handler_id == site.people["property-e1"]
    assert site.told("property-e1") == ["co-assigned"]


def test_the_first_real_acknowledgement_of_the_two_stops_the_clock(site: Site) -> None:
    receipt = site.report(at=in_estate())
    site.acknowledge(receipt.incident_id, "property-e1")
    row = site.incident(receipt.incident_id)
    assert (row.due_at, row.handler_id) == (None, site.people["worker-a11"])
    last = site.events(receipt.incident_id)[-1]
    assert (last.kind, last.actor_id) == ("acknowledged", site.people["property-e1"])
    assert site.told("worker-a11") == ["assigned", "acknowledged"], "the other of the two knows"


def test_the_ladder_climbs_to_the_leader_on_shift(site: Site) -> None:
    shift = Shift(ALWAYS, (team(site, "secretary-a2"),))
    a_roster(site, shift, role="secretary")
    receipt = site.report()
    for _ in range(6):
        site.sweep(minutes=20)
    told = {one: site.told(one) for one in ("secretary-a", "secretary-a2")}
    assert "escalated" in told["secretary-a2"], site.kinds(receipt.incident_id)
    assert told["secretary-a"] == []


def test_another_process_sees_a_new_roster_within_a_second(site: Site) -> None:
    assert handler(site) == "worker-a11"
    a_roster(site, Shift(ALWAYS, (team(site, "worker-a12"),), Days("weekdays", (4,))))
    assert handler(site) == "worker-a12"


@pytest.mark.parametrize("version", [1, 2])
def test_a_roster_that_somebody_changed_meanwhile_is_not_overwritten(
    site: Site, version: int
) -> None:
    roster_id = a_roster(site, Shift(ALWAYS, (team(site, "worker-a12"),)))
    with site.look() as work:
        known = duty.rosters(work.session, work.memo).all[0]
    with site.work() as work:
        duty.save(work.session, known, 1)
    with site.work() as work:
        if version == 2:
            assert duty.save(work.session, known, version) == roster_id
        else:
            with pytest.raises(Conflict):
                duty.save(work.session, known, version)
