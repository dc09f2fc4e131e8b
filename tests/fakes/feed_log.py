"""Writes opportunities to the feed's topic, as unify would."""

from __future__ import annotations

from collections.abc import Sequence

from aiokafka import AIOKafkaProducer

from hub.domain.opportunity import Opportunity
from hub.topics import FEED


async def write_feed(servers: str, items: Sequence[Opportunity]) -> int:
    """All acknowledged; returns the log's end behind them."""
    producer = AIOKafkaProducer(bootstrap_servers=servers, acks="all", enable_idempotence=True, linger_ms=5)
    await producer.start()
    try:
        sent = [await producer.send(FEED, key=item.id.encode(), value=item.to_bytes(), partition=0) for item in items]
        return max([(await future).offset for future in sent]) + 1
    finally:
        await producer.stop()
