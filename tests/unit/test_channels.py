"""Messages leave through real sockets to servers on this machine, and say how it went."""

import hashlib
import hmac
import json
import socketserver
import time
from datetime import timedelta

import pytest

from gridtrack.i18n.sentences import TEXTS
from gridtrack.notifications.channels.fake import FakeSender
from gridtrack.notifications.channels.outbound import Outbound
from gridtrack.notifications.channels.port import PermanentFailure, Sent, TemporaryFailure
from gridtrack.notifications.channels.posting import Answer, Poster, judge
from gridtrack.notifications.channels.webhook import WebhookSender
from tests.servers import LOOPBACK, NOW, a_hook, a_message, now


def post(hook, *, allowed=LOOPBACK, target=None, **changes):
    return WebhookSender(allowed, now).send(a_message(target or hook.url, **changes))


def test_a_webhook_gets_the_message_as_json():
    with a_hook() as hook:
        assert post(hook) == Sent()
        assert json.loads(hook.call.body) == {
            "key": "esc:17:acknowledge:1:0:p3",
            "title": "请签收：占道经营（2026-000017）",
            "text": "两违两乱 · 第六网格\n请在 4 分钟内签收。",
            "link": "https://grid.example/incidents/17",
        }


def test_a_webhook_is_called_at_its_path_and_query():
    with a_hook() as hook:
        post(hook)
        assert hook.call.path == "/hook?a=1"


def test_a_webhook_gets_the_key_to_tell_repeats_by():
    with a_hook() as hook:
        post(hook)
        post(hook)
        assert {call.headers["X-Gridtrack-Key"] for call in hook.calls} == {
            "esc:17:acknowledge:1:0:p3"
        }


def test_a_webhook_can_check_the_signature():
    with a_hook() as hook:
        post(hook, secret="shared secret")
        t = int(NOW.timestamp())
        signed = f"{t}.".encode() + hook.call.body
        digest = hmac.new(b"shared secret", signed, hashlib.sha256).hexdigest()
        assert hook.call.headers["X-Gridtrack-Signature"] == f"t={t},v1={digest}"


def test_a_webhook_without_a_secret_has_no_signature():
    with a_hook() as hook:
        post(hook)
        assert "X-Gridtrack-Signature" not in hook.call.headers


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Sent()),
        (204, Sent()),
        (302, PermanentFailure("redirect: 302")),
        (400, PermanentFailure("http-status: 400")),
        (404, PermanentFailure("http-status: 404")),
        (408, TemporaryFailure("http-busy: 408")),
        (429, TemporaryFailure("http-busy: 429")),
        (500, TemporaryFailure("http-busy: 500")),
        (503, TemporaryFailure("http-busy: 503")),
    ],
)
def test_each_status_means_sent_later_or_never(status, outcome):
    assert judge(Answer(status, b"", None)) == outcome


def test_a_redirect_is_not_followed():
    with a_hook() as inner, a_hook(status=307, headers={"Location": inner.url}) as hook:
        assert post(hook) == PermanentFailure("redirect: 307")
        assert inner.calls == []


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("90", timedelta(seconds=90)),
        ("999999", timedelta(hours=1)),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
    ],
)
def test_a_busy_server_says_when_to_come_back(header, wait):
    with a_hook(status=503, headers={"Retry-After": header}) as hook:
        assert post(hook) == TemporaryFailure("http-busy: 503", wait)


def test_a_server_that_is_down_is_tried_again():
    with a_hook() as hook:
        url = hook.url
    outcome = post(None, target=url)
    assert outcome == TemporaryFailure("unreachable: ConnectionRefusedError")


def test_a_server_that_drips_is_cut_off_in_time():
    with a_hook(drip_s=0.02) as hook:
        poster = Poster(Outbound.of(LOOPBACK), timeout_s=0.3)
        began = time.monotonic()
        outcome = WebhookSender(LOOPBACK, now, poster).send(a_message(hook.url))
        assert outcome == TemporaryFailure("timeout: 0.3")
        assert time.monotonic() - began < 30


def test_a_server_that_never_answers_is_cut_off_in_time():
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as silent:
        poster = Poster(Outbound.of(LOOPBACK), timeout_s=0.2)
        url = f"http://127.0.0.1:{silent.server_address[1]}/"
        outcome = WebhookSender(LOOPBACK, now, poster).send(a_message(url))
        assert outcome == TemporaryFailure("timeout: 0.2")


def test_a_huge_answer_is_not_read_to_its_end():
    with a_hook(answer=b"x" * 5_000_000) as hook:
        answer = Poster(Outbound.of(LOOPBACK)).post(hook.url, b"{}", {})
        assert len(answer.body) == 64 * 1024


# --- the port ---


def test_tokens_and_secrets_are_not_in_what_is_logged():
    shown = repr(a_message("wecombot://tok3n", secret="s3cret"))
    assert "tok3n" not in shown
    assert "s3cret" not in shown


def test_a_fake_answers_by_its_script_then_takes_everything():
    fake = FakeSender([TemporaryFailure("unreachable: x"), PermanentFailure("bad-target: x")])
    outcomes = [type(fake.send(a_message("x"))) for _ in range(3)]
    assert outcomes == [TemporaryFailure, PermanentFailure, Sent]


def test_a_fake_keeps_what_it_was_given():
    fake = FakeSender()
    fake.send(a_message("x"))
    assert [message.key for message in fake.messages] == ["esc:17:acknowledge:1:0:p3"]


def test_a_strict_fake_fails_on_an_unexpected_message():
    with pytest.raises(AssertionError, match="unexpected message esc:17"):
        FakeSender(expected=frozenset({"other"})).send(a_message("x"))


def test_a_strict_fake_fails_on_a_message_taken_twice():
    fake = FakeSender(expected=frozenset({"k"}))
    fake.send(a_message("x", key="k"))
    with pytest.raises(AssertionError, match="taken twice"):
        fake.send(a_message("x", key="k"))


def test_a_strict_fake_fails_on_a_missing_message():
    with pytest.raises(AssertionError, match=r"missing messages \['k'\]"):
        FakeSender(expected=frozenset({"k"})).check()


@pytest.mark.parametrize(
    "reason",
    ["channel-not-configured", "bad-target", "host-not-allowed", "address-private", "unresolved",
     "unreachable", "timeout", "redirect", "http-status", "http-busy", "robot-busy",
     "robot-refused", "robot-failed", "robot-unclear", "robot-scheme", "recipient-refused",
     "mail-refused", "mail-busy", "mail-login", "mail-insecure"],
)  # fmt: skip
def test_every_reason_has_its_sentence(reason):
    assert f"delivery-{reason}" in TEXTS
