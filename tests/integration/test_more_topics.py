"""A stage that comes back with more topics than it had reads all of them; it lets go of partitions that are there no more."""

from __future__ import annotations

import asyncio
import time
import uuid

import pytest
from aiokafka import AIOKafkaProducer
from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from hub.broker.embedded import EmbeddedKafka
from hub.broker.running import running
from hub.errors import FatalError
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


@pytest.fixture
def short_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.streams.reader.PROBE_SECONDS", 1.0)


@pytest.mark.usefixtures("short_looks")
async def test_a_topic_made_anew_with_fewer_partitions_leaves_no_reader_behind(kafka: EmbeddedKafka) -> None:
    topic = f"fewer-{uuid.uuid4().hex[:8]}"
    make_anew(kafka, topic, 3)
    assert await read_one(kafka, topic, (topic,), topic) == topic
    make_anew(kafka, topic, 1)
    health = Health()
    settings = ReaderSettings("canonicalise", kafka.bootstrap, topic, (topic,), instance=f"{topic}-1", session_seconds=60)
    reader = BatchReader(settings, Channel(), health)
    await reader.on_start()
    try:
        async with asyncio.timeout(90):
            while {tp.partition for tp in reader._consumer.assignment()} != {0}:  # type: ignore[union-attr]
                assert not reader.failure.done()
                await asyncio.sleep(0.2)
        assert "broker" not in health.report()["missing"]
    finally:
        await reader.on_stop()


@pytest.mark.usefixtures("short_looks")
async def test_a_reader_whose_topic_is_deleted_says_so(kafka: EmbeddedKafka) -> None:
    topic = f"deleted-{uuid.uuid4().hex[:8]}"
    make_anew(kafka, topic, 1)
    reader = BatchReader(ReaderSettings("canonicalise", kafka.bootstrap, topic, (topic,)), Channel(), Health())
    await reader.on_start()
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    admin.delete_topics([topic])
    admin.close()
    with pytest.raises(FatalError, match=f"{topic} is gone from Kafka"):
        await asyncio.wait_for(asyncio.shield(reader.failure), 120)
    await reader.on_stop()


def make_anew(kafka: EmbeddedKafka, topic: str, partitions: int) -> None:
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    if topic in admin.list_topics():
        admin.delete_topics([topic])
        while topic in admin.list_topics():
            time.sleep(0.1)
    admin.create_topics([NewTopic(topic, partitions, 1)])
    admin.close()


async def test_a_topic_that_is_added_between_two_starts_is_read(kafka: EmbeddedKafka) -> None:
    group = f"more-{uuid.uuid4().hex[:8]}"
    first, second = f"{group}.a", f"{group}.b"
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    admin.create_topics([NewTopic(name, 1, 1) for name in (first, second)])
    admin.close()
    assert await read_one(kafka, group, (first,), first) == first
    assert await read_one(kafka, group, (first, second), second) == second
