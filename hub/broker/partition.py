"""Partitions: where a key lives, by the partitioner of Kafka's Java client; and which ones a topic has."""

from __future__ import annotations

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.partitioner import murmur2


def partition_of(key: bytes, partitions: int) -> int:
    """`(murmur2(key) & 0x7fffffff) % partitions`, as in org.apache.kafka BuiltInPartitioner."""
    if partitions == 1:
        return 0
    return (int(murmur2(key)) & 0x7FFFFFFF) % partitions


async def fetch_partitions(consumer: AIOKafkaConsumer, topic: str) -> list[TopicPartition]:
    """All partitions of a topic in order; none when the topic is not there."""
    # A consumer that has subscribed to nothing knows no topic's partitions, and has no public way to ask for them.
    cluster = await consumer._client.fetch_all_metadata()
    return [TopicPartition(topic, number) for number in sorted(cluster.partitions_for_topic(topic) or ())]
