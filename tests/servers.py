"""Servers on this machine for tests of what goes out: HTTP and SMTP, plain and with TLS."""

import contextlib
import socketserver
import ssl
import tempfile
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType

from gridtrack.notifications.channels.port import Outgoing

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
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:  # ssl takes files only
        file.write(TEST_KEY + TEST_CERTIFICATE)
        file.flush()
        context.load_cert_chain(file.name)
    return context


def tls_client():
    return ssl.create_default_context(cadata=TEST_CERTIFICATE)


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
