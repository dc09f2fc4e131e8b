"""The default partitioner of Kafka's Java client, so that every writer agrees where a key lives."""

from __future__ import annotations

from aiokafka.partitioner import murmur2


def partition_of(key: bytes, partitions: int) -> int:
    """`(murmur2(key) & 0x7fffffff) % partitions`, as in org.apache.kafka BuiltInPartitioner."""
    if partitions == 1:
        return 0
    return (int(murmur2(key)) & 0x7FFFFFFF) % partitions
