"""The same life on both databases leaves the same log (for thirty days: ./dev bench month)."""

import pytest

from benchmarks._crowd import faultless, verdict
from benchmarks.month import Month, log_of
from tests.builders import Site


@pytest.mark.postgres
def test_a_morning_of_dice_is_the_same_story_on_both_databases(lite: Site, elephant: Site) -> None:
    logs = []
    for site in (lite, elephant):
        Month(site, seed=7).live(days=0.25, matters=10)
        found = verdict(site)
        assert faultless(found), found
        assert found["fired"] > 5
        logs.append(log_of(site))
    assert logs[0] == logs[1]
