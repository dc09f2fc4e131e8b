"""A small HTTP/1.1 client that costs little itself: keep-alive connections, one request after the other on each.

It reads status and Content-Length (or chunks) and throws bodies away, so that what is measured is the server.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ops.bench.figures import quantile

CONNECTIONS = 8


@dataclass(frozen=True)
class Load:
    """`milliseconds`: of each request, in no order."""

    seconds: float
    milliseconds: Sequence[float]
    octets: int
    statuses: frozenset[int]

    @property
    def per_second(self) -> float:
        return len(self.milliseconds) / self.seconds

    @property
    def p99(self) -> float:
        return quantile(self.milliseconds, 0.99)


async def load(port: int, paths: Iterable[str], headers: str = "", connections: int = CONNECTIONS) -> Load:
    """Every path once. `headers`: further lines, each with its CRLF."""
    waiting = iter(paths)
    taken: list[float] = []
    statuses: set[int] = set()
    octets = 0

    async def work() -> None:
        nonlocal octets
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
        try:
            for path in waiting:
                started = time.perf_counter()
                writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n".encode())
                status, size = await _read(reader)
                taken.append((time.perf_counter() - started) * 1000)
                statuses.add(status)
                octets += size
        finally:
            writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(connections)))
    return Load(time.perf_counter() - began, taken, octets, frozenset(statuses))


async def fetch(port: int, path: str, headers: str = "") -> tuple[int, dict[str, str], bytes]:
    """One answer whole."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{headers}\r\n".encode())
        status, fields = _parse(await reader.readuntil(b"\r\n\r\n"))
        body = await reader.readexactly(int(fields.get("content-length", "0")))
    finally:
        writer.close()
    return status, fields, body


async def _read(reader: asyncio.StreamReader) -> tuple[int, int]:
    head = await reader.readuntil(b"\r\n\r\n")
    at = head.lower().find(b"\r\ncontent-length:")
    size = int(head[at + 17 : head.index(b"\r\n", at + 2)]) if at >= 0 else 0
    if size:
        await reader.readexactly(size)
    return int(head[9:12]), len(head) + size


def _parse(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    fields = dict(line.split(": ", 1) for line in lines if ": " in line)
    return int(first.split(" ")[1]), {name.lower(): text for name, text in fields.items()}
