"""Writing rosters: refused where they are entered, with the way out."""

from typing import Any

import pytest

from gridtrack.duty import store as duty
from gridtrack.duty.parse import read_rosters
from gridtrack.errors import Forbidden, Rejected
from gridtrack.usecases.rosters import Brought, bring_rosters, end_roster
from tests.builders import Site

GOOD = """
[[roster]]
code = "night-a"
scope = "A"
role = "gridworker"
from = 2026-11-01
shift = [{hours = "18:00-08:00", people = ["worker-a11", "worker-a12"]}]
"""
DAY = """
[[roster]]
code = "day-a11"
scope = "A/A1/A11"
role = "gridworker"
from = 2026-11-01
shift = [{hours = "HOURS", days = "workdays", people = ["worker-a11"]}]
"""


def bring(site: Site, text: str, by: str = "secretary-a") -> list[Brought]:
    with site.work(by) as work:
        return bring_rosters(work, read_rosters(text, "f"))


def faults(site: Site, text: str) -> list[Any]:
    with pytest.raises(Rejected) as caught:
        bring(site, text)
    return list(caught.value.faults)


def test_a_file_brings_rosters_in_and_again_changes_nothing(site: Site) -> None:
    assert [one.did for one in bring(site, GOOD)] == ["added"]
    assert [one.did for one in bring(site, GOOD)] == ["same"]
    again = GOOD.replace("18:00", "19:00")
    assert [one.did for one in bring(site, again)] == ["changed"]
    with site.look() as work:
        kinds = [one.kind for one in duty.changes(work.session, 1)]
    assert kinds == ["changed", "made"]


def test_a_roster_taken_away_may_come_again(lite: Site) -> None:
    first = bring(lite, GOOD)[0].roster_id
    with lite.work("secretary-a") as work:
        end_roster(work, first)
    assert lite.incident(lite.report().incident_id).handler_id == lite.people["worker-a11"]
    assert [(one.did, one.roster_id) for one in bring(lite, GOOD)] == [("added", first)]


def test_one_person_on_two_shifts_at_once_is_refused_with_both(lite: Site) -> None:
    bring(lite, GOOD)
    found = faults(lite, DAY.replace("HOURS", "07:00-18:00"))
    assert [one.code for one in found] == ["roster-overlap"]
    assert found[0].params["one"].startswith("night-a 2026-11-")
    assert found[0].params["other"].startswith("day-a11 2026-11-")
    assert [one.did for one in bring(lite, DAY.replace("HOURS", "08:00-18:00"))] == ["added"]


def test_a_session_may_be_held_while_on_shift_but_not_two_at_once(lite: Site) -> None:
    bring(lite, DAY.replace("HOURS", "08:00-18:00"))
    session = GOOD.replace("night-a", "say").replace("18:00-08:00", "09:00-11:00")
    session += 'kind = "session"\n'
    # TOML takes keys of the roster before its list of shifts as well as after an inline one.
    assert [one.did for one in bring(lite, session)] == ["added"]
    assert [one.code for one in faults(lite, session.replace('"say"', '"say2"'))] == [
        "roster-overlap", "roster-overlap"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (('"A"', '"A/Q1"'), "roster-scope-unknown"),
        (('"worker-a11"', '"nobody"'), "roster-person-unknown"),
        (('"worker-a11"', '"checker-a"'), "roster-person-no-post"),
        (('"worker-a11"', '"worker-b11"'), "roster-person-no-post"),
        (('["worker-a11", "worker-a12"]', '["", ""]'), "roster-nobody"),
        (('"gridworker"', '"property"'), "roster-ground"),
        (('"gridworker"', '"wizard"'), "roster-word-bad"),
        (("from = 2026-11-01", 'from = 2026-11-01\nuntil = "2026-10-01"'), "span-backwards"),
        (("shift = [{hours", "# [{hours"), "roster-no-shift"),
    ],
)
def test_what_cannot_be_is_refused(lite: Site, change: tuple[str, str], code: str) -> None:
    assert code in [one.code for one in faults(lite, GOOD.replace(*change))]


def test_nothing_of_a_file_with_a_fault_is_kept(lite: Site) -> None:
    faults(lite, GOOD + DAY.replace("HOURS", "07:00-18:00"))
    with lite.look() as work:
        assert duty.rosters(work.session, work.memo).all == ()


@pytest.mark.parametrize("who", ["worker-a11", "secretary-b", "desk", "admin", "property-e1"])
def test_only_who_leads_the_ground_writes_its_rosters(lite: Site, who: str) -> None:
    with pytest.raises(Forbidden):
        bring(lite, GOOD, by=who)


def test_a_leader_writes_rosters_of_their_own_grids_and_no_wider(lite: Site) -> None:
    assert bring(lite, DAY.replace("HOURS", "08:00-18:00"), by="leader-a1")[0].did == "added"
    with pytest.raises(Forbidden):
        bring(lite, GOOD, by="leader-a1")
