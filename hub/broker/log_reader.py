"""Reads topics from an offset to the end that was seen at the start, without a group: how state is rebuilt.

Done when the position reaches the end, not when the record at end − 1 was seen: that one may be compacted away. A topic that
is deleted, made anew or cut meanwhile is told, never read on as if it were whole; an absent broker is waited for.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from hub.broker.partition import fetch_partitions
from hub.broker.running import running
from hub.errors import FatalError

LOOK_SECONDS = 3.0
"""Without a record, until the topics are looked at."""


class LogReader:
    """`ends` (topic, partition → offset) is filled by `read`: where a follower goes on."""

    def __init__(self, servers: str, topics: Sequence[str], *, start: Mapping[tuple[str, int], int] | None = None) -> None:
        self._servers = servers
        self._topics = topics
        self._start = dict(start or {})
        self.ends: dict[tuple[str, int], int] = {}

    async def read(self, *, max_records: int = 2000) -> AsyncIterator[list[Any]]:
        """Record lists of one partition each, in the order of the partition. Raises FatalError when the broker fails."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._servers,
            enable_auto_commit=False,
            auto_offset_reset="none",
            fetch_max_bytes=16 * 2**20,
            max_partition_fetch_bytes=4 * 2**20,
        )
        try:
            async with running(consumer):
                async for records in self._read(consumer, max_records):
                    yield records
        except OffsetOutOfRangeError as error:
            raise FatalError(f"{_names(error.args[0])} lost records while it was read: made anew, or cut") from error
        except (KafkaError, OSError) as error:
            raise FatalError(f"the topics {', '.join(self._topics)} cannot be read: {type(error).__name__}: {error}") from error

    async def _read(self, consumer: AIOKafkaConsumer, max_records: int) -> AsyncIterator[list[Any]]:
        partitions = await self._partitions(consumer)
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        begins = await consumer.beginning_offsets(partitions)
        self.ends = {(tp.topic, tp.partition): offset for tp, offset in ends.items()}
        open_ = set()
        for tp in partitions:
            start = max(begins[tp], self._start.get((tp.topic, tp.partition), 0))
            consumer.seek(tp, start)
            if start < ends[tp]:
                open_.add(tp)
            else:
                consumer.pause(tp)
        moved = time.monotonic()
        while open_:
            fetched = await consumer.getmany(timeout_ms=200, max_records=max_records)
            if fetched:
                moved = time.monotonic()
            elif time.monotonic() - moved > LOOK_SECONDS:
                await self._require_whole(consumer, {tp: ends[tp] for tp in open_})
                moved = time.monotonic()
            for tp, records in fetched.items():
                inside = [record for record in records if record.offset < ends[tp]]
                if inside and tp in open_:
                    yield inside
            for tp in list(open_):
                if await consumer.position(tp) >= ends[tp]:
                    open_.discard(tp)
                    consumer.pause(tp)

    async def _require_whole(self, consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> None:
        """Raises FatalError when a topic is gone or ends before `ends`; a fetch alone would ask for ever."""
        try:
            await self._partitions(consumer)
            now = await consumer.end_offsets(list(ends))
        except KafkaError:
            return  # the broker is away
        if cut := [tp for tp, end in ends.items() if now[tp] < end]:
            raise FatalError(f"{_names(cut)} lost records while it was read: made anew, or cut")

    async def _partitions(self, consumer: AIOKafkaConsumer) -> list[TopicPartition]:
        found: list[TopicPartition] = []
        for topic in self._topics:
            partitions = await fetch_partitions(consumer, topic)
            if not partitions:
                raise FatalError(f"the topic {topic} is not there: run `hub topics apply`")
            found += partitions
        return found


def _names(partitions: Iterable[TopicPartition]) -> str:
    return ", ".join(sorted({tp.topic for tp in partitions}))
