"""What a partner does at the broker's door, in kafka-python and librdkafka, and what the broker then tells of itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import confluent_kafka
from confluent_kafka.admin import AdminClient
from fakes.partner_door import Door
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import (
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ConfigResource,
    ConfigResourceType,
    KafkaAdminClient,
    ResourcePatternFilter,
    ResourceType,
)
from kafka.protocol.admin import DescribeClientQuotasRequest
from kafka.protocol.consumer import FetchRequest

from hub.topics import FEED

Records = list[tuple[int, str]]
PATIENCE = 150
"""Seconds for what takes one on an idle machine."""


def put(door: Door, told: dict[str, Any], topic: str, **options: Any) -> int:
    producer = KafkaProducer(**door.client(told), acks="all", max_block_ms=PATIENCE * 1_000, **options)
    try:
        return producer.send(topic, key=b"k", value=b'{"a":1}').get(PATIENCE).offset
    finally:
        producer.close(timeout=1)


def codes_of(client: KafkaAdminClient, request: Any) -> set[int]:
    """Every error code in the broker's own answer to one request."""

    def walk(part: Any) -> Iterator[int]:
        if isinstance(part, dict):
            yield from (value for name, value in part.items() if name == "error_code")
        inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        for one in inner:
            yield from walk(one)

    return set(walk(client._manager.run(client._manager.send, request).to_dict()))


def fetch(topic: str) -> FetchRequest:
    part = FetchRequest.FetchTopic.FetchPartition(
        partition=0, current_leader_epoch=-1, fetch_offset=0, log_start_offset=-1, partition_max_bytes=100_000
    )
    asked = [FetchRequest.FetchTopic(topic=topic, partitions=[part])]
    return FetchRequest(max_wait_ms=100, min_bytes=1, max_bytes=100_000, topics=asked, max_version=12)  # later ones know no names


def state_of(inside: KafkaAdminClient) -> Any:
    """What an attempt could have changed."""
    anything = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
    everything = ACLFilter(None, None, ACLOperation.ANY, ACLPermissionType.ANY, anything)
    topics = sorted((topic["name"], len(topic["partitions"])) for topic in inside.describe_topics())
    settings = str(inside.describe_configs([ConfigResource(ConfigResourceType.TOPIC, FEED)]))
    rules, users = inside.describe_acls(everything)[0], inside.describe_user_scram_credentials()
    return topics, settings, sorted(map(str, rules)), str(users), quota_of(inside, "partner-portal")


def quota_of(inside: KafkaAdminClient, user: str) -> dict[str, float]:
    part = DescribeClientQuotasRequest.ComponentData(entity_type="user", match_type=0, match=user)
    answer = inside._manager.run(inside._manager.send, DescribeClientQuotasRequest(components=[part], strict=True))
    return {value.key: value.value for entry in answer.entries for value in entry.values}


def knock(door: Door, told: dict[str, Any], **other: Any) -> str | None:
    """None: the broker told its topics. Else why not, as librdkafka names it."""
    errors: list[confluent_kafka.KafkaError] = []
    options = {
        "bootstrap.servers": door.outside,
        "security.protocol": "SASL_SSL",
        "ssl.ca.location": str(door.own.ca),
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": told["user"],
        "sasl.password": told["password"],
        "broker.address.family": "v4",
        "log_level": 0,
        **other,
    }
    client = AdminClient({**options, "error_cb": errors.append})
    for _ in range(2 * PATIENCE):
        try:
            client.list_topics(timeout=0.5)
        except confluent_kafka.KafkaException as error:
            client.poll(0)
            if errors:
                return " ".join(one.name() for one in [*errors, error.args[0]])
        else:
            return None
    return "silence"


def by_cursor(door: Door, told: dict[str, Any], cursor: int) -> Records:
    """kafka-python without a group, from a cursor that the reader kept with its data."""
    consumer, part, records = KafkaConsumer(**door.client(told), group_id=None), TopicPartition(FEED, 0), []
    consumer.assign([part])
    consumer.seek(part, cursor)
    end = consumer.end_offsets([part])[part]
    while consumer.position(part) < end:
        for found in consumer.poll(timeout_ms=1000).values():
            records += [(record.offset, record.value.decode()) for record in found]
    consumer.close()
    return records
