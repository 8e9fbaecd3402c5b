"""Who sees what: every role against every level of secrecy, through every query there is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from gridtrack.access import RESIDENT, Actor, Permission, Role
from gridtrack.accounts import store as accounts
from gridtrack.accounts.store import NewPost
from gridtrack.accounts.tables import Person
from gridtrack.errors import Forbidden, NotFound, Unauthenticated
from gridtrack.incidents.intake import Choice, ReporterGiven
from gridtrack.incidents.rules import Action
from gridtrack.incidents.tables import Photo
from gridtrack.queries.board import BoardPage, board
from gridtrack.queries.inbox import inbox
from gridtrack.queries.incident import IncidentPage, incident_page
from gridtrack.queries.listed import Wanted, listed
from gridtrack.queries.maps import Box, incidents_in
from gridtrack.queries.notices import notices
from gridtrack.queries.photo import photo_path
from gridtrack.queries.scope import WHERE, reads
from gridtrack.queries.track import track
from gridtrack.usecases.assign import assign
from gridtrack.usecases.handle import handle
from tests.builders import (
    BUILDING,
    FUNERAL,
    LAMP,
    NO_PASSWORD,
    NOW,
    PARKING,
    SOUTH,
    STEP,
    WEST,
    Site,
    in_estate,
    middle,
    path,
)

LEVELS = {0: LAMP, 1: PARKING, 2: BUILDING, 3: FUNERAL}
PLACES = {"a11": middle("A11"), "b11": middle("B11"), "nowhere": (WEST - 1, SOUTH)}
WORLD = Box(-180, -85, 180, 85)
MORE = {  # the roles that tests/builders.py has nobody for
    "department": Role.DEPARTMENT,
    "mediator": Role.MEDIATOR,
    "volunteer": Role.VOLUNTEER,
    "auditor": Role.AUDIT,
}
ALL, OPEN, NONE = {0, 1, 2, 3}, {0, 1, 2}, set[int]()
# What each sees of the matters in leaf A11, in leaf B11 and in no grid at all.
SEES = {
    "worker-a11": (OPEN, NONE, NONE),
    "deputy-a11": (OPEN, NONE, NONE),
    "worker-a12": (NONE, NONE, NONE),
    "leader-a1": (OPEN, NONE, NONE),
    "secretary-a": (ALL, NONE, ALL),
    "secretary-a2": (ALL, NONE, ALL),
    "worker-b11": (NONE, OPEN, NONE),
    "secretary-b": (NONE, ALL, ALL),
    "street": (ALL, ALL, ALL),
    "desk": (OPEN, OPEN, OPEN),
    "checker-a": (OPEN, NONE, NONE),
    "property-e1": (NONE, NONE, NONE),
    "admin": (NONE, NONE, NONE),
    "security": (NONE, NONE, NONE),
    "department": (NONE, NONE, NONE),
    "mediator": (NONE, NONE, NONE),
    "volunteer": (NONE, NONE, NONE),
    "auditor": (NONE, NONE, NONE),
}
DIRECTS = {"leader-a1", "secretary-a", "secretary-a2", "secretary-b", "street", "desk"}


@dataclass(slots=True)
class Street:
    """A street with a matter of every level at every place."""

    site: Site
    ids: dict[tuple[str, int], int]

    def seen(self, who: str) -> set[int]:
        """The matters that `who` should see."""
        return {
            self.ids[place, level]
            for place, levels in zip(PLACES, SEES[who], strict=True)
            for level in levels
        }

    def sealed(self) -> set[int]:
        return {one for (_, level), one in self.ids.items() if level == 3}

    def ask(self, who: str | Actor, query: Callable[[Any], Any]) -> Any:
        with self.site.look(who) as work:
            return query(work)

    def page(self, who: str, one: int) -> IncidentPage | None:
        try:
            return self.ask(who, lambda work: incident_page(work, one, "zh"))
        except NotFound:
            return None


def hired(site: Site) -> None:
    with site.work() as work:
        for login, role in MORE.items():
            if login in site.people:
                continue
            person = Person(login=login, name=login, password_hash=NO_PASSWORD, phone="",
                            locale="zh", active=True, created_at=NOW)  # fmt: skip
            accounts.add_person(work.session, person, (NewPost(role, path("A11")),), NOW)
            site.people[login] = person.id


@pytest.fixture
def street(site: Site) -> Street:
    """A street with a matter of every level at every place."""
    return a_street(site)


@pytest.fixture
def small(lite: Site) -> Street:
    """The same, on SQLite only."""
    return a_street(lite)


def a_street(site: Site) -> Street:
    hired(site)
    reporter = ReporterGiven("林某", "13800000000", Choice.NAMED)
    ids = {
        (place, level): site.report(
            category, at=at, description=f"描述{place}", address=f"地址{place}", reporter=reporter
        ).incident_id
        for place, at in PLACES.items()
        for level, category in LEVELS.items()
    }
    return Street(site, ids)


def test_every_role_is_looked_at(small: Street) -> None:
    assert set(SEES) == set(small.site.people)


# --- every query against the same table ---


def test_rows_in_hand_are_judged_as_the_database_judges_them(small: Street) -> None:
    for who in SEES:
        with small.site.look() as work:
            may_read = reads(work.session, small.site.actor(who))
            found = {one.matter_id for one in work.session.execute(select(*WHERE)) if may_read(one)}
        assert found == small.seen(who), who


def expected(street: Street) -> dict[str, set[int]]:
    return {who: street.seen(who) for who in SEES}


def ids(lines: Iterable[Any]) -> set[int]:
    return {line.id for line in lines}


def test_a_page_opens_for_those_who_may_see_it_and_exists_for_nobody_else(street: Street) -> None:
    every = street.ids.values()
    opened = {who: {one for one in every if street.page(who, one) is not None} for who in SEES}
    assert opened == expected(street)


def test_a_list_holds_exactly_what_would_open(street: Street) -> None:
    found = {
        who: ids(street.ask(who, lambda work: listed(work, Wanted(), "zh").incidents))
        for who in SEES
    }
    assert found == expected(street)


def test_a_map_has_no_point_for_what_is_sealed_or_not_theirs(street: Street) -> None:
    drawn = {who: street.ask(who, lambda work: incidents_in(work, WORLD)) for who in SEES}
    points = {who: {one["id"] for one in map_["features"]} for who, map_ in drawn.items()}
    assert points == {who: seen - street.sealed() for who, seen in expected(street).items()}


def test_a_board_holds_what_its_reader_may_see(street: Street) -> None:
    street.site.clock.advance(days=30)
    found = {who: street.ask(who, lambda work: board(work, "zh")) for who in DIRECTS}
    seen = {who: street.seen(who) for who in DIRECTS}
    assert {who: ids(page.recent) for who, page in found.items()} == seen
    assert {who: ids(page.overdue) for who, page in found.items()} == seen
    assert {who: sum(page.counts.values()) for who, page in found.items()} == {
        who: len(those) for who, those in seen.items()
    }


@pytest.mark.parametrize("who", sorted(SEES.keys() - DIRECTS))
def test_a_board_is_for_those_who_direct(lite: Site, who: str) -> None:
    hired(lite)
    with lite.look(who) as work, pytest.raises(Forbidden):
        board(work, "zh")


def test_an_inbox_holds_what_one_handles_and_nothing_else(street: Street) -> None:
    pages = {who: street.ask(who, lambda work: inbox(work, "zh")) for who in SEES}
    handlers = {one: street.site.incident(one).handler_id for one in street.ids.values()}
    assert {who: ids((*page.waiting, *page.handling)) for who, page in pages.items()} == {
        who: {one for one, handler in handlers.items() if handler == street.site.people[who]}
        for who in SEES
    }


def test_a_photo_is_shown_to_those_who_may_see_its_matter(small: Street) -> None:
    name = "ab/" + "ab" * 32 + ".jpg"
    folder = small.site.runtime.settings.instance / "photos"
    (folder / "ab").mkdir(parents=True)
    (folder / name).write_bytes(b"a picture")
    with small.site.work() as work:
        for one in small.ids.values():
            work.session.add(Photo(incident_id=one, name=name, width=64, height=64,
                                   stage="report", added_by=None, added_at=NOW))  # fmt: skip
        work.session.flush()

    def shown(who: str, one: int) -> bool:
        try:
            small.ask(who, lambda work: photo_path(work, one, name))
        except NotFound:
            return False
        return True

    every = small.ids.values()
    assert {w: {one for one in every if shown(w, one)} for w in SEES} == expected(small)


def test_what_one_may_not_see_cannot_be_acted_on_either(small: Street) -> None:
    for who in SEES:
        for one in set(small.ids.values()) - small.seen(who):
            for action, given in ((Action.NOTE, {"text": "?"}), (Action.REJECT, {"reason": "?"})):
                with pytest.raises(NotFound), small.site.work(who) as work:
                    handle(work, one, action, given)


@pytest.mark.parametrize("query", [lambda w: listed(w, Wanted(), "zh"), lambda w: board(w, "zh"),
                                   lambda w: inbox(w, "zh"), lambda w: incidents_in(w, WORLD),
                                   lambda w: notices(w, "zh")])  # fmt: skip
def test_who_is_not_logged_in_sees_nothing(small: Street, query: Callable[[Any], Any]) -> None:
    with pytest.raises(Unauthenticated):
        small.ask(RESIDENT, query)


# --- what is sealed ---


def test_a_sealed_line_has_no_words_and_no_place_for_anybody(street: Street) -> None:
    for who in ("secretary-a", "street"):
        lines = street.ask(who, lambda work: listed(work, Wanted(), "zh").incidents)
        sealed = [line for line in lines if line.id in street.sealed()]
        assert sealed
        for line in sealed:
            assert (line.summary, line.address, line.lon, line.lat) == ("", "", None, None)


def test_a_sealed_matter_reaches_the_secretary_and_no_gridworker(street: Street) -> None:
    sealed = street.ids["a11", 3]
    assert street.site.incident(sealed).handler_id == street.site.people["secretary-a"]
    assert street.site.told("worker-a11").count("assigned") == 3


@pytest.mark.parametrize("to", ["worker-a12", "mediator", "department"])
def test_who_is_named_as_handler_sees_a_sealed_matter_and_no_other(street: Street, to: str) -> None:
    sealed = street.ids["a11", 3]
    with street.site.work("secretary-a") as work:
        assign(work, sealed, street.site.people[to])
    assert {one for one in street.ids.values() if street.page(to, one)} == {sealed}
    drawn = street.ask(to, lambda work: incidents_in(work, WORLD))
    assert drawn["features"] == []


def test_who_had_a_sealed_matter_before_sees_it_no_more(street: Street) -> None:
    sealed = street.ids["a11", 3]
    for to in ("worker-a12", "mediator"):
        with street.site.work("secretary-a") as work:
            assign(work, sealed, street.site.people[to])
    assert street.page("worker-a12", sealed) is None


def test_a_sealed_matter_that_was_handed_back_is_on_no_other_communitys_board(
    street: Street,
) -> None:
    sealed = street.ids["b11", 3]
    with street.site.work("secretary-b") as work:
        handle(work, sealed, Action.HAND_BACK, {"reason": "不归我管"})
    for who, shown in (("secretary-b", True), ("secretary-a", False), ("desk", False)):
        found: BoardPage = street.ask(who, lambda work: board(work, "zh"))
        assert (sealed in {line.id for line in found.triage}) is shown
        assert (street.page(who, sealed) is not None) is shown


def test_a_matter_that_was_handed_back_is_its_own_communitys_and_the_desks(street: Street) -> None:
    lamp = street.ids["b11", 0]
    with street.site.work("worker-b11") as work:
        handle(work, lamp, Action.HAND_BACK, {"reason": "不归我管"})
    for who, shown in (("secretary-b", True), ("desk", True), ("secretary-a", False)):
        found: BoardPage = street.ask(who, lambda work: board(work, "zh"))
        assert (lamp in {line.id for line in found.triage}) is shown
        assert (street.page(who, lamp) is not None) is shown


# --- who reported ---


def reporters_seen(street: Street, one: int) -> set[str]:
    """Those of the staff who are told the name of the reporter."""
    return {who for who in SEES if (page := street.page(who, one)) and page.contact.known}


@pytest.mark.parametrize("level", LEVELS)
def test_a_named_reporter_is_shown_to_the_secretary_and_to_the_handler_of_what_is_open(
    street: Street, level: int
) -> None:
    handler = {"worker-a11"} if level < 2 else set()
    told = {"secretary-a", "secretary-a2"} | handler
    assert reporters_seen(street, street.ids["a11", level]) == told


@pytest.mark.parametrize(
    ("choice", "told"),
    [(Choice.HIDDEN, {"secretary-a", "secretary-a2"}), (Choice.ANONYMOUS, set())],
)
def test_a_reporter_who_hides_is_shown_to_no_handler_and_an_anonymous_one_to_nobody(
    street: Street, choice: Choice, told: set[str]
) -> None:
    reporter = ReporterGiven("林某", "13800000000", choice)
    one = street.site.report(LAMP, reporter=reporter).incident_id
    assert reporters_seen(street, one) == told


def test_no_page_of_somebody_who_may_not_know_holds_the_reporter_anywhere(street: Street) -> None:
    for who in SEES:
        for one in street.ids.values():
            page = street.page(who, one)
            if page is not None and page.contact.known is None:
                assert "林某" not in repr(page)
                assert "13800000000" not in repr(page)


# --- beside the scopes ---


def test_the_property_manager_sees_what_they_handle_beside_the_gridworker(street: Street) -> None:
    one = street.site.report(LAMP, at=in_estate()).incident_id
    assert street.page("property-e1", one) is not None
    found = street.ask("property-e1", lambda work: inbox(work, "zh"))
    assert [(line.id, line.co_handled) for line in found.waiting] == [(one, True)]


def test_a_token_without_the_right_to_work_does_not_read_what_its_person_handles(
    street: Street,
) -> None:
    mediator = street.site.people["mediator"]
    with street.site.work("leader-a1") as work:
        assign(work, street.ids["a11", 0], mediator)
    with street.site.look() as work:
        limits = [Permission.REPORT.value, Permission.SEE.value]
        token = accounts.actor(work.session, mediator, work.now, limits)
    assert token is not None
    with pytest.raises(NotFound):
        street.ask(token, lambda work: incident_page(work, street.ids["a11", 0], "zh"))
    assert street.ask(token, lambda work: listed(work, Wanted(), "zh").incidents) == ()


def test_a_post_that_ended_shows_nothing_any_more(street: Street) -> None:
    with street.site.work() as work:
        person = work.session.get(Person, street.site.people["leader-a1"])
        assert person is not None
        person.active = False
        work.session.flush()
    with street.site.look() as work:
        assert accounts.actor(work.session, street.site.people["leader-a1"], work.now) is None


@pytest.mark.parametrize("level", LEVELS)
def test_a_reporter_follows_the_progress_without_learning_who_does_what(
    street: Street, level: int
) -> None:
    receipt = street.site.report(LEVELS[level])
    street.site.sweep(minutes=5)
    page = street.ask(RESIDENT, lambda work: track(work, receipt.number, receipt.code, "zh"))
    said = repr(page)
    assert page.number == receipt.number
    assert not [login for login in street.site.people if login in said]


def test_a_wrong_code_and_a_wrong_number_look_the_same(street: Street) -> None:
    receipt = street.site.report(LAMP)
    wrong = ((receipt.number, "AAAAAA"), ("261120-99999", receipt.code), ("", ""), ("9" * 40, "x"))
    codes = set()
    for number, code in wrong:
        with pytest.raises(NotFound) as caught:
            street.ask(RESIDENT, lambda work, n=number, c=code: track(work, n, c, "zh"))
        codes.add((caught.value.code, str(caught.value.params)))
    assert len(codes) == 1


def test_the_edges_of_a_scope_are_its_own(street: Street) -> None:
    east = middle("A12")
    one = street.site.report(LAMP, at=(east[0] + STEP / 4, east[1])).incident_id
    assert {who for who in SEES if street.page(who, one)} == {
        "worker-a12", "leader-a1", "secretary-a", "secretary-a2", "street", "desk", "checker-a",
    }  # fmt: skip
