"""A message that nobody will ever take up is found within a minute, and taken up all the same."""

from datetime import timedelta

from sqlalchemy import update

from gridtrack.cli.doctor import examine
from gridtrack.notifications import store as notifications
from gridtrack.notifications.store import MESSAGE, NO_LEASE
from gridtrack.usecases.heartbeat import health
from tests.builders import LAMP, Site
from tests.usecases.test_followed_grids import a_group


def planted(site: Site, lease: timedelta) -> None:
    """A message that was leased by a clock which was wrong, or by a sender that died."""
    a_group(site, "A")
    site.report(LAMP)
    until = site.clock.now() + lease
    with site.work() as work:
        given = {"state": "leased", "lease_until": until, "attempts": 1}
        work.session.execute(update(MESSAGE).where(MESSAGE.c.channel == "webhook").values(**given))


def stuck(site: Site) -> int:
    with site.look() as work:
        return health(work).stuck


def taken(site: Site) -> int:
    with site.work() as work:
        return len(notifications.lease(work.session, work.now, 10))


def test_a_lease_of_a_year_is_found_and_is_none(site: Site) -> None:
    planted(site, timedelta(days=365))
    assert stuck(site) == 1
    said = next(one for one in examine(site.runtime) if one.name == "outbox")
    assert (said.verdict, "1 stuck" in said.seen) == ("warn", True)
    assert taken(site) == 1
    assert (stuck(site), taken(site)) == (0, 0)


def test_a_lease_that_ran_out_is_taken_up_and_found_after_a_minute(site: Site) -> None:
    planted(site, timedelta(seconds=60))
    assert (stuck(site), taken(site)) == (0, 0)
    site.clock.advance(seconds=121)
    assert stuck(site) == 1
    assert taken(site) == 1
    assert stuck(site) == 0


def test_a_lease_that_another_clock_made_a_little_long_is_one(lite: Site) -> None:
    planted(lite, NO_LEASE)
    assert (stuck(lite), taken(lite)) == (0, 0)
