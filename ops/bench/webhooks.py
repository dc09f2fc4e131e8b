"""m: webhooks: how many `hub deliver` sends to healthy receivers while others hang, and how soon a change is there.

The feed is written by the bench's process, which is also the receivers: they read a request, note when it came and answer 204.
Beside it a bare aiohttp loop in a process of its own posts the same bytes to the same receivers, as many at a time: no
signature, no memory of what was sent, nothing written down.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from itertools import count

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.delivery.courier import AT_ONCE
from hub.delivery.message import plan
from hub.delivery.vault import Vault, open_vault
from hub.feed.entry import LogRecord
from hub.feed.projection import Projection
from hub.feed.read_model import Change
from hub.sdk.webhook import new_secret
from hub.settings import Settings
from hub.store import subscriptions
from hub.store.feed_files import open_feed_db
from hub.store.hub_db import open_hub_db, subscriber
from hub.store.subscription_changes import make_subscription
from hub.store.subscriptions import Subscription
from ops.bench.feed_material import feed_records
from ops.bench.figures import Figure, at_least, at_most, figure, quantile, ratios
from ops.bench.ground import Ground

HEALTHY, HANGING = 10, 3
CHANGES = 50
BETWEEN_SECONDS = 0.05
LONGEST_SECONDS = 180
FEED_ID = "bench-e1"


class Receiver(asyncio.Protocol):
    """Plain HTTP/1.1 by hand, so that the receivers weigh little in what is measured. `moments`: opportunity → when."""

    def __init__(self, moments: dict[bytes, float] | None) -> None:
        self._moments = moments
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._moments is None:  # it hangs
            return
        self._buffer += data
        while (found := self._split()) is not None:
            body, self._buffer = found
            self._moments[body.partition(b'"data":{"id":"')[2].partition(b'"')[0]] = time.perf_counter()
            self._transport.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    def _split(self) -> tuple[bytes, bytes] | None:
        head, end, rest = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return None
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        return (rest[:length], rest[length:]) if len(rest) >= length else None


async def measure_webhooks(told: int, *, runs: int) -> list[Figure]:
    with Ground(HUB_DELIVERY__ALLOWED_NETWORKS="127.0.0.0/8") as ground:
        settings = Settings(state_dir=ground.state)
        async with AsyncExitStack() as stack:
            feed_db = await open_feed_db(ground.state)
            stack.push_async_callback(feed_db.dispose)
            hub_db = await open_hub_db(settings)
            stack.push_async_callback(hub_db.dispose)
            bench = _Bench(ground, hub_db, await open_vault(settings, hub_db), Projection(feed_db))
            await bench.prepare(told)
            healthy = [await stack.enter_async_context(_listen({})) for _ in range(HEALTHY)]
            hanging = [await stack.enter_async_context(_listen(None)) for _ in range(HANGING)]
            ground.start("deliver")
            await bench.subscribe([url for url, _ in hanging])
            done = [await bench.run(healthy, told) for _ in range(runs)]
    rates, bare, moments = zip(*done, strict=True)
    return [
        figure("m", f"webhooks to {HEALTHY} receivers while {HANGING} hang", "webhooks/s", rates, at_least(500)),
        figure("m", "a bare aiohttp loop with the same sends", "webhooks/s", bare),
        figure("m", "hub : bare loop", "", ratios(rates, bare)),
        figure("m", "change readable → webhook there, p50", "ms", [quantile(one, 0.5) for one in moments]),
        figure("m", "change readable → webhook there, p99", "ms", [quantile(one, 0.99) for one in moments], at_most(1_000)),
    ]


Listening = tuple[str, dict[bytes, float]]


@asynccontextmanager
async def _listen(moments: dict[bytes, float] | None) -> AsyncIterator[Listening]:
    server = await asyncio.get_running_loop().create_server(lambda: Receiver(moments), "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook", moments if moments is not None else {}
    finally:
        server.close()


class _Bench:
    def __init__(self, ground: Ground, hub_db: AsyncEngine, vault: Vault, projection: Projection) -> None:
        self._ground, self._hub_db, self._vault, self._projection = ground, hub_db, vault, projection
        self._end = 0
        self._changes = _fresh()

    async def prepare(self, told: int) -> None:
        async with self._hub_db.begin() as connection:
            await connection.execute(insert(subscriber).values(name="bench", note="", created_at=0))
        await self._projection.reset("bench", FEED_ID, 1)
        self._sent = [record for batch in feed_records(told) for record in batch]
        await self._apply(self._sent)
        await self._projection.complete()

    async def _apply(self, records: Sequence[LogRecord]) -> None:
        moved = [replace(record, offset=self._end + n) for n, record in enumerate(records)]
        await self._projection.apply(moved, self._end, self._end + len(moved))
        self._end += len(moved)

    async def subscribe(self, urls: Sequence[str]) -> list[str]:
        """Subscriptions to everything, from the log's start."""
        now_ms, made = time.time_ns() // 1_000_000, []
        for url in urls:
            id_ = subscriptions.new_id()
            made.append(id_)
            row = Subscription(
                id=id_,
                subscriber="bench",
                url=url,
                asked={},
                note="",
                state="active",
                reason="",
                secret=self._vault.encrypt(new_secret(), id_),
                former_secret=None,
                former_until=None,
                feed_id=FEED_ID,
                cursor=0,
                failures=0,
                refused_in_row=0,
                next_at=0,
                created_at=now_ms,
                changed_at=now_ms,
            )
            await make_subscription(self._hub_db, row)
        return made

    async def run(self, healthy: Sequence[Listening], told: int) -> tuple[float, float, list[float]]:
        """Webhooks a second of the hub and of the bare loop, and the milliseconds of each change at each receiver."""
        ids = {record.key.encode() for record in self._sent}
        made = await self.subscribe([url for url, _ in healthy])
        rate = await _rate(healthy, ids)
        moments = [one for _ in range(CHANGES) for one in await self._tell(healthy)]
        for id_ in made:
            await subscriptions.remove_subscription(self._hub_db, id_)
        bare = await self._bare(healthy, ids)
        return rate, bare, moments

    async def _tell(self, healthy: Sequence[Listening]) -> list[float]:
        record = next(self._changes)
        await self._apply([record])
        started = time.perf_counter()
        await _until(healthy, {record.key.encode()})
        taken = [(moments[record.key.encode()] - started) * 1_000 for _, moments in healthy]
        _forget(healthy)
        await asyncio.sleep(BETWEEN_SECONDS)
        return taken

    async def _bare(self, healthy: Sequence[Listening], ids: set[bytes]) -> float:
        bodies = self._ground.state / "bodies.ndjson"
        shown = [Change(n + 1, record.key, record.value, is_shown=True) for n, record in enumerate(self._sent)]
        bodies.write_bytes(b"".join(message.body for message in plan("bench", FEED_ID, shown, (), "")))
        urls = [url for url, _ in healthy]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "ops.bench.bare_webhooks", str(bodies), str(AT_ONCE), *urls
        )
        try:
            return await _rate(healthy, ids)
        finally:
            await process.wait()


async def _rate(healthy: Sequence[Listening], ids: set[bytes]) -> float:
    await _until(healthy, ids)
    came = [moment for _, moments in healthy for moment in moments.values()]
    _forget(healthy)
    return (len(came) - 1) / (max(came) - min(came))


async def _until(healthy: Sequence[Listening], ids: set[bytes]) -> None:
    async with asyncio.timeout(LONGEST_SECONDS):
        while any(not ids <= moments.keys() for _, moments in healthy):  # noqa: ASYNC110 - looked at from time to time
            await asyncio.sleep(0.02)


def _forget(healthy: Sequence[Listening]) -> None:
    for _, moments in healthy:
        moments.clear()


def _fresh() -> Iterator[LogRecord]:
    for version in count(2):
        for batch in feed_records(1_000, version):
            yield from batch
