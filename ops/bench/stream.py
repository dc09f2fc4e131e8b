"""l: the stream: from a feed record's acknowledgement by Kafka until each of many readers has its event, and what they weigh.

All readers are connected to one `hub serve`, half of them to the whole feed and half to a filter. They are read by one
process of the bench, which takes its share of the machine: with very many readers it is part of what is measured.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from itertools import count
from urllib.parse import urlsplit

from aiokafka import AIOKafkaProducer

from hub.feed.entry import LogRecord
from hub.telemetry.open_files import allow_many_open_files
from hub.topics import FEED
from ops.bench.edge import UNLIMITED
from ops.bench.feed_material import feed_records
from ops.bench.figures import Figure, at_most, figure, quantile
from ops.bench.ground import Ground, resident_mb

PATHS = ("/v1/feed/stream", "/v1/feed/stream?dutch_required=yes,no,unknown")
BETWEEN_SECONDS = 0.1
LONGEST_SECONDS = 30


async def measure_stream(readers: int, events: int, *, runs: int) -> list[Figure]:
    allow_many_open_files()
    with Ground(**UNLIMITED) as ground:
        ground.start_broker()
        ground.start("serve")
        pid = ground.roles["serve"].pid
        async with AsyncExitStack() as stack:
            producer = AIOKafkaProducer(bootstrap_servers=ground.servers, acks="all", enable_idempotence=True)
            await producer.start()
            stack.push_async_callback(producer.stop)
            before = resident_mb(pid)
            port = int(urlsplit(ground.http).port or 0)
            listeners = [await stack.enter_async_context(Listener(port, PATHS[n % len(PATHS)])) for n in range(readers)]
            records = _fresh()
            await _tell(producer, listeners, next(records))
            weight = (resident_mb(pid) - before) * 1024 / readers
            taken = [await _round(producer, listeners, records, events) for _ in range(runs)]
    name = f"feed record → event, {readers:,} readers"
    return [
        figure("l", f"{name}, p50", "ms", [quantile(one, 0.5) for one in taken]),
        figure("l", f"{name}, p99", "ms", [quantile(one, 0.99) for one in taken], at_most(1_000)),
        figure("l", f"memory of serve for a reader, {readers:,} readers", "KB", [weight]),
    ]


class Listener:
    """One connection. `moments`: when the event of an id came."""

    def __init__(self, port: int, path: str) -> None:
        self._port, self._path = port, path
        self.moments: dict[bytes, float] = {}

    async def __aenter__(self) -> Listener:
        reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(f"GET {self._path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n\r\n".encode())
        head = await reader.readuntil(b"event: heartbeat")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"the stream was answered {head[:200]!r}")
        self._reading = asyncio.create_task(self._read(reader))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._reading.cancel()
        self._writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        async for line in reader:
            if line.startswith(b'data: {"id":"'):
                self.moments[line[13:].partition(b'"')[0]] = time.perf_counter()


async def _round(producer: AIOKafkaProducer, listeners: list[Listener], records: Iterator[LogRecord], events: int) -> list[float]:
    """Milliseconds of each event at each reader."""
    taken: list[float] = []
    for _ in range(events):
        taken += await _tell(producer, listeners, next(records))
        await asyncio.sleep(BETWEEN_SECONDS)
    return taken


async def _tell(producer: AIOKafkaProducer, listeners: list[Listener], record: LogRecord) -> list[float]:
    key = record.key.encode()
    await producer.send_and_wait(FEED, key=key, value=record.value, partition=0)
    started = time.perf_counter()
    while any(key not in listener.moments for listener in listeners):
        if time.perf_counter() - started > LONGEST_SECONDS:
            raise TimeoutError(f"an event did not reach every reader within {LONGEST_SECONDS} s")
        await asyncio.sleep(0.005)
    return [(listener.moments.pop(key) - started) * 1000 for listener in listeners]


def _fresh() -> Iterator[LogRecord]:
    for version in count(1):
        for batch in feed_records(10_000, version):
            yield from batch
