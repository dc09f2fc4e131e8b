"""A producer that never rests: it keeps segments rolling and the log cleaner busy, and knows what was acknowledged."""

from __future__ import annotations

import threading
import time
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewTopic

TOPIC = "busy"
GROUP = "reader-of-busy"
PARTITION = TopicPartition(TOPIC, 0)
KEYS = 20
PADDING = b"x" * 20_000
"""Fifty records make a segment of the least size that Kafka takes."""


def make_busy_topic(servers: str) -> None:
    """Compacted as often and removed as soon as Kafka can."""
    admin = KafkaAdminClient(bootstrap_servers=servers)
    config = {
        "cleanup.policy": "compact",
        "segment.bytes": str(2**20),
        "min.cleanable.dirty.ratio": "0.01",
        "file.delete.delay.ms": "0",
    }
    admin.create_topics([NewTopic(TOPIC, num_partitions=1, replication_factor=1, topic_configs=config)])
    admin.alter_configs([ConfigResource(ConfigResourceType.BROKER, "1", {"log.cleaner.backoff.ms": "50"})])
    admin.close()


class LogWriter:
    """Writes 0, 1, 2, … under `KEYS` keys in turn, reads them with a group, and commits what it has read."""

    def __init__(self, servers: str) -> None:
        self._servers = servers
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=part, daemon=True) for part in (self._write, self._read)]
        self.acknowledged: list[int] = []
        """Offset of each number."""
        self.committed = 0
        self.problem: Exception | None = None

    def __enter__(self) -> LogWriter:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(150)

    def until_more(self, count: int, seconds: float = 150) -> None:
        wanted, deadline = len(self.acknowledged) + count, time.monotonic() + seconds
        while len(self.acknowledged) < wanted:
            assert self.problem is None, self.problem
            assert time.monotonic() < deadline, "nothing is acknowledged any more"
            time.sleep(0.02)

    def _write(self) -> None:
        try:
            producer = KafkaProducer(bootstrap_servers=self._servers, acks="all", linger_ms=0)
            while not self._stop.is_set():
                begun = len(self.acknowledged)
                sent = [
                    producer.send(TOPIC, key=b"%d" % (number % KEYS), value=b"%d " % number + PADDING)
                    for number in range(begun, begun + 10)
                ]
                self.acknowledged += [future.get(60).offset for future in sent]
            producer.close()
        except Exception as error:
            self.problem = error

    def _read(self) -> None:
        try:
            consumer = KafkaConsumer(
                TOPIC, bootstrap_servers=self._servers, group_id=GROUP, enable_auto_commit=False, auto_offset_reset="earliest"
            )
            while not self._stop.is_set():
                if consumer.poll(timeout_ms=200):
                    consumer.commit()
                    self.committed = consumer.position(PARTITION)
            consumer.close()
        except Exception as error:
            self.problem = error


def read_back(servers: str) -> tuple[dict[int, int], int, int]:
    """(number → offset of all that is there, the log's end, the group's committed offset)."""
    consumer: Any = KafkaConsumer(bootstrap_servers=servers, group_id=GROUP, enable_auto_commit=False)
    committed = consumer.committed(PARTITION) or 0
    consumer.assign([PARTITION])
    end = consumer.end_offsets([PARTITION])[PARTITION]
    consumer.seek_to_beginning(PARTITION)
    found: dict[int, int] = {}
    while consumer.position(PARTITION) < end:
        for records in consumer.poll(timeout_ms=500).values():
            found.update({int(record.value.partition(b" ")[0]): record.offset for record in records})
    consumer.close()
    return found, end, committed
