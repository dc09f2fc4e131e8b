"""A stage that comes back with more topics than it had reads all of them, soon after its restart too."""

from __future__ import annotations

import asyncio
import uuid

import pytest
from aiokafka import AIOKafkaProducer
from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from hub.broker.embedded import EmbeddedKafka
from hub.broker.running import running
from hub.streams.batch import Batch
from hub.streams.reader import BatchReader, ReaderSettings
from hub.telemetry.health import Health

pytestmark = pytest.mark.integration


class Channel:
    def __init__(self) -> None:
        self.topics: asyncio.Queue[str] = asyncio.Queue()

    async def send(self, value: Batch) -> None:
        value.done()
        await self.topics.put(value.topic)


async def read_one(kafka: EmbeddedKafka, group: str, topics: tuple[str, ...], written: str) -> str:
    """The topic of the first batch that a reader of `topics` hands on, with one record written to `written`."""
    channel = Channel()
    settings = ReaderSettings("canonicalise", kafka.bootstrap, group, topics, instance=f"{group}-1", session_seconds=6)
    reader = BatchReader(settings, channel, Health())
    await reader.on_start()
    async with running(AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)) as producer:
        await producer.send_and_wait(written, b"{}", key=b"k")
    topic = await asyncio.wait_for(channel.topics.get(), 150)
    await reader.on_stop()
    return topic


async def test_a_topic_that_is_added_between_two_starts_is_read(kafka: EmbeddedKafka) -> None:
    group = f"more-{uuid.uuid4().hex[:8]}"
    first, second = f"{group}.a", f"{group}.b"
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    admin.create_topics([NewTopic(name, 1, 1) for name in (first, second)])
    admin.close()
    assert await read_one(kafka, group, (first,), first) == first
    assert await read_one(kafka, group, (first, second), second) == second
