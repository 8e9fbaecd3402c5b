"""Messages leave through real sockets to servers on this machine, and say how it went."""

import base64
import contextlib
import hashlib
import hmac
import json
import socketserver
import ssl
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.errors import Invalid
from gridtrack.i18n.sentences import TEXTS
from gridtrack.notifications.channels.email import EmailSender, read_url
from gridtrack.notifications.channels.fake import FakeSender
from gridtrack.notifications.channels.outbound import Outbound, resolve
from gridtrack.notifications.channels.port import (
    Outgoing,
    PermanentFailure,
    Sent,
    TemporaryFailure,
)
from gridtrack.notifications.channels.posting import Answer, Poster, judge, take_apart
from gridtrack.notifications.channels.robot import ENDPOINTS, RobotSender, fit, judge_robot
from gridtrack.notifications.channels.webhook import WebhookSender

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
LOOPBACK = frozenset({"127.0.0.1"})

# A certificate for "hook.test" that nothing but these tests knows; valid 2020 to 2120.
TEST_KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgixe9pjHpvaLpBBp1
2B2WLe38QZIKZT1u0Snjnovr75ahRANCAATuhngVLLYdmwZ1z6/Ud9tufuu4jl7l
gBLkX1ucO61U9RKjgi4Qpk/lSZ4DlV3uY0BC3FY8hg8hkewCB7Ls8l6p
-----END PRIVATE KEY-----
"""
TEST_CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBhjCCASygAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlob29rLnRl
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWhvb2sudGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABO6GeBUsth2bBnXP
r9R3225+67iOXuWAEuRfW5w7rVT1EqOCLhCmT+VJngOVXe5jQELcVjyGDyGR7AIH
suzyXqmjbTBrMBQGA1UdEQQNMAuCCWhvb2sudGVzdDAPBgNVHRMBAf8EBTADAQH/
MA4GA1UdDwEB/wQEAwIChDATBgNVHSUEDDAKBggrBgEFBQcDATAdBgNVHQ4EFgQU
URZawymWoWV1CH4AK4w1yHFzpycwCgYIKoZIzj0EAwIDSAAwRQIgd4NJm9PguAji
BvbRvMIQgV1CnKeFzhONfV4tQBcqUPsCIQCEglbs/07lLX3Boe35q3FdHaanKzAE
FCic0KupxaEZdQ==
-----END CERTIFICATE-----
"""


def now():
    return NOW


def a_message(target, *, channel="webhook", **changes):
    fields = {
        "key": "esc:17:acknowledge:1:0:p3",
        "channel": channel,
        "target": target,
        "title": "请签收：占道经营（2026-000017）",
        "text": "两违两乱 · 第六网格\n请在 4 分钟内签收。",
        "link": "https://grid.example/incidents/17",
        "secret": None,
    }
    return Outgoing(**{**fields, **changes})


# --- an HTTP server that remembers and answers as told -----------------------------------------


@dataclass
class Hook:
    status: int = 200
    answer: bytes = b"{}"
    headers: dict = field(default_factory=dict)
    drip_s: float = 0.0
    calls: list = field(default_factory=list)
    port: int = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/hook?a=1"

    @property
    def call(self):
        (only,) = self.calls
        return only


@dataclass
class Call:
    path: str
    headers: dict
    body: bytes


class HookHandler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.hook.calls.append(Call(self.path, dict(self.headers), body))
        with contextlib.suppress(OSError):
            self.drip() if self.server.hook.drip_s else self.answer()

    def drip(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self.server.over.wait(self.server.hook.drip_s):
            self.wfile.write(b"X-More: yes\r\n")

    def answer(self):
        hook = self.server.hook
        self.send_response(hook.status)
        for name, value in hook.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(hook.answer)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def a_hook(*, tls=False, **told):
    hook = Hook(**told)
    server = ThreadingHTTPServer(("127.0.0.1", 0), HookHandler)
    server.hook, server.over = hook, threading.Event()
    if tls:
        server.socket = tls_server().wrap_socket(server.socket, server_side=True)
    with serving(server, hook):
        yield hook
        server.over.set()


@contextlib.contextmanager
def serving(server, known):
    """Serve in a thread on a free port of this machine; what a client does to us is no error."""
    server.handle_error = lambda *_: None
    known.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def tls_server():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM_FILES["certificate"], PEM_FILES["key"])
    return context


def tls_client():
    return ssl.create_default_context(cadata=TEST_CERTIFICATE)


PEM_FILES = {}


@pytest.fixture(scope="module", autouse=True)
def pem_files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pem")
    for name, text in (("key", TEST_KEY), ("certificate", TEST_CERTIFICATE)):
        PEM_FILES[name] = folder / f"{name}.pem"
        PEM_FILES[name].write_text(text)


def post(hook, *, allowed=LOOPBACK, target=None, **changes):
    return WebhookSender(allowed, now).send(a_message(target or hook.url, **changes))


# --- webhooks ----------------------------------------------------------------------------------


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
        assert time.monotonic() - began < 3


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


# --- where the server may call -----------------------------------------------------------------


def test_a_host_that_is_not_listed_is_not_called():
    with a_hook() as hook:
        outcome = post(hook, allowed=frozenset({"hooks.example"}))
        assert outcome == PermanentFailure("host-not-allowed: 127.0.0.1")
        assert hook.calls == []


def test_with_an_empty_list_nothing_is_called():
    assert post(None, allowed=frozenset(), target="https://example.com/") == PermanentFailure(
        "host-not-allowed: example.com"
    )


def test_a_listed_name_that_leads_inside_is_not_called():
    with a_hook() as hook:
        poster = Poster(Outbound.of({"hook.test"}), resolve=lambda *_: ["127.0.0.1"])
        outcome = poster.post(f"http://hook.test:{hook.port}/", b"{}", {})
        assert outcome == PermanentFailure("address-private: 127.0.0.1")
        assert hook.calls == []


def test_a_listed_name_may_lead_to_a_listed_inner_address():
    with a_hook() as hook:
        poster = Poster(Outbound.of({"hook.test", "127.0.0.0/8"}), resolve=lambda *_: ["127.0.0.1"])
        assert poster.post(f"http://hook.test:{hook.port}/", b"{}", {}).status == 200
        assert hook.call.headers["Host"] == f"hook.test:{hook.port}"


def test_one_inner_address_among_several_is_enough_to_refuse():
    poster = Poster(Outbound.of({"hook.test"}), resolve=lambda *_: ["93.184.216.34", "10.0.0.1"])
    assert poster.post("http://hook.test/", b"", {}) == PermanentFailure(
        "address-private: 10.0.0.1"
    )


def test_a_name_is_looked_up_once_and_that_address_is_called():
    asked = []

    def changing(host, port):
        asked.append((host, port))
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    with a_hook() as hook:
        poster = Poster(Outbound.of({"hook.test", "127.0.0.1"}), resolve=changing)
        assert poster.post(f"http://hook.test:{hook.port}/", b"{}", {}).status == 200
        assert asked == [("hook.test", hook.port)]


def test_a_dead_address_does_not_keep_the_next_from_being_tried():
    with a_hook() as hook:
        poster = Poster(
            Outbound.of({"hook.test", "127.0.0.0/8"}),
            resolve=lambda *_: ["127.255.255.254", "127.0.0.1"],
        )
        assert poster.post(f"http://hook.test:{hook.port}/", b"{}", {}).status == 200


def test_a_name_that_is_not_found_is_tried_again():
    def unknown(*_):
        raise OSError(-2, "Name or service not known")

    poster = Poster(Outbound.of({"hook.test"}), resolve=unknown)
    assert poster.post("http://hook.test/", b"", {}) == TemporaryFailure("unresolved: hook.test")


def test_this_machine_resolves_itself():
    assert "127.0.0.1" in resolve("127.0.0.1", 80)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200",
     "0.0.0.0", "255.255.255.255", "224.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
     "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::",
     "nonsense", ""],
)  # fmt: skip
def test_inner_addresses_in_every_disguise_are_refused(address):
    assert not Outbound.of({"hook.test"}).allows_address(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses_are_allowed(address):
    assert Outbound.of(()).allows_address(address)


@pytest.mark.parametrize(
    ("entry", "host", "port", "allowed"),
    [
        ("hooks.example", "hooks.example", 443, True),
        ("Hooks.Example ", "hooks.example.", 443, True),
        ("hooks.example", "evil.hooks.example", 443, False),
        ("hooks.example", "hooks.example.evil", 443, False),
        ("hooks.example:8443", "hooks.example", 8443, True),
        ("hooks.example:8443", "hooks.example", 443, False),
        ("10.1.0.0/16", "10.1.2.3", 80, True),
        ("10.1.0.0/16", "10.2.2.3", 80, False),
        ("127.0.0.1", "0x7f000001", 80, False),
        ("127.0.0.1", "2130706433", 80, False),
        ("::1", "::1", 80, True),
    ],
)
def test_a_host_is_allowed_by_its_exact_name(entry, host, port, allowed):
    assert Outbound.of({entry}).allows_host(host, port) is allowed


@pytest.mark.parametrize(
    "url",
    ["", "hooks.example", "ftp://hooks.example/", "file:///etc/passwd", "http://", "http:///x",
     "http://user@hooks.example/", "http://user:pw@hooks.example/", "http://hooks.example:99999/",
     "http://hooks.example/\r\nX: y", "http://hooks.example/a b", "http://hooks.example/\x00",
     "http://hooks.exa\u00admple/", "http://[::1/", "gopher://hooks.example/"],
)  # fmt: skip
def test_an_odd_url_is_never_called(url):
    outcome = WebhookSender(frozenset({"hooks.example"}), now).send(a_message(url))
    assert outcome == PermanentFailure("bad-target: URL")


def test_a_url_is_taken_apart():
    call = take_apart("HTTPS://Hooks.Example/a?b=c#d")
    assert (call.host, call.port, call.path) == ("hooks.example", 443, "/a?b=c")


def over_tls(hook, host):
    poster = Poster(
        Outbound.of({host, "127.0.0.1"}),
        resolve=lambda *_: ["127.0.0.1"],
        make_context=tls_client,
    )
    return poster.post(f"https://{host}:{hook.port}/", b"{}", {})


def test_tls_is_checked_against_the_name_not_the_address():
    with a_hook(tls=True) as hook:
        assert over_tls(hook, "hook.test").status == 200


def test_a_certificate_for_another_name_gets_nothing():
    with a_hook(tls=True) as hook:
        outcome = over_tls(hook, "other.test")
        assert outcome == TemporaryFailure("unreachable: SSLCertVerificationError")
        assert hook.calls == []


def test_a_certificate_that_nobody_vouches_for_gets_nothing():
    with a_hook(tls=True) as hook:
        poster = Poster(Outbound.of({"hook.test", "127.0.0.1"}), resolve=lambda *_: ["127.0.0.1"])
        outcome = poster.post(f"https://hook.test:{hook.port}/", b"{}", {})
        assert outcome == TemporaryFailure("unreachable: SSLCertVerificationError")


# --- robots ------------------------------------------------------------------------------------


def tell_robot(hook, target, **changes):
    base = f"http://127.0.0.1:{hook.port}"
    endpoints = {
        "wecombot": base + "/cgi-bin/webhook/send?key={token}",
        "dingtalk": base + "/robot/send?access_token={token}",
        "feishu": base + "/open-apis/bot/v2/hook/{token}",
        "lark": base + "/open-apis/bot/v2/hook/{token}",
    }
    return RobotSender(now, endpoints).send(a_message(target, channel="robot", **changes))


TEXT = (
    "请签收：占道经营（2026-000017）\n两违两乱 · 第六网格\n请在 4 分钟内签收。\n"
    "https://grid.example/incidents/17"
)


def test_wecom_gets_a_text():
    with a_hook(answer=b'{"errcode":0,"errmsg":"ok"}') as hook:
        assert tell_robot(hook, "wecombot://abc-DEF_1") == Sent()
        assert hook.call.path == "/cgi-bin/webhook/send?key=abc-DEF_1"
        assert json.loads(hook.call.body) == {"msgtype": "text", "text": {"content": TEXT}}


def test_dingtalk_gets_a_signed_text_that_names_phones():
    with a_hook(answer=b'{"errcode":0,"errmsg":"ok"}') as hook:
        assert tell_robot(hook, "dingtalk://SEC1@token9/13800000000") == Sent()
        t = int(NOW.timestamp() * 1000)
        sign = base64.b64encode(hmac.new(b"SEC1", f"{t}\nSEC1".encode(), hashlib.sha256).digest())
        quoted = sign.decode().replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
        assert hook.call.path == (f"/robot/send?access_token=token9&timestamp={t}&sign={quoted}")
        assert json.loads(hook.call.body)["at"]["atMobiles"] == ["13800000000"]


def test_dingtalk_without_a_secret_is_not_signed():
    with a_hook(answer=b'{"errcode":0}') as hook:
        tell_robot(hook, "dingtalk://token9")
        assert hook.call.path == "/robot/send?access_token=token9"


@pytest.mark.parametrize("scheme", ["feishu", "lark"])
def test_feishu_gets_a_signed_text(scheme):
    with a_hook(answer=b'{"code":0,"msg":"success"}') as hook:
        assert tell_robot(hook, f"{scheme}://tok-1", secret="s3") == Sent()
        t = int(NOW.timestamp())
        sign = base64.b64encode(hmac.new(f"{t}\ns3".encode(), b"", hashlib.sha256).digest())
        assert hook.call.path == "/open-apis/bot/v2/hook/tok-1"
        assert json.loads(hook.call.body) == {
            "msg_type": "text",
            "content": {"text": TEXT},
            "timestamp": str(t),
            "sign": sign.decode(),
        }


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b'{"errcode":0,"errmsg":"ok"}', Sent()),
        (b'{"code":0,"msg":"success"}', Sent()),
        (b'{"StatusCode":0,"StatusMessage":"success"}', Sent()),
        (b'{"errcode":45009}', TemporaryFailure("robot-busy: 45009", timedelta(minutes=1))),
        (b'{"errcode":130101}', TemporaryFailure("robot-busy: 130101", timedelta(minutes=10))),
        (b'{"code":11232}', TemporaryFailure("robot-busy: 11232", timedelta(minutes=1))),
        (b'{"errcode":93000}', PermanentFailure("robot-refused: 93000")),
        (b'{"errcode":310000}', PermanentFailure("robot-refused: 310000")),
        (b'{"code":19021}', PermanentFailure("robot-refused: 19021")),
        (b'{"errcode":-1}', TemporaryFailure("robot-failed: -1")),
        (b"<html>log in</html>", TemporaryFailure("robot-unclear: 19 B")),
        (b"[]", TemporaryFailure("robot-unclear: 2 B")),
        (b"\xff\xfe", TemporaryFailure("robot-unclear: 2 B")),
    ],
)
def test_an_answer_with_status_200_is_read_before_it_is_believed(body, outcome):
    assert judge_robot(Answer(200, body, None)) == outcome


def test_a_robot_that_is_down_is_tried_again():
    assert judge_robot(Answer(502, b"", None)) == TemporaryFailure("http-busy: 502")


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("slack://a/b/c", "robot-scheme: slack"),
        ("json://127.0.0.1/", "robot-scheme: json"),
        ("mailto://a:b@example.com", "robot-scheme: mailto"),
        ("https://qyapi.weixin.qq.com/", "robot-scheme: https"),
        ("", "robot-scheme: "),
        ("wecombot://", "bad-target: robot"),
        ("wecombot://a b", "bad-target: robot"),
        ("wecombot://a%0Ab", "bad-target: robot"),
        ("feishu://../../x", "bad-target: robot"),
    ],
)
def test_other_services_and_odd_tokens_are_refused(target, reason):
    with a_hook() as hook:
        assert tell_robot(hook, target) == PermanentFailure(reason)
        assert hook.calls == []


def test_the_addresses_of_the_services_are_their_own():
    assert {scheme: url.split("/")[2] for scheme, url in ENDPOINTS.items()} == {
        "wecombot": "qyapi.weixin.qq.com",
        "dingtalk": "oapi.dingtalk.com",
        "feishu": "open.feishu.cn",
        "lark": "open.larksuite.com",
    }


def test_a_robots_text_ends_at_its_services_limit():
    with a_hook(answer=b'{"errcode":0}') as hook:
        tell_robot(hook, "wecombot://k", text="长" * 5000)
        content = json.loads(hook.call.body)["text"]["content"]
        assert 2040 <= len(content.encode()) <= 2048
        assert content.endswith("…\nhttps://grid.example/incidents/17")


@given(st.text(max_size=400), st.text(max_size=60), st.text(max_size=60), st.integers(0, 500))
def test_a_text_always_fits(text, title, link, limit):
    try:
        (title + text + link).encode()
    except UnicodeEncodeError:
        return
    fitted = fit(a_message("x", title=title, text=text, link=link), limit)
    assert len(fitted.encode()) <= limit


# --- e-mail ------------------------------------------------------------------------------------


@dataclass
class MailBox:
    answers: dict = field(default_factory=dict)
    tls: bool = False
    login: bool = False
    implicit: bool = False
    mails: list = field(default_factory=list)
    heard: list = field(default_factory=list)
    port: int = 0

    def url(self, options="", user=""):
        return f"smtp://{user}127.0.0.1:{self.port}/?from=grid@street.example{options}"


class MailHandler(socketserver.StreamRequestHandler):
    """A mail server as small as they come; `answers` of the box go before its own."""

    OWN = MappingProxyType({"STARTTLS": "220 go", "AUTH": "235 welcome", "QUIT": "221 bye"})

    @property
    def box(self):
        return self.server.box

    def say(self, *lines):
        for line in lines:
            self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        with contextlib.suppress(OSError, ValueError):
            self.say("220 mail.test")
            while line := self.rfile.readline():
                text = line.decode().strip()
                self.box.heard.append(text)
                self.answer(text.split()[0].upper())

    def answer(self, verb):
        if verb in self.box.answers:
            self.say(self.box.answers[verb])
        elif verb == "EHLO":
            self.say("250-mail.test", *self.offers(), "250 8BITMIME")
        elif verb == "DATA":
            self.say("354 go on")
            lines = b"".join(iter(self.rfile.readline, b".\r\n"))
            self.box.mails.append(message_from_bytes(lines, policy=policy.default))
            self.say(self.box.answers.get("END", "250 taken"))
        else:
            self.say(self.OWN.get(verb, "250 fine"))
        if verb == "STARTTLS":
            self.request = tls_server().wrap_socket(self.request, server_side=True)
            self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)

    def finish(self):
        with contextlib.suppress(OSError):
            super().finish()
        self.request.close()

    def offers(self):
        offered = {"250-STARTTLS": self.box.tls, "250-AUTH PLAIN": self.box.login}
        return [line for line, there in offered.items() if there]


@contextlib.contextmanager
def a_mail_server(**told):
    box = MailBox(**told)
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailHandler)
    server.daemon_threads, server.box = True, box
    if box.implicit:
        server.socket = tls_server().wrap_socket(server.socket, server_side=True)
    with serving(server, box):
        yield box


def mail(box, *, options="", user="", target="li@street.example", **changes):
    sender = EmailSender(box.url(options, user), now, make_context=tls_client, timeout_s=5)
    return sender.send(a_message(target, channel="email", **changes))


def test_a_mail_arrives_with_subject_text_and_link():
    with a_mail_server() as box:
        assert isinstance(mail(box), Sent)
        (arrived,) = box.mails
        assert arrived["Subject"] == "请签收：占道经营（2026-000017）"
        assert arrived["To"] == "li@street.example"
        assert arrived["From"].addresses[0].addr_spec == "grid@street.example"
        assert arrived["Date"].datetime == NOW
        assert arrived.get_content().splitlines() == [
            "两违两乱 · 第六网格", "请在 4 分钟内签收。", "", "https://grid.example/incidents/17",
        ]  # fmt: skip


def test_a_mail_sent_again_has_the_same_id():
    with a_mail_server() as box:
        first, again = mail(box), mail(box)
        assert first == again == Sent(box.mails[0]["Message-ID"])


def test_another_message_has_another_id():
    with a_mail_server() as box:
        assert mail(box) != mail(box, key="assigned:18:1:p3")


def test_the_name_of_this_machine_is_not_told():
    with a_mail_server() as box:
        mail(box)
        assert box.heard[0] == "ehlo street.example"


def test_a_title_cannot_add_headers():
    with a_mail_server() as box:
        mail(box, title="a\r\nBcc: evil@example.com")
        assert box.mails[0]["Bcc"] is None


@pytest.mark.parametrize(
    "target",
    ["", "li", "li@", "@street.example", "a@b@c", "li@street.example, evil@example.com",
     "li@street.example\r\nBcc: evil@example.com", "<li@street.example>", "li street@example",
     "李@street.example"],
)  # fmt: skip
def test_what_is_no_mail_address_is_refused(target):
    with a_mail_server() as box:
        assert mail(box, target=target) == PermanentFailure("bad-target: e-mail")
        assert box.heard == []


@pytest.mark.parametrize(
    ("verb", "answer", "outcome"),
    [
        ("RCPT", "550 no such user", PermanentFailure("recipient-refused: 550")),
        ("RCPT", "450 mailbox busy", TemporaryFailure("mail-busy: 450")),
        ("MAIL", "552 too much", PermanentFailure("mail-refused: 552")),
        ("DATA", "451 later", TemporaryFailure("mail-busy: 451")),
        ("END", "554 spam", PermanentFailure("mail-refused: 554")),
        ("END", "421 shutting down", TemporaryFailure("mail-busy: 421")),
    ],
)
def test_each_answer_of_a_mail_server_means_later_or_never(verb, answer, outcome):
    with a_mail_server(answers={verb: answer}) as box:
        assert mail(box) == outcome


def test_a_mail_that_was_taken_is_sent_however_the_server_says_good_bye():
    with a_mail_server(answers={"QUIT": "500 what?"}) as box:
        assert isinstance(mail(box), Sent)


def test_a_mail_server_that_is_down_is_tried_again():
    with a_mail_server() as box:
        pass
    assert mail(box) == TemporaryFailure("unreachable: ConnectionRefusedError")


def test_a_mail_server_without_a_login_leaves_the_message_waiting():
    with a_mail_server() as box:
        outcome = mail(box, user="grid:pa55@", options="&tls=never")
        assert outcome == TemporaryFailure("mail-login: AUTH")


def test_a_password_does_not_go_over_an_open_line():
    with a_mail_server(login=True) as box:
        assert mail(box, user="grid:pa55@") == TemporaryFailure("mail-insecure: 127.0.0.1")
        assert not any(line.startswith("AUTH") for line in box.heard)


def test_a_password_goes_over_an_open_line_when_told_to():
    with a_mail_server(login=True) as box:
        assert isinstance(mail(box, user="grid:pa%4055@", options="&tls=never"), Sent)
        plain = base64.b64encode(b"\0grid\0pa@55").decode()
        assert f"AUTH PLAIN {plain}" in box.heard


def test_a_login_that_is_refused_leaves_the_message_waiting():
    with a_mail_server(login=True, answers={"AUTH": "535 no"}) as box:
        outcome = mail(box, user="grid:wrong@", options="&tls=never")
        assert outcome == TemporaryFailure("mail-login: 535")


def test_encryption_is_used_where_it_is_offered():
    with a_mail_server(tls=True) as box:
        outcome = mail(box)
        assert box.heard[1] == "STARTTLS"
        # 127.0.0.1 is not the name in the certificate: nothing is sent to a stranger.
        assert outcome == TemporaryFailure("unreachable: SSLCertVerificationError")
        assert box.mails == []


def any_name():
    context = tls_client()
    context.check_hostname = False
    return context


def test_a_password_goes_over_an_encrypted_line():
    with a_mail_server(tls=True, login=True) as box:
        url = box.url("&tls=required", "grid:pa55@")
        outcome = EmailSender(url, now, any_name).send(a_message("li@street.example"))
        assert isinstance(outcome, Sent)
        verbs = [line.split()[0].upper() for line in box.heard]
        assert verbs[:4] == ["EHLO", "STARTTLS", "EHLO", "AUTH"]


def test_smtps_is_encrypted_from_the_first_byte():
    with a_mail_server(implicit=True) as box:
        url = box.url().replace("smtp:", "smtps:")
        assert isinstance(
            EmailSender(url, now, any_name).send(a_message("li@street.example")), Sent
        )


def test_required_encryption_that_is_not_offered_stops_the_mail():
    with a_mail_server() as box:
        assert mail(box, options="&tls=required") == TemporaryFailure("mail-insecure: 127.0.0.1")
        assert box.mails == []


def test_a_mail_url_is_read():
    smtp = read_url("smtps://grid%40street:p%2Fw@mail.example:4650/?from=grid@street.example")
    assert (smtp.host, smtp.port, smtp.tls, smtp.user, smtp.password) == (
        "mail.example", 4650, "implicit", "grid@street", "p/w",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("url", "port"),
    [("smtp://mail.example/?from=a@b.c", 25), ("smtps://mail.example/?from=a@b.c", 465)],
)
def test_a_mail_url_without_a_port_has_the_usual_one(url, port):
    assert read_url(url).port == port


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "scheme"),
        ("http://mail.example/?from=a@b.c", "scheme"),
        ("smtp:///?from=a@b.c", "host"),
        ("smtp://mail.example:99999/?from=a@b.c", "port"),
        ("smtp://mail.example/", "from"),
        ("smtp://u:pa55@mail.example/?from=nobody", "from"),
        ("smtp://mail.example/?from=a@b.c&tls=maybe", "tls"),
        ("smtp://mail.example/?from=a@b.c&verify=no", "tls"),
    ],
)
def test_a_bad_mail_url_names_its_part_and_keeps_the_password(url, reason):
    with pytest.raises(Invalid) as caught:
        read_url(url)
    assert caught.value.params["reason"] == reason
    assert "pa55" not in str(caught.value)


# --- the port ----------------------------------------------------------------------------------


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
