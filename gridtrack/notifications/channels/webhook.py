"""Webhooks: a signed JSON POST to a host on the list."""

import hashlib
import hmac
import json
from collections.abc import Callable, Collection
from datetime import datetime

from gridtrack.notifications.channels.outbound import Outbound
from gridtrack.notifications.channels.port import Outcome, Outgoing
from gridtrack.notifications.channels.posting import Answer, Poster, judge


def sign(secret: str, at: datetime, body: bytes) -> str:
    """The value of X-Gridtrack-Signature: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`.

    A receiver makes the same and compares; an old `t` is somebody playing a message back.
    """
    t = int(at.timestamp())
    digest = hmac.new(secret.encode(), f"{t}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={t},v1={digest}"


class WebhookSender:
    """Posts `{"key", "title", "text", "link"}`; the same key again means the same message again."""

    def __init__(
        self,
        allowed_hosts: Collection[str],
        now: Callable[[], datetime],
        poster: Poster | None = None,
    ) -> None:
        """Send only to `allowed_hosts` (see Outbound.of); `now` dates the signatures."""
        self._poster = poster or Poster(Outbound.of(allowed_hosts))
        self._now = now

    def send(self, message: Outgoing) -> Outcome:
        """POST the message to `message.target`, signed where it has a secret."""
        content = {
            "key": message.key,
            "title": message.title,
            "text": message.text,
            "link": message.link,
        }
        body = json.dumps(content, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-Gridtrack-Key": message.key,
        }
        if message.secret:
            headers["X-Gridtrack-Signature"] = sign(message.secret, self._now(), body)
        answer = self._poster.post(message.target, body, headers)
        return judge(answer) if isinstance(answer, Answer) else answer
