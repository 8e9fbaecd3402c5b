"""What is secret stays in the house: no channel carries more than number, class group and link."""

import json
import uuid
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import pytest

from gridtrack.categories.rules import Record
from gridtrack.categories.shipped import shipped_tree
from gridtrack.deadlines.offline import Judged, Phone
from gridtrack.incidents.intake import Choice, ReporterGiven
from gridtrack.incidents.rules import Action
from gridtrack.jobs.deliverer import deliver
from gridtrack.notifications.channels.fake import FakeSender
from gridtrack.notifications.channels.port import Outgoing, Sender
from gridtrack.notifications.rules import Kind
from gridtrack.notifications.tables import Message, Subscription
from gridtrack.queries.wording import wording
from gridtrack.usecases.acknowledge import acknowledge
from gridtrack.usecases.assign import assign
from gridtrack.usecases.handle import handle
from gridtrack.usecases.send_act import Sent, send_act
from gridtrack.work import Work
from tests.builders import LAMP, SOUTH, WEST, Site, in_estate
from tests.edition_builders import NOW_A12, a_shift, in_force, moved

TREE = shipped_tree()
MATTERS = [category for category in TREE.leaves() if category.record is Record.MATTER]
SECRET = [category for category in MATTERS if category.sensitivity >= 2]

WORDS = {
    "description": "描述甲乙丙",
    "address": "某某路三十三号",
    "name": "报告人丁",
    "contact": "13912345678",
}
# What the life of a matter brings with it by itself. Orders, extensions, reminders and the like are
# told where they are tested; the words of every kind are held at the end of this file.
LIVED = (
    Kind.ASSIGNED, Kind.CO_ASSIGNED, Kind.ESCALATED, Kind.EXHAUSTED, Kind.ACKNOWLEDGED,
    Kind.RETURNED, Kind.TRIAGE, Kind.MOVED_AWAY, Kind.MOVED_STAYS, Kind.MOVED_IN, Kind.WITHDRAWN,
    Kind.LATE_ACT,
)  # fmt: skip
PLACES = {"estate": in_estate(), "outside": (WEST - 1.0, SOUTH)}


def listen(site: Site) -> None:
    """A group over everything and the property manager hear on every channel, in both languages."""
    with site.work() as work:
        for channel, locale in (("webhook", "zh"), ("email", "en"), ("robot", "zh")):
            for who in ({"scope": ""}, {"person_id": site.people["property-e1"]}):
                heard = {"channel": channel, "locale": locale, "target": "https://x", **who}
                work.session.add(Subscription(secret="", active=True, **heard))
        work.session.flush()


def told_everything(site: Site, category: str, at: tuple[float, float]) -> list[Outgoing]:
    """A matter that is handed back, assigned and never answered, heard on every channel."""
    reporter = ReporterGiven(WORDS["name"], WORDS["contact"], Choice.NAMED)
    given = {"address": WORDS["address"], "description": WORDS["description"]}
    one = site.report(category, by="desk", at=at, reporter=reporter, **given).incident_id
    fake = FakeSender()
    senders: Mapping[str, Sender] = {"webhook": fake, "email": fake, "robot": fake}
    deliver(site.runtime, senders)
    handler = site.incident(one).handler_id
    if handler is not None:
        with site.work(next(w for w, n in site.people.items() if n == handler)) as work:
            handle(work, one, Action.HAND_BACK, {"reason": WORDS["description"]})
        deliver(site.runtime, senders)
    for _ in range(7):
        site.sweep(minutes=20)
        deliver(site.runtime, senders)
    return fake.messages


def answered_offline(site: Site, category: str) -> None:
    """A matter answered on a phone without a signal: in time, and again when another had it."""
    one = site.report(category).incident_id
    handler = site.incident(one).handler_id
    who = next(w for w, n in site.people.items() if n == handler)
    made = site.clock.now() + timedelta(minutes=1)
    site.sweep(minutes=5)
    site.clock.advance(hours=1)
    for seconds in (0, 1):
        phone = Phone(made + timedelta(seconds=seconds), site.clock.now())
        with site.work(who) as work:
            verb = partial(_acknowledge, work, one)
            sent = Sent(str(uuid.uuid4()), phone)
            send_act(work, one, Action.ACKNOWLEDGE, {}, sent=sent, verb=verb)
        with site.work("street") as work:
            assign(work, one, site.people["street"])


def _acknowledge(work: Work, one: int, made: Judged | None) -> int:
    return acknowledge(work, one, made=made)


def moved_everything(site: Site, category: str) -> list[Outgoing]:
    """Two matters whose ground goes to another grid, one acknowledged; everybody is told."""
    reporter = ReporterGiven(WORDS["name"], WORDS["contact"], Choice.NAMED)
    given = {"address": WORDS["address"], "description": WORDS["description"]}
    for acknowledged in (False, True):
        one = site.report(category, at=NOW_A12, reporter=reporter, **given).incident_id
        handler = site.incident(one).handler_id
        if acknowledged:
            site.acknowledge(one, next(w for w, n in site.people.items() if n == handler))
    fake = FakeSender()
    deliver(site.runtime, {"webhook": fake, "email": fake, "robot": fake})
    in_force(site, a_shift(site), tell_new=True)
    moved(site)
    deliver(site.runtime, {"webhook": fake, "email": fake, "robot": fake})
    return fake.messages


@pytest.mark.parametrize("category", SECRET, ids=lambda c: c.code)
def test_nothing_of_a_secret_matter_leaves_but_number_group_and_link(lite: Site, category) -> None:
    group = TREE.group(category.code)
    names = {category.zh, category.en} - {group.zh, group.en}  # 公共卫生 is both
    listen(lite)
    grid = {"A11网格", "Grid A11", "A12网格", "Grid A12", "A/A1"}
    told = [told_everything(lite, category.code, at) for at in PLACES.values()]
    for messages in (*told, moved_everything(lite, category.code)):
        assert messages
        for message in messages:
            said = f"{message.title}\n{message.text}\n{message.link}"
            for word in (*WORDS.values(), *names, *grid):
                assert word not in said


def test_the_matters_of_the_test_before_reach_what_a_life_of_a_matter_tells(lite: Site) -> None:
    listen(lite)
    for category in (SECRET[0].code, LAMP):
        for at in PLACES.values():
            told_everything(lite, category, at)
        answered_offline(lite, category)
    moved_everything(lite, LAMP)
    with lite.look() as work:
        kinds = {message.kind for message in work.session.query(Message)}
    assert set(LIVED) <= kinds


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("kind", list(Kind))
def test_no_kind_of_message_lets_a_word_of_a_secret_matter_out(lite: Site, kind, locale) -> None:
    with lite.look() as work:
        for category in SECRET:
            facts = {
                **WORDS, "number": "261120-00001", "category": category.code,
                "sensitivity": int(category.sensitivity), "edition": 1, "grid": "A11",
                "path": "A/A1/A11", "due_at": work.now.isoformat(), "rung": "leader",
                "since": work.now.isoformat(), "why": WORDS["description"],
            }  # fmt: skip
            said = "\n".join(wording(work, kind, facts, locale))
            group = TREE.group(category.code).name(locale)
            assert "261120-00001" in said
            assert group in said
            hidden = {*WORDS.values(), category.name(locale), "A11网格"} - {group}
            assert not [word for word in hidden if word in said]


def test_what_is_stored_to_make_messages_from_holds_no_words_of_people(site: Site) -> None:
    listen(site)
    told_everything(site, SECRET[0].code, in_estate())
    with site.look() as work:
        kept = json.dumps([m.facts for m in work.session.query(Message)], ensure_ascii=False)
    assert not [word for word in WORDS.values() if word in kept]
