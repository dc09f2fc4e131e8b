"""A topic that loses records while it is read is told in one sentence; nobody waits for what will never come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from aiokafka import AIOKafkaProducer
from kafka import KafkaAdminClient, TopicPartition

from hub.broker.admin import apply_topics
from hub.broker.embedded import EmbeddedKafka
from hub.broker.log_reader import LogReader
from hub.errors import FatalError
from hub.topics import REJECTED, catalogue

pytestmark = pytest.mark.integration
RECORDS, WEIGHT = 450, 60_000
"""More bytes than a consumer fetches ahead; kafka-python would take a second for each ten million of them, for their checksum."""


def delete(servers: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=servers)
    admin.delete_topics([REJECTED])
    admin.close()


def make_anew(servers: str) -> None:
    delete(servers)
    apply_topics(servers, catalogue([]))


def cut(servers: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=servers)
    admin.delete_records({TopicPartition(REJECTED, 0): RECORDS - 1})
    admin.close()


def empty(servers: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=servers)
    admin.delete_records({TopicPartition(REJECTED, 0): RECORDS})
    admin.close()


@pytest.mark.parametrize(
    ("lose", "said"),
    [
        (delete, "is not there: run `hub topics apply`"),
        (make_anew, f"{REJECTED} lost records while it was read"),
        (cut, f"{REJECTED} lost records while it was read"),
        (empty, f"{REJECTED} lost records while it was read"),
    ],
)
async def test_a_topic_that_loses_records_while_it_is_read_is_told(
    fresh_kafka: EmbeddedKafka, lose: Callable[[str], None], said: str
) -> None:
    async with AIOKafkaProducer(bootstrap_servers=fresh_kafka.bootstrap, acks="all") as producer:
        for _ in range(RECORDS):
            await producer.send(REJECTED, value=b"x" * WEIGHT)
    with pytest.raises(FatalError, match=said):
        await read_while(lose, fresh_kafka.bootstrap)


async def read_while(lose: Callable[[str], None], servers: str) -> None:
    """Read it all; `lose` comes behind the first records."""
    is_lost = False
    async with asyncio.timeout(60):
        async for _ in LogReader(servers, [REJECTED]).read(max_records=10):
            if not is_lost:
                await asyncio.to_thread(lose, servers)
                is_lost = True
