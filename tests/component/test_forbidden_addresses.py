"""Webhooks find no way into this machine or its network: every form of such an address, at registration and at the dial.

Two witnesses count: listeners on loopback, and Python's own audit events, which tell of each socket that is connected in this
process, wherever to. A control proves that the same addresses are reached once the guard lets them.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import sys
from collections.abc import Iterator

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver

from hub.delivery.guard import ForbiddenAddressError, Guard
from hub.delivery.message import Message
from hub.delivery.sender import Sender

LITERALS = {
    "loopback": "127.0.0.1",
    "another loopback": "127.255.255.254",
    "short": "127.1",
    "shorter": "127.0.1",
    "decimal": "2130706433",
    "hexadecimal": "0x7f000001",
    "hexadecimal parts": "0x7f.0x0.0x0.0x1",
    "octal": "0177.0.0.1",
    "octal with zeros": "0000177.0.0.01",
    "mixed": "0x7f.1",
    "unspecified": "0.0.0.0",
    "zero": "0",
    "this network": "0.1.2.3",
    "private 10": "10.0.0.1",
    "private 172": "172.16.0.1",
    "private 192": "192.168.1.1",
    "link-local": "169.254.1.1",
    "cloud metadata": "169.254.169.254",
    "cloud metadata, decimal": "2852039166",
    "cloud metadata of Alibaba": "100.100.100.200",
    "carrier-grade NAT": "100.64.0.1",
    "protocol assignments": "192.0.0.8",
    "documentation": "192.0.2.1",
    "6to4 relay": "192.88.99.1",
    "benchmarking": "198.18.0.1",
    "multicast": "224.0.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "IPv6 loopback": "[::1]",
    "IPv6 loopback, long": "[0:0:0:0:0:0:0:1]",
    "IPv6 unspecified": "[::]",
    "IPv4-mapped": "[::ffff:127.0.0.1]",
    "IPv4-mapped, hexadecimal": "[::ffff:7f00:1]",
    "IPv4-mapped private": "[::ffff:10.0.0.1]",
    "IPv4-compatible": "[::127.0.0.1]",
    "NAT64": "[64:ff9b::7f00:1]",
    "NAT64 of the metadata": "[64:ff9b::a9fe:a9fe]",
    "NAT64 of one's own": "[64:ff9b:1::7f00:1]",
    "6to4": "[2002:7f00:1::1]",
    "6to4 of the metadata": "[2002:a9fe:a9fe::1]",
    "Teredo": "[2001:0:7f00:1::80ff:fffe]",
    "unique local": "[fd00::1]",
    "cloud metadata, IPv6": "[fd00:ec2::254]",
    "IPv6 link-local": "[fe80::1]",
    "IPv6 link-local with a zone": "[fe80::1%25lo]",
    "IPv6 site-local": "[fec0::1]",
    "IPv6 multicast": "[ff02::1]",
    "IPv6 documentation": "[2001:db8::1]",
    "IPv6 discard": "[100::1]",
}
NAMES = ["localhost", "LOCALHOST", "localhost.", "a.localhost", "intranet", "printer.local", "vault.internal", "nas.home.arpa"]
FORMS = [
    "http://receiver.example/hook",
    "ftp://receiver.example/hook",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "unix:///run/docker.sock",
    "//receiver.example/hook",
    "https://",
    "https:///hook",
    "https://user:word@receiver.example/",
    "https://receiver.example@127.0.0.1/",
    "https://receiver.example:22/",
    "https://receiver.example:9092/",
    "https://receiver.example:0/",
    "https://receiver.example:99999/",
    "https://receiver.example/#part",
    "https://receiver.example\\@127.0.0.1/",
    "https://receiver.example/\r\nHost: 127.0.0.1",
    "https://①②⑦.⓪.⓪.①/",
    "https://127。0。0。1/",
    f"https://{'a' * 64}.example/",
    f"https://{'a.' * 130}example/",
    "https://receiver..example/",
    "https://-/",
    "https://[::1/",
    f"https://receiver.example/{'x' * 2_000}",
]
REACHED = {"127.0.0.1": "127.0.0.1", "0.0.0.0": "0.0.0.0", "::ffff:127.0.0.1": "::ffff:127.0.0.1"}
MESSAGE = Message("msg_1", "opportunity.updated", b"{}")
SECRETS = ["whsec_bmV3"]
_dialled: list[object] = []
_is_watched = False


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if _is_watched and event == "socket.connect":
        _dialled.append(arguments[1])


sys.addaudithook(_watch)


@pytest.fixture
def dialled() -> Iterator[list[object]]:
    """Where a socket of this process was connected to."""
    global _is_watched
    _dialled.clear()
    _is_watched = True
    yield _dialled
    _is_watched = False


class Listener:
    """Counts who connects on loopback, and answers nothing."""

    def __init__(self) -> None:
        self.connections = 0
        self.port = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _take(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.close()

    async def stop(self) -> None:
        self._server.close()
        await self._server.wait_closed()


@pytest.fixture
async def listener():
    listener = Listener()
    await listener.start()
    yield listener
    await listener.stop()


class Names(AbstractResolver):
    """A resolver whose owner is no friend: answers are taken from the list, the last one again and again."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)

    async def resolve(self, host, port=0, family=socket.AF_INET):
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [
            {
                "hostname": host,
                "host": address,
                "port": port,
                "family": socket.AF_INET6 if ":" in address else socket.AF_INET,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
            for address in answer
        ]

    async def close(self):
        """Nothing is open."""


def sender(guard, resolver=None):
    return Sender(guard, lambda: 1_800_000_000_000, 3, resolver)


async def send(url, guard, resolver=None):
    async with sender(guard, resolver) as sending:
        return await sending.send(url, MESSAGE, SECRETS)


def guard_for(port, *allowed):
    """The listener's port is one of the web's, so that no form fails for its port alone."""
    return Guard([ipaddress.ip_network(one) for one in allowed], ports={port, 443})


def plain(literal):
    """The address of a literal as a resolver answers it."""
    text = literal.strip("[]").replace("%25", "%")
    return text if ":" in text else socket.inet_ntoa(socket.inet_aton(text))


@pytest.mark.parametrize("literal", LITERALS.values(), ids=LITERALS)
async def test_no_notation_of_a_forbidden_address_is_registered_or_dialled(literal, listener, dialled):
    guard = guard_for(listener.port)
    for scheme in ("https", "http"):
        url = f"{scheme}://{literal}:{listener.port}/hook"
        with pytest.raises(ForbiddenAddressError):
            guard.check_url(url)
        assert (await send(url, guard)).verdict == "forbidden"
    assert (dialled, listener.connections) == ([], 0)


@pytest.mark.parametrize("literal", LITERALS.values(), ids=LITERALS)
async def test_no_name_that_leads_to_a_forbidden_address_is_dialled(literal, listener, dialled):
    guard, url = guard_for(listener.port), f"https://receiver.example:{listener.port}/hook"
    guard.check_url(url)
    assert (await send(url, guard, Names([plain(literal)]))).verdict == "forbidden"
    assert (dialled, listener.connections) == ([], 0)


@pytest.mark.parametrize("address", REACHED.values(), ids=REACHED)
async def test_the_same_addresses_are_reached_once_they_are_allowed(address, listener, dialled):
    """Without this, the tests above could be right for any reason."""
    guard = guard_for(listener.port, "0.0.0.0/0", "::/0")
    await send(f"https://receiver.example:{listener.port}/hook", guard, Names([address]))
    assert len(dialled) == 1
    assert listener.connections == 1


async def test_an_allowed_network_is_delivered_to(dialled):
    got = []

    async def take(request):
        got.append(await request.read())
        return web.Response(status=204)

    async with served(take) as port:
        outcome = await send(f"http://127.0.0.1:{port}/hook", Guard([ipaddress.ip_network("127.0.0.0/8")]))
    assert (outcome.verdict, got, dialled) == ("delivered", [b"{}"], [("127.0.0.1", port)])


class served:  # noqa: N801 - reads as a function
    """A web server on loopback as a context; its port."""

    def __init__(self, handler) -> None:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", handler)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)

    async def __aenter__(self) -> int:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return int(self._runner.addresses[0][1])

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_into_the_network_is_not_followed(status, listener, dialled):
    async def lead_astray(request):
        return web.Response(status=status, headers={"Location": f"http://127.0.0.1:{listener.port}/"})

    async with served(lead_astray) as port:
        outcome = await send(f"http://127.0.0.1:{port}/hook", Guard([ipaddress.ip_network("127.0.0.1/32")]))
    assert (outcome.verdict, listener.connections, dialled) == ("refused", 0, [("127.0.0.1", port)])


async def test_a_name_that_leads_elsewhere_between_check_and_dial_is_judged_by_the_dial(listener, dialled):
    """The first answer is allowed; the second one, at the next dial, is the neighbour's."""
    guard, names = guard_for(listener.port, "127.0.0.1/32"), Names(["127.0.0.1"], ["127.0.0.2"])
    url = f"https://receiver.example:{listener.port}/hook"
    async with sender(guard, names) as sending:
        guard.check_url(url)
        await sending.send(url, MESSAGE, SECRETS)
        assert dialled == [("127.0.0.1", listener.port)]
        outcome = await sending.send(url, MESSAGE, SECRETS)
    assert (outcome.verdict, len(dialled)) == ("forbidden", 1)


async def test_one_forbidden_address_among_several_is_not_tried(listener, dialled):
    guard, names = guard_for(listener.port, "127.0.0.2/32"), Names(["127.0.0.1", "127.0.0.2"])
    await send(f"https://receiver.example:{listener.port}/hook", guard, names)
    assert ("127.0.0.1", listener.port) not in dialled
    assert listener.connections == 0


@pytest.mark.parametrize("port", [22, 25, 53, 2_375, 6_379, 9_092, 9_100, 9_200])
async def test_a_public_address_is_dialled_at_the_webs_ports_alone(port, dialled):
    with pytest.raises(ForbiddenAddressError, match="ports"):
        Guard().check_url(f"https://93.184.215.14:{port}/hook")
    with pytest.raises(ForbiddenAddressError, match="ports"):
        Guard().check_address("93.184.215.14", port)
    assert (await send(f"https://93.184.215.14:{port}/hook", Guard())).verdict == "forbidden"
    assert dialled == []


@pytest.mark.parametrize("name", NAMES)
async def test_names_of_this_machine_and_network_are_not_registered(name, dialled):
    with pytest.raises(ForbiddenAddressError):
        Guard().check_url(f"https://{name}/hook")
    assert (await send(f"https://{name}/hook", Guard())).verdict == "forbidden"
    assert dialled == []


@pytest.mark.parametrize("url", FORMS)
async def test_no_odd_form_of_an_address_is_registered_or_dialled(url, dialled):
    with pytest.raises(ForbiddenAddressError):
        Guard().check_url(url)
    assert (await send(url, Guard())).verdict == "forbidden"
    assert dialled == []


@pytest.mark.parametrize(
    "url",
    [
        "https://receiver.example/hook",
        "https://receiver.example:8443/hook?token=a%2Fb",
        "https://xn--bcher-kva.example/hook",
        "https://93.184.215.14/hook",
        "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]:443/hook",
        "https://my_receiver.example./",
    ],
)
def test_addresses_of_the_web_are_registered(url):
    assert Guard().check_url(url).scheme == "https"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0" * 300,
        b"HTTP/1.1 200",
        b"HTTP/1.1 99999 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\nzz",
        b"SSH-2.0-OpenSSH_9.2p1\r\n",
    ],
    ids=["nothing", "zeros", "half a line", "status", "length", "header", "two lengths", "another protocol"],
)
async def test_whatever_answers_is_an_outcome_and_no_fault(answer):
    async def talk(reader, writer):
        await reader.readuntil(b"{}")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    outcome = await send(f"http://127.0.0.1:{port}/hook", Guard([ipaddress.ip_network("127.0.0.0/8")]))
    server.close()
    assert outcome.verdict in ("away", "refused", "delivered")
