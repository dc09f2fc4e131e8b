"""Topics as a stock client reads them: kafka-python, and nothing of the hub.

What was read is kept, and reading again begins behind it: whoever waits for a record asks many times a second, and a log only
grows. A log that was lost or put back needs a new reader.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from kafka import KafkaConsumer, TopicPartition


class TopicReader:
    def __init__(self, servers: str) -> None:
        self._servers = servers
        self._kept: dict[str, tuple[int, list[dict[str, Any]]]] = {}

    def consumer(self, group: str | None = None) -> KafkaConsumer:
        return KafkaConsumer(
            bootstrap_servers=self._servers, group_id=group, enable_auto_commit=False, auto_offset_reset="earliest"
        )

    def values(self, topic: str) -> list[dict[str, Any]]:
        """The JSON values of partition 0 from its first record on."""
        position, rows = self._kept.get(topic, (0, []))
        consumer, part = self.consumer(), TopicPartition(topic, 0)
        consumer.assign([part])
        end = consumer.end_offsets([part])[part]
        consumer.seek(part, max(position, consumer.beginning_offsets([part])[part]))
        while consumer.position(part) < end:
            rows += [json.loads(record.value) for records in consumer.poll(timeout_ms=500).values() for record in records]
            self._kept[topic] = (consumer.position(part), rows)
        consumer.close()
        return [dict(row) for row in rows]

    def ends(self, topics: Iterable[str]) -> int:
        """Records ever written to these topics."""
        consumer = self.consumer()
        parts = [part for topic in topics for part in parts_of(consumer, topic)]
        total = sum(consumer.end_offsets(parts).values())
        consumer.close()
        return total


def parts_of(consumer: KafkaConsumer, topic: str) -> list[TopicPartition]:
    return [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
