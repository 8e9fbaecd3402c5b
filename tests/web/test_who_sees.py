"""Every address, asked as everybody: what comes out is what `queries/who_sees.py` says, no more.

Each matter carries words, a place, a photo and a reporter that stand nowhere else; whatever comes
back is searched for them. Writing is tried as well and taken back: an error page can leak too.
"""

import io
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs
from werkzeug.routing import Rule

from gridtrack.access import RESIDENT, Actor, Permission, Role, permits
from gridtrack.accounts import store as accounts
from gridtrack.accounts.store import NewPost
from gridtrack.accounts.tables import Person
from gridtrack.categories import store as categories
from gridtrack.errors import Forbidden, GridtrackError
from gridtrack.http.guard import rule_of
from gridtrack.incidents.intake import Choice, ReporterGiven
from gridtrack.incidents.store import INCIDENT
from gridtrack.incidents.tables import Event, Incident
from gridtrack.notifications.rules import Kind
from gridtrack.notifications.tables import Message
from gridtrack.queries.board import board
from gridtrack.queries.matters_out import Wanted, matters_after
from gridtrack.queries.who_sees import HANDLER, MESSAGES, TABLE, What
from gridtrack.queries.wording import wording
from gridtrack.usecases.add_photo import add_photo, clean_photo
from gridtrack.usecases.assign import assign
from gridtrack.usecases.tell import facts
from gridtrack.usecases.tokens import NewToken, issue_token
from tests.builders import BUILDING, FUNERAL, LAMP, NO_PASSWORD, NOW, PARKING, Site, middle, path
from tests.web.visitor import an_app

LEVELS = {0: LAMP, 1: PARKING, 2: BUILDING, 3: FUNERAL}
HERE = {
    "worker-a11": Role.GRIDWORKER, "leader-a1": Role.LEADER, "secretary-a": Role.SECRETARY,
    "street": Role.STREET, "desk": Role.DESK, "checker-a": Role.CHECKER, "admin": Role.SYSTEM,
    "property-e1": Role.PROPERTY, "security": Role.SECURITY, "mediator": Role.MEDIATOR,
    "volunteer": Role.VOLUNTEER, "auditor": Role.AUDIT, "other-department": Role.DEPARTMENT,
}  # fmt: skip
HIRED = {"mediator", "volunteer", "auditor", "other-department"}
HANDLES = "department"  # every matter was given to somebody of this role, by name
ELSEWHERE = ("worker-a12", "secretary-b")
BAD = {"incident_id": 0, "edition_id": 1, "level": 1, "zone_id": 1}
VALUES: dict[str, Any] = {
    "filename": "none.js", "code": "en", "act": "none", "action": "note", "kind": "geojson",
    "step": "answer", "datum": "wgs84", "section": "light", "what": "orphans", "name": "none",
    "collection_id": "incidents", "feature_id": "1",
}  # fmt: skip


@dataclass
class Matter:
    """One matter and what is unmistakably its own."""

    id: int
    level: int
    number: str
    photo: str
    title: str
    marks: dict[What, tuple[str, ...]] = field(default_factory=dict)


@dataclass
class World:
    site: Site
    app: Flask
    matters: list[Matter]
    tokens: dict[str, str]
    actors: dict[str, Actor]
    asked: int = 0
    walked: int = 0

    def client(self, who: str | None) -> FlaskClient:
        made = self.app.test_client()
        made.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        if who is not None:
            made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.tokens[who]}"
        return made


def hire(site: Site, login: str, role: Role) -> None:
    with site.work() as work:
        person = Person(login=login, name=login, password_hash=NO_PASSWORD, phone="",
                        locale="zh", active=True, created_at=NOW)  # fmt: skip
        accounts.add_person(work.session, person, (NewPost(role, path("A11")),), NOW)
        site.people[login] = person.id


def plant(site: Site, level: int) -> Matter:
    lon, lat = middle("A11")
    lon, lat = round(lon, 4) + 0.00001234 + level * 1e-5, round(lat, 4) + 0.00004321
    marks = {
        What.TEXT: (f"WORDS-{level}-", f"ADDRESS-{level}-"),
        What.REPORTER: (f"NAME-{level}-", f"CONTACT-{level}-"),
        What.PLACE: (f"{lon:.8f}"[:10],),
    }
    words, address = marks[What.TEXT]
    name, contact = marks[What.REPORTER]
    sent = site.report(
        LEVELS[level], at=(lon, lat), description=words * 3, address=address,
        reporter=ReporterGiven(name, contact, Choice.NAMED),
    )  # fmt: skip
    picture = io.BytesIO()
    Image.new("RGB", (80 + level, 80), "green").save(picture, "JPEG")
    with site.work("secretary-a") as work:
        shot = clean_photo(work.settings, picture.getvalue())
        photo = add_photo(work, sent.incident_id, shot, "before")
        assign(work, sent.incident_id, site.people[HANDLES])
        title = categories.tree(work.memo, work.settings.instance).get(LEVELS[level]).name("en")
    return Matter(sent.incident_id, level, sent.number, photo, title, marks)


@pytest.fixture
def world(lite: Site, monkeypatch: pytest.MonkeyPatch) -> World:
    hire(lite, HANDLES, Role.DEPARTMENT)
    for login in HIRED - lite.people.keys():
        hire(lite, login, HERE[login])
    matters = [plant(lite, level) for level in LEVELS]
    tokens = {}
    every = frozenset(Permission) - {Permission.ENGINE}
    for who in (*HERE, HANDLES, *ELSEWHERE):
        with lite.work(who) as work:
            wanted = NewToken(lite.people[who], "walk", every, NOW.replace(month=12))
            tokens[who] = issue_token(work, wanted).secret
    # What is tried is done as far as the commit and then taken back: the next one finds it as new.
    monkeypatch.setattr(Session, "commit", lambda self: self.flush())
    monkeypatch.setattr(Connection, "commit", lambda _self: None)
    return World(lite, an_app(lite), matters, tokens, {who: lite.actor(who) for who in tokens})


WHOLE = ("web.incident_reporter", "api.reporter")


def addresses(world: World) -> list[tuple[Rule, str, str, Matter | None]]:
    """Every rule of the map that anybody can ask or send to, for each matter where it names one.

    What is only sent is sent to one level, another for each address and person: the many acts on a
    matter find it in one and the same way.
    """
    found = []
    adapter = world.app.url_map.bind("localhost")
    for n, rule in enumerate(world.app.url_map.iter_rules()):
        methods = sorted({"GET", "POST"} & (rule.methods or set()))
        matters: list[Matter | None] = [*world.matters]
        if "incident_id" not in rule.arguments:
            matters = [None]
        elif methods == ["POST"] and rule.endpoint not in WHOLE:
            matters = [world.matters[(n + world.walked) % len(LEVELS)]]
        for matter in matters:
            values = {name: VALUES.get(name, 1) for name in rule.arguments}
            if matter is not None:
                values |= {"incident_id": matter.id, "name": matter.photo}
            url = adapter.build(rule.endpoint, values)
            found += [(rule, method, url, matter) for method in methods]
    world.walked += 1
    return found


ASKED = {
    "ogc.list_features": "/ogc/collections/incidents/items?limit=100",
    "web.map_incidents": "/map/incidents?bbox=119,27,120,28",
    "api.incidents": "/api/v1/incidents?limit=100",
}
SAID = {"purpose": "danger", "words": "", "text": "x", "reason": "x", "result": "x", "to": "1"}


def ask(client: FlaskClient, method: str, url: str) -> Any:
    if method == "GET":
        return client.get(url)
    if url.startswith("/api/"):
        wanted = {"purpose": "danger"} if url.endswith("/reporter") else {}
        return client.post(url, json=wanted)
    # A page of errors holds nothing but the error; only those of a matter are drawn around it.
    words = {} if "/incidents/" in url else {"Accept": "application/json"}
    return client.post(url, data=SAID, headers=words)


TEXTS = ("text", "application/json", "application/problem", "application/geo")
Seen = set[tuple[What, int]]


SKIPPED = ("web.logout", "static", "web.static")


def refused(world: World, who: str | None, rule: Rule) -> bool:
    """True where the gate turns them away before any view runs: test_access.py holds that."""
    needed = rule_of(world.app.view_functions[rule.endpoint])
    actor = RESIDENT if who is None else world.actors[who]
    return isinstance(needed, tuple) and not any(permits(actor, one) for one in needed)


def walk(world: World, who: str | None) -> Seen:
    """What this person gets to see at any address."""
    client, seen = world.client(who), Seen()
    for rule, method, url, matter in addresses(world):
        if rule.endpoint in SKIPPED or (matter is None and refused(world, who, rule)):
            continue
        answer = ask(client, method, ASKED.get(rule.endpoint, url))
        world.asked += 1
        assert answer.status_code < 500 or answer.status_code == 503, (who, method, url)
        if matter is not None and rule.endpoint == "web.photo" and answer.status_code == 200:
            seen.add((What.PHOTOS, matter.level))
        elif answer.mimetype.startswith(TEXTS):
            seen |= found_in(world, rule.endpoint, answer.get_data(as_text=True))
        answer.close()
    return seen


LISTS = ("api.incidents", "web.map_incidents", "web.inbox", "web.board")
FEEDS = "ogc."
SEARCH = "api.incidents"


def found_in(world: World, endpoint: str, text: str) -> Seen:
    seen = Seen()
    title = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
    for one in world.matters:
        whats = [what for what, marks in one.marks.items() if any(mark in text for mark in marks)]
        if one.number in text:
            whats += [What.ROW, *([What.EXPORT] if endpoint.startswith(FEEDS) else ())]
            whats += [What.SEARCH] if endpoint == SEARCH else []
        if What.TEXT in whats and endpoint in LISTS:
            whats.append(What.LISTED)
        if title and one.title in title.group(1):
            whats.append(What.TITLE)
        seen |= {(what, one.level) for what in whats}
    return seen


def counted(world: World, who: str) -> Seen:
    """The levels that the board counts: each matter is open, so the sum tells how many."""
    try:
        with world.site.look(who) as work:
            total = sum(board(work, "zh").counts.values())
    except GridtrackError:
        return set()
    return {(What.COUNTED, level) for level in range(total)}


def said(table: Any) -> Seen:
    return {(what, int(level)) for what, levels in table.items() for level in levels}


def test_everybody_sees_what_the_table_says_at_every_address(world: World) -> None:
    wrong: dict[str, tuple[Seen, Seen]] = {}
    expected = {who: said(TABLE[role]) for who, role in HERE.items()}
    expected |= {HANDLES: said(HANDLER)} | dict.fromkeys(ELSEWHERE, Seen())
    before = events_in(world)
    with capture_logs() as logs:
        for who, table in expected.items():
            found = walk(world, who) | counted(world, who)
            if found != table:
                wrong[who] = (found - table, table - found)
        strangers = walk(world, None)
    leaks = {who: sorted(more) for who, (more, _) in wrong.items() if more}
    assert leaks == {}
    assert wrong == {}
    assert strangers == set()
    assert events_in(world) == before  # what was tried was taken back
    assert [line for line in logs if in_clear(world, repr(line))] == []
    cells = len(What) * len(LEVELS) * (len(expected) + 1)
    print(f"{world.asked} answers, {cells} cells, {len(leaks)} leaks")


def events_in(world: World) -> int:
    with world.site.look() as work:
        return work.session.query(Event).count()


def in_clear(world: World, text: str) -> bool:
    return any(mark in text for one in world.matters for marks in one.marks.values()
               for mark in marks)  # fmt: skip


def test_a_table_that_is_taken_along_holds_what_a_list_does(world: World) -> None:
    wanted = Wanted(NOW.date() - timedelta(days=1), NOW.date() + timedelta(days=1))
    for who, role in HERE.items():
        with world.site.look(who) as work:
            try:
                rows = matters_after(work, wanted, 0, "en").rows
            except Forbidden:
                continue
        text = repr(rows)
        for one in world.matters:
            found = {what for what, marks in one.marks.items() if any(m in text for m in marks)}
            may = {what for what, level in said(TABLE[role]) if level == one.level}
            assert (one.number in text) == (What.ROW in may), (who, one.level)
            assert found <= ({What.TEXT, What.PLACE} if What.LISTED in may else set()), who
            assert (What.TEXT in found) == (What.LISTED in may), (who, one.level)


def test_no_message_says_more_than_its_level(world: World) -> None:
    with world.site.look() as work:
        stored = [(row.kind, row.facts) for row in work.session.query(Message)]
        rows = {one.level: work.session.get_one(Incident, one.id) for one in world.matters}
        every = [
            (level, kind.value, {**facts(work, row.id, row), "since": NOW.isoformat(),
                                 "clock": "resolve", "until": NOW.isoformat(), "order": "D1"})
            for level, row in rows.items() for kind in Kind
        ]  # fmt: skip
        for locale in ("zh", "en"):
            tree = categories.tree(work.memo, work.settings.instance)
            for kind, given in stored:
                assert not in_clear(world, " ".join(wording(work, kind, given, locale)))
            for level, kind, given in every:
                told = " ".join(wording(work, kind, given, locale))
                content = (tree.get(LEVELS[level]).name(locale), "A11网格", "Grid A11")
                if str(level) not in MESSAGES:
                    assert not [one for one in content if one in told], (level, kind)
        assert not in_clear(world, repr([given for _, given in stored]))


def test_what_people_wrote_is_not_in_the_text_of_a_database_error(lite: Site) -> None:
    sent = lite.report(description="WORDS-0-")
    with pytest.raises(IntegrityError) as caught, lite.work() as work:
        work.session.execute(
            insert(INCIDENT).values(id=sent.incident_id, description="WORDS-0-", client_id="x")
        )
    assert "WORDS" not in repr(caught.value)


def test_the_table_knows_every_role_and_no_level_that_there_is_not() -> None:
    assert set(TABLE) == set(Role)
    told = [levels for table in (*TABLE.values(), HANDLER) for levels in table.values()]
    assert {level for one in told for level in one} <= set("0123")
