"""Versions of the policy at instants: what was promised never changes."""

import copy
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from gridtrack.cli.doctor import examine
from gridtrack.deadlines import store as deadlines
from gridtrack.deadlines.policy_write import toml
from gridtrack.deadlines.tables import ClockRow
from gridtrack.errors import Conflict, Forbidden, Invalid
from gridtrack.queries.policies import policies_page, row_of
from gridtrack.usecases.initialise import keep_policy
from gridtrack.usecases.policies import publish, withdraw
from tests.builders import NOW

HOUR = timedelta(hours=1)
OPEN = "10"  # a category without a limit of its own to acknowledge


def acknowledged_in(site: Any, limit: str) -> dict[str, Any]:
    """The document in force, with another limit to acknowledge."""
    with site.look() as work:
        body = copy.deepcopy(dict(row_of(work).body))
    body["acknowledge"] = {"default": limit}
    return body


def publish_in(site: Any, limit: str, after: timedelta | None, who: str = "admin") -> int:
    with site.work(who) as work:
        begin = None if after is None else work.now + after
        return publish(work, acknowledged_in(site, limit), begin, "a trial")


def limit_at(site: Any, at: Any) -> str:
    with site.look() as work:
        return str(deadlines.policy_at(work.session, work.memo, at).acknowledge_default)


def promises(site: Any) -> dict[int, tuple[Any, ...]]:
    """Every clock as it was promised."""
    with site.look() as work:
        rows = work.session.query(ClockRow).filter_by(kind="acknowledge")
        return {r.incident_id: (r.policy_version, r.started_at, r.due_at, r.ladder) for r in rows}


def test_a_version_is_scheduled_then_in_force_then_followed(site):
    first = site_version(site)
    second = publish_in(site, "10min", HOUR)
    assert (limit_at(site, NOW), limit_at(site, NOW + HOUR)) == ("5min", "10min")
    assert states(site) == {first: "in-force", second: "scheduled"}
    site.clock.advance(hours=1)
    assert states(site) == {first: "followed", second: "in-force"}


def site_version(site: Any) -> int:
    with site.look() as work:
        return row_of(work).version


def states(site: Any) -> dict[int, str]:
    with site.look("admin") as work:
        return {one.version: one.state for one in policies_page(work, "en").versions}


def test_who_published_what_and_why_stays_on_record(site):
    version = publish_in(site, "10min", None)
    with site.look("admin") as work:
        (newest, *_) = policies_page(work, "en").versions
    assert (newest.version, newest.why, newest.state) == (version, "a trial", "in-force")
    assert newest.author
    assert newest.changes == ("acknowledge where nothing else is said: 5 min → 10 min",)


def test_a_published_version_cannot_be_edited_even_past_the_product(site):
    version = publish_in(site, "10min", HOUR)
    for statement in (
        "UPDATE policy_version SET digest = 'x' WHERE version = :v",
        "DELETE FROM policy_version WHERE version = :v",
    ):
        with pytest.raises(DatabaseError, match="never edited"), site.work() as work:
            work.session.execute(text(statement), {"v": version})


def test_two_versions_from_one_instant_are_refused(site):
    first = publish_in(site, "10min", HOUR)
    with pytest.raises(Invalid, match="policy-same-instant") as refused:
        publish_in(site, "15min", HOUR)
    assert refused.value.params["version"] == first
    with site.work("admin") as work:
        withdraw(work, first, "not yet")
    assert publish_in(site, "15min", HOUR)


def test_a_version_in_force_cannot_be_withdrawn(site):
    version = publish_in(site, "10min", HOUR)
    site.clock.advance(hours=1)
    with pytest.raises(Conflict, match="policy-in-force"), site.work("admin") as work:
        withdraw(work, version, "too late")


def test_a_withdrawn_version_never_comes_into_force_and_says_who_and_why(site):
    version = publish_in(site, "10min", HOUR)
    with site.work("admin") as work:
        withdraw(work, version, "not yet")
    assert limit_at(site, NOW + 2 * HOUR) == "5min"
    with site.look("admin") as work:
        (newest, *_) = policies_page(work, "en").versions
    assert (newest.state, newest.withdrawn_why) == ("withdrawn", "not yet")


@pytest.mark.parametrize(
    ("limit", "after", "why", "code"),
    [
        ("10min", -HOUR, "x", "policy-from-past"),
        ("5min", HOUR, "x", "policy-unchanged"),
        ("10min", HOUR, " ", "required"),
        ("0min", HOUR, "x", "category-limit-range"),
    ],
)
def test_what_cannot_be_published_is_refused(lite, limit, after, why, code):
    body = acknowledged_in(lite, limit)
    with pytest.raises(Invalid) as refused, lite.work("admin") as work:
        publish(work, body, work.now + after, why)
    assert refused.value.code == code


def test_nobody_else_may_publish(lite):
    with pytest.raises(Forbidden):
        publish_in(lite, "10min", None, "secretary-a")


def test_an_older_document_may_be_published_again(lite):
    publish_in(lite, "10min", None)
    lite.clock.advance(hours=1)
    publish_in(lite, "5min", None)
    assert limit_at(lite, NOW + HOUR) == "5min"


def test_the_file_is_the_first_version_and_no_more_once_people_publish(lite):
    file = lite.runtime.settings.instance / "policy.toml"
    publish_in(lite, "10min", None)
    with lite.look() as work:
        file.write_text(toml({**row_of(work).body, "acknowledge": {"default": "30min"}}), "utf-8")
    lite.clock.advance(hours=1)
    with lite.work() as work:
        keep_policy(work)
    assert limit_at(lite, NOW + HOUR) == "10min"


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.integers(1, 60), st.integers(0, 90)),
        st.tuples(st.just("report"), st.just(0), st.just(0)),
        st.tuples(st.just("wait"), st.integers(1, 90), st.just(0)),
        st.tuples(st.just("withdraw"), st.just(0), st.just(0)),
    ),
    min_size=3,
    max_size=10,
)


@settings(max_examples=15, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(acts=ACTS)
def test_whatever_is_published_later_nothing_promised_changes(lite, acts):
    known: dict[int, tuple[Any, ...]] = promises(lite)
    for verb, number, minutes in acts:
        try:
            done(lite, verb, number, minutes)
        except (Invalid, Conflict):
            continue  # refused: then nothing may have changed either
        finally:
            now = promises(lite)
            assert {one: now[one] for one in known} == known
            known = now
    for version, started_at, due_at, _ in known.values():
        with lite.look() as work:
            promised = deadlines.policy_version(work.session, work.memo, version)
        assert due_at == started_at + promised.acknowledge_default.span


def done(site: Any, verb: str, number: int, minutes: int) -> None:
    if verb == "publish":
        publish_in(site, f"{number}min", timedelta(minutes=minutes))
    elif verb == "report":
        site.report(OPEN)
    elif verb == "wait":
        site.clock.advance(minutes=number)
    else:
        version = max(states(site))
        with site.work("admin") as work:
            withdraw(work, version, "a trial")


def test_a_file_that_is_edited_after_somebody_published_is_told_and_not_followed(lite: Any) -> None:
    def said() -> str:
        return next(one.verdict for one in examine(lite.runtime) if one.name == "policy")

    assert said() == "ok"
    publish_in(lite, "7min", None)
    assert said() == "warn"
    with lite.look() as work:
        (work.settings.instance / "policy.toml").write_text(toml(row_of(work).body), "utf-8")
    assert said() == "ok"
