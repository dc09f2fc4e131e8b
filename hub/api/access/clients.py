"""Who asks: the client's address behind proxies that are believed, as the key by which it is limited.

`X-Forwarded-For` is read from the right, since each proxy appends whom it saw and everything further left may be made
up: the first address that is no believed proxy is the client. An IPv6 client counts by its /64, which is what one
customer is given.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from aiohttp import hdrs, web

from hub.settings import networks

MOST_HOPS = 8
LONGEST_ADDRESS = 64
KEPT_ADDRESSES = 8_192


@dataclass(frozen=True, slots=True)
class Client:
    """`key`: the address, of IPv6 its /64."""

    key: str
    is_proxy: bool = False
    is_unlimited: bool = False


class Clients:
    def __init__(self, trusted_proxies: Sequence[str], unlimited: Sequence[str]) -> None:
        self._trusted = networks(trusted_proxies)
        self._unlimited = networks(unlimited)
        self._judge = lru_cache(KEPT_ADDRESSES)(self._judge_address)

    def peer_of(self, address: str | None) -> Client:
        """By the address at the other end of the connection alone."""
        return self._judge(address or "") or Client("unknown")

    def of(self, request: web.BaseRequest) -> Client:
        client = self.peer_of(request.remote)
        if client.is_proxy:
            return self._behind(client, request.headers.getall(hdrs.X_FORWARDED_FOR, ()))
        if client.is_unlimited and (hdrs.X_FORWARDED_FOR in request.headers or hdrs.FORWARDED in request.headers):
            # A proxy that nobody named: it asks for strangers, so it is limited like one.
            return replace(client, is_unlimited=False)
        return client

    def _behind(self, proxy: Client, lines: Sequence[str]) -> Client:
        found = proxy
        for text in reversed(",".join(lines).rsplit(",", MOST_HOPS)[-MOST_HOPS:]):
            # What is too long is not even remembered as being none.
            client = self._judge(_without_port(text.strip())) if len(text) <= LONGEST_ADDRESS else None
            if client is None:
                return found
            found = client
            if not client.is_proxy:
                break
        return found

    def _judge_address(self, text: str) -> Client | None:
        """None: this is no address."""
        try:
            address = ipaddress.ip_address(text.partition("%")[0])
        except ValueError:
            return None
        if isinstance(address, ipaddress.IPv6Address):
            address = address.ipv4_mapped or address
        key = str(address if address.version == 4 else ipaddress.ip_network((int(address), 64), strict=False))
        is_proxy = any(address in network for network in self._trusted)
        return Client(key, is_proxy, any(address in network for network in self._unlimited))


def _without_port(text: str) -> str:
    """`[2001:db8::1]:80` and `192.0.2.1:80`, as some proxies write them."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
