"""j: from a feed record's acknowledgement by Kafka until a reader finds it, on each surface in turn.

The surfaces are asked every few milliseconds as a reader would, without any help of caches: what is measured is the
projection and the edge, in an otherwise idle `hub serve`. The snapshot is made every five minutes at most by contract
and is left out.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlsplit

import orjson
from aiokafka import AIOKafkaProducer

from hub.feed.entry import LogRecord
from hub.topics import FEED
from ops.bench.edge import UNLIMITED
from ops.bench.feed_material import feed_records
from ops.bench.figures import Figure, at_most, figure, quantile
from ops.bench.ground import Ground
from ops.bench.http_load import fetch

POLL_SECONDS = 0.003
LONGEST_SECONDS = 20
STANDING = 2_000
"""Opportunities that are there before."""

SURFACES = {
    "pages": "/v1/feed/pages?after={offset}",
    "pages, filtered": "/v1/feed/pages?after={offset}&dutch_required=yes,no,unknown",
    "RPDE": "/v1/feed/rpde?limit=1000&afterChangeNumber={number}",
    "item": "/v1/opportunities/{id}",
    "browse": "/v1/opportunities?limit=100",
    "Atom": "/v1/feed/atom.xml",
}


async def measure_freshness(records: int, *, runs: int) -> list[Figure]:
    taken: list[dict[str, list[float]]] = []
    with Ground(**UNLIMITED) as ground:
        ground.start_broker()
        ground.start("serve")
        port = int(urlsplit(ground.http).port or 0)
        producer = AIOKafkaProducer(bootstrap_servers=ground.servers, acks="all", enable_idempotence=True)
        await producer.start()
        try:
            writer = _Writer(producer, port)
            await writer.fill()
            await writer.measure(20)
            taken = [await writer.measure(records) for _ in range(runs)]
        finally:
            await producer.stop()
    figures = []
    for surface in SURFACES:
        figures.append(figure("j", f"feed record → {surface}, p99", "ms", [quantile(one[surface], 0.99) for one in taken]))
    everything = [[value for values in one.values() for value in values] for one in taken]
    figures.append(figure("j", "feed record → readable, p50", "ms", [quantile(one, 0.5) for one in everything]))
    figures.append(figure("j", "feed record → readable, p99", "ms", [quantile(one, 0.99) for one in everything], at_most(1_000)))
    return figures


class _Writer:
    def __init__(self, producer: AIOKafkaProducer, port: int) -> None:
        self._producer = producer
        self._port = port
        self._fresh = (record for batch in feed_records(1_000_000) for record in batch)
        self._end = 0
        self._base = 0
        self._chance = random.Random(1)
        self._published = datetime(2027, 1, 1, tzinfo=UTC)

    async def fill(self) -> None:
        sent = [await self._send(record) for record in islice(self._fresh, STANDING)]
        self._end = max([(await future).offset for future in sent]) + 1
        _, _, body = await fetch(self._port, "/v1/feed/rpde?limit=1000")
        self._base = int(body.partition(b'"modified":')[2].split(b",")[0].strip(b" }")) - 1

    async def measure(self, records: int) -> dict[str, list[float]]:
        """Milliseconds by surface."""
        taken = defaultdict(list)
        for surface in islice(cycle(SURFACES), records):
            await asyncio.sleep(self._chance.uniform(0.01, 0.05))
            taken[surface].append(await self._await_readable(next(self._fresh), surface))
        return taken

    async def _await_readable(self, record: LogRecord, surface: str) -> float:
        self._published += timedelta(seconds=1)
        offset = (await (await self._send(_published(record, self._published)))).offset
        started = time.perf_counter()
        asked = SURFACES[surface].format(offset=offset, number=self._base + offset, id=record.key)
        while record.key.encode() not in (await fetch(self._port, asked))[2]:
            if time.perf_counter() - started > LONGEST_SECONDS:
                raise TimeoutError(f"{record.key} was not readable on {surface} within {LONGEST_SECONDS} s")
            await asyncio.sleep(POLL_SECONDS)
        return (time.perf_counter() - started) * 1000

    async def _send(self, record: LogRecord) -> asyncio.Future[Any]:
        return await self._producer.send(FEED, key=record.key.encode(), value=record.value, partition=0)


def _published(record: LogRecord, at: datetime) -> LogRecord:
    """The newest of all, so that it stands first where the newest are shown."""
    tree = orjson.loads(record.value or b"")
    return replace(record, value=orjson.dumps({**tree, "first_published": at.isoformat(timespec="milliseconds")}))
