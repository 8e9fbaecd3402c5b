"""Tokens: issued once in the open, kept as a digest, narrow, ending, revocable."""

from datetime import timedelta

import pytest

from gridtrack.access import RESIDENT, Permission
from gridtrack.accounts import store as accounts
from gridtrack.accounts.tables import ApiToken, Person
from gridtrack.app import create_app
from gridtrack.errors import Forbidden, Invalid, NotFound, Unauthenticated
from gridtrack.usecases.tokens import Issued, NewToken, issue_token, revoke_token, tokens_of
from tests.builders import NOW, Site
from tests.cli.conftest import Run

P = Permission


def issued(site: Site, by: str, to: str, *may: Permission, days: float = 30) -> Issued:
    wanted = NewToken(site.people[to], "hotline", may or {P.REPORT}, NOW + timedelta(days=days))
    with site.work(by) as work:
        return issue_token(work, wanted)


def status(site: Site, secret: str, address: str = "/api/v1/me") -> int:
    """What a fresh process answers to a token."""
    site.runtime.memo.forget()
    app = create_app(site.runtime.settings, site.clock, site.runtime, limited=False)
    headers = {"Authorization": f"Bearer {secret}"}
    return app.test_client().get(address, headers=headers).status_code


def test_a_token_is_printed_once_and_kept_as_a_digest(run: Run, lite: Site) -> None:
    told = run("tokens", "issue", "street", "--name", "hotline", "--may", "report")
    number, secret = told.output.strip().split("\t")
    with lite.look() as work:
        row = work.session.get(ApiToken, int(number))
        assert row is not None
        assert secret.startswith("gt_")
        assert secret not in (row.digest, row.name)
        assert row.permissions == ["report"]
        assert row.expires_at == NOW + timedelta(days=90)


def test_an_issued_token_opens_the_api(run: Run, lite: Site) -> None:
    told = run("tokens", "issue", "street", "--name", "x", "--may", "report", "--may", "see")
    assert status(lite, told.output.strip().split("\t")[1]) == 200


def test_a_revoked_token_is_refused(run: Run, lite: Site) -> None:
    token = issued(lite, "engine", "street")
    assert run("tokens", "revoke", token.id).exit_code == 0
    assert status(lite, token.secret) == 401


def test_revoking_ends_it_at_once_in_the_process_that_revokes(lite: Site) -> None:
    token = issued(lite, "engine", "street", P.SEE)
    app = create_app(lite.runtime.settings, lite.clock, lite.runtime, limited=False)
    client, headers = app.test_client(), {"Authorization": f"Bearer {token.secret}"}
    assert client.get("/api/v1/me", headers=headers).status_code == 200
    with lite.work("security") as work:
        revoke_token(work, token.id)
    assert client.get("/api/v1/me", headers=headers).status_code == 401


def test_a_remembered_token_still_ends_at_its_instant(lite: Site) -> None:
    token = issued(lite, "engine", "street", days=1)
    app = create_app(lite.runtime.settings, lite.clock, lite.runtime, limited=False)
    client, headers = app.test_client(), {"Authorization": f"Bearer {token.secret}"}
    assert client.get("/api/v1/me", headers=headers).status_code == 200
    lite.clock.advance(days=1)
    assert client.get("/api/v1/me", headers=headers).status_code == 401


def test_a_token_of_a_closed_account_is_refused(lite: Site) -> None:
    token = issued(lite, "engine", "street")
    with lite.work() as work:
        person = work.session.get(Person, lite.people["street"])
        assert person is not None
        person.active = False
    assert status(lite, token.secret) == 401


@pytest.mark.parametrize("secret", ["", "gt_", "gt_" + "x" * 43, "\x00", "é" * 20])
def test_a_token_that_there_is_not_is_refused(lite: Site, secret: str) -> None:
    assert status(lite, secret) == 401


def test_the_list_tells_what_each_may_and_whether_it_is_over(run: Run, lite: Site) -> None:
    token = issued(lite, "engine", "street", P.SEE, P.REPORT)
    run("tokens", "revoke", token.id)
    issued(lite, "engine", "desk")
    lines = [line.split("\t") for line in run("tokens", "list").output.splitlines()]
    assert [line[1:5] for line in lines] == [
        ["street", "hotline", "report,see", "-"],
        ["desk", "hotline", "report", "+"],
    ]
    assert len(run("tokens", "list", "desk").output.splitlines()) == 1


def test_an_unknown_login_is_named(run: Run) -> None:
    told = run("tokens", "issue", "nobody", "--name", "x", "--may", "report")
    assert told.exit_code == 2
    assert "nobody" in told.stderr


def test_the_engine_s_permission_is_not_offered(run: Run) -> None:
    assert run("tokens", "issue", "street", "--name", "x", "--may", "engine").exit_code == 2


def test_anybody_issues_tokens_for_themselves_and_only_for_themselves(lite: Site) -> None:
    assert issued(lite, "worker-a11", "worker-a11").secret
    with pytest.raises(Forbidden):
        issued(lite, "worker-a11", "worker-a12")


def test_who_issues_tokens_for_others_cannot_reach_what_is_sealed(lite: Site) -> None:
    assert issued(lite, "security", "secretary-a", P.SEE).secret
    for permission in (P.SEE_SEALED, P.SEE_REPORTER):
        with pytest.raises(Forbidden):
            issued(lite, "security", "secretary-a", permission)
        assert issued(lite, "secretary-a", "secretary-a", permission).secret


def test_a_token_issues_no_token(lite: Site) -> None:
    me = lite.people["secretary-a"]
    with lite.look() as work:
        narrow = accounts.actor(work.session, me, NOW, [P.SEE, P.REPORT])
    assert narrow is not None
    wide = NewToken(me, "wider", {P.CLOSE}, NOW + timedelta(days=1))
    with pytest.raises(Forbidden), lite.work(narrow) as work:
        issue_token(work, wide)


def test_a_resident_has_no_tokens(lite: Site) -> None:
    with pytest.raises(Unauthenticated), lite.work(RESIDENT) as work:
        revoke_token(work, 1)
    with pytest.raises(Unauthenticated), lite.look(RESIDENT) as work:
        tokens_of(work, 1)


def test_another_s_token_is_not_there(lite: Site) -> None:
    token = issued(lite, "worker-a11", "worker-a11")
    with pytest.raises(NotFound), lite.work("worker-a12") as work:
        revoke_token(work, token.id)


def test_revoking_twice_keeps_the_first_instant(lite: Site) -> None:
    token = issued(lite, "engine", "street")
    for _ in range(2):
        with lite.work("security") as work:
            revoke_token(work, token.id)
        lite.clock.advance(hours=1)
    with lite.look("security") as work:
        assert tokens_of(work)[0].revoked_at == NOW


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_ends_within_a_year(lite: Site, days: float) -> None:
    with pytest.raises(Invalid, match="token-span"):
        issued(lite, "engine", "street", days=days)


def test_a_token_needs_a_name_and_permissions_that_tokens_can_have(lite: Site) -> None:
    until = NOW + timedelta(days=1)
    me = lite.people["street"]
    for wanted, code in (
        (NewToken(me, "  ", {P.SEE}, until), "required"),
        (NewToken(me, "x" * 81, {P.SEE}, until), "too-long"),
        (NewToken(me, "x", set(), until), "required"),
        (NewToken(me, "x", {P.ENGINE}, until), "token-permission"),
    ):
        with pytest.raises(Invalid, match=code), lite.work() as work:
            issue_token(work, wanted)
