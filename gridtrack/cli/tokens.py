"""`gridtrack tokens`: what lets machines in, from the command line."""

from datetime import timedelta

import click

from gridtrack.access import Permission
from gridtrack.accounts import store as accounts
from gridtrack.cli.context import runtime, tells_errors
from gridtrack.errors import NotFound
from gridtrack.usecases.tokens import LONGEST, NEVER, NewToken, issue_token, revoke_token, tokens_of
from gridtrack.work import Work

GRANTED = [one.value for one in Permission if one not in NEVER]


@click.group()
def tokens() -> None:
    """Tokens with which machines act for a person."""


@tokens.command()
@click.argument("login")
@click.option("--name", required=True, help="what it is for, such as: hotline 12345")
@click.option("--may", "permissions", multiple=True, required=True, type=click.Choice(GRANTED))
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, LONGEST.days))
@click.pass_context
@tells_errors
def issue(
    ctx: click.Context, login: str, name: str, permissions: tuple[str, ...], days: int
) -> None:
    """Issue a token for the person LOGIN and print it: it is shown this once."""
    with runtime(ctx).work() as work:
        wanted = NewToken(
            person_id=_person(work, login),
            name=name,
            permissions=frozenset(Permission(one) for one in permissions),
            expires_at=work.now + timedelta(days=days),
        )
        issued = issue_token(work, wanted)
    click.echo(f"{issued.id}\t{issued.secret}")


@tokens.command(name="list")
@click.argument("login", required=False)
@click.pass_context
@tells_errors
def list_(ctx: click.Context, login: str | None) -> None:
    """The tokens of LOGIN, or of everybody, with what they may do and how long they last."""
    with runtime(ctx).look() as work:
        for one in tokens_of(work, _person(work, login) if login else None):
            over = one.revoked_at is not None or one.expires_at <= work.now
            click.echo(
                f"{one.id}\t{one.person_name}\t{one.name}\t{','.join(one.permissions)}\t"
                f"{'-' if over else '+'}\t{one.expires_at:%Y-%m-%d}"
            )


@tokens.command()
@click.argument("token_id", type=int)
@click.pass_context
@tells_errors
def revoke(ctx: click.Context, token_id: int) -> None:
    """End the token TOKEN_ID now."""
    with runtime(ctx).work() as work:
        revoke_token(work, token_id)


def _person(work: Work, login: str) -> int:
    person = accounts.by_login(work.session, login)
    if person is None:
        raise NotFound("login-unknown", login=login)
    return person.id
