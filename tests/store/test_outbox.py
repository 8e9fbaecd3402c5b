"""Messages are leased by one worker at a time, in order, and come back from the dead."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from gridtrack.db.memo import Memo
from gridtrack.notifications import store
from gridtrack.notifications.store import LEASE, MESSAGE, Told, enqueue
from gridtrack.notifications.tables import Message, Subscription
from gridtrack.work import make_runtime
from tests.builders import NOW, Site


def waiting(site: Site, *keys: str, **changes: Any) -> None:
    """Messages that wait to be sent over a webhook."""
    row = {
        "incident_id": None, "recipient_id": None, "channel": "webhook", "subscription_id": None,
        "kind": "assigned", "facts": {}, "state": "pending", "attempts": 0, "created_at": NOW,
        "next_attempt_at": NOW, "lease_until": None, **changes,
    }  # fmt: skip
    with site.work() as work:
        work.session.execute(MESSAGE.insert(), [{**row, "key": key} for key in keys])


def leased(site: Site, at: datetime = NOW, limit: int = 100) -> list[str]:
    with site.work() as work:
        return [message.key for message in store.lease(work.session, at, limit)]


def stored(site: Site, key: str) -> Message:
    with site.look() as work:
        found: Message = work.session.query(Message).filter_by(key=key).one()
        return found


def test_what_waits_longest_is_leased_first(site: Site):
    waiting(site, "later", next_attempt_at=NOW)
    waiting(site, "earlier", next_attempt_at=NOW - timedelta(seconds=1))
    assert leased(site) == ["earlier", "later"]


def test_what_is_not_due_yet_is_left(site: Site):
    waiting(site, "soon", next_attempt_at=NOW + timedelta(microseconds=1))
    assert leased(site) == []


@pytest.mark.parametrize("state", ["sent", "dead", "superseded"])
def test_what_is_over_is_never_leased(site: Site, state: str):
    waiting(site, "over", state=state)
    assert leased(site, NOW + timedelta(days=1)) == []


def test_a_lease_is_written_down_and_counted(site: Site):
    waiting(site, "a")
    leased(site)
    found = stored(site, "a")
    assert (found.state, found.lease_until, found.attempts) == ("leased", NOW + LEASE, 1)


def test_what_is_leased_is_nobody_elses(site: Site):
    waiting(site, *"abc")
    assert leased(site, limit=2) == ["a", "b"]
    assert leased(site) == ["c"]


def test_a_dead_senders_lease_comes_back_when_it_has_run_out(site: Site):
    waiting(site, "a")
    leased(site)
    assert leased(site, NOW + LEASE - timedelta(microseconds=1)) == []
    assert leased(site, NOW + LEASE) == ["a"]
    assert stored(site, "a").attempts == 2


def test_a_lease_that_was_not_committed_never_was(site: Site):
    waiting(site, "a")
    with suppress(LookupError), site.work() as work:
        store.lease(work.session, NOW, 1)
        raise LookupError
    assert leased(site) == ["a"]


@pytest.fixture
def others(site: Site) -> Iterator[list[Site]]:
    """Four more processes' worth of runtimes on the same database."""
    runtimes = [make_runtime(site.runtime.settings, site.clock) for _ in range(4)]
    yield [Site(runtime, site.clock, site.people) for runtime in runtimes]
    for runtime in runtimes:
        runtime.engine.dispose()


def test_workers_that_lease_at_once_never_overlap(site: Site, others: list[Site]):
    keys = [f"k{n:03d}" for n in range(200)]
    waiting(site, *keys)
    start = threading.Barrier(len(others))
    taken: list[list[str]] = [[] for _ in others]

    def work_off(number: int) -> None:
        start.wait()
        while mine := leased(others[number], limit=7):
            taken[number] += mine

    threads = [threading.Thread(target=work_off, args=(n,)) for n in range(len(others))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert Counter(key for mine in taken for key in mine) == dict.fromkeys(keys, 1)


@pytest.mark.postgres
def test_what_another_is_leasing_right_now_is_passed_over(elephant: Site):
    waiting(elephant, *"abcd")
    with elephant.work() as one:
        mine = [m.key for m in store.lease(one.session, NOW, 2)]
        assert (mine, leased(elephant)) == (["a", "b"], ["c", "d"])


# --- what is written with its cause ---


def tell(site: Site, *told: Told) -> None:
    with site.work() as work:
        enqueue(work.session, Memo(), told, NOW)


def subscribe(site: Site, **given: Any) -> None:
    row = {"person_id": None, "scope": None, "channel": "webhook", "target": "https://x", **given}
    with site.work() as work:
        work.session.add(Subscription(secret="", locale="zh", **{"active": True, **row}))
        work.session.flush()


def keys(site: Site) -> set[str]:
    with site.look() as work:
        return {message.key for message in work.session.query(Message)}


def about(site: Site, **changes: Any) -> Told:
    worker = site.people["worker-a11"]
    given = {"cause": "c", "kind": "assigned", "recipients": (worker,), "path": "A/A1/A11"}
    return Told(**{**given, "incident_id": None, "facts": {}, **changes})


def test_the_same_cause_is_written_once_for_each_recipient_and_channel(site: Site):
    worker = site.people["worker-a11"]
    subscribe(site, person_id=worker)
    subscribe(site, person_id=worker, channel="email")
    tell(site, about(site))
    tell(site, about(site), about(site))
    assert keys(site) == {f"c:p{worker}:inbox", "c:s1:webhook", "c:s2:email"}


@pytest.mark.parametrize(
    ("scope", "hears"),
    [("", True), ("A", True), ("A/A1", True), ("A/A1/A11", True), ("A/A2", False), ("B", False),
     ("A/A", False)],
)  # fmt: skip
def test_a_group_hears_of_what_lies_below_its_scope(site: Site, scope: str, hears: bool):
    subscribe(site, scope=scope)
    tell(site, about(site))
    assert ("c:s1:webhook" in keys(site)) is hears


def test_a_group_does_not_hear_what_is_for_one_person(site: Site):
    subscribe(site, scope="")
    tell(site, about(site, groups=False))
    assert "c:s1:webhook" not in keys(site)


def test_a_subscription_that_is_off_hears_nothing(site: Site):
    subscribe(site, scope="", active=False)
    tell(site, about(site))
    assert "c:s1:webhook" not in keys(site)


def test_the_in_app_inbox_counts_what_was_not_read(site: Site):
    worker = site.people["worker-a11"]
    tell(site, about(site), about(site, cause="d"))
    with site.look() as work:
        assert store.unread(work.session, worker) == 2
    with site.work() as work:
        store.mark_read(work.session, worker, NOW)
    with site.look() as work:
        assert store.unread(work.session, worker) == 0


def test_notices_come_newest_first_and_are_ones_own(site: Site):
    tell(site, about(site), about(site, cause="d"))
    tell(site, about(site, cause="e", recipients=(site.people["desk"],)))
    with site.look() as work:
        found = store.notices(work.session, site.people["worker-a11"])
    assert [message.key[0] for message in found] == ["d", "c"]
