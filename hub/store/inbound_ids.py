"""Webhook ids already taken in, so that a repeat is answered without effect. Kept for thirty days."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.store.hub_db import inbound_id

KEEP_MS = 30 * 24 * 3_600_000


class InboundIds:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def is_known(self, source: str, webhook_id: str) -> bool:
        query = select(inbound_id.c.at).where(inbound_id.c.source == source, inbound_id.c.webhook_id == webhook_id)
        async with self._engine.begin() as connection:
            return (await connection.execute(query)).first() is not None

    async def remember(self, source: str, webhook_id: str, now_ms: int) -> None:
        """Called after the broker's acknowledgement, never before: a crash between the two repeats, it never loses."""
        row = {"source": source, "webhook_id": webhook_id, "at": now_ms}
        async with self._engine.begin() as connection:
            await connection.execute(insert(inbound_id).values(row).on_conflict_do_nothing())
            await connection.execute(delete(inbound_id).where(inbound_id.c.at < now_ms - KEEP_MS))
