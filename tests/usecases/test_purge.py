"""Retention: what is no longer kept goes, in batches, with a register; what is kept stays."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from gridtrack.errors import Forbidden, GridtrackError, Rejected
from gridtrack.figures.store import FACT
from gridtrack.incidents.rules import Action
from gridtrack.incidents.store import EVENT, INCIDENT
from gridtrack.incidents.tables import Reporter
from gridtrack.jobs.gathering import gather_news
from gridtrack.jobs.purging import purge_all, purge_by_itself
from gridtrack.retention import store
from gridtrack.retention.rules import What, parse_schedule
from gridtrack.retention.tables import PurgeLeave, PurgeLine
from gridtrack.usecases.handle import handle
from gridtrack.usecases.purge import erase_reporter, purge_batch, purge_due
from gridtrack.usecases.reporter_held import reporter_held
from tests.builders import FUNERAL

RULES = """
version = 3
automatic = true
[[rule]]
what = "reporter"
keep = "10d"
zh = "回访"
en = "call back"
[[rule]]
what = "matter"
keep = "100d"
zh = "档案"
en = "file"
[[rule]]
what = "matter"
category = "03"
keep = "30d"
zh = "档案"
en = "file"
"""


def ruled(site, rules=RULES):
    (site.runtime.settings.instance / store.OWN_FILE).write_text(rules, "utf-8")
    return site


def ended(site, *given, **more):
    """A matter that was refused at once."""
    one = site.report(*given, **more).incident_id
    with site.work("secretary-a") as work:
        handle(work, one, Action.REJECT, {"reason": "twice"})
    return one


def count(site, table):
    with site.look() as work:
        return work.session.scalar(select(func.count()).select_from(table))


def lines(site):
    with site.look() as work:
        rows = work.session.scalars(select(PurgeLine).order_by(PurgeLine.id))
        return [(row.what, row.incident_id, row.days) for row in rows]


def test_a_matter_goes_when_its_days_are_over_and_no_row_of_it_stays(site):
    one, open_one = ended(ruled(site)), site.report().incident_id
    site.clock.advance(days=99)
    purge_all(site.runtime)
    assert count(site, INCIDENT) == 2
    site.clock.advance(days=2)
    purge_all(site.runtime)
    assert lines(site)[-1] == ("matter", one, 100)
    with site.look() as work:
        assert work.session.scalars(select(INCIDENT.c.id)).all() == [open_one]
        connection = work.session.connection()
        for name in inspect(connection).get_table_names():
            columns = {column["name"] for column in inspect(connection).get_columns(name)}
            if "incident_id" in columns and name not in ("purge_line", "matter_fact"):
                left = text(f"SELECT count(*) FROM {name} WHERE incident_id = {one}")
                assert connection.execute(left).scalar() == 0, name
    assert count(site, PurgeLeave) == 0


def test_who_reported_goes_first_and_the_matter_stays(site):
    one = ended(ruled(site))
    site.clock.advance(days=11)
    assert purge_all(site.runtime) == 1
    with site.look() as work:
        reporter = work.session.get(Reporter, one)
        assert (reporter.sealed_name, reporter.sealed_contact) == ("", "")
    assert count(site, INCIDENT) == 1
    assert purge_all(site.runtime) == 0
    assert lines(site) == [("reporter", one, 10)]


def test_the_narrower_rule_goes_before_the_wider(site):
    funeral, lamp = ended(ruled(site), FUNERAL), ended(site)
    site.clock.advance(days=31)
    purge_all(site.runtime)
    assert [row[:2] for row in lines(site) if row[0] == "matter"] == [("matter", funeral)]
    site.clock.advance(days=70)
    purge_all(site.runtime)
    assert [row[1] for row in lines(site) if row[0] == "matter"] == [funeral, lamp]


def test_figures_of_what_went_stay(site):
    ended(ruled(site))
    gather_news(site.runtime)
    site.clock.advance(days=101)
    purge_all(site.runtime)
    assert count(site, FACT) == 1


def test_without_leave_events_stay_append_only(site):
    one = ended(ruled(site))
    with pytest.raises(DBAPIError, match="only ever appended"), site.work() as work:
        work.session.execute(EVENT.delete().where(EVENT.c.incident_id == one))


def test_a_look_at_what_is_due_takes_nothing(site):
    ended(ruled(site))
    site.clock.advance(days=101)
    with site.look() as work:
        schedule, due = purge_due(work)
    assert (schedule.version, [one.matters for one in due]) == (3, [1, 1, 0])
    assert lines(site) == []


def test_batches_go_on_where_the_last_one_ended(site, monkeypatch):
    monkeypatch.setattr("gridtrack.usecases.purge.BATCH", 2)
    ids = [ended(ruled(site)) for _ in range(5)]
    site.clock.advance(days=101)
    assert purge_all(site.runtime) == 10  # five reporters, then five matters
    assert [row[1] for row in lines(site) if row[0] == "matter"] == ids


def test_nothing_goes_by_itself_unless_the_rules_say_so(lite):
    ended(ruled(lite, RULES.replace("true", "false")))
    lite.clock.advance(days=101)
    assert purge_by_itself(lite.runtime) == 0
    lite.runtime.memo.forget("retention")
    ruled(lite)
    assert purge_by_itself(lite.runtime) == 2


def test_a_person_may_have_what_is_held_of_them_and_have_it_taken_away(site):
    one = site.report().incident_id
    with site.work() as work:
        held = reporter_held(work, one)
    assert (held["name"], held["contact"]) == ("林某", "13800000000")
    with site.work() as work:
        assert erase_reporter(work, one) == 1
    with site.work() as work:
        assert reporter_held(work, one)["name"] == ""
    assert lines(site) == [("reporter", one, 0)]


@pytest.mark.parametrize("who", ["street", "secretary-a", "security"])
def test_only_whoever_keeps_the_rules_may_purge(lite, who):
    rule = parse_schedule(RULES).rules[0]
    with pytest.raises(Forbidden), lite.work(who) as work:
        purge_batch(work, rule)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ('keep = "10d"', 'keep = "ten"'),
        ('keep = "10d"', 'keep = "0d"'),
        ('what = "reporter"', 'what = "everything"'),
        ('category = "03"', 'kind = "03"'),
        ('category = "03"', ""),
        ("version = 3", "version = 0"),
        ("automatic = true", 'automatic = "yes"'),
        ('zh = "回访"', 'zh = ""'),
    ],
)
def test_rules_that_cannot_be_kept_are_told(changed, code):
    with pytest.raises(Rejected) as told:
        parse_schedule(RULES.replace(changed, code))
    assert all(fault.code.startswith("retention-") for fault in told.value.faults)


@given(st.text(max_size=200))
def test_any_text_is_rules_or_a_clear_error(words):
    try:
        told = parse_schedule(words).version
    except GridtrackError as error:
        told = error.code.startswith(("retention-", "rejected"))
    assert told


def test_the_shipped_rules_can_be_read_and_remove_nothing_by_themselves(lite):
    with lite.look() as work:
        found = store.schedule(work.memo, work.settings.instance)
    assert not found.automatic
    assert {rule.what for rule in found.rules} == set(What)
    assert all(timedelta(days=rule.days) >= timedelta(days=180) for rule in found.rules)
