"""The server calls only whom it may, at the address it looked at, and checks who answers."""

import pytest

from gridtrack.notifications.channels.outbound import Outbound, resolve
from gridtrack.notifications.channels.port import PermanentFailure, TemporaryFailure
from gridtrack.notifications.channels.posting import Poster, take_apart
from gridtrack.notifications.channels.webhook import WebhookSender
from tests.servers import LOOPBACK, a_hook, a_message, now, tls_client


def post(hook, *, allowed=LOOPBACK, target=None, **changes):
    return WebhookSender(allowed, now).send(a_message(target or hook.url, **changes))


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
