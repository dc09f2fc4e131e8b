"""What a reader owes to the others of its group: a replay that whoever comes after it goes on with, and silence once its
partitions may be theirs.
"""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError, KafkaTimeoutError

from hub.broker.outbox import OutRecord
from hub.errors import FatalError, HubError
from hub.streams.batch import Batch
from hub.streams.reader import BatchReader, ReaderSettings
from hub.streams.stage import Stage, pass_on
from hub.telemetry.health import Health

FIRST, SECOND = TopicPartition("in", 0), TopicPartition("in", 1)


class Consumer:
    """Two partitions, of which the first began at 7. Notes what is done to it."""

    def __init__(self) -> None:
        self.done: list[tuple[Any, ...]] = []
        self.is_changing = False
        self.is_away = False

    def assignment(self) -> set[TopicPartition]:
        return {FIRST, SECOND}

    async def beginning_offsets(self, _: list[TopicPartition]) -> dict[TopicPartition, int]:
        if self.is_away:
            raise KafkaTimeoutError
        return {FIRST: 7, SECOND: 0}

    async def committed(self, tp: TopicPartition) -> int | None:
        if self.is_away:
            raise KafkaTimeoutError
        return {FIRST: 20}.get(tp)

    def seek(self, tp: TopicPartition, offset: int) -> None:
        self.done.append(("seek", tp, offset))

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        if self.is_changing:
            raise CommitFailedError
        self.done.append(("commit", offsets))


@pytest.fixture
async def reader() -> BatchReader:
    made = BatchReader(ReaderSettings("enrich", "127.0.0.1:1", "g", ("in",), session_seconds=10), None, Health())
    made._consumer = Consumer()
    return made


async def test_the_start_of_a_replay_is_committed_before_it_is_answered(reader: BatchReader) -> None:
    assert await reader.replay() == 2
    assert reader._consumer.done == [("commit", {FIRST: 7, SECOND: 0}), ("seek", FIRST, 7), ("seek", SECOND, 0)]


async def test_a_replay_in_a_group_that_is_changing_is_refused_and_not_begun(reader: BatchReader) -> None:
    reader._consumer.is_changing = True
    batch = under_way(reader)
    with pytest.raises(HubError, match="give the command again"):
        await reader.replay()
    assert (reader._consumer.done, batch.is_forgotten) == ([], False)


async def test_what_is_under_way_when_a_replay_begins_is_forgotten(reader: BatchReader) -> None:
    batch = under_way(reader)
    await reader.replay()
    assert batch.is_forgotten


def under_way(reader: BatchReader) -> Batch:
    batch = Batch("in", 0, [SimpleNamespace(offset=30)], 0.0)
    reader._open.add(FIRST, batch)
    return batch


async def test_a_replay_while_kafka_is_away_is_refused_in_a_sentence(reader: BatchReader) -> None:
    reader._consumer.is_away = True
    with pytest.raises(HubError, match="Kafka does not answer"):
        await reader.replay()
    assert reader._consumer.done == []


@pytest.mark.parametrize(
    ("offset", "begins"),
    [(12, {FIRST: 12, SECOND: 0}), (20, {FIRST: 20, SECOND: 0}), (25, {FIRST: 20, SECOND: 0})],
)
async def test_a_partition_is_read_again_from_an_offset_and_nothing_before_it_is_passed_over(
    reader: BatchReader, offset: int, begins: dict[TopicPartition, int]
) -> None:
    assert await reader.read_again(FIRST, offset)
    commit, *seeks = reader._consumer.done
    assert (sorted(seeks), commit) == ([("seek", tp, begin) for tp, begin in begins.items()], ("commit", begins))


async def test_a_partition_of_another_worker_is_not_read_again(reader: BatchReader) -> None:
    assert not await reader.read_again(TopicPartition("in", 2), 12)
    assert reader._consumer.done == []


class Outgoing:
    def __init__(self) -> None:
        self.added: list[OutRecord] = []
        self.is_closed = False

    async def add(self, records: list[OutRecord]) -> None:
        self.added += records

    async def close(self) -> None:
        self.is_closed = True

    async def acknowledged(self) -> list[int]:
        return []


@pytest.mark.parametrize(("silent", "is_written"), [(7, True), (9, False)])
async def test_who_was_held_up_for_a_session_writes_nothing_more(reader: BatchReader, silent: float, is_written: bool) -> None:
    def step(_: Any) -> list[OutRecord]:
        reader._awake = time.monotonic() - silent  # stopped in the middle of its work
        return [OutRecord("out", b"k", b"v")]

    record = SimpleNamespace(topic="in", partition=0, offset=0, timestamp=0, key=b"k", value=b"", headers=())
    batch = Batch("in", 0, [record], 0.0, require=reader.require_session)
    outgoing = Outgoing()
    stage = Stage("enrich", "test", (step,))
    if is_written:
        await pass_on(stage, batch, outgoing)
    else:
        with pytest.raises(FatalError, match="enrich was held up for 9 s"):
            await pass_on(stage, batch, outgoing)
    assert (bool(outgoing.added), outgoing.is_closed) == (is_written, is_written)
