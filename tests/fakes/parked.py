"""What a subscription's receiver refused, as `hub.db` has it: no part of the hub asks for all of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.store.hub_db import parked_delivery


async def load_parked(engine: AsyncEngine, id_: str) -> dict[str, Any]:
    """Rows of `parked_delivery` by opportunity."""
    async with engine.begin() as connection:
        rows = await connection.execute(select(parked_delivery).where(parked_delivery.c.subscription == id_))
        return {row.id: row for row in rows}
