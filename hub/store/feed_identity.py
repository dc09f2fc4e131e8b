"""The random epoch of a feed: the same while its Kafka topic lives, another when cursors have lost their meaning."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from hub.store.engine import whole
from hub.store.hub_db import feed_identity, segment_identity


@dataclass(frozen=True, slots=True)
class FeedIdentity:
    """`base`: unix ms at which the epoch was made; RPDE's change numbers begin there, so they never go back."""

    topic_id: str
    epoch: str
    base: int


@whole
async def load_identity(engine: AsyncEngine, topic_id: str) -> FeedIdentity:
    """The identity of this topic, made at first use."""
    async with engine.begin() as connection:
        row = (await connection.execute(select(feed_identity).where(feed_identity.c.topic_id == topic_id))).first()
        if row is not None:
            return FeedIdentity(topic_id, row.epoch, row.created_at)
        return await _make(connection, topic_id)


@whole
async def renew_identity(engine: AsyncEngine, topic_id: str) -> FeedIdentity:
    """Give the feed another name: every cursor handed out before is answered 410 from now on."""
    async with engine.begin() as connection:
        await connection.execute(delete(feed_identity).where(feed_identity.c.topic_id == topic_id))
        return await _make(connection, topic_id)


async def forget_identities(engine: AsyncEngine) -> None:
    """Every feed gets another name when it is next asked for: its log went back in time, as after a restore."""
    async with engine.begin() as connection:
        await connection.execute(delete(feed_identity))


async def _make(connection: AsyncConnection, topic_id: str) -> FeedIdentity:
    made = FeedIdentity(topic_id, secrets.token_hex(4), time.time_ns() // 1_000_000)
    values = {"topic_id": topic_id, "epoch": made.epoch, "created_at": made.base}
    await connection.execute(insert(feed_identity).values(values))
    return made


async def load_segment_bases(engine: AsyncEngine, definitions: Mapping[str, str]) -> dict[str, int]:
    """Per segment the unix ms since which it has had this definition: now, when it is new or another one."""
    now = time.time_ns() // 1_000_000
    async with engine.begin() as connection:
        known = {row.name: row for row in await connection.execute(select(segment_identity))}
        for name, definition in definitions.items():
            row = known.get(name)
            if row is None:
                await connection.execute(insert(segment_identity).values(name=name, definition=definition, created_at=now))
            elif row.definition != definition:
                changed = update(segment_identity).where(segment_identity.c.name == name)
                await connection.execute(changed.values(definition=definition, created_at=now))
    return {name: known[name].created_at if _is_same(known.get(name), text) else now for name, text in definitions.items()}


def _is_same(row: Any, definition: str) -> bool:
    return row is not None and row.definition == definition
