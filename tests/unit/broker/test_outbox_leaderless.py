"""What waits to be sent is kept while no broker leads its partition, as it is while none answers."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace

import pytest
from aiokafka import TopicPartition

from hub.broker.outbox import Outbox

LEADERLESS = SimpleNamespace(leader_for_partition=lambda _: -1)


@pytest.mark.parametrize(("seconds", "is_kept"), [(60, True), (301, False)])
async def test_records_wait_for_a_leader_as_long_as_for_a_broker(
    seconds: float, is_kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    producer = Outbox("127.0.0.1:1", "test", patience_seconds=300)._producer
    waiting = producer._message_accumulator
    waiting._cluster = LEADERLESS
    producer._txn_manager.set_pid_and_epoch(1, 0)
    producer._closed = True  # it was never started
    batch = producer.create_batch()
    batch.append(timestamp=None, key=b"k", value=b"v")
    batch.close()
    future = await waiting.add_batch(batch, TopicPartition("out", 0), 1)
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + seconds)
    waiting.drain_by_nodes(())
    monkeypatch.undo()
    await asyncio.sleep(0.01)
    assert future.done() is not is_kept
    if future.done():
        future.exception()
