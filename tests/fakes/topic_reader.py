"""Topics as a stock client reads them: kafka-python, and nothing of the hub.

What was read is kept, and reading again begins behind it: whoever waits for a record asks many times a second, and a log only
grows. A log that was lost or put back needs a new reader.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord


class TopicReader:
    def __init__(self, servers: str) -> None:
        self._servers = servers
        self._kept: dict[str, tuple[int, list[dict[str, Any]]]] = {}

    def values(self, topic: str) -> list[dict[str, Any]]:
        """The JSON values of partition 0 from its first record on."""
        position, rows = self._kept.get(topic, (0, []))
        part = TopicPartition(topic, 0)
        with reading(self._servers) as consumer:
            consumer.assign([part])
            end = consumer.end_offsets([part])[part]
            consumer.seek(part, max(position, consumer.beginning_offsets([part])[part]))
            while consumer.position(part) < end:
                rows += [json.loads(record.value) for records in consumer.poll(timeout_ms=500).values() for record in records]
                self._kept[topic] = (consumer.position(part), rows)
        return [dict(row) for row in rows]

    def ends(self, topics: Iterable[str]) -> int:
        """Records ever written to these topics."""
        with reading(self._servers) as consumer:
            return sum(consumer.end_offsets([part for topic in topics for part in parts_of(consumer, topic)]).values())


def records_of(servers: str, *topics: str) -> list[ConsumerRecord]:
    """kafka-python's records of all partitions, from the first that Kafka has to the last that was there when this began."""
    with reading(servers) as consumer:
        parts = [part for topic in topics for part in parts_of(consumer, topic)]
        return list(through(consumer, parts, consumer.end_offsets(parts)))


def through(consumer: KafkaConsumer, parts: list[TopicPartition], ends: dict[TopicPartition, int]) -> Iterator[ConsumerRecord]:
    """The records of `parts` from their first up to `ends`, and what came with these."""
    consumer.assign(parts)
    consumer.seek_to_beginning(*parts)
    while any(consumer.position(part) < ends[part] for part in parts):
        for records in consumer.poll(timeout_ms=500).values():
            yield from records


@contextmanager
def reading(servers: str, group: str | None = None) -> Iterator[KafkaConsumer]:
    """A consumer that commits nothing.

    kafka-python forgets the socket of a connection which, when it is closed, has a request still to write (`transport.close`):
    so nothing is left to fetch by then, and an answer has come that was asked for behind everything else.
    """
    consumer = KafkaConsumer(bootstrap_servers=servers, group_id=group, enable_auto_commit=False, auto_offset_reset="earliest")
    try:
        yield consumer
        if parts := consumer.assignment():
            consumer.pause(*parts)
            consumer.end_offsets(list(parts))
    finally:
        consumer.close()


def parts_of(consumer: KafkaConsumer, topic: str) -> list[TopicPartition]:
    return [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
