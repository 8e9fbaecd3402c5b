"""Sessions stand in the database: they end, are seen, and a stolen cookie is dead."""

from datetime import timedelta

import pyotp
import pytest

from gridtrack.access import Permission
from gridtrack.accounts import second_factor as factor
from gridtrack.accounts.tables import LoginSession, Person
from gridtrack.app import create_app
from gridtrack.audit.store import Wanted
from gridtrack.queries.audit_lines import audit_page
from gridtrack.usecases.leave_post import leave_all
from gridtrack.usecases.people import end_post, set_locked
from gridtrack.usecases.second_factor import reset_second_factor
from gridtrack.usecases.tokens import NewToken, issue_token
from tests.builders import NOW, Site
from tests.web.visitor import PASSWORD, Visitor, a_visitor, an_app, let_in


def log_in(visitor: Visitor, who: str, password: str = PASSWORD, **headers: str) -> int:
    form = {"login": who, "password": password}
    return visitor.post("/login", form, seen="/login", **headers).status_code


def is_in(visitor: Visitor, page: str = "/notices", **headers: str) -> bool:
    return visitor.get(page, **headers).status_code == 200


def acts(site: Site, outcome: str = "") -> list[str]:
    with site.look("auditor") as work:
        return [row.act for row in audit_page(work, Wanted(outcome=outcome)).rows]


@pytest.fixture
def guarded(lite: Site) -> Site:
    """The street where staff show a second factor."""
    settings = lite.runtime.settings.model_copy(update={"second_factor": "staff"})
    object.__setattr__(lite.runtime, "settings", settings)
    return lite


def test_a_log_out_kills_the_cookie_and_not_only_forgets_it(lite: Site) -> None:
    visitor = a_visitor(lite, "worker-a11")
    stolen = visitor.client.get_cookie("gridtrack").value
    visitor.post("/logout", {}, seen="/notices")
    visitor.client.set_cookie("gridtrack", stolen)
    assert not is_in(visitor)


def test_a_cookie_from_another_browser_is_refused_and_dead_from_then_on(lite: Site) -> None:
    mine = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/142.0"}
    visitor = Visitor(an_app(lite).test_client())
    let_in(lite, "worker-a11")
    assert log_in(visitor, "worker-a11", **mine) == 303
    assert is_in(visitor, **{"User-Agent": "Mozilla/5.0 (Linux; Android 15) Chrome/143.2"})
    assert not is_in(visitor, **{"User-Agent": "curl/8.5"})
    assert not is_in(visitor, **mine)
    assert "session-doubted" in acts(lite, "refused")


@pytest.mark.parametrize(
    ("who", "used", "later"),
    [
        ("worker-a11", {"minutes": 719}, {"minutes": 721}),
        ("security", {"minutes": 29}, {"minutes": 31}),
    ],
)
def test_an_unused_session_is_over(
    lite: Site, who: str, used: dict[str, float], later: dict[str, float]
) -> None:
    visitor = a_visitor(lite, who)
    lite.clock.advance(**used)
    assert is_in(visitor)
    lite.clock.advance(**later)
    assert not is_in(visitor)


def test_no_session_lasts_longer_than_a_week(lite: Site) -> None:
    visitor = a_visitor(lite, "worker-a11")
    for _ in range(27):
        lite.clock.advance(hours=6)
        assert is_in(visitor)
    lite.clock.advance(hours=6)
    assert not is_in(visitor)


def test_one_sees_ones_sessions_and_ends_another(lite: Site) -> None:
    here, there = a_visitor(lite, "worker-a11"), a_visitor(lite, "worker-a11")
    page = here.page("/me")
    assert page.count("127.0.0.1") == 2
    with lite.look() as work:
        mine = work.session.query(LoginSession).order_by(LoginSession.id).all()
    here.post(f"/me/sessions/{mine[1].id}/end", {}, seen="/me")
    assert (is_in(here), is_in(there)) == (True, False)


def test_nobody_ends_anothers_session(lite: Site) -> None:
    other, visitor = a_visitor(lite, "worker-a12"), a_visitor(lite, "worker-a11")
    assert visitor.post("/me/sessions/1/end", {}, seen="/me").status_code == 404
    assert is_in(other)


def test_one_log_in_at_a_time_where_that_is_chosen(lite: Site) -> None:
    settings = lite.runtime.settings.model_copy(update={"one_session": True})
    object.__setattr__(lite.runtime, "settings", settings)
    first = a_visitor(lite, "worker-a11")
    second = a_visitor(lite, "worker-a11")
    assert (is_in(first), is_in(second)) == (False, True)


def test_what_a_post_allowed_ends_with_it_in_a_session_that_goes_on(lite: Site) -> None:
    visitor = a_visitor(lite, "secretary-a")
    assert is_in(visitor, "/board")
    with lite.work() as work:
        end_post(work, lite.people["secretary-a"])  # posts are numbered like people here
    assert (is_in(visitor, "/board"), is_in(visitor)) == (False, True)


def test_a_locked_person_is_out_at_once_and_comes_back(lite: Site) -> None:
    visitor = a_visitor(lite, "worker-a11")
    with lite.work("security") as work:
        set_locked(work, lite.people["worker-a11"], locked=True)
    assert not is_in(visitor)
    assert log_in(visitor, "worker-a11") == 422
    with lite.work("security") as work:
        set_locked(work, lite.people["worker-a11"], locked=False)
    assert log_in(visitor, "worker-a11") == 303


def test_one_changes_ones_password_and_is_out_everywhere_else(lite: Site) -> None:
    here, there = a_visitor(lite, "worker-a11"), a_visitor(lite, "worker-a11")
    new = "seven green herons"
    for old, again, code in (("wrong", new, 422), (PASSWORD, "other", 422), (PASSWORD, new, 303)):
        form = {"old": old, "password": new, "again": again}
        assert here.post("/me/password", form, seen="/me").status_code == code
    assert (is_in(here), is_in(there)) == (True, False)
    assert log_in(there, "worker-a11", new) == 303


def test_the_old_password_cannot_be_guessed_in_an_open_session(lite: Site) -> None:
    visitor = a_visitor(lite, "worker-a11")
    for _ in range(5):
        visitor.post("/me/password", {"old": "no"}, seen="/me")
    form = {"old": PASSWORD, "password": "seven green herons", "again": "seven green herons"}
    assert visitor.post("/me/password", form, seen="/me").status_code == 422


# --- guessing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["worker-a11", "nobody-of-that-name"])
def test_who_guesses_is_slowed_down_whether_there_is_such_a_name_or_not(
    lite: Site, name: str
) -> None:
    let_in(lite, "worker-a11")
    visitor = Visitor(an_app(lite).test_client())
    said = []
    for _ in range(6):
        form = {"login": name, "password": "not the right one"}
        said.append(visitor.post("/login", form, seen="/login").text)
    assert ["login or the password is wrong" in one for one in said] == [True] * 5 + [False]
    assert "try again in 30 seconds" in said[5].replace("31", "30")
    assert log_in(visitor, "worker-a11") == (422 if name == "worker-a11" else 303)
    lite.clock.advance(seconds=40)
    assert log_in(visitor, "worker-a11") == 303
    assert acts(lite, "refused").count("log-in") >= 6


def test_a_weaker_hash_is_made_anew_at_the_log_in(lite: Site) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with lite.work() as work:
        person = work.session.get(Person, lite.people["worker-a11"])
        assert person is not None
        person.password_hash = weak
    assert log_in(Visitor(an_app(lite).test_client()), "worker-a11") == 303
    with lite.look() as work:
        person = work.session.get(Person, lite.people["worker-a11"])
        assert person is not None
        assert person.password_hash != weak


# --- the second factor --------------------------------------------------------------------------


def digits(site: Site, who: str) -> str:
    with site.look() as work:
        row = factor.get(work.session, site.people[who])
        assert row is not None
        secret = factor.opened(row, work.secret)
    return pyotp.TOTP(secret).at(site.clock.now())


def enrolled(site: Site, who: str) -> tuple[Visitor, str]:
    """A person who has set up the second factor, and the page with the recovery codes."""
    visitor = a_visitor(site, who)
    visitor.page("/second-factor")
    form = {"code": digits(site, who), "next": "/board"}
    page = visitor.post("/second-factor", form, seen="/second-factor")
    assert page.status_code == 200, page.status
    return visitor, page.text


def test_a_secretary_gets_nowhere_before_it_is_set_up(guarded: Site) -> None:
    visitor = a_visitor(guarded, "secretary-a")
    for page in ("/board", "/inbox", "/map", "/me", "/notices"):
        assert visitor.get(page).location.startswith("/second-factor?next=")
    assert visitor.post("/incidents/1/close", {}, seen="/second-factor").status_code == 401
    assert "svg" in visitor.page("/second-factor")


def test_a_gridworker_needs_none(guarded: Site) -> None:
    assert is_in(a_visitor(guarded, "worker-a11"), "/inbox")


def test_once_set_up_it_is_asked_at_every_log_in(guarded: Site) -> None:
    visitor, codes = enrolled(guarded, "secretary-a")
    assert is_in(visitor, "/board")
    assert codes.count("<li>") >= factor.RECOVERY_CODES
    guarded.clock.advance(minutes=1)
    again = a_visitor(guarded, "secretary-a")
    assert not is_in(again, "/board")
    right = digits(guarded, "secretary-a")
    again.post("/second-factor", {"code": right}, seen="/second-factor")
    assert is_in(again, "/board")
    third = a_visitor(guarded, "secretary-a")
    third.post("/second-factor", {"code": right}, seen="/second-factor")
    assert not is_in(third, "/board")  # the same digits are not taken twice


def test_a_recovery_code_lets_in_once(guarded: Site) -> None:
    _, page = enrolled(guarded, "secretary-a")
    code = page.split('<ul class="codes figures"><li>')[1].split("</li>")[0]
    for expected in (True, False):
        visitor = a_visitor(guarded, "secretary-a")
        visitor.post("/second-factor", {"code": code}, seen="/second-factor")
        assert is_in(visitor, "/board") is expected


def test_five_wrong_digits_end_the_session(guarded: Site) -> None:
    enrolled(guarded, "secretary-a")
    visitor = a_visitor(guarded, "secretary-a")
    for _ in range(5):
        visitor.post("/second-factor", {"code": "000000"}, seen="/second-factor")
    assert visitor.get("/second-factor").location.startswith("/login")


def test_from_another_address_it_is_asked_again(guarded: Site) -> None:
    visitor, _ = enrolled(guarded, "secretary-a")
    visitor.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    assert not is_in(visitor, "/board")
    guarded.clock.advance(minutes=1)
    form = {"code": digits(guarded, "secretary-a")}
    visitor.post("/second-factor", form, seen="/second-factor")
    assert is_in(visitor, "/board")


def test_a_lost_telephone_is_reset_by_the_security_administrator(guarded: Site) -> None:
    visitor, _ = enrolled(guarded, "secretary-a")
    with guarded.work("security") as work:
        reset_second_factor(work, guarded.people["secretary-a"])
    assert not is_in(visitor, "/board")
    assert "svg" in a_visitor(guarded, "secretary-a").page("/second-factor")


def test_no_forged_header_is_believed_without_a_proxy_in_the_settings(lite: Site) -> None:
    visitor = Visitor(an_app(lite).test_client())
    let_in(lite, "worker-a11")
    log_in(visitor, "worker-a11", **{"X-Forwarded-For": "198.51.100.1"})
    with lite.look() as work:
        assert work.session.query(LoginSession.address).scalar() == "127.0.0.1"


def test_behind_one_proxy_only_its_own_word_counts(lite: Site) -> None:
    settings = lite.runtime.settings.model_copy(update={"proxies": 1})
    app = create_app(settings, lite.clock, lite.runtime, limited=False)
    visitor = Visitor(app.test_client())
    let_in(lite, "worker-a11")
    log_in(visitor, "worker-a11", **{"X-Forwarded-For": "198.51.100.1, 203.0.113.5"})
    with lite.look() as work:
        assert work.session.query(LoginSession.address).scalar() == "203.0.113.5"


def test_a_token_dies_with_the_last_post_and_its_use_is_written_down(lite: Site) -> None:
    wanted = NewToken(lite.people["desk"], "x", {Permission.REPORT}, NOW + timedelta(days=9))
    with lite.work() as work:
        secret = issue_token(work, wanted).secret
        leave_all(work, lite.people["desk"])
    client = an_app(lite).test_client()
    for token in (secret, "gt_never_was_one"):
        answer = client.get("/api/v1/incidents", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401
    assert acts(lite, "refused") == ["token-dead"]


def test_the_secret_of_a_telephone_does_not_stand_in_the_database(lite: Site) -> None:
    with lite.work() as work:
        row = factor.begin(work.session, lite.people["street"], work.secret, work.now)
        secret = factor.opened(row, work.secret)
    assert secret not in row.secret
    assert not factor.is_readable(row, "another secret")
