"""The random epoch of a feed: the same while its Kafka topic lives, another when cursors have lost their meaning."""

from __future__ import annotations

import secrets
import time

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.store.hub_db import feed_identity


async def load_epoch(engine: AsyncEngine, topic_id: str) -> str:
    """The epoch of this topic, made at first use."""
    async with engine.begin() as connection:
        found = (await connection.execute(select(feed_identity.c.epoch).where(feed_identity.c.topic_id == topic_id))).scalar()
        if found is not None:
            return str(found)
        epoch = secrets.token_hex(4)
        await connection.execute(insert(feed_identity).values(_row(topic_id, epoch)))
    return epoch


async def renew_epoch(engine: AsyncEngine, topic_id: str) -> str:
    """Give the feed another name: every cursor handed out before is answered 410 from now on."""
    epoch = secrets.token_hex(4)
    async with engine.begin() as connection:
        await connection.execute(delete(feed_identity).where(feed_identity.c.topic_id == topic_id))
        await connection.execute(insert(feed_identity).values(_row(topic_id, epoch)))
    return epoch


def _row(topic_id: str, epoch: str) -> dict[str, object]:
    return {"topic_id": topic_id, "epoch": epoch, "created_at": time.time_ns() // 1_000_000}
