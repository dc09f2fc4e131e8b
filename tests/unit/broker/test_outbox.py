"""Records go off while more are made, in order per partition, and each gets the offset that the broker gave it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.structs import RecordMetadata, TopicPartition

from hub.broker import outbox as outbox_module
from hub.broker.outbox import Outbox, OutRecord
from hub.errors import FatalError

PARTITIONS = 4
BATCH_BYTES = 600


class Producer:
    """aiokafka's producer without a broker: notes what is submitted, answers at once unless it is told to be silent."""

    def __init__(self, **_: Any) -> None:
        self.submitted: list[tuple[int, int]] = []
        """Partition and number of records of each batch."""
        self.is_silent = False
        self.says_known = False
        self._ends = [0] * PARTITIONS
        self._message_accumulator = SimpleNamespace()

    async def partitions_for(self, topic: str) -> set[int]:
        return set(range(PARTITIONS))

    def create_batch(self) -> BatchBuilder:
        return BatchBuilder(BATCH_BYTES, 0)

    async def send_batch(self, builder: BatchBuilder, topic: str, *, partition: int) -> asyncio.Future[RecordMetadata]:
        self.submitted.append((partition, builder.record_count()))
        answer: asyncio.Future[RecordMetadata] = asyncio.get_running_loop().create_future()
        base = -1 if self.says_known else self._ends[partition]
        if not self.is_silent:
            answer.set_result(RecordMetadata(topic, partition, TopicPartition(topic, partition), base, -1, 0, 0))
        self._ends[partition] += builder.record_count()
        return answer


@pytest.fixture
def producer(monkeypatch: pytest.MonkeyPatch) -> Producer:
    producer = Producer()
    monkeypatch.setattr(outbox_module, "AIOKafkaProducer", lambda **_: producer)
    return producer


@pytest.fixture
def outbox(producer: Producer) -> Outbox:
    return Outbox("127.0.0.1:1", "test", patience_seconds=0.05)


def records(count: int) -> list[OutRecord]:
    return [OutRecord("t", b"key %d" % number, b"x" * 90) for number in range(count)]


async def test_offsets_come_in_the_order_of_the_records(outbox: Outbox) -> None:
    seen = [0] * PARTITIONS
    expected = []
    for record in records(40):
        partition = outbox_module.partition_of(record.key or b"", PARTITIONS)
        expected.append(seen[partition])
        seen[partition] += 1
    assert await outbox.send(records(40)) == expected


async def test_a_batch_that_is_full_goes_off_before_all_records_are_there(outbox: Outbox, producer: Producer) -> None:
    sending = outbox.open()
    await sending.add([OutRecord("t", b"one", b"x" * 90) for _ in range(12)])
    assert [count for _, count in producer.submitted] == [5, 5]
    await sending.close()
    assert sum(count for _, count in producer.submitted) == 12


async def test_a_batch_that_the_broker_had_already_has_no_offset(outbox: Outbox, producer: Producer) -> None:
    producer.says_known = True
    assert await outbox.send(records(2)) == [-1, -1]


async def test_a_silent_broker_is_given_up_in_the_end(outbox: Outbox, producer: Producer) -> None:
    producer.is_silent = True
    with pytest.raises(FatalError, match="no acknowledgement"):
        await outbox.send(records(1))
