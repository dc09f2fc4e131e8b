"""What links begin with: the public address, a name of ours, what a believed proxy says, else where the connection arrived."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from hub.api.access.origins import Origins
from hub.settings import HttpSettings

PROXY = "10.0.0.1"


class Transport:
    """A connection from `peer` that arrived at 192.0.2.10:8080."""

    def __init__(self, peer):
        self._names = {"peername": (peer, 4711), "sockname": ("192.0.2.10", 8080)}

    def get_extra_info(self, name, default=None):
        return self._names.get(name, default)


def origin(host="localhost:8080", peer="203.0.113.9", settings=None, **headers):
    given = [("Host", host), *((name.replace("_", "-"), text) for name, text in headers.items())]
    request = make_mocked_request("GET", "/", headers=CIMultiDict(given), transport=Transport(peer))
    return Origins(settings or HttpSettings(trusted_proxies=[PROXY])).of(request)


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "192.0.2.10:80", "[2001:db8::1]:8080", "LOCALHOST"])
def test_addresses_and_localhost_are_taken_as_the_reader_wrote_them(host):
    assert origin(host) == f"http://{host}"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "localhost.evil.example", "localhost:99999", "[::1].x"])
def test_any_other_name_gives_the_address_at_which_the_connection_arrived(host):
    assert origin(host) == "http://192.0.2.10:8080"


def test_a_name_from_the_settings_is_taken():
    assert origin("hub.internal", settings=HttpSettings(hosts=["hub.internal"])) == "http://hub.internal"


def test_the_public_address_is_taken_whatever_is_asked():
    assert origin("evil.example", settings=HttpSettings(public_url="https://hub.example/")) == "https://hub.example"


def test_a_believed_proxy_says_name_and_scheme():
    assert origin(peer=PROXY, X_Forwarded_Host="hub.example", X_Forwarded_Proto="https") == "https://hub.example"


def test_of_several_proxies_the_nearest_is_believed():
    assert (
        origin(peer=PROXY, X_Forwarded_Host="evil.example, hub.example", X_Forwarded_Proto="ftp, https") == "https://hub.example"
    )


@pytest.mark.parametrize("claim", ["evil.example/x", "a@evil.example", "evil.example:99999", "a\tb", ""])
def test_what_a_believed_proxy_says_must_be_a_name(claim):
    assert "evil" not in origin(peer=PROXY, X_Forwarded_Host=claim)


def test_a_stranger_is_not_believed():
    assert origin(X_Forwarded_Host="evil.example", X_Forwarded_Proto="https") == "http://localhost:8080"
