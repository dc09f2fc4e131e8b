"""A dead letter that is put through again never ends up behind a newer version, whenever that comes and whoever is killed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiokafka import TopicPartition

from hub.broker.embedded import EmbeddedKafka
from hub.broker.headers import Op, Stamp
from hub.broker.log_reader import LogReader
from hub.broker.outbox import Outbox, OutRecord
from hub.errors import HubError, RecordRejectedError
from hub.sdk.connector import load_connectors
from hub.streams import canonicalise
from hub.streams.batch import Batch
from hub.streams.dead_letter import dead_letter
from hub.streams.reader import BatchReader, ReaderSettings
from hub.streams.redrive import redrive
from hub.streams.stage import park_or_apply
from hub.telemetry.health import Health
from hub.topics import CANONICAL, raw

pytestmark = pytest.mark.integration
RAW, KEY = raw("noorderlink"), b"noorderlink:1"
STAGE = canonicalise.create_stage(load_connectors())
GROUP = "hub-test-redrive"


def version(seq: int, op: Op = "upsert", title: Any = "Adviseur") -> OutRecord:
    item = {"id": 1, "slug": "v-1", "title": title, "text": f"<p>Werk in Assen, versie {seq}.</p>"}
    stamp = Stamp(op, seq, 1, f"f{seq}", url="https://n.example/vacature/v-1")
    return OutRecord(RAW, KEY, json.dumps({"item": item}).encode(), stamp.to_headers())


class Rig:
    """The log, and a worker that reads it."""

    def __init__(self, servers: str, outbox: Outbox) -> None:
        self._servers = servers
        self._outbox = outbox
        self._coming: list[OutRecord] = []
        self.reader: BatchReader | None = None
        self.passed = asyncio.Queue[int]()
        self.is_killed_next = False
        self.is_dying = False
        self.killed = asyncio.Event()

    async def records(self, topic: str) -> list[Any]:
        return [record async for records in LogReader(self._servers, [topic]).read() for record in records]

    async def park(self, record: OutRecord) -> None:
        """A version of a time when its mapping had a fault: in raw, and its dead letter."""
        await self._outbox.send([record])
        read = (await self.records(RAW))[-1]
        await self._outbox.send([dead_letter("canonicalise", read, RecordRejectedError("bug", "mended since"))])

    async def arrive(self, *records: OutRecord) -> None:
        await self._outbox.send(records)
        await self.until_read()

    async def until_read(self) -> None:
        """The worker has passed on all that stands in raw."""
        end = (await self.records(RAW))[-1].offset + 1
        while await self.passed.get() < end:
            pass

    async def redrive(self, *arriving: OutRecord) -> dict[str, Any]:
        """`arriving`: what comes behind the look at the input and is passed on before the parked version is."""
        self._coming = list(arriving)
        return await redrive(self._servers, 0, {"canonicalise": STAGE}, {"canonicalise": self}, self._outbox)

    async def read_again(self, tp: TopicPartition, offset: int) -> bool:
        for record in self._coming:
            await self.arrive(record)
        self.is_dying = self.is_killed_next
        assert self.reader is not None
        return await self.reader.read_again(tp, offset)

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[None]:
        """Killed at the end: what it has not come to it does not pass on."""
        self.is_killed_next = self.is_dying = False
        settings = ReaderSettings("canonicalise", self._servers, GROUP, (RAW,), instance=GROUP, session_seconds=6)
        self.reader = BatchReader(settings, self, Health())
        await self.reader.on_start()
        try:
            yield
        finally:
            self.reader.failure.cancel()  # nothing open is waited for
            await self.reader.on_stop()

    async def send(self, value: Batch) -> None:
        """The channel and the agent behind it; one that dies comes no further than the first record."""
        if self.is_dying:
            await self._outbox.send(park_or_apply(STAGE, value.records[:1]))
            self.killed.set()
            return
        await self._outbox.send(park_or_apply(STAGE, value.records))
        end = value.next_offset
        value.done()
        self.passed.put_nowait(end)

    async def last(self) -> tuple[int, str]:
        """`seq` and status of what compaction will leave of the posting."""
        said = json.loads((await self.records(CANONICAL))[-1].value)
        return said["seq"], said["status"]


@pytest.fixture
async def rig(fresh_kafka: EmbeddedKafka) -> AsyncIterator[Rig]:
    outbox = Outbox(fresh_kafka.bootstrap, "test")
    await outbox.start()
    yield Rig(fresh_kafka.bootstrap, outbox)
    await outbox.stop()


async def test_what_comes_in_the_instant_of_a_redrive_stands_last_and_supersedes_the_next(rig: Rig) -> None:
    await rig.park(version(1))
    async with rig.worker():
        await rig.until_read()
        assert (await rig.redrive())["outcome"] == "passed"
        await rig.until_read()
        assert await rig.last() == (1, "active")
        assert (await rig.redrive(version(2), version(3, title=["no text"])))["outcome"] == "passed"
        await rig.until_read()
        # A version that cannot be used leaves the last good one standing.
        assert await rig.last() == (2, "active")
        with pytest.raises(HubError, match=r"superseded.*seq 3"):
            await rig.redrive()


async def test_a_worker_that_is_killed_behind_a_redrive_leaves_no_older_version_last(rig: Rig) -> None:
    await rig.park(version(1))
    async with rig.worker():
        await rig.until_read()
        rig.is_killed_next = True
        assert (await rig.redrive(version(2, "withdrawn")))["outcome"] == "passed"
        await rig.killed.wait()
    assert await rig.last() == (1, "active")
    async with rig.worker():
        await rig.until_read()
    assert await rig.last() == (2, "withdrawn")
