"""What has been worked off is held nowhere while the next records are waited for."""

from __future__ import annotations

import asyncio
import weakref
from typing import Any

from aiokafka import TopicPartition

from hub.streams.batch import Batch
from hub.streams.reader import BatchReader, ReaderSettings
from hub.telemetry.health import Health


class Record:
    topic, partition, offset, timestamp, key, value, headers = "in", 0, 7, 0, b"k", b"v", ()


class Consumer:
    """One record, and then nothing for ever."""

    def __init__(self) -> None:
        self._fetched = [{TopicPartition("in", 0): [Record()]}]

    async def getmany(self, **_: Any) -> dict[TopicPartition, list[Record]]:
        if not self._fetched:
            await asyncio.Event().wait()
        return self._fetched.pop()


class Channel:
    def __init__(self) -> None:
        self.batches: asyncio.Queue[Batch] = asyncio.Queue()

    async def send(self, value: Batch) -> None:
        await self.batches.put(value)


async def test_a_batch_that_is_done_is_not_held_while_its_place_in_the_log_is() -> None:
    channel = Channel()
    reader = BatchReader(ReaderSettings("enrich", "127.0.0.1:1", "g", ("in",)), channel, Health())
    reader._consumer = Consumer()
    pump = asyncio.create_task(reader._pump())
    batch = await channel.batches.get()
    record = weakref.ref(batch.records[0])
    batch.done()
    for _ in range(10):
        await asyncio.sleep(0)  # turns of the loop, after which the pump waits for the next ones
    assert record() is None
    assert batch.next_offset == 8
    pump.cancel()
