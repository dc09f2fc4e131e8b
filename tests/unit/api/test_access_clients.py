"""Who a request counts for: peer, proxies that are believed, and those who only claim to be one."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from hub.api.access.clients import Client, Clients

PROXY = "10.0.0.1"
LOOPBACK = ("127.0.0.0/8", "::1")


class Transport:
    """One end of a connection."""

    def __init__(self, peer):
        self._peer = peer

    def get_extra_info(self, name, default=None):
        return (self._peer, 1234) if name == "peername" else default


def key_of(peer, *forwarded, trusted=(PROXY, "10.1.0.0/16"), unlimited=LOOPBACK):
    return client_of(peer, *forwarded, trusted=trusted, unlimited=unlimited).key


def client_of(peer, *forwarded, trusted=(PROXY, "10.1.0.0/16"), unlimited=LOOPBACK):
    headers = [("X-Forwarded-For", line) for line in forwarded]
    request = make_mocked_request("GET", "/", headers=CIMultiDict(headers), transport=Transport(peer))
    return Clients(trusted, unlimited).of(request)


def test_a_stranger_counts_by_its_own_address_whatever_it_claims():
    assert key_of("203.0.113.9", "198.51.100.1") == "203.0.113.9"


def test_behind_a_believed_proxy_the_address_that_it_saw_counts():
    assert key_of(PROXY, "198.51.100.1") == "198.51.100.1"


def test_what_a_client_put_there_before_the_proxy_is_passed_over():
    assert key_of(PROXY, "1.2.3.4, 5.6.7.8, 198.51.100.1") == "198.51.100.1"


def test_believed_proxies_in_a_row_are_walked_through():
    assert key_of(PROXY, "9.9.9.9, 198.51.100.1, 10.1.2.3") == "198.51.100.1"


def test_lines_of_the_header_are_one_list():
    assert key_of(PROXY, "9.9.9.9", "198.51.100.1, 10.1.2.3") == "198.51.100.1"


@pytest.mark.parametrize("text", ["", "unknown", "a" * 8000, ",,,", "198.51.100.1, nonsense", "_hidden"])
def test_what_is_no_address_leaves_the_proxy_that_said_it(text):
    assert key_of(PROXY, text) == PROXY


def test_a_thousand_claimed_hops_are_not_walked():
    assert key_of(PROXY, ", ".join(["198.51.100.1"] + ["10.1.0.9"] * 1_000)) == "10.1.0.9"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("198.51.100.1:4711", "198.51.100.1"),
        ("[2001:db8:1:2:3::4]:4711", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
    ],
)
def test_addresses_are_read_as_proxies_write_them(text, key):
    assert key_of(PROXY, text) == key


def test_one_customers_ipv6_network_counts_as_one():
    assert key_of("2001:db8:1:2::1") == key_of("2001:db8:1:2:ffff::9") != key_of("2001:db8:1:3::1")


def test_loopback_is_unlimited_by_itself():
    assert client_of("127.0.0.1") == Client("127.0.0.1", is_unlimited=True)


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1"])
def test_a_proxy_on_this_machine_that_nobody_named_is_limited(peer):
    assert client_of(peer, "198.51.100.1").is_unlimited is False


def test_a_stranger_behind_a_proxy_cannot_claim_to_be_loopback_further_left():
    assert client_of(PROXY, "127.0.0.1, 198.51.100.1") == Client("198.51.100.1")


def test_a_connection_without_an_address_has_a_key():
    assert key_of(None) == "unknown"
