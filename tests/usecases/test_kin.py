"""Duplicates and parts: merged, seen, taken out again; reporters are told on their own page."""

import pytest

from gridtrack.errors import Conflict, GridtrackError, Invalid
from gridtrack.incidents.rules import Action
from gridtrack.queries.alike import alike
from gridtrack.queries.incident import incident_page
from gridtrack.queries.kin import Kin, kin
from gridtrack.queries.track import track
from gridtrack.usecases.close import merge
from gridtrack.usecases.family import drop_parent, set_parent
from gridtrack.usecases.handle import handle
from gridtrack.usecases.split import split
from tests.builders import FUNERAL, LAMP, PARKING, Site, middle


def merged(site: Site, one: int, into: int, who: str = "leader-a1") -> None:
    with site.work(who) as work:
        merge(work, one, into)


def kin_of(site: Site, one: int, who: str = "leader-a1") -> Kin:
    with site.look(who) as work:
        return kin(work, one, "zh")


def offered(site: Site, one: int, who: str = "leader-a1") -> set[str]:
    with site.look(who) as work:
        return set(incident_page(work, one, "zh").actions)


def test_both_sides_know_of_a_merge_and_their_events_add_up(site: Site) -> None:
    first, second = (site.report(LAMP).incident_id for _ in range(2))
    merged(site, second, first)
    assert site.kinds(first)[-1] == "merged-in"
    assert [one.id for one in kin_of(site, first).repeats] == [second]
    original = kin_of(site, second).original
    assert original is not None
    assert original.id == first
    assert site.sums_up(first)
    assert site.sums_up(second)


def test_a_duplicate_that_was_none_goes_its_own_way_with_a_new_promise(site: Site) -> None:
    first, second = (site.report(LAMP).incident_id for _ in range(2))
    had = site.incident(second).handler_id
    merged(site, second, first)
    site.clock.advance(minutes=30)
    assert {"split", "reopen"} & offered(site, second) == {"split"}
    with site.work("leader-a1") as work:
        split(work, second, reason="不是同一盏灯")
    row = site.incident(second)
    assert (row.state, row.handler_id, row.duplicate_of) == ("assigned", had, None)
    assert row.due_at is not None
    assert row.due_at > site.clock.now()
    assert kin_of(site, first).repeats == ()
    assert site.kinds(first)[-1] == "split-off"
    assert site.sums_up(second)
    with pytest.raises(Conflict), site.work("leader-a1") as work:
        split(work, second, reason="again")


def test_a_reporter_follows_the_matter_that_theirs_was_merged_into(lite: Site) -> None:
    first, second = lite.report(LAMP), lite.report(LAMP)
    lite.clock.advance(minutes=1)
    merged(lite, second.incident_id, first.incident_id)
    lite.clock.advance(minutes=1)
    lite.acknowledge(first.incident_id, "worker-a11")
    with lite.work("worker-a11") as work:
        handle(work, first.incident_id, Action.START, {}, None)
    with lite.look() as work:
        page = track(work, second.number, second.code, "zh")
    assert (page.state, page.joined_state) == ("duplicate", "in_progress")
    assert [one.kind for one in page.progress][-3:] == ["merged", "acknowledged", "start"]
    assert page.progress[-1].words == ""


def test_parts_keep_their_clocks_and_know_each_other(site: Site) -> None:
    whole, part = (site.report(LAMP).incident_id for _ in range(2))
    due = site.incident(part).due_at
    with site.work("leader-a1") as work:
        set_parent(work, part, whole)
    assert site.incident(part).due_at == due
    assert [one.id for one in kin_of(site, whole).children] == [part]
    assert "unparent" in offered(site, part)
    assert "parent" not in offered(site, part) | offered(site, whole)
    assert (site.kinds(part)[-1], site.kinds(whole)[-1]) == ("parent-set", "child-added")
    with site.work("leader-a1") as work:
        drop_parent(work, part)
    assert not kin_of(site, part).any
    assert site.sums_up(part)


def test_what_makes_a_chain_or_a_circle_is_refused(lite: Site) -> None:
    one, two, three = (lite.report(LAMP).incident_id for _ in range(3))
    other = lite.report(LAMP, at=middle("B11")).incident_id
    with lite.work("leader-a1") as work:
        set_parent(work, two, one)
    refused: list[tuple[int, int, type[GridtrackError]]] = [
        (one, one, Invalid), (three, two, Invalid), (one, three, Invalid), (two, three, Conflict),
        (three, other, Invalid), (three, 999, Invalid),
    ]  # fmt: skip
    for child, of, error in refused:
        with pytest.raises(error), lite.work("leader-a1") as work:
            set_parent(work, child, of)


def test_who_may_not_direct_neither_merges_nor_splits_nor_parts(lite: Site) -> None:
    one, two = (lite.report(LAMP).incident_id for _ in range(2))
    assert not {"merge", "parent", "split"} & offered(lite, one, "worker-a11")
    merged(lite, two, one)
    with pytest.raises(GridtrackError), lite.work("worker-a11") as work:
        split(work, two, reason="x")


def test_alike_is_what_lies_near_and_what_is_of_its_kind_and_never_what_is_sealed(
    site: Site,
) -> None:
    lon, lat = middle("A11")
    one = site.report(LAMP, at=(lon, lat), address="朝阳33号").incident_id
    step = site.report(PARKING, at=(lon + 0.0003, lat)).incident_id  # about 30 m
    same = site.report(PARKING, at=(lon + 0.001, lat), address="朝阳33号").incident_id
    kind = site.report(LAMP, at=(lon, lat + 0.001)).incident_id
    site.report(PARKING, at=(lon, lat + 0.001))
    site.report(FUNERAL, at=(lon, lat))
    site.report(LAMP, at=middle("B11"))
    with site.look("secretary-a") as work:
        found = alike(work, one, "zh")
        assert alike(work, 6, "zh") == ()
    assert {row.line.id for row in found} == {step, same, kind}
    assert [row.metres is not None for row in found if row.line.id == step] == [True]
