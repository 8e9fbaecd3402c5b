"""People, their posts and their passwords; estates; what the desk keeps in sight."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import shapely

from gridtrack.access import Role
from gridtrack.accounts.log_in_rules import Device
from gridtrack.accounts.passwords import COMMON
from gridtrack.accounts.separation import against
from gridtrack.accounts.store import NewPost
from gridtrack.errors import Conflict, Forbidden, Invalid, NotFound, Rejected
from gridtrack.queries.incident import incident_page
from gridtrack.queries.standing import may_see
from gridtrack.usecases.assign import assign
from gridtrack.usecases.import_estates import import_estates, read_estates
from gridtrack.usecases.log_in import ask_to_log_in, is_right, log_in
from gridtrack.usecases.people import (
    NewPerson,
    add_person,
    close_account,
    give_post,
    set_absence,
    set_password,
)
from tests.builders import LAMP, NOW, SOUTH, WEST, Site, leaves, middle

PASSWORD = "correct horse battery"


def newcomer(login: str = "new", **given: object) -> NewPerson:
    posts = (NewPost(Role.GRIDWORKER, "A/A2/A21"),)
    return NewPerson(login, "新来的", PASSWORD, posts, **given)  # type: ignore[arg-type]


def lets_in(site: Site, login: str, password: str) -> bool:
    device = Device("a browser", "127.0.0.1")
    with site.work() as work:
        asked = ask_to_log_in(work, login, device)
        right = is_right(asked, password)
        return log_in(work, asked, device, right=right, password=password).key is not None


def test_somebody_added_can_log_in_and_gets_what_is_theirs(site: Site) -> None:
    with site.work("security") as work:
        person_id = add_person(work, newcomer())
    assert lets_in(site, "new", PASSWORD)
    site.people["new"] = person_id
    one = site.report(LAMP, at=middle("A21")).incident_id
    assert site.incident(one).handler_id == person_id


def test_a_closed_account_cannot_log_in_and_is_asked_for_nothing(site: Site) -> None:
    with site.work("security") as work:
        add_person(work, newcomer())
        close_account(work, "new")
    assert not lets_in(site, "new", PASSWORD)
    one = site.report(LAMP, at=middle("A21")).incident_id
    assert site.incident(one).handler_id == site.people["secretary-a"]


def test_a_new_password_replaces_the_old_one(lite: Site) -> None:
    with lite.work("security") as work:
        add_person(work, newcomer())
        set_password(work, "new", "another long password")
    assert lets_in(lite, "new", "another long password")
    assert not lets_in(lite, "new", PASSWORD)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password-weak"),
        ("aaaaaaaaaaaaaaa", "password-weak"),
        ("", "password-weak"),
        ("Password123", "password-common"),
        ("2345678901", "password-common"),
        ("my-Desk-is-here", "password-name"),
    ],
)
def test_a_weak_password_is_refused(lite: Site, password: str, code: str) -> None:
    with pytest.raises(Invalid) as caught, lite.work("security") as work:
        set_password(work, "desk", password)
    assert caught.value.code == code
    assert password == "" or password not in str(caught.value)


def test_every_common_password_is_long_enough_to_be_worth_a_place() -> None:
    assert {one for one in COMMON if len(one) < 10} == set()


@pytest.mark.parametrize(
    ("held", "given", "apart"),
    [
        (Role.SYSTEM, Role.SECURITY, True),
        (Role.SECURITY, Role.AUDIT, True),
        (Role.AUDIT, Role.SYSTEM, True),
        (Role.AUDIT, Role.GRIDWORKER, True),
        (Role.SECRETARY, Role.AUDIT, True),
        (Role.SECRETARY, Role.GRIDWORKER, False),
        (Role.SYSTEM, Role.DESK, False),
        (Role.AUDIT, Role.AUDIT, False),
    ],
)
def test_three_administrators_are_apart(*, held: Role, given: Role, apart: bool) -> None:
    assert (against([held], given) is not None) is apart


def test_what_is_apart_is_refused_and_says_what_stands_against(
    site: Site,
) -> None:
    with pytest.raises(Conflict) as caught, site.work("security") as work:
        give_post(work, site.people["admin"], NewPost(Role.AUDIT))
    assert caught.value.params == {"held": "system", "role": "audit"}
    both = (NewPost(Role.SECURITY), NewPost(Role.AUDIT))
    with pytest.raises(Conflict), site.work("security") as work:
        add_person(work, NewPerson("two", "两权", PASSWORD, both))


def test_nobody_gives_rights_to_themselves(lite: Site) -> None:
    with pytest.raises(Forbidden) as caught, lite.work("security") as work:
        give_post(work, lite.people["security"], NewPost(Role.SECRETARY, "A"))
    assert caught.value.code == "post-own"


def test_a_login_is_given_once(lite: Site) -> None:
    with pytest.raises(Conflict), lite.work("security") as work:
        add_person(work, newcomer("desk"))


def test_only_the_security_administrator_adds_people(lite: Site) -> None:
    for who in ("secretary-a", "admin", "street"):
        with pytest.raises(Forbidden), lite.work(who) as work:
            add_person(work, newcomer())


def test_a_property_managers_post_needs_an_estate_and_nobody_elses_has_one(lite: Site) -> None:
    for post in (NewPost(Role.PROPERTY), NewPost(Role.LEADER, "A", "E1")):
        with pytest.raises(Invalid), lite.work("security") as work:
            give_post(work, lite.people["worker-a12"], post)


def test_a_span_of_leave_that_ends_before_it_begins_is_refused(lite: Site) -> None:
    with pytest.raises(Invalid), lite.work("security") as work:
        set_absence(work, lite.people["desk"], NOW, NOW - timedelta(hours=1))
    with pytest.raises(NotFound), lite.work("security") as work:
        close_account(work, "nobody")


def estates_file(tmp_path: Path, **properties: object) -> Path:
    shape = json.loads(shapely.to_geojson(leaves()["B11"]))
    feature = {"type": "Feature", "properties": properties, "geometry": shape}
    path = tmp_path / "estates.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


def test_an_imported_estate_brings_its_property_manager_in(site: Site, tmp_path: Path) -> None:
    layer = read_estates(estates_file(tmp_path, code="E9", name="九号小区", manager="某物业"))
    with site.work("admin") as work:
        assert import_estates(work, layer).added == ("E9",)
    with site.work("security") as work:
        post = NewPost(Role.PROPERTY, zone="E9")
        manager = add_person(work, NewPerson("pm", "物业", PASSWORD, (post,)))
    one = site.report(LAMP, at=middle("B11")).incident_id
    assert site.incident(one).co_handler_id == manager


def test_importing_an_estate_again_replaces_it(site: Site, tmp_path: Path) -> None:
    for name in ("旧名", "新名"):
        with site.work("admin") as work:
            import_estates(work, read_estates(estates_file(tmp_path, code="E9", name=name)))


def test_an_estate_without_a_code_is_refused_by_field(tmp_path: Path) -> None:
    with pytest.raises(Rejected) as caught:
        read_estates(estates_file(tmp_path, name="无码"))
    assert caught.value.faults[0].field == "code"


def test_the_desk_keeps_what_no_grid_owns_in_sight_after_assigning_it(site: Site) -> None:
    one = site.report(LAMP, at=(WEST - 1, SOUTH)).incident_id
    with site.work("desk") as work:
        assign(work, one, site.people["worker-b11"])
    with site.look("desk") as work:
        assert incident_page(work, one, "zh").line.handler_name == "worker-b11"
    with site.look("worker-a11") as work:
        assert not may_see(work, site.incident(one))


def test_a_property_manager_sees_nothing_but_what_they_handle(site: Site) -> None:
    one = site.report(LAMP).incident_id
    with site.look("property-e1") as work:
        assert not may_see(work, site.incident(one))
