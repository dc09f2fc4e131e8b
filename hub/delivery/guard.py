"""Where webhooks may go: to public addresses on the web's ports, judged when a subscription is made and at every dial.

A name that was harmless when it was registered may lead elsewhere when it is dialled (DNS rebinding), so what counts is the
address that the socket is about to connect to. `socket_factory` sees exactly that, for literals in whatever notation as well
as for names, behind whatever resolver. Redirects are not followed at all.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Collection, Sequence
from typing import Any

from yarl import URL

from hub.errors import HubError
from hub.settings import Network

MOST_CHARACTERS = 2_000
PORTS = frozenset({80, 443, 8080, 8443})
NAME = re.compile(r".{1,253}")
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa", "lan", "intranet", "corp", "home")
NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
TEREDO = ipaddress.IPv6Network("2001::/32")
NEVER = (
    ipaddress.IPv4Network("0.0.0.0/8"),
    ipaddress.IPv4Network("100.64.0.0/10"),
    ipaddress.IPv4Network("192.0.0.0/24"),
    ipaddress.IPv4Network("192.88.99.0/24"),
    ipaddress.IPv4Network("198.18.0.0/15"),
    ipaddress.IPv4Network("240.0.0.0/4"),
    ipaddress.IPv6Network("fec0::/10"),
)
"""Beside what the standard library calls private, loopback, link-local, multicast, reserved or unspecified."""

FoundAddress = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[Any, ...]]
"""As `socket.getaddrinfo` gives it."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class ForbiddenAddressError(HubError):
    """The address is none that webhooks may go to; the message says why."""


class Guard:
    """`allowed`: networks that are taken although they are not public, such as one's own receiver on this machine; there any
    port and plain HTTP will do.
    """

    def __init__(self, allowed: Sequence[Network] = (), ports: Collection[int] = PORTS) -> None:
        self._allowed = tuple(allowed)
        self._ports = frozenset(ports)

    def check_url(self, text: str) -> URL:
        """By its form alone. Raises ForbiddenAddressError."""
        if len(text) > MOST_CHARACTERS or not text.isascii() or not text.isprintable() or "\\" in text:
            raise ForbiddenAddressError("the address is too long or holds characters that no web address has")
        try:
            url = URL(text)
            port = url.port
        except ValueError as error:
            raise ForbiddenAddressError("this is no web address") from error
        if url.scheme not in ("https", "http") or not url.host or port is None:
            raise ForbiddenAddressError("webhooks go to https:// addresses")
        if url.user is not None or url.password is not None or url.fragment:
            raise ForbiddenAddressError("the address must not hold a user, a password or a fragment")
        literal = _literal(url.host)
        if literal is None:
            self._check_name((url.raw_host or "").rstrip(".").lower())
        else:
            self.check_address(str(literal), port)
        if not self._is_allowed(literal):
            if url.scheme != "https":
                raise ForbiddenAddressError("webhooks go to https:// addresses")
            self._check_port(port)
        return url

    def _check_name(self, name: str) -> None:
        """Names that mean this machine or this network wherever they are looked up (RFC 6761, 6762, 8375; ICANN 2024)."""
        labels = name.split(".")
        if not NAME.fullmatch(name) or not all(LABEL.fullmatch(label) for label in labels):
            raise ForbiddenAddressError("the address names no host of the internet")
        is_local = len(labels) == 1 or any(name == end or name.endswith(f".{end}") for end in LOCAL_NAMES)
        if is_local and not self._allowed:
            raise ForbiddenAddressError("the name is one of this machine or network only")

    def check_address(self, text: str, port: int) -> None:
        """The address that a socket is about to be connected to. Raises ForbiddenAddressError."""
        try:
            address = ipaddress.ip_address(text.partition("%")[0])
        except ValueError as error:
            raise ForbiddenAddressError("the name leads to no internet address") from error
        if self._is_allowed(address):
            return
        if "%" in text or not all(_is_public(one) for one in _carried(address)):
            raise ForbiddenAddressError("the address is not public")
        self._check_port(port)

    def _check_port(self, port: int) -> None:
        if port not in self._ports:
            raise ForbiddenAddressError(f"webhooks go to the ports {', '.join(map(str, sorted(self._ports)))}")

    def make_socket(self, found: FoundAddress) -> socket.socket:
        """For aiohttp's `TCPConnector(socket_factory=…)`: asked for each address just before it is dialled."""
        family, kind, protocol, _, place = found
        self.check_address(str(place[0]), int(place[1]))
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made

    def _is_allowed(self, address: Address | None) -> bool:
        return address is not None and any(
            one.version == network.version and one in network for one in _carried(address) for network in self._allowed
        )


def _literal(host: str) -> Address | None:
    """An address literal in any notation that a resolver would take: `127.1`, `0x7f.1`, `2130706433`, `0177.0.0.1`."""
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def _carried(address: Address) -> list[Address]:
    """The address, and those that it is a wrapping of: mapped, translated and tunnelled ones."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    inner: list[Address] = [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if int(address) >> 32 == 0 and int(address) > 1:  # ::a.b.c.d, the form that is long gone
        inner.append(ipaddress.IPv4Address(int(address)))
    if any(address in network for network in NAT64):
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    if address.sixtofour is not None and address in SIX_TO_FOUR:
        inner.append(address.sixtofour)
    if address.teredo is not None and address in TEREDO:
        inner.extend(address.teredo)
    return inner


def _is_public(address: Address) -> bool:
    if any(address.version == network.version and address in network for network in NEVER):
        return False
    if isinstance(address, ipaddress.IPv6Address) and any(address in network for network in NAT64):
        return False  # where a translator stands, its prefix leads into this network
    return address.is_global and not address.is_multicast and not address.is_reserved
