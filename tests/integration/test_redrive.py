"""A dead letter that is put through again never ends up behind a newer version, even one that comes in that very instant."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from hub.broker.embedded import EmbeddedKafka
from hub.broker.headers import Op, Stamp
from hub.broker.log_reader import LogReader
from hub.broker.outbox import Outbox, OutRecord
from hub.errors import HubError, RecordRejectedError
from hub.sdk.connector import load_connectors
from hub.streams import canonicalise
from hub.streams.dead_letter import dead_letter
from hub.streams.redrive import redrive
from hub.streams.stage import park_or_apply
from hub.topics import CANONICAL, REJECTED, raw

pytestmark = pytest.mark.integration
RAW, KEY = raw("noorderlink"), b"noorderlink:1"
STAGE = canonicalise.create_stage(load_connectors())


def version(seq: int, op: Op = "upsert", title: Any = "Adviseur") -> OutRecord:
    item = {"id": 1, "slug": "v-1", "title": title, "text": f"<p>Werk in Assen, versie {seq}.</p>"}
    stamp = Stamp(op, seq, 1, f"f{seq}", url="https://n.example/vacature/v-1")
    return OutRecord(RAW, KEY, json.dumps({"item": item}).encode(), stamp.to_headers())


class Hub:
    """The log, the stage that reads it, and the instant in which the redriven version is sent."""

    def __init__(self, servers: str, outbox: Outbox) -> None:
        self._servers = servers
        self._outbox = outbox
        self._coming: list[OutRecord] = []

    async def records(self, topic: str) -> list[Any]:
        return [record async for records in LogReader(self._servers, [topic]).read() for record in records]

    async def park(self, record: OutRecord) -> None:
        """Write a version to raw and its dead letter, of a time when its mapping had a fault."""
        await self._outbox.send([record])
        read = (await self.records(RAW))[-1]
        await self._outbox.send([dead_letter("canonicalise", read, RecordRejectedError("bug", "mended since"))])

    async def arrive(self, *records: OutRecord) -> None:
        """New versions reach raw, and their stage passes them on."""
        await self._outbox.send(records)
        read = (await self.records(RAW))[-len(records) :]
        await self._outbox.send(park_or_apply(STAGE, read))

    async def redrive(self, *arriving: OutRecord) -> dict[str, Any]:
        """`arriving`: what comes behind the look at the input and before the parked version is written."""
        self._coming = list(arriving)
        return await redrive(self._servers, 0, {"canonicalise": STAGE}, self)  # type: ignore[arg-type]

    async def send(self, records: list[OutRecord]) -> list[int]:
        while self._coming:
            await self.arrive(self._coming.pop(0))
        return await self._outbox.send(records)

    async def last(self) -> tuple[int, str]:
        """`seq` and status of what compaction will leave of the posting."""
        said = json.loads((await self.records(CANONICAL))[-1].value)
        return said["seq"], said["status"]


@asynccontextmanager
async def hub_on(kafka: EmbeddedKafka) -> AsyncIterator[Hub]:
    outbox = Outbox(kafka.bootstrap, "test")
    await outbox.start()
    try:
        yield Hub(kafka.bootstrap, outbox)
    finally:
        await outbox.stop()


@pytest.mark.parametrize(
    ("arriving", "left"),
    [
        ((), (1, "active")),
        ((version(2),), (2, "active")),
        ((version(2, "withdrawn"),), (2, "withdrawn")),
        ((version(2), version(3, "erased")), (3, "erased")),
        # A version that cannot be used leaves the last good one standing.
        ((version(2, title=["no text"]),), (1, "active")),
        ((version(2), version(3, title=["no text"])), (2, "active")),
    ],
)
async def test_what_comes_in_the_instant_of_a_redrive_stands_last(
    fresh_kafka: EmbeddedKafka, arriving: tuple[OutRecord, ...], left: tuple[int, str]
) -> None:
    async with hub_on(fresh_kafka) as hub:
        await hub.park(version(1))
        assert (await hub.redrive(*arriving))["outcome"] == "passed"
        assert await hub.last() == left
        bad = sum(b"no text" in record.value for record in arriving)
        assert len(await hub.records(REJECTED)) == 1 + bad


async def test_what_came_before_a_redrive_supersedes_it(fresh_kafka: EmbeddedKafka) -> None:
    async with hub_on(fresh_kafka) as hub:
        await hub.park(version(1))
        await hub.arrive(version(2, "withdrawn"))
        with pytest.raises(HubError, match="superseded"):
            await hub.redrive()
        assert await hub.last() == (2, "withdrawn")
