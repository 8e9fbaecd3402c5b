"""`gridtrack channels`: where people are told besides the in-app inbox, and what did not arrive."""

import click

from gridtrack.accounts import store as accounts
from gridtrack.cli.context import doors, runtime, tells_errors
from gridtrack.errors import NotFound
from gridtrack.jobs.senders import make_senders
from gridtrack.notifications.channels.port import Sent
from gridtrack.usecases import subscriptions as use
from gridtrack.usecases.subscriptions import CHANNELS, NewSubscription


@click.group()
def channels() -> None:
    """E-mail, signed webhooks, chat robots."""


@channels.command()
@click.argument("channel", type=click.Choice(CHANNELS))
@click.argument("target")
@click.option("--person", "login", help="login of the person who is told")
@click.option("--scope", help="grid path of the group that is told of all below it; '' is all")
@click.option("--secret", default="", help="signs webhooks and robots that ask for it")
@click.option("--lang", default="zh", type=click.Choice(["zh", "en"]))
@click.pass_context
@tells_errors
def add(ctx: click.Context, channel: str, target: str, login: str | None, **given: str) -> None:
    """Tell a person or a group through CHANNEL at TARGET (address, URL, robot URL) as well."""
    with runtime(ctx).work() as work:
        person_id = None
        if login is not None:
            person = accounts.by_login(work.session, login)
            if person is None:
                raise NotFound("no-such-person", field="person", value=login)
            person_id = person.id
        wanted = NewSubscription(
            channel, target, person_id, given["scope"], given["secret"], given["lang"]
        )
        click.echo(use.subscribe(work, wanted))


@channels.command(name="list")
@click.pass_context
@tells_errors
def list_(ctx: click.Context) -> None:
    """Every channel in use; targets that hold a token are cut short."""
    with runtime(ctx).look() as work:
        for one in use.subscriptions(work):
            whose = f"person {one.person_id}" if one.person_id else f"scope {one.scope or '*'}"
            click.echo(f"{one.id}\t{one.channel}\t{whose}\t{one.target}")


@channels.command()
@click.argument("subscription", type=int)
@click.pass_context
@tells_errors
def remove(ctx: click.Context, subscription: int) -> None:
    """End the channel SUBSCRIPTION."""
    with runtime(ctx).work() as work:
        use.unsubscribe(work, subscription)


@channels.command()
@click.argument("subscription", type=int)
@click.pass_context
@tells_errors
def test(ctx: click.Context, subscription: int) -> None:
    """Send a test message through the channel SUBSCRIPTION; exit 1 where it did not arrive."""
    here = doors(ctx)
    with runtime(ctx).look() as work:
        message = use.trial(work, subscription)
    sender = make_senders(here.settings, here.clock).get(message.channel)
    outcome = sender.send(message) if sender else None
    if isinstance(outcome, Sent):
        click.echo("sent")
        return
    click.echo(outcome.reason if outcome else "channel-not-configured", err=True)
    ctx.exit(1)


@channels.command()
@click.pass_context
@tells_errors
def dead(ctx: click.Context) -> None:
    """Messages that were given up, with what the other side said."""
    with runtime(ctx).look() as work:
        for one in use.dead_letters(work):
            click.echo(
                f"{one.id}\t{one.created_at:%Y-%m-%d %H:%M}\t{one.channel}\t{one.kind}\t"
                f"incident {one.incident_id}\t{one.attempts} tries\t{one.error}"
            )


@channels.command()
@click.argument("message", type=int)
@click.pass_context
@tells_errors
def again(ctx: click.Context, message: int) -> None:
    """Give the dead letter MESSAGE all its tries anew."""
    with runtime(ctx).work() as work:
        use.send_again(work, message)
