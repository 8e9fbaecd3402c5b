"""Swaps, leave and handover notes: who may, what is refused, and what follows on duty."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from gridtrack.duty.tables import HandoverNote
from gridtrack.errors import Conflict, Forbidden, GridtrackError, Invalid, NotFound
from gridtrack.queries.notices import notices
from gridtrack.usecases.handover import leave_note, take_note
from gridtrack.usecases.leave import LeaveGiven, end_leave, enter_leave
from gridtrack.usecases.swaps import ShiftKey, answer_swap, ask_swap, decide_swap, withdraw_swap
from gridtrack.usecases.warn_holes import warn_of_holes
from tests.builders import NOW, Site
from tests.usecases.test_rosters import GOOD, bring

TONIGHT = date(2026, 11, 20)
NIGHT = datetime(2026, 11, 20, 14, tzinfo=UTC)  # ten in the evening there
FROM_20 = GOOD.replace("2026-11-01", "2026-11-20")  # worker-a11 begins


def rostered(site: Site, text: str = FROM_20, **more: str) -> ShiftKey:
    for key, value in more.items():
        text += f"{key} = {value}\n"
    return ShiftKey(bring(site, text)[0].roster_id, TONIGHT, 18 * 60)


def ask(site: Site, key: ShiftKey, by: str = "worker-a11", taker: str = "worker-a12") -> int:
    with site.work(by) as work:
        return ask_swap(work, key, site.people[taker])


def answer(site: Site, swap_id: int, *, takes: bool = True, by: str = "worker-a12") -> str:
    with site.work(by) as work:
        return answer_swap(work, swap_id, takes=takes)


def leave(site: Site, by: str, who: str | None = None, **given: Any) -> int:
    options = {"from_at": NOW, "until_at": NOW + timedelta(days=2)} | given
    with site.work(by) as work:
        return enter_leave(work, LeaveGiven(site.people[who or by], **options))


def refused(error: type[GridtrackError], code: str, call: Any) -> None:
    with pytest.raises(error) as caught:
        call()
    assert caught.value.code == code


def handler_at(site: Site, when: datetime) -> str:
    site.clock.set(when)
    found = site.incident(site.report().incident_id).handler_id
    return next(name for name, one in site.people.items() if one == found)


def test_a_swap_that_was_taken_counts_at_once(site: Site) -> None:
    swap_id = ask(site, rostered(site))
    assert answer(site, swap_id) == "done"
    assert site.told("worker-a12") == ["duty-swap"]
    assert handler_at(site, NIGHT) == "worker-a12"
    assert handler_at(site, NIGHT + timedelta(days=1)) == "worker-a12", "their own turn"
    assert handler_at(site, NIGHT + timedelta(days=2)) == "worker-a11"


def test_where_the_roster_says_so_a_leader_must_approve_and_not_of_their_own(site: Site) -> None:
    swap_id = ask(site, rostered(site, approval="true"))
    assert answer(site, swap_id) == "waiting"
    with site.work("leader-a1") as work, pytest.raises(NotFound):
        decide_swap(work, swap_id, approves=True)
    with site.work("secretary-a") as work:
        assert decide_swap(work, swap_id, approves=True) == "done"
    assert site.told("worker-a11") == ["duty-swap"]
    assert handler_at(site, NIGHT) == "worker-a12"


def test_what_was_declined_refused_or_taken_back_changes_nothing(lite: Site) -> None:
    key = rostered(lite, approval="true")
    assert answer(lite, ask(lite, key), takes=False) == "declined"
    swap_id = ask(lite, key)
    answer(lite, swap_id)
    with lite.work("secretary-a") as work:
        assert decide_swap(work, swap_id, approves=False) == "refused"
    swap_id = ask(lite, key)
    with lite.work("worker-a11") as work:
        assert withdraw_swap(work, swap_id) == "withdrawn"
    refused(Conflict, "swap-settled", lambda: answer(lite, swap_id))
    assert handler_at(lite, NIGHT) == "worker-a11"


def test_a_swap_with_oneself_or_into_a_leave_or_another_shift_is_refused(lite: Site) -> None:
    key = rostered(lite)
    refused(Invalid, "swap-self", lambda: ask(lite, key, taker="worker-a11"))
    refused(Invalid, "swap-no-post", lambda: ask(lite, key, taker="desk"))
    refused(Forbidden, "swap-not-yours", lambda: ask(lite, key, by="worker-a12"))
    leave_id = leave(lite, "worker-a12")
    refused(Invalid, "swap-on-leave", lambda: ask(lite, key))
    with lite.work("worker-a12") as work:
        end_leave(work, leave_id)
    other = GOOD.replace("night-a", "late").replace(
        '["worker-a11", "worker-a12"]', '["worker-a12"]'
    )
    late = other.replace("2026-11-01", "2026-11-20\nuntil = 2026-11-20")
    bring(lite, late.replace("18:00-08:00", "17:00-19:00"))
    refused(Invalid, "swap-overlap", lambda: ask(lite, key))


def test_a_shift_that_is_over_or_that_is_none_cannot_be_swapped(lite: Site) -> None:
    key = rostered(lite)
    bad = ShiftKey(key.roster_id, TONIGHT, 17 * 60)
    refused(NotFound, "shift-not-found", lambda: ask(lite, bad))
    lite.clock.advance(days=1)
    refused(Invalid, "swap-past", lambda: ask(lite, key))


def test_twice_asked_is_refused_and_only_the_one_asked_answers(lite: Site) -> None:
    key = rostered(lite)
    swap_id = ask(lite, key)
    refused(Conflict, "swap-asked", lambda: ask(lite, key, taker="deputy-a11"))
    refused(NotFound, "swap-not-found", lambda: answer(lite, swap_id, by="deputy-a11"))


def test_a_leave_with_a_deputy_sends_the_matter_there(lite: Site) -> None:
    leave(lite, "worker-a11", deputy_id=lite.people["worker-a12"])
    assert handler_at(lite, NIGHT) == "worker-a12"


def test_a_leader_enters_leave_for_their_people_and_nobody_elses(lite: Site) -> None:
    leave(lite, "leader-a1", "worker-a11")
    refused(Forbidden, "forbidden", lambda: leave(lite, "leader-a1", "worker-b11"))
    refused(Forbidden, "forbidden", lambda: leave(lite, "worker-a12", "worker-a11"))
    assert handler_at(lite, NOW) == "deputy-a11"


def test_a_leave_that_cannot_be_is_refused(lite: Site) -> None:
    me = lite.people["worker-a11"]
    refused(Invalid, "deputy-self", lambda: leave(lite, "worker-a11", deputy_id=me))
    past = {"from_at": NOW - timedelta(days=2), "until_at": NOW - timedelta(days=1)}
    refused(Invalid, "leave-over", lambda: leave(lite, "worker-a11", **past))
    back = {"until_at": NOW - timedelta(days=1)}
    refused(Invalid, "span-backwards", lambda: leave(lite, "worker-a11", **back))
    leave(lite, "worker-a12")
    deputy = {"deputy_id": lite.people["worker-a12"]}
    refused(Invalid, "deputy-away", lambda: leave(lite, "worker-a11", **deputy))
    leave(lite, "worker-a11")
    refused(Conflict, "leave-twice", lambda: leave(lite, "worker-a11"))


def test_a_note_is_left_by_the_shift_and_taken_over_by_the_next(lite: Site) -> None:
    key = rostered(lite)
    lite.clock.set(NIGHT)
    with lite.work("worker-a12") as work, pytest.raises(Forbidden):
        leave_note(work, key.roster_id, "x")
    with lite.work("worker-a11") as work:
        note_id = leave_note(work, key.roster_id, "三号楼水泵待查")
    with lite.work("worker-a12") as work, pytest.raises(Forbidden):
        take_note(work, note_id)
    lite.clock.advance(days=1)
    with lite.work("worker-a12") as work:
        take_note(work, note_id)
    with lite.look() as work:
        note = work.session.get(HandoverNote, note_id)
        assert note is not None
        assert (note.seen_by, note.seen_at) == (lite.people["worker-a12"], lite.clock.now())


def test_a_hole_is_told_to_the_secretary_a_week_ahead_and_never_twice(site: Site) -> None:
    rostered(site)
    later = {"from_at": NOW + timedelta(days=8), "until_at": NOW + timedelta(days=9)}
    leave(site, "worker-a11", **later)

    def warn() -> int:
        with site.work() as work:
            return warn_of_holes(work)

    assert warn() == 0
    site.clock.advance(days=1, hours=10)
    assert (warn(), warn()) == (1, 1)
    assert site.told("secretary-a") == ["duty-hole"]
    site.clock.advance(days=7)
    assert warn() == 1, "it runs now"
    assert site.told("secretary-a") == ["duty-hole"]
    assert site.told("secretary-b") == site.told("street") == []
    with site.look("secretary-a") as work:
        (one,) = notices(work, "en")
    assert one.title == "Nobody on duty: night-a"
    assert one.text.startswith("11-28 18:00 to 11-29 08:00: worker-a11 on leave")
