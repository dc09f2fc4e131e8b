"""The log as ingest needs it: append and wait, read a topic to its end, read single records back by offset.

A protocol, so that the core is tested on a log in memory; `KafkaLog` is the real one. Reading is by plain assignment:
ingest is the only writer of raw and no group shares its partitions.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from hub.broker import probe
from hub.broker.headers import Headers
from hub.broker.log_reader import LogReader
from hub.broker.outbox import Outbox, OutRecord
from hub.broker.running import running
from hub.errors import FatalError

NEAR = 500
"""Offsets closer than this are read on to; farther ones are sought."""


@dataclass(frozen=True, slots=True)
class LogRecord:
    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers

    @property
    def key_text(self) -> str:
        return (self.key or b"").decode("utf-8", "backslashreplace")


class Log(Protocol):
    async def produce(self, records: Sequence[OutRecord]) -> list[int]:
        """Append and wait for every acknowledgement; offsets, -1 where not told. Raises FatalError."""
        ...

    def read(self, topic: str, start: int = 0) -> AsyncIterator[LogRecord]:
        """Every record from `start` up to the end as it is at the call, of all partitions; `start` is one of partition 0."""
        ...

    async def read_back(self, topic: str, offsets: Collection[int]) -> dict[int, LogRecord]:
        """Records of partition 0 by offset; those that are gone are left out."""
        ...


class KafkaLog:
    """`require`: raises FatalError when this process may write no more."""

    def __init__(
        self, servers: str, outbox: Outbox, *, patience_seconds: float = 300, require: Callable[[], None] | None = None
    ) -> None:
        self._servers = servers
        self._outbox = outbox
        self._patience = patience_seconds
        self._require = require

    async def produce(self, records: Sequence[OutRecord]) -> list[int]:
        if self._require is not None:
            self._require()
        return await self._outbox.send(records)

    async def read(self, topic: str, start: int = 0) -> AsyncIterator[LogRecord]:
        await self.wait_for_broker()
        reader = LogReader(self._servers, [topic], start={(topic, 0): start})
        async for records in reader.read():
            for record in records:
                yield record_of(record)

    async def read_back(self, topic: str, offsets: Collection[int]) -> dict[int, LogRecord]:
        wanted = sorted(set(offsets))
        found: dict[int, LogRecord] = {}
        if not wanted:
            return found
        await self.wait_for_broker()
        async with self._consumer() as consumer:
            partition = TopicPartition(topic, 0)
            consumer.assign([partition])
            end = (await consumer.end_offsets([partition]))[partition]
            for group in _groups([offset for offset in wanted if 0 <= offset < end]):
                consumer.seek(partition, group[0])
                moved = time.monotonic()
                while await consumer.position(partition) <= group[-1]:
                    batches = await consumer.getmany(partition, timeout_ms=200)
                    for record in batches.get(partition, []):
                        if record.offset in group:
                            found[record.offset] = record_of(record)
                    moved = time.monotonic() if batches else moved
                    self._check(topic, moved)
        return found

    async def wait_for_broker(self) -> None:
        """Return once the broker answers. Raises FatalError when it does not for `patience_seconds`."""
        begun = time.monotonic()
        while not await asyncio.to_thread(probe.answers, self._servers):
            if time.monotonic() - begun > self._patience:
                raise FatalError(f"no Kafka broker answered on {self._servers} for {self._patience:.0f} s")
            await asyncio.sleep(0.5)

    def _check(self, topic: str, moved: float) -> None:
        if time.monotonic() - moved > self._patience:
            raise FatalError(f"{topic} gave no record for {self._patience:.0f} s though its end was not reached")

    @asynccontextmanager
    async def _consumer(self) -> AsyncIterator[Any]:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._servers,
            client_id="hub-ingest-reader",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=4 * 2**20,
        )
        try:
            async with running(consumer):
                yield consumer
        except KafkaError as error:
            raise FatalError(f"the broker refused a read: {type(error).__name__}: {error}") from error


def record_of(record: Any) -> LogRecord:
    return LogRecord(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp=record.timestamp,
        key=record.key,
        value=record.value,
        headers=list(record.headers),
    )


def _groups(offsets: Sequence[int]) -> list[list[int]]:
    groups: list[list[int]] = []
    for offset in offsets:
        if groups and offset - groups[-1][-1] <= NEAR:
            groups[-1].append(offset)
        else:
            groups.append([offset])
    return groups
