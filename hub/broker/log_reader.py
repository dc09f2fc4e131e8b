"""Reads topics from an offset to the end that was seen at the start, without a group: how state is rebuilt.

Done when the position reaches the end, not when the record at end − 1 was seen: that one may be compacted away.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from hub.broker.partition import fetch_partitions
from hub.broker.running import running
from hub.errors import FatalError


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
            auto_offset_reset="earliest",
            fetch_max_bytes=16 * 2**20,
            max_partition_fetch_bytes=4 * 2**20,
        )
        try:
            async with running(consumer):
                async for records in self._read(consumer, max_records):
                    yield records
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
        while open_:
            fetched = await consumer.getmany(timeout_ms=200, max_records=max_records)
            for tp, records in fetched.items():
                inside = [record for record in records if record.offset < ends[tp]]
                if inside and tp in open_:
                    yield inside
            for tp in list(open_):
                if await consumer.position(tp) >= ends[tp]:
                    open_.discard(tp)
                    consumer.pause(tp)

    async def _partitions(self, consumer: AIOKafkaConsumer) -> list[TopicPartition]:
        found: list[TopicPartition] = []
        for topic in self._topics:
            partitions = await fetch_partitions(consumer, topic)
            if not partitions:
                raise FatalError(f"the topic {topic} is not there: run `hub topics apply`")
            found += partitions
        return found
