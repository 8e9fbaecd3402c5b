"""`gridtrack users`: people and their posts, from the command line."""

import secrets

import click
from sqlalchemy import select

from gridtrack.access import Role
from gridtrack.accounts import store as accounts
from gridtrack.accounts.store import NewPost
from gridtrack.accounts.tables import Person, Post
from gridtrack.cli.context import runtime, tells_errors
from gridtrack.cli.times import local
from gridtrack.errors import NotFound
from gridtrack.usecases import people
from gridtrack.usecases.invitations import invite as make_invitation
from gridtrack.usecases.leave_post import leave_all, leave_post
from gridtrack.usecases.people import NewPerson
from gridtrack.work import Work


@click.group()
def users() -> None:
    """People and their posts."""


@users.command()
@click.argument("login")
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--scope", default="", help="grid path, such as 350999001001/35099900100101")
@click.option("--zone", help="code of the estate, for property managers")
@click.option("--deputy", is_flag=True)
@click.option("--phone", default="")
@click.option("--password", help="made up and printed once when not given")
@click.pass_context
@tells_errors
def add(ctx: click.Context, login: str, password: str | None, **given: str) -> None:
    """Add a person LOGIN with one post."""
    chosen = password or secrets.token_urlsafe(9)
    post = NewPost(Role(given["role"]), given["scope"], given["zone"], deputy=bool(given["deputy"]))
    person = NewPerson(login, given["name"], chosen, (post,), given["phone"])
    with runtime(ctx).work() as work:
        person_id = people.add_person(work, person)
    click.echo(f"{person_id}\t{login}" + ("" if password else f"\t{chosen}"))


@users.command(name="list")
@click.pass_context
@tells_errors
def list_(ctx: click.Context) -> None:
    """Everybody with their posts in force or to come."""
    with runtime(ctx).look() as work:
        rows = work.session.execute(
            select(
                Person.id, Person.login, Person.name, Post.id, Post.role, Post.scope, Post.zone,
                Post.deputy,
            )
            .outerjoin(Post, (Post.person_id == Person.id) & Post.until_at.is_(None))
            .order_by(Person.id, Post.id)
        )  # fmt: skip
        for row in rows:
            click.echo("\t".join("" if value is None else str(value) for value in row))


@users.command()
@click.argument("person", type=int)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--scope", default="")
@click.option("--zone")
@click.option("--deputy", is_flag=True)
@click.pass_context
@tells_errors
def post(
    ctx: click.Context, person: int, role: str, scope: str, zone: str | None, *, deputy: bool
) -> None:
    """Give PERSON (an id) one more post from now on."""
    with runtime(ctx).work() as work:
        click.echo(people.give_post(work, person, NewPost(Role(role), scope, zone, deputy=deputy)))


@users.command(name="end-post")
@click.argument("post_id", type=int)
@click.pass_context
@tells_errors
def end_post(ctx: click.Context, post_id: int) -> None:
    """End the post POST_ID now; what was open under it goes to the successor or up."""
    with runtime(ctx).work() as work:
        left = leave_post(work, post_id)
    click.echo(f"{left.given} matters given on, {left.to_desk} to the desk", err=True)


@users.command()
@click.argument("person", type=int)
@click.option("--from", "from_at", required=True, type=click.DateTime(), help="local time")
@click.option("--until", "until_at", required=True, type=click.DateTime(), help="local time")
@click.option("--reason", default="")
@click.pass_context
@tells_errors
def away(ctx: click.Context, person: int, **span: object) -> None:
    """Say that PERSON (an id) is away for a span; the deputy is asked instead."""
    here = runtime(ctx)
    begin, end = (local(here.settings.timezone, span[name]) for name in ("from_at", "until_at"))
    with here.work() as work:
        people.set_absence(work, person, begin, end, str(span["reason"]))


@users.command()
@click.argument("login")
@click.option("--password", help="made up and printed once when not given")
@click.pass_context
@tells_errors
def password(ctx: click.Context, login: str, password: str | None) -> None:
    """Give LOGIN a new password."""
    chosen = password or secrets.token_urlsafe(9)
    with runtime(ctx).work() as work:
        people.set_password(work, login, chosen)
    if not password:
        click.echo(chosen)


@users.command()
@click.argument("login")
@click.pass_context
@tells_errors
def close(ctx: click.Context, login: str) -> None:
    """Close the account of LOGIN and end every post of it; what is on record stays."""
    with runtime(ctx).work() as work:
        people.close_account(work, login)
        leave_all(work, _person(work, login))


@users.command()
@click.argument("login")
@click.pass_context
@tells_errors
def invite(ctx: click.Context, login: str) -> None:
    """Print a link, good once, by which LOGIN sets a password."""
    here = runtime(ctx)
    with here.work() as work:
        made = make_invitation(work, _person(work, login))
    click.echo(f"{here.settings.public_url.rstrip('/')}/welcome/{made.secret}")


def _person(work: Work, login: str) -> int:
    person = accounts.by_login(work.session, login)
    if person is None:
        raise NotFound("login-unknown", login=login)
    return person.id
