"""The supervisor's own small HTTP client, against answers as they come and as they should not."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from hub.errors import RetryableError
from hub.supervisor import http
from hub.supervisor.supervisor import Readiness


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[int]:
    """A port where every connection gets these bytes behind its request's head, and is closed."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


async def test_what_a_real_server_is_sent_arrives_and_its_answer_is_read(free_ports: Callable[[int], int]) -> None:
    taken = []

    async def take(request: web.Request) -> web.Response:
        taken.append(await request.json())
        return web.Response(status=204)

    async def say(_: web.Request) -> web.Response:
        return web.json_response({"said": "é" * 70_000})

    app = web.Application()
    app.router.add_post("/here", take)
    app.router.add_get("/here", say)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_ports(1)
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await http.post_json(f"http://127.0.0.1:{port}/here", {"url": "x", "secret": "y"})
    read = await http.read_json(f"http://127.0.0.1:{port}/here")
    await runner.cleanup()
    assert taken == [{"url": "x", "secret": "y"}]
    assert read == {"said": "é" * 70_000}


async def test_an_answer_that_is_no_success_is_a_passing_fault() -> None:
    async with answering(b"HTTP/1.1 503 Service Unavailable\r\n\r\n{}") as port:
        with pytest.raises(RetryableError, match="answered 503"):
            await http.post_json(f"http://127.0.0.1:{port}/x", {})
        with pytest.raises(RetryableError, match="answered 503"):
            await http.read_json(f"http://127.0.0.1:{port}/x")


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\n\r\n<html>", b"HTTP/1.1 200 OK\r\n\r\n[1]"])
async def test_what_is_no_json_object_is_a_passing_fault_and_not_ready(answer: bytes) -> None:
    async with answering(answer) as port:
        with pytest.raises(RetryableError):
            await http.read_json(f"http://127.0.0.1:{port}/x")
        assert await http.readiness("127.0.0.1", port) == Readiness(False, answer="refused")


async def test_an_endless_answer_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LONGEST_ANSWER", 1_000)
    async with answering(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 100_000) as port:
        with pytest.raises(RetryableError, match="too long"):
            await http.read_json(f"http://127.0.0.1:{port}/x")


async def test_a_role_says_why_it_is_not_ready() -> None:
    answer = b'HTTP/1.1 503 Service Unavailable\r\n\r\n{"ready": false, "missing": {"broker": "Kafka has not answered"}}'
    async with answering(answer) as port:
        assert await http.readiness("127.0.0.1", port) == Readiness(False, "Kafka has not answered")


async def test_nobody_there_is_not_ready(free_ports: Callable[[int], int]) -> None:
    assert await http.readiness("127.0.0.1", free_ports(1)) == Readiness(False, answer="refused")


async def test_who_takes_the_question_and_says_nothing_gives_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "ANSWER_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as listening:  # the kernel takes connections; nobody reads them
        assert await http.readiness(*listening.getsockname()) == Readiness(False, answer="none")
