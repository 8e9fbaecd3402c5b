"""What matters rested, by the reason that was given; sealed ones are nobody's figure."""

from datetime import timedelta

import pytest

from gridtrack.errors import Forbidden
from gridtrack.incidents.rules import Action
from gridtrack.queries.held import Held, held_by_reason
from tests.builders import FUNERAL, NOW, Site
from tests.usecases.test_clocks import act, taken

HOUR = timedelta(hours=1)


def hold(site: Site, one: int, reason: str, hours: float, by: str = "worker-a11") -> None:
    until = (site.clock.now() + hours * HOUR).isoformat()
    act(site, one, Action.HOLD, by, reason=reason, until=until)


def found(site: Site, who: str = "secretary-a", since=NOW, until=NOW + 99 * HOUR):
    with site.look(who) as work:
        return held_by_reason(work, since, until)


def test_rests_are_summed_by_reason_and_cut_at_the_span(clocked: Site) -> None:
    first, other = taken(clocked), taken(clocked)
    hold(clocked, first, "等配件", 2)
    hold(clocked, other, "等车主", 50)
    clocked.sweep(hours=3)  # the first came to its own end an hour ago
    hold(clocked, first, "等配件", 5)
    clocked.clock.advance(hours=1)
    act(clocked, other, Action.RESUME)
    assert found(clocked) == (Held("等车主", 1, 4 * HOUR), Held("等配件", 2, 3 * HOUR))
    assert found(clocked, until=NOW + HOUR) == (
        Held("等车主", 1, HOUR), Held("等配件", 1, HOUR),
    )  # fmt: skip
    assert found(clocked, "secretary-b") == ()


def test_sealed_matters_and_people_without_figures_are_left_out(clocked: Site) -> None:
    sealed = clocked.report(FUNERAL).incident_id
    clocked.acknowledge(sealed, "secretary-a")
    hold(clocked, sealed, "丧家商量", 2, "secretary-a")
    assert found(clocked) == ()
    with pytest.raises(Forbidden):
        found(clocked, "worker-a11")
