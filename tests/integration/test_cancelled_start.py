"""Kafka clients cancelled at any moment of their start, on a real broker: no connection stays open."""

from __future__ import annotations

import asyncio
import gc
from contextlib import suppress

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.conn import AIOKafkaConnection

from hub.broker.embedded import EmbeddedKafka
from hub.broker.running import running

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("kind", [AIOKafkaConsumer, AIOKafkaProducer])
async def test_a_client_cancelled_at_any_moment_of_its_start_leaves_no_connection(kafka: EmbeddedKafka, kind: type) -> None:
    async def use() -> None:
        async with running(kind(bootstrap_servers=kafka.bootstrap)):
            started.set()
            await asyncio.Event().wait()

    completed = 0
    for milliseconds in range(0, 30, 2):
        started = asyncio.Event()
        task = asyncio.create_task(use())
        await asyncio.sleep(milliseconds / 1000)
        completed += started.is_set()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert completed < 15, "no start was cancelled in the middle"
    assert not [it for it in gc.get_objects() if isinstance(it, AIOKafkaConnection) and it.connected()]
