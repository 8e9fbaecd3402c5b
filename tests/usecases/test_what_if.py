"""What if: recorded matters under other rules, beside what really became of them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from gridtrack.access import RESIDENT
from gridtrack.analytics.record import Span
from gridtrack.db.base import Base
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.policy_parts import OwnLimit
from gridtrack.deadlines.rules import Kind
from gridtrack.duty.parse import read_rosters
from gridtrack.errors import Forbidden, Invalid, NotFound
from gridtrack.grids import store as grids
from gridtrack.grids.tables import Edition
from gridtrack.incidents.rules import Action
from gridtrack.incidents.store import INCIDENT
from gridtrack.limits import Limit, Unit
from gridtrack.usecases.forecast import Asked, Given, counted, forecast
from gridtrack.usecases.forecast_told import as_json
from gridtrack.usecases.handle import handle
from gridtrack.usecases.rosters import try_rosters
from tests.builders import FUNERAL, LAMP, NOW, grid_rows, middle
from tests.usecases.test_replay import given, people, play, row

EVER = Span(None, None)
PLACES = ("A11", "A12", "B11", "A22")


def asked(site, **changes):
    """A forecast of everything recorded, as the engine sees it."""
    with site.look() as work:
        return forecast(work, Asked(EVER, **changes))


def policy(site, **changes):
    with site.look() as work:
        return replace(deadlines.policy_at(work.session, work.memo, work.now), **changes)


def a_month(site, count=40, how=None):
    """So many matters over the leaves, an hour apart, played through the product."""
    rows = [row(61 * n, at=PLACES[n % 4]) for n in range(count)]
    return play(site, rows, how or given(people(chance=0.8)))


def share(draws, name):
    return [getattr(draw, name) / draw.matters for draw in draws]


def test_with_nothing_changed_the_forecast_is_what_happened(site):
    out = a_month(site)
    found = asked(site)
    assert (found.happened.in_time, found.happened.matters) == (out["acknowledged_in_time"], 40)
    assert dict(found.happened.climbed) == out["escalations"]
    assert dict(found.happened.skipped) == out["skipped"]
    middle_one = sorted(share(found.present.draws, "in_time"))[4]
    assert middle_one == pytest.approx(out["acknowledged_in_time"] / 40, abs=0.12)


def test_everybody_answering_at_once_is_all_in_time(lite):
    a_month(lite, 40, given(people(median_s=1)))
    found = asked(lite)
    routed = [draw.in_time for draw in found.present.draws]
    assert routed == [40] * 9
    assert found.happened.in_time == 40


def test_nobody_answering_climbs_as_often_as_the_sweep_did(lite):
    out = a_month(lite, 12, given(people(chance=0)))
    draw = asked(lite, draws=1).happened
    assert dict(draw.climbed) == out["escalations"]
    assert (draw.answered, draw.exhausted) == (0, 12)


def test_nothing_in_the_database_is_touched(site):
    a_month(site, 8)

    def everything():
        with site.look() as work:
            return {
                table.name: work.session.execute(
                    select(table).order_by(*table.primary_key.columns)
                ).all()
                for table in Base.metadata.sorted_tables
            }

    before = everything()
    asked(site, policy=policy(site, acknowledge_default=Limit(1, Unit.HOUR)))
    assert everything() == before


def test_a_longer_limit_lets_more_be_in_time_on_the_same_luck(lite):
    a_month(lite, 20, given(people(chance=0.9, median_s=400)))
    own = OwnLimit(Kind.ACKNOWLEDGE, Limit(30, Unit.MINUTE))
    found = asked(lite, policy=policy(lite, limits=(own,)))
    pairs = zip(found.present.draws, found.asked.draws, strict=True)
    assert all(one.in_time < other.in_time for one, other in pairs)


def test_a_period_without_matters_is_refused(lite):
    with lite.look() as work, pytest.raises(Invalid) as caught:
        forecast(work, Asked(Span(NOW, NOW + timedelta(days=1))))
    assert caught.value.code == "forecast-no-matters"


def test_an_unknown_edition_is_refused(lite):
    a_month(lite, 4)
    with pytest.raises(NotFound):
        asked(lite, edition_id=99)


def test_a_gridworker_may_not_ask(lite):
    a_month(lite, 4)
    with lite.look("worker-a11") as work, pytest.raises(Forbidden):
        forecast(work, Asked(EVER))


def test_the_secretary_counts_their_own_community_alone(site):
    a_month(site, 8)
    with site.look("secretary-b") as work:
        assert forecast(work, Asked(EVER)).matters == 2


def test_sealed_matters_are_counted_for_who_may_read_them(site):
    for category in (LAMP, FUNERAL):
        site.report(category, RESIDENT)
    with site.work() as work:
        work.session.execute(INCIDENT.update().where(INCIDENT.c.id == 2).values(sensitivity=3))
    found = {}
    for who in ("admin", "secretary-a", "secretary-b", "street"):
        with site.look(who) as work:
            may = counted(work.actor)
            found[who] = work.session.scalar(select(func.count()).select_from(INCIDENT).where(may))
    assert found == {"admin": 1, "secretary-a": 2, "secretary-b": 0, "street": 2}


def test_another_edition_moves_matters_to_its_own_people(lite):
    a_month(lite, 8)
    with lite.work() as work:
        rows = [row for row in grid_rows() if row["code"] != "A22"]
        other = Edition(
            name="without A22", state="draft", created_at=work.now, created_by="tests",
            tolerance_m=1.0, source={}, accepted=[], note="",
        )  # fmt: skip
        grids.save_edition(work.session, other, rows)
    found = asked(lite, edition_id=other.id, draws=1)
    # A22 has no gridworker, so its matters were the secretary's; there they are the desk's.
    assert found.present.draws[0].matters == found.asked.draws[0].matters == 8
    told = {person for person, _day in found.asked.draws[0].load.days}
    assert lite.people["desk"] in told
    assert lite.people["desk"] not in {p for p, _day in found.present.draws[0].load.days}


def test_reports_of_a_file_are_forecast_by_what_was_measured_here(lite):
    a_month(lite, 16)
    reports = [Given(NOW + timedelta(hours=n), LAMP, middle("A11")) for n in range(5)]
    found = asked(lite, reports=reports)
    assert (found.happened, found.matters, found.notices > 15) == (None, 5, True)


def test_a_roster_that_leaves_a_night_empty_climbs_at_once(lite):
    a_month(lite, 16)
    text = """
        [[roster]]
        code = "r"
        name = "days"
        role = "gridworker"
        scope = "A/A1/A11"
        from = 2027-01-01
        outside = "hole"
        [[roster.shift]]
        hours = "08:00-09:00"
        people = ["worker-a11"]
    """
    with lite.look() as work:
        book = try_rosters(work, read_rosters(text, "r.toml"), NOW.date())
        found = forecast(work, Asked(EVER, book=book, draws=1))
    worker = lite.people["worker-a11"]
    mine = {hour % 24 for (person, hour) in found.asked.draws[0].load.hours if person == worker}
    assert mine <= {8}
    assert found.asked.draws[0].in_time <= found.present.draws[0].in_time


def test_the_json_says_what_happened_beside_both_forecasts(lite):
    a_month(lite, 12)
    found = as_json(asked(lite, policy=policy(lite, limits=())))
    sides = [found[name] for name in ("happened", "present", "forecast")]
    assert all(side["matters"] == 12 for side in sides)
    assert isinstance(sides[0]["in_time"], int)
    assert set(sides[1]["in_time"]) == {"min", "median", "max"}
    assert found["changed"] == {"policy": 1, "roster": None, "edition": None}
    assert found["more_in_time"] == {"min": 0, "median": 0, "max": 0}


def test_a_forecast_may_be_stopped_and_tells_what_it_has(lite):
    a_month(lite, 12)
    with lite.look() as work:
        found = forecast(work, Asked(EVER), lambda done, _total: done < 5)
    assert (found.complete, found.present.draws[0].matters, found.matters) == (False, 5, 5)


def test_what_was_refused_before_anybody_answered_is_left_out(lite):
    receipt = lite.report()
    lite.report()
    with lite.work("secretary-a") as work:
        handle(work, receipt.incident_id, Action.REJECT, {"reason": "no"})
    found = asked(lite)
    assert (found.matters, found.set_aside, found.of) == (1, 1, 2)
