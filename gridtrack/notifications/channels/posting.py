"""One HTTP POST to an address that was checked: resolved once, then exactly that is called.

The name is looked up here and the connection goes to the address that was looked at, so a name
that changes its address in between gains nothing. No redirect is followed, no proxy is asked.
"""

import contextlib
import functools
import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from gridtrack.clock import monotonic
from gridtrack.notifications.channels.outbound import Outbound, Resolve, resolve
from gridtrack.notifications.channels.port import Outcome, PermanentFailure, Sent, TemporaryFailure

TIMEOUT_S = 10.0
_MOST_ANSWER = 64 * 1024
_LONGEST_RETRY_S = 3600
_TRY_AGAIN = frozenset({408, 425, 429})
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Call:
    """A URL taken apart: what to connect to and what to ask for."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The Host header: no port where it is the scheme's own."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return shown if self.port == _PORTS[self.scheme] else f"{shown}:{self.port}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, the first 64 kB, and how long to stay away, if it said so."""

    status: int
    body: bytes
    retry_after: timedelta | None


class _Failed(Exception):
    """Carries an outcome up to `post`; never leaves this module."""

    def __init__(self, outcome: TemporaryFailure | PermanentFailure) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


@functools.cache
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()  # reads every root certificate: once is enough


@dataclass(frozen=True, slots=True)
class Poster:
    """Posts to hosts that `outbound` allows, each call within `timeout_s` all in all."""

    outbound: Outbound
    resolve: Resolve = resolve
    timeout_s: float = TIMEOUT_S
    make_context: Callable[[], ssl.SSLContext] = _context

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str]
    ) -> Answer | TemporaryFailure | PermanentFailure:
        """POST `body` to `url`; a failure where there was no answer at all."""
        until = monotonic() + self.timeout_s
        try:
            call = take_apart(url)
            addresses = self._addresses(call)
            with self._connected(call, addresses, until) as line:
                answer = _exchange(line, call, body, headers)
            # Cut off in the middle an answer looks like a short one.
            return answer if monotonic() < until else self._late()
        except _Failed as failed:
            return failed.outcome
        except TimeoutError:
            return self._late()
        except (OSError, http.client.HTTPException, ValueError) as error:
            if monotonic() >= until:
                return self._late()
            return TemporaryFailure(f"unreachable: {type(error).__name__}")

    def _late(self) -> TemporaryFailure:
        return TemporaryFailure(f"timeout: {self.timeout_s:g}")

    def _addresses(self, call: Call) -> list[str]:
        if not self.outbound.allows_host(call.host, call.port):
            raise _Failed(PermanentFailure(f"host-not-allowed: {call.host}"))
        try:
            found = list(self.resolve(call.host, call.port))
        except (OSError, UnicodeError) as error:
            raise _Failed(TemporaryFailure(f"unresolved: {call.host}")) from error
        for address in found:
            if not self.outbound.allows_address(address):
                raise _Failed(PermanentFailure(f"address-private: {address}"))
        return found

    @contextlib.contextmanager
    def _connected(self, call: Call, addresses: list[str], until: float) -> Iterator[socket.socket]:
        """A connection that is cut when the time is up, however slowly the other side drips."""
        raw = _connect(addresses, call.port, until)
        line = raw
        if call.scheme == "https":
            line = self.make_context().wrap_socket(
                raw, server_hostname=call.host, do_handshake_on_connect=False
            )
        watchdog = threading.Timer(max(until - monotonic(), 0.001), _hang_up, (line,))
        watchdog.daemon = True
        watchdog.start()
        try:
            if isinstance(line, ssl.SSLSocket):
                line.do_handshake()
            yield line
        finally:
            watchdog.cancel()
            line.close()


def take_apart(url: str) -> Call:
    """The parts of an http(s) URL; anything odd in it is a permanent failure."""
    odd = _Failed(PermanentFailure("bad-target: URL"))
    if not url.isascii() or any(c.isspace() or not c.isprintable() for c in url):
        raise odd
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise odd from error
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        raise odd
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Call(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], path)


def is_postable(url: str) -> bool:
    """True for an http(s) URL that a message could be posted to."""
    try:
        take_apart(url)
    except _Failed:
        return False
    return True


def judge(answer: Answer) -> Outcome:
    """What an HTTP status means for a message."""
    status = answer.status
    if 200 <= status < 300:
        return Sent()
    if 300 <= status < 400:
        return PermanentFailure(f"redirect: {status}")
    if status >= 500 or status in _TRY_AGAIN:
        return TemporaryFailure(f"http-busy: {status}", answer.retry_after)
    return PermanentFailure(f"http-status: {status}")


def _connect(addresses: list[str], port: int, until: float) -> socket.socket:
    """The first address that answers; a dead one must not keep the others from being tried."""
    refused: OSError | None = None
    for n, address in enumerate(addresses):
        left = until - monotonic()
        if left <= 0:
            break
        share = left / (len(addresses) - n)
        try:
            line = socket.create_connection((address, port), timeout=share)
        except OSError as error:
            refused = error
        else:
            line.settimeout(max(until - monotonic(), 0.001))
            return line
    raise refused or TimeoutError


def _exchange(line: socket.socket, call: Call, body: bytes, headers: Mapping[str, str]) -> Answer:
    connection = http.client.HTTPConnection(call.host, call.port)
    connection.sock = line
    head = {"Host": call.authority, "User-Agent": "gridtrack", "Connection": "close", **headers}
    connection.request("POST", call.path, body, head)
    answer = connection.getresponse()
    after = answer.getheader("Retry-After", "")
    seconds = min(int(after), _LONGEST_RETRY_S) if after.isdecimal() else None
    wait = None if seconds is None else timedelta(seconds=seconds)
    return Answer(answer.status, answer.read(_MOST_ANSWER), wait)


def _hang_up(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        # Not the TLS way of it, which would wait for the other side.
        socket.socket.shutdown(line, socket.SHUT_RDWR)
