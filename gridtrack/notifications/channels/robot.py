"""Group-chat robots of WeCom, DingTalk, Feishu and Lark, by their Apprise URLs.

Apprise reads the URLs and knows addresses and limits; the call is our own. These services answer
HTTP 200 also when they throw a message away (WeCom 45009, DingTalk 130101, a wrong key), and
Apprise 2.2.0 looks at the status only: it would report as sent what nobody got.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.lark import NotifyLark
from apprise.plugins.wecombot import NotifyWeComBot

from gridtrack.notifications.channels.outbound import Outbound
from gridtrack.notifications.channels.port import (
    Outcome,
    Outgoing,
    PermanentFailure,
    Sent,
    TemporaryFailure,
)
from gridtrack.notifications.channels.posting import Answer, Poster, judge

_PLUGINS: Mapping[str, Any] = {
    "wecombot": NotifyWeComBot,
    "dingtalk": NotifyDingTalk,
    "feishu": NotifyFeishu,
    "lark": NotifyLark,
}
ENDPOINTS: Mapping[str, str] = {
    "wecombot": NotifyWeComBot.notify_url.replace("{key}", "{token}"),
    "dingtalk": NotifyDingTalk.notify_url,
    "feishu": NotifyFeishu.notify_url.rstrip("/"),
    "lark": NotifyLark.notify_url + "{token}",
}
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,200}")

# Answers that mean "too fast", and how long to keep quiet: DingTalk mutes for ten minutes.
_BUSY: Mapping[int, timedelta] = {
    45009: timedelta(minutes=1),
    45033: timedelta(seconds=10),
    130101: timedelta(minutes=10),
    410100: timedelta(minutes=10),
    11232: timedelta(minutes=1),
    9499: timedelta(minutes=1),
}
# Answers that will be the same next time: unknown robot, wrong signature, keyword or network.
_REFUSED = frozenset({93000, 40058, 45002, 300001, 300005, 310000, 400013, 400101, 400102}) | {
    19001, 19021, 19022, 19024,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Robot:
    """A robot's URL taken apart; `phones` are told by name (DingTalk)."""

    scheme: str
    token: str = field(repr=False)
    secret: str = field(repr=False)
    phones: tuple[str, ...]

    @property
    def most_bytes(self) -> int:
        """The longest text the service takes, in bytes of UTF-8."""
        limit: int = _PLUGINS[self.scheme].body_maxlen
        return limit


def read_robot(url: str, secret: str | None) -> Robot | PermanentFailure:
    """The robot in `wecombot://key`, `dingtalk://[secret@]token/phones`, `feishu://`, `lark://`."""
    scheme = url.partition("://")[0].lower()
    if scheme not in _PLUGINS:
        return PermanentFailure(f"robot-scheme: {scheme[:20]}")
    found = _PLUGINS[scheme].parse_url(url) or {}
    token = str(found.get("key") or found.get("token") or "")
    if not _TOKEN.fullmatch(token):
        return PermanentFailure("bad-target: robot")
    phones = [str(phone) for phone in found.get("targets", ()) if str(phone).isdigit()]
    return Robot(scheme, token, str(secret or found.get("secret") or ""), tuple(phones))


class RobotSender:
    """Posts a text to a group; `endpoints` are other addresses for services run on own premises."""

    def __init__(
        self,
        now: Callable[[], datetime],
        endpoints: Mapping[str, str] = ENDPOINTS,
        poster: Poster | None = None,
    ) -> None:
        """Use `endpoints`, templates with {token} by scheme; `now` dates the signatures."""
        hosts = [urlsplit(url).hostname or "" for url in endpoints.values()]
        self._poster = poster or Poster(Outbound.of(hosts))
        self._endpoints = endpoints
        self._now = now

    def send(self, message: Outgoing) -> Outcome:
        """Post the message to the robot in `message.target`."""
        robot = read_robot(message.target, message.secret)
        if isinstance(robot, PermanentFailure):
            return robot
        url, content = self._url(robot), self._content(robot, fit(message, robot.most_bytes))
        body = json.dumps(content, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        answer = self._poster.post(url, body, headers)
        return judge_robot(answer) if isinstance(answer, Answer) else answer

    def _url(self, robot: Robot) -> str:
        url = self._endpoints[robot.scheme].format(token=robot.token)
        if robot.scheme != "dingtalk" or not robot.secret:
            return url
        t = str(int(self._now().timestamp() * 1000))
        sign = _hmac(robot.secret, f"{t}\n{robot.secret}")
        return f"{url}&{urlencode({'timestamp': t, 'sign': sign})}"

    def _content(self, robot: Robot, text: str) -> dict[str, object]:
        if robot.scheme == "wecombot":
            return {"msgtype": "text", "text": {"content": text}}
        if robot.scheme == "dingtalk":
            at = {"atMobiles": list(robot.phones), "isAtAll": False}
            return {"msgtype": "text", "text": {"content": text}, "at": at}
        content: dict[str, object] = {"msg_type": "text", "content": {"text": text}}
        if robot.secret:
            t = str(int(self._now().timestamp()))
            # Here the text to sign is the key and nothing is signed: so the service wants it.
            content |= {"timestamp": t, "sign": _hmac(f"{t}\n{robot.secret}", "")}
        return content


def fit(message: Outgoing, most_bytes: int) -> str:
    """Title, text and link in at most `most_bytes` of UTF-8; the text gives way, never the link."""
    ends = [part for part in (message.title, message.link) if part]
    left = most_bytes - len("\n".join([*ends, ""]).encode())
    text = message.text
    if len(text.encode()) > left:
        cut = max(left - len("…".encode()), 0)
        text = text.encode()[:cut].decode(errors="ignore") + "…"
    whole = "\n".join(part for part in (message.title, text, message.link) if part)
    return whole.encode()[:most_bytes].decode(errors="ignore")


def judge_robot(answer: Answer) -> Outcome:
    """What a service's answer means: the HTTP status first, then the code in the body."""
    outcome = judge(answer)
    if not isinstance(outcome, Sent):
        return outcome
    code = _code(answer.body)
    if code is None:
        return TemporaryFailure(f"robot-unclear: {len(answer.body)} B")
    if code == 0:
        return Sent()
    if code in _BUSY:
        return TemporaryFailure(f"robot-busy: {code}", _BUSY[code])
    if code in _REFUSED:
        return PermanentFailure(f"robot-refused: {code}")
    return TemporaryFailure(f"robot-failed: {code}")


def _code(body: bytes) -> int | None:
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    if not isinstance(answer, dict):
        return None
    for name in ("errcode", "code", "StatusCode"):
        if isinstance(answer.get(name), int):
            return int(answer[name])
    return None


def _hmac(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()
