"""What a connection that fails comes to: words that lead to its mending, or nothing at all where the receiver is well."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl

import pytest
import trustme

from hub.delivery.guard import Guard
from hub.delivery.message import Message
from hub.delivery.sender import Sender

MESSAGE = Message("msg_1", "subscription.test", b"{}")


async def send(scheme, answer, context=None):
    async def talk(reader, writer):
        await reader.readuntil(b"{}")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    async with Sender(Guard([ipaddress.ip_network("127.0.0.0/8")]), lambda: 0) as sender:
        outcome = await sender.send(f"{scheme}://127.0.0.1:{port}/hook", MESSAGE, ["whsec_eA=="])
    server.close()
    return outcome.verdict, outcome.detail


async def test_a_certificate_that_nobody_vouches_for_is_named_with_the_reason():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    verdict, detail = await send("https", b"", context)
    assert (verdict, detail) == ("away", "the receiver's certificate is refused: unable to get local issuer certificate")


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (b"", "the receiver closes the connection without an answer"),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", "what the receiver answers is no HTTP"),
    ],
    ids=["nothing", "another protocol"],
)
async def test_what_is_no_answer_is_told_without_quoting_it(answer, detail):
    assert await send("http", answer) == ("away", detail)


async def test_a_port_where_nobody_listens_is_told():
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    async with Sender(Guard([ipaddress.ip_network("127.0.0.0/8")]), lambda: 0) as sender:
        outcome = await sender.send(f"http://127.0.0.1:{port}/hook", MESSAGE, ["whsec_eA=="])
    assert (outcome.verdict, outcome.detail) == ("away", "the receiver cannot be reached (Connection refused)")


@pytest.fixture
async def forgetful():
    """It answers one request on a connection, keeps that, and closes it when a second one comes; `got`: requests."""

    async def talk(reader, writer):
        for answer in (b"HTTP/1.1 204 No Content\r\n\r\n", b""):
            await reader.readuntil(b"{}")
            server.got += 1
            writer.write(answer)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    server.got = 0
    yield server
    server.close()


async def test_a_connection_that_its_receiver_had_given_up_is_no_absence(forgetful):
    url = f"http://127.0.0.1:{forgetful.sockets[0].getsockname()[1]}/hook"
    async with Sender(Guard([ipaddress.ip_network("127.0.0.0/8")]), lambda: 0) as sender:
        outcomes = [await sender.send(url, MESSAGE, ["whsec_eA=="]) for _ in range(2)]
    assert [outcome.verdict for outcome in outcomes] == ["delivered", "delivered"]
    assert forgetful.got == 3


async def test_nothing_is_waited_for_beyond_a_deliverys_time(monkeypatch):
    loop, asked, ends = asyncio.get_running_loop(), asyncio.Event(), []
    call_at = loop.call_at
    monkeypatch.setattr(loop, "call_at", lambda when, *rest, **named: (ends.append(when), call_at(when, *rest, **named))[1])

    async def listen(reader, writer):
        await reader.readuntil(b"{}")
        asked.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    async with Sender(Guard([ipaddress.ip_network("127.0.0.0/8")]), lambda: 0, 20.5) as sender:
        begun = loop.time()
        sending = asyncio.create_task(sender.send(address, MESSAGE, ["whsec_eA=="]))
        await asked.wait()
        latest = max(ends) - begun
        sending.cancel()
    server.close()
    assert 20.5 <= latest < 20.5 + (loop.time() - begun)
