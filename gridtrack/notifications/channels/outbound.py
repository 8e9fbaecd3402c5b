"""Which hosts and addresses the server may call: only those on the list, and no inner ones.

Without this a webhook address typed into a form reaches whatever the server can reach (SSRF).
"""

import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Outbound:
    """The list: names (`host` or `host:port`), and networks that are allowed though private."""

    hosts: frozenset[str]
    networks: tuple[Network, ...]

    @classmethod
    def of(cls, entries: Iterable[str]) -> "Outbound":
        """The list from host names, `host:port`, addresses and networks such as 10.1.0.0/16."""
        tidy = [entry.strip().lower() for entry in entries if entry.strip()]
        networks = [network for network in map(_network, tidy) if network is not None]
        return cls(frozenset(e for e in tidy if _network(e) is None), tuple(networks))

    def allows_host(self, host: str, port: int) -> bool:
        """True when the name is on the list; an address must be on it itself."""
        name = host.lower().rstrip(".")
        if name in self.hosts or f"{name}:{port}" in self.hosts:
            return True
        address = _address(name)
        return address is not None and self._listed(address)

    def allows_address(self, text: str) -> bool:
        """True for a public address, and for any other only when it is on the list."""
        address = _address(text)
        if address is None:
            return False
        return self._listed(address) or _is_public(address)

    def _listed(self, address: Address) -> bool:
        return any(address in network for network in self.networks)


def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, in the order in which to try them; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text.strip("[]"), strict=False)
    except ValueError:
        return None


def _address(text: str) -> Address | None:
    """An address without its disguises: IPv4 wrapped in IPv6, zone names, brackets."""
    try:
        address = ipaddress.ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        return inner or address
    return address


def _is_public(address: Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved
