"""The senders of a deployment, by channel."""

from collections.abc import Mapping

from gridtrack.clock import Clock
from gridtrack.jobs.deliverer import allowed_hosts
from gridtrack.notifications.channels.email import EmailSender
from gridtrack.notifications.channels.port import Sender
from gridtrack.notifications.channels.robot import RobotSender
from gridtrack.notifications.channels.webhook import WebhookSender
from gridtrack.settings import Settings


def make_senders(settings: Settings, clock: Clock) -> Mapping[str, Sender]:
    """A sender for every channel this deployment can use; e-mail only where a server is named."""
    senders: dict[str, Sender] = {
        "webhook": WebhookSender(allowed_hosts(settings), clock.now),
        "robot": RobotSender(clock.now),
    }
    if settings.smtp_url:
        senders["email"] = EmailSender(settings.smtp_url, clock.now)
    return senders
