"""The outbox: records go out in batches and `send` returns only when the broker has acknowledged every one.

Own idempotent aiokafka producer (`acks=all`), not Faust's, because a stage must know that its output is safe before it
calls its input done (faust.md §3). An idempotent producer never expires a batch while the broker is away: it waits,
which is the back-pressure we want; `is_waiting` tells health.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, KafkaTimeoutError

from hub.broker.headers import Headers
from hub.broker.partition import partition_of
from hub.broker.running import start
from hub.errors import FatalError

BATCH_BYTES = 512 * 1024
RECORD_BYTES = 1_900_000
"""Largest key + value that is sent; topics take 2 MiB with headers and overhead."""
WAITING_AFTER_SECONDS = 5.0


@dataclass(slots=True)
class OutRecord:
    """One record to send. `key` is never None on a compacted topic; the partition follows from it (murmur2)."""

    topic: str
    key: bytes | None
    value: bytes
    headers: Headers = field(default_factory=list)

    @property
    def is_too_large(self) -> bool:
        return len(self.value) + len(self.key or b"") > RECORD_BYTES


class Outbox:
    def __init__(self, servers: str, client_id: str, *, patience_seconds: float = 300) -> None:
        self._producer = AIOKafkaProducer(
            bootstrap_servers=servers,
            client_id=client_id,
            acks="all",
            enable_idempotence=True,
            linger_ms=0,
            max_batch_size=BATCH_BYTES,
            max_request_size=4 * 2**20,
            request_timeout_ms=20_000,
            retry_backoff_ms=100,
        )
        self._patience = patience_seconds
        self._partitions: dict[str, int] = {}
        self._started_waiting: float | None = None

    @property
    def is_waiting(self) -> bool:
        """A send has been unacknowledged for more than a few seconds: the broker is away or slow."""
        return self._started_waiting is not None and time.monotonic() - self._started_waiting > WAITING_AFTER_SECONDS

    async def start(self) -> None:
        """Raises FatalError when no broker answers."""
        try:
            await start(self._producer)
        except (KafkaError, OSError) as error:
            raise FatalError(f"the broker does not answer: {error}") from error

    async def stop(self) -> None:
        await self._producer.stop()

    async def send(self, records: Iterable[OutRecord]) -> list[int]:
        """Send in order per partition and wait for every acknowledgement; returns each record's offset.

        An offset is -1 where the broker only said that it had the batch already (a repeat after a lost answer).

        Raises FatalError when a record is refused for good, or nothing was acknowledged for `patience_seconds`. Then
        some records may be in the log and none of them may be called done.
        """
        records = list(records)
        if not records:
            return []
        counts = {topic: await self._count_partitions(topic) for topic in {record.topic for record in records}}
        grouped: defaultdict[tuple[str, int], list[tuple[int, OutRecord]]] = defaultdict(list)
        for index, record in enumerate(records):
            grouped[record.topic, partition_of(record.key or b"", counts[record.topic])].append((index, record))
        self._started_waiting = time.monotonic()
        try:
            async with asyncio.timeout(self._patience):
                sent = await asyncio.gather(*(self._send_partition(topic, n, batch) for (topic, n), batch in grouped.items()))
        except TimeoutError as error:
            raise FatalError(f"no acknowledgement from the broker in {self._patience:.0f} s") from error
        except KafkaError as error:
            raise FatalError(f"the broker refused a record: {type(error).__name__}: {error}") from error
        finally:
            self._started_waiting = None
        offsets = dict(pair for part in sent for pair in part)
        return [offsets[index] for index in range(len(records))]

    async def _send_partition(self, topic: str, partition: int, batch: list[tuple[int, OutRecord]]) -> list[tuple[int, int]]:
        offsets: list[tuple[int, int]] = []
        pending: list[tuple[asyncio.Future[Any], list[int]]] = []
        position = 0
        while position < len(batch):
            builder = self._producer.create_batch()
            indices: list[int] = []
            while position < len(batch):
                index, record = batch[position]
                added = builder.append(timestamp=None, key=record.key, value=record.value, headers=record.headers)
                if added is None:
                    break
                indices.append(index)
                position += 1
            builder.close()
            pending.append((await self._submit(builder, topic, partition), indices))
        for future, indices in pending:
            metadata = await future
            base: int = metadata.offset
            offsets += [(index, base + nth if base >= 0 else -1) for nth, index in enumerate(indices)]
        return offsets

    async def _submit(self, builder: object, topic: str, partition: int) -> asyncio.Future[Any]:
        while True:
            try:
                future: asyncio.Future[Any] = await self._producer.send_batch(builder, topic, partition=partition)
                return future
            except KafkaTimeoutError:
                # Not queued: an earlier batch of this partition still waits for the broker. `send` bounds the wait.
                continue

    async def _count_partitions(self, topic: str) -> int:
        count = self._partitions.get(topic)
        if count is None:
            try:
                count = len(await self._producer.partitions_for(topic))
            except KafkaError as error:
                raise FatalError(f"the topic {topic} is not there: run `hub topics apply`") from error
            self._partitions[topic] = count
        return count
