"""The feed topic as a reader sees it: its id, its bounds, and batches from any position. No consumer group.

aiokafka reads; the topic's id, which tells a new topic of the same name from the old one, it cannot ask for
(`hub/broker/topic_id.py`).
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from hub import topics
from hub.broker import probe
from hub.broker.running import start, stop
from hub.broker.topic_id import fetch_topic_id
from hub.errors import ConfigError, RetryableError
from hub.feed.entry import LogRecord

PARTITION = TopicPartition(topics.FEED, 0)
BATCH_RECORDS = 2_000
ANSWER_SECONDS = 5.0


class TruncatedError(RetryableError):
    """The log ends before the position: it is another log, or it has lost records."""


class FeedLog:
    def __init__(self, servers: str, client_id: str) -> None:
        self._servers = servers
        self._client_id = client_id
        self._consumer: AIOKafkaConsumer | None = None

    def beside(self) -> FeedLog:
        """Another reader of the same log, with a position of its own."""
        return FeedLog(self._servers, f"{self._client_id}-beside")

    async def start(self) -> None:
        """Raises RetryableError when no broker answers."""
        if not await asyncio.to_thread(probe.answers, self._servers):
            raise RetryableError(probe.describe_away(self._servers))
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._servers,
            client_id=self._client_id,
            enable_auto_commit=False,
            auto_offset_reset="none",
            fetch_max_bytes=16 * 2**20,
            max_partition_fetch_bytes=8 * 2**20,
        )
        try:
            await start(consumer)
        except (KafkaError, OSError) as error:
            raise RetryableError(f"the Kafka broker on {self._servers} does not answer: {error}") from error
        self._consumer = consumer

    async def stop(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await stop(consumer)

    async def fetch_topic_id(self) -> str:
        """As Kafka's own tools print it: 22 characters. Raises ConfigError when the topic is missing."""
        return await asyncio.to_thread(_fetch_topic_id, self._servers)

    async def fetch_bounds(self) -> tuple[int, int]:
        """First offset and end of the log. Raises RetryableError when the broker does not answer in time."""
        async with self._answering() as consumer:
            first = await consumer.beginning_offsets([PARTITION])
            end = await consumer.end_offsets([PARTITION])
        return first[PARTITION], end[PARTITION]

    async def fetch_offset_at(self, ms: int) -> int:
        """Offset of the first record that was written at this time (unix ms) or later; the log's end when there is none.
        Raises RetryableError when the broker does not answer in time.
        """
        async with self._answering() as consumer:
            found = (await consumer.offsets_for_times({PARTITION: ms})).get(PARTITION)
        return (await self.fetch_bounds())[1] if found is None else int(found.offset)

    def seek(self, position: int) -> None:
        """What `read` gives next. Takes the topic up at its first call."""
        consumer = self._started()
        if PARTITION not in consumer.assignment():
            consumer.assign([PARTITION])
        consumer.seek(PARTITION, position)

    async def read(self, *, wait_ms: int = 500, limit: int = BATCH_RECORDS) -> tuple[list[LogRecord], int]:
        """The next records, perhaps none, and the position behind them. Raises TruncatedError."""
        consumer = self._started()
        try:
            fetched = await consumer.getmany(PARTITION, timeout_ms=wait_ms, max_records=limit)
            position = await consumer.position(PARTITION)
        except OffsetOutOfRangeError as error:
            raise TruncatedError("the feed's log ends before the position that was read") from error
        records = [
            LogRecord(record.offset, (record.key or b"").decode("utf-8", "backslashreplace"), record.value, record.timestamp)
            for record in fetched.get(PARTITION, ())
        ]
        return records, position

    @property
    def end(self) -> int:
        """The log's end as the last fetch saw it; 0 before the first."""
        return self._started().highwater(PARTITION) or 0

    @asynccontextmanager
    async def _answering(self) -> AsyncIterator[AIOKafkaConsumer]:
        """For questions to the broker. Raises RetryableError when it does not answer them in time."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                yield self._started()
        except (KafkaError, TimeoutError, OSError) as error:
            raise RetryableError(f"the Kafka broker on {self._servers} does not answer: {type(error).__name__}") from error

    def _started(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            raise RetryableError("the broker has not answered yet")
        return self._consumer


async def read_span(log: FeedLog, start: int, end: int) -> AsyncIterator[list[LogRecord]]:
    """Batches of every record from `start` up to `end`, as the log has them."""
    if start >= end:
        return
    log.seek(start)
    position = start
    while position < end:
        records, position = await log.read()
        batch = [record for record in records if record.offset < end]
        if batch:
            yield batch


def _fetch_topic_id(servers: str) -> str:
    found = fetch_topic_id(servers, topics.FEED)
    if found is None:
        raise ConfigError(f"the topic {topics.FEED} is not there: run `hub topics apply`")
    return base64.urlsafe_b64encode(found.bytes).rstrip(b"=").decode()
