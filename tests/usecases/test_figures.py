"""Figures follow the record: facts made by the worker, counted for whom they may be counted."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from gridtrack.errors import Forbidden, Invalid
from gridtrack.figures.store import FACT, mark
from gridtrack.incidents.rules import Action
from gridtrack.jobs.gathering import gather_news
from gridtrack.queries.figures import Against, By, Wanted, load, told
from gridtrack.queries.figures_behind import Behind, Part, listed_behind, matters_behind
from gridtrack.queries.hotspots import hotspots, quiet_grids
from gridtrack.usecases.assign import assign
from gridtrack.usecases.close import close, reopen
from gridtrack.usecases.gather_figures import forget_figures
from gridtrack.usecases.handle import handle
from tests.builders import BUILDING, FUNERAL, LAMP, middle
from tests.usecases.test_clocks import photo

TODAY = date(2026, 11, 20)
SPAN = Wanted(TODAY, TODAY)


def counted(site, who="secretary-a", wanted=SPAN, by=By.GRID, **asked):
    with site.look(who) as work:
        return told(work, wanted, by, "en", **asked)


def lived(site):
    """A lamp acknowledged in time, one that climbed and was answered late, one nobody has."""
    first, second, third = (site.report().incident_id for _ in range(3))
    site.clock.advance(minutes=2)
    site.acknowledge(first, "worker-a11")
    site.clock.advance(minutes=4)
    site.sweep()
    site.acknowledge(second, "worker-a11")
    gather_news(site.runtime)
    return first, second, third


def test_the_worker_makes_facts_of_what_is_new(site):
    _first, second, third = lived(site)
    found = counted(site)
    assert found.total == 3
    kept = found.figures["ack-kept"]
    assert (kept.hits, kept.n) == (1, 3)
    assert found.figures["ack-time"].median == 240
    assert (found.figures["climbed"].hits, found.figures["open"].hits) == (2, 3)
    with site.look("secretary-a") as work:
        missed = matters_behind(work, SPAN, Behind("ack-kept", Part.MISS))
    assert missed == [third, second]


def every_fact(site):
    with site.look() as work:
        rows = work.session.execute(select(FACT).order_by(FACT.c.incident_id))
        return [tuple(row) for row in rows]


def test_facts_made_step_by_step_are_those_made_at_once(site):
    first, *_ = lived(site)
    after = photo(site, first)
    with site.work("worker-a11") as work:
        handle(work, first, Action.RESOLVE, {"result": "mended", **after})
    site.clock.advance(minutes=1)
    with site.work("secretary-a") as work:
        reopen(work, first, reason="still dark")
    site.clock.advance(minutes=1)
    gather_news(site.runtime)
    with site.look() as work:
        stepwise = [
            tuple(row) for row in work.session.execute(select(FACT).order_by("incident_id"))
        ]
    with site.work() as work:
        forget_figures(work)
    assert counted(site).total == 0
    gather_news(site.runtime)
    assert every_fact(site) == stepwise
    rework = counted(site).figures["rework"]
    assert (rework.hits, rework.n) == (1, 1)


def test_what_is_young_is_read_again_and_what_is_settled_is_not(site):
    site.report()
    gather_news(site.runtime)
    with site.look() as work:
        assert mark(work.session).event_id == 0
    site.clock.advance(minutes=3)
    gather_news(site.runtime)
    with site.look() as work:
        settled = mark(work.session).event_id
    assert settled > 0
    assert gather_news(site.runtime) == 0


def test_a_matter_handed_back_is_no_first_round(site):
    one = site.report().incident_id
    site.acknowledge(one, "worker-a11")
    with site.work("worker-a11") as work:
        handle(work, one, Action.HAND_BACK, {"reason": "not my grid"})
    with site.work("secretary-a") as work:
        assign(work, one, site.people["worker-a12"])
    site.acknowledge(one, "worker-a12")
    after = photo(site, one)
    with site.work("worker-a12") as work:
        handle(work, one, Action.RESOLVE, {"result": "mended", **after})
    with site.work("secretary-a") as work:
        close(work, one, comment="")
    gather_news(site.runtime)
    found = counted(site).figures
    assert (found["first-round"].hits, found["first-round"].n) == (0, 1)
    assert (found["open"].hits, found["in-community"].hits) == (0, 1)


def test_sealed_matters_are_in_no_sum_of_those_who_may_not_see_them(site):
    site.report(FUNERAL)
    site.report(LAMP)
    gather_news(site.runtime)
    assert counted(site, "secretary-a").total == 2
    assert counted(site, "leader-a1").total == 1
    assert [one.key for one in counted(site, "leader-a1", by=By.CATEGORY).groups] == [LAMP]


def test_nobody_counts_beyond_their_ground(site):
    site.report(at=middle("B11"))
    site.report()
    gather_news(site.runtime)
    assert counted(site, "secretary-b").total == 1
    assert counted(site, "street").total == 2
    with site.look("worker-a11") as work, pytest.raises(Forbidden):
        told(work, SPAN, By.GRID, "en")


def test_a_span_is_compared_with_as_many_days_before(site):
    site.report()
    site.clock.advance(days=1)
    site.report()
    site.report(BUILDING)
    gather_news(site.runtime)
    found = counted(site, wanted=Wanted(date(2026, 11, 21), date(2026, 11, 21)),
                    against=Against.BEFORE)  # fmt: skip
    assert (found.figures["reported"].hits, found.before["reported"].hits) == (2, 1)
    assert found.other.begin == found.other.end == TODAY


def test_a_number_and_its_list_agree_for_every_measure_and_group(site):
    lived(site)
    for by in By:
        found = counted(site, by=by)
        for group in found.groups:
            for code, one in group.figures.items():
                behind = Behind(code, Part.HIT, by, str(group.key))
                with site.look("secretary-a") as work:
                    listed = listed_behind(work, SPAN, behind, "en")
                assert listed.total == one.hits == len(listed.lines), (by, group.key, code)


def test_matters_can_be_counted_by_the_grids_of_another_day(site):
    site.report()
    gather_news(site.runtime)
    with site.look("street") as work:
        before = load(work, SPAN)["path"].tolist()
        today = load(work, Wanted(TODAY, TODAY, grids_on=TODAY))["path"].tolist()
        assert today == before
        with pytest.raises(Invalid) as told_:
            load(work, Wanted(TODAY, TODAY, grids_on=date(1999, 1, 1)))
    assert told_.value.code == "figures-no-edition"


@pytest.mark.parametrize(
    ("begin", "end", "code"),
    [
        (TODAY, TODAY - timedelta(days=1), "figures-span"),
        (TODAY - timedelta(days=2000), TODAY, "figures-too-long"),
    ],
)
def test_days_that_are_no_span_are_told(lite, begin, end, code):
    with lite.look("street") as work, pytest.raises(Invalid) as told_:
        load(work, Wanted(begin, end))
    assert told_.value.code == code


def test_three_at_a_place_are_a_hotspot_and_sealed_ones_have_no_place(site):
    for _ in range(3):
        site.report()
    for _ in range(3):
        site.report(FUNERAL, at=middle("A22"))
    gather_news(site.runtime)
    with site.look("secretary-a") as work:
        spots = hotspots(work, SPAN, "en")
        quiet = quiet_grids(work, SPAN, "en")
    assert [one.count for one in spots] == [3]
    silent = {one.path.rpartition("/")[2] for one in quiet}
    assert {"A12", "A21"} <= silent
    assert not silent & {"A11", "A22"}


def test_facts_name_no_reporter_and_hold_no_words(lite):
    lite.report(description="a marker nobody else has")
    gather_news(lite.runtime)
    with lite.look() as work:
        row = work.session.execute(select(FACT)).one()
        assert work.session.scalar(select(func.count()).select_from(FACT)) == 1
    assert "marker" not in repr(tuple(row))
