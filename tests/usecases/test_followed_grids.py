"""What names a grid by its path goes on naming it where it only gets another code."""

from dataclasses import replace
from datetime import timedelta

from gridtrack.cli.doctor import examine
from gridtrack.deadlines import policy_store
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.rules import Kind
from gridtrack.duty import store as duty
from gridtrack.grids.store import entries
from gridtrack.notifications.tables import Subscription
from gridtrack.queries.codes import names_old_codes
from gridtrack.queries.followed import scope_now
from gridtrack.usecases.activate_edition import come_into_force, schedule_edition
from gridtrack.usecases.policies import publish
from gridtrack.usecases.policy_drafts import start_draft
from gridtrack.usecases.subscriptions import NewSubscription, subscribe
from gridtrack.usecases.tell import desk_of
from tests.builders import LAMP, NOW, Site
from tests.edition_builders import in_force
from tests.usecases.test_carried_posts import renumbered
from tests.usecases.test_rosters import DAY, bring

LATER = NOW + timedelta(hours=6)
ROSTER = DAY.replace("HOURS", "08:00-20:00")
OWN = {"clock": "acknowledge", "category": "0601", "scope": "A/A1/A11", "limit": "7min"}


def publish_own(site: Site, limit: str, from_at=None) -> int:
    with site.work() as work:
        rows = policy_store.versions(work.session)
        body = {**rows[-1].body, "limit": [{**OWN, "limit": limit}]}
        return publish(work, body, from_at, "own")


def a_group(site: Site, scope: str) -> int:
    with site.work() as work:
        return subscribe(
            work, NewSubscription("webhook", "https://group.example/x", scope=scope, secret="s")
        )


def limit_of(site: Site, path: str, at) -> str | None:
    with site.look() as work:
        found = deadlines.policy_at(work.session, work.memo, at)
        limit = found.limit(Kind.ACKNOWLEDGE, "0601", path)
    return None if limit is None else str(limit)


def test_rosters_groups_and_limits_follow_with_a_record(site: Site) -> None:
    roster = bring(site, ROSTER)[0].roster_id
    group = a_group(site, "A/A1")
    publish_own(site, "7min")
    publish_own(site, "8min", NOW + timedelta(days=5))
    edition = renumbered(site, {"A1": "Y", "A11": "X"})
    with site.work("admin") as work:
        draft = start_draft(work, None)
        paths = {"A/A1": "A/Y", "A/A1/A11": "A/Y/X"}
        named = names_old_codes(work, paths)
    assert (named.rosters, named.channels, named.limits) == (1, 1, 1)
    site.clock.advance(minutes=1)
    in_force(site, edition)
    with site.look() as work:
        assert duty.get(work.session, roster).scope == "A/Y/X"
        said = duty.changes(work.session, roster)[0]
        assert (said.kind, said.data["into"]) == ("followed", "A/Y/X")
        assert work.session.get(Subscription, group).scope == "A/Y"
        assert policy_store.draft(work.session, draft).body["limit"][0]["scope"] == "A/Y/X"
        record = entries(work.session, edition)
    followed = next(one.data["followed"] for one in record if one.kind == "activated")
    assert (followed["rosters"], followed["channels"], followed["limits"]) == ([roster], [group], 2)
    now, ahead = site.clock.now(), NOW + timedelta(days=6)
    assert [limit_of(site, "A/Y/X", at) for at in (now, ahead)] == ["7min", "8min"]
    assert limit_of(site, "A/A1/A11", now) is None
    one = site.report(LAMP).incident_id
    assert site.incident(one).due_at == now + timedelta(minutes=7)
    assert site.incident(one).handler_id == site.people["worker-a11"]


def test_a_published_version_stays_as_it_was_promised(site: Site) -> None:
    before = publish_own(site, "7min")
    one = site.report(LAMP).incident_id
    site.clock.advance(minutes=1)
    in_force(site, renumbered(site, {"A11": "X"}))
    with site.look() as work:
        rows = {row.version: row for row in policy_store.versions(work.session)}
        assert rows[before].body["limit"][0]["scope"] == "A/A1/A11"
        clock = deadlines.clocks(work.session, one)[0]
    assert (clock.policy_version, clock.due_at) == (before, NOW + timedelta(minutes=7))
    assert rows[max(rows)].body["limit"][0]["scope"] == "A/A1/X"
    site.sweep(minutes=5)
    assert "escalated" not in site.kinds(one)  # it climbs by what was promised, as it was


def test_with_a_schedule_they_follow_when_it_comes_into_force(site: Site) -> None:
    roster = bring(site, ROSTER)[0].roster_id
    edition = renumbered(site, {"A11": "X"})
    with site.work("admin") as work:
        schedule_edition(work, edition, LATER, reason="new year")
        assert duty.get(work.session, roster).scope == "A/A1/A11"
    site.clock.set(LATER)
    for _ in range(2):
        with site.work() as work:
            come_into_force(work)
    with site.look() as work:
        assert duty.get(work.session, roster).scope == "A/A1/X"
        assert len(duty.changes(work.session, roster)) == 2  # made, followed


def test_grids_that_change_codes_with_each_other_change_nothing(site: Site) -> None:
    roster = bring(site, ROSTER)[0].roster_id
    in_force(site, renumbered(site, {"A11": "A12", "A12": "A11"}))
    with site.look() as work:
        assert duty.get(work.session, roster).scope == "A/A1/A11", "a code is the grid"


def test_the_desk_of_a_setting_is_found_by_an_old_path_twice_renumbered(site: Site) -> None:
    own = site.runtime.settings.model_copy(update={"triage_scope": "A"})
    site.runtime = replace(site.runtime, settings=own)
    for codes in ({"A": "Z"}, {"Z": "Q"}):
        site.clock.advance(minutes=1)
        in_force(site, renumbered(site, codes))
    with site.look() as work:
        named = scope_now(work, "A")
        assert (named.now, named.moved, named.lost) == ("Q", True, False)
        assert scope_now(work, "B").moved is False
        assert scope_now(work, "nowhere").lost
        desk = desk_of(work, "", 3)  # sealed, in no grid: the secretary of the setting's scope
    assert set(desk) >= {site.people["secretary-a"]}
    said = next(one for one in examine(site.runtime) if one.name == "triage desk")
    assert (said.verdict, "A is Q now" in said.seen) == ("warn", True)
