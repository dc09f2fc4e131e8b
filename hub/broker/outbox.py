"""The outbox: records go out in batches, and nothing is called sent before the broker has acknowledged every one.

Own idempotent aiokafka producer (`acks=all`), not Faust's, because a stage must know that its output is safe before it
calls its input done (faust.md §3). An idempotent producer never expires a batch while the broker is away: it waits,
which is the back-pressure we want; `is_waiting` tells health.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, KafkaTimeoutError

from hub.broker.headers import Headers
from hub.broker.partition import partition_of
from hub.broker.running import start_at
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
        # A broker that is shut down in order names no leader before it goes, and then aiokafka gives up after the time-out of
        # one request what waits to be sent; to wait is for `patience`. It has no setting of its own for this.
        self._producer._message_accumulator._batch_ttl = patience_seconds
        self._servers = servers
        self._patience = patience_seconds
        self.partitions: dict[str, int] = {}
        self._waiting_since: dict[object, float] = {}

    @property
    def is_waiting(self) -> bool:
        """The broker has let something wait for more than a few seconds: it is away or slow."""
        return any(time.monotonic() - since > WAITING_AFTER_SECONDS for since in self._waiting_since.values())

    async def start(self) -> None:
        """Raises FatalError when no broker answers."""
        await start_at(self._servers, self._producer)

    async def stop(self) -> None:
        await self._producer.stop()

    def open(self) -> Sending:
        """To send records as they are made: the broker writes the first ones while the caller makes the next."""
        return Sending(self)

    async def send(self, records: Iterable[OutRecord]) -> list[int]:
        """Send in order per partition and wait for every acknowledgement; returns each record's offset.

        An offset is -1 where the broker only said that it had the batch already (a repeat after a lost answer).

        Raises FatalError when a record is refused for good, or the broker lets a batch wait for `patience_seconds`. Then
        some records may be in the log and none of them may be called done.
        """
        sending = self.open()
        await sending.add(records)
        await sending.close()
        return await sending.acknowledged()

    def create_batch(self) -> _Filling:
        return _Filling(self._producer.create_batch())

    async def submit(self, builder: Any, topic: str, partition: int) -> asyncio.Future[Any]:
        """Hand a batch to the producer, behind those of its partition. Raises FatalError as `send` does."""
        builder.close()
        async with self.patience():
            while True:
                try:
                    future: asyncio.Future[Any] = await self._producer.send_batch(builder, topic, partition=partition)
                    return future
                except KafkaTimeoutError:
                    # Not queued: an earlier batch of this partition still waits for the broker. Patience bounds the wait.
                    continue

    @asynccontextmanager
    async def patience(self) -> AsyncIterator[None]:
        """Around whatever waits for the broker: not for ever, and seen by `is_waiting`."""
        wait = object()
        self._waiting_since[wait] = time.monotonic()
        try:
            async with asyncio.timeout(self._patience):
                yield
        except TimeoutError as error:
            raise FatalError(f"no acknowledgement from the broker in {self._patience:.0f} s") from error
        except KafkaError as error:
            raise FatalError(f"the broker refused a record: {type(error).__name__}: {error}") from error
        finally:
            del self._waiting_since[wait]

    async def count_partitions(self, topic: str) -> int:
        count = self.partitions.get(topic)
        if count is None:
            try:
                count = len(await self._producer.partitions_for(topic))
            except KafkaError as error:
                raise FatalError(f"the topic {topic} is not there: run `hub topics apply`") from error
            self.partitions[topic] = count
        return count


class _Filling:
    """A batch that is being filled, and the numbers of its records."""

    __slots__ = ("append", "builder", "numbers")

    def __init__(self, builder: Any) -> None:
        self.builder = builder
        self.append: Callable[..., object | None] = builder.append
        self.numbers: list[int] = []


class Sending:
    """Records on their way to the broker, in order per partition: `add` them, `close`, then wait until `acknowledged`.

    A batch goes off as soon as it is full. Whoever sends more to the same partitions closes this one first, and need
    not wait until it is acknowledged. Each step raises FatalError as `Outbox.send` does.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._filling: dict[tuple[str, int], _Filling] = {}
        self._sent: list[tuple[asyncio.Future[Any], list[int]]] = []
        self._count = 0

    async def add(self, records: Iterable[OutRecord]) -> None:
        counts = self._outbox.partitions
        for number, record in enumerate(records, self._count):
            topic, key = record.topic, record.key
            count = counts.get(topic) or await self._outbox.count_partitions(topic)
            place = topic, partition_of(key or b"", count)
            filling = self._filling.get(place) or self._begin(place)
            # None says that it is full; an empty batch takes a record of any size.
            while filling.append(timestamp=None, key=key, value=record.value, headers=record.headers) is None:
                await self._submit(place)
                filling = self._begin(place)
            filling.numbers.append(number)
            self._count = number + 1

    async def close(self) -> None:
        """Hand over what is not full either. It is in line then, behind what went before."""
        for place in list(self._filling):
            await self._submit(place)

    async def acknowledged(self) -> list[int]:
        """Wait until the broker has all of it; the offset of each record in the order of `add`, -1 as `Outbox.send` says."""
        offsets = [-1] * self._count
        async with self._outbox.patience():
            for future, numbers in self._sent:
                base: int = (await future).offset
                if base >= 0:
                    for offset, number in enumerate(numbers, base):
                        offsets[number] = offset
        return offsets

    def _begin(self, place: tuple[str, int]) -> _Filling:
        filling = self._filling[place] = self._outbox.create_batch()
        return filling

    async def _submit(self, place: tuple[str, int]) -> None:
        filling = self._filling.pop(place)
        self._sent.append((await self._outbox.submit(filling.builder, *place), filling.numbers))
