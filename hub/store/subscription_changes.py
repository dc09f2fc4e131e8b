"""What a person does to a webhook subscription: make it, with what its receiver holds already, and change it.

Each change has a `changed_at` of its own, even two within one millisecond, so that whoever delivers meanwhile writes nothing
down that was decided before it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.errors import HubError
from hub.store.engine import whole
from hub.store.hub_db import held_item, parked_delivery, subscription
from hub.store.subscriptions import Subscription, remove_subscription

MOST = 20
"""Subscriptions that one subscriber may have."""
RESUMED: Mapping[str, Any] = {"state": "active", "reason": "", "failures": 0, "refused_in_row": 0, "next_at": 0}
"""Values of a subscription that goes on after a pause."""
UNFINISHED = "it was not made to its end: delete it and make it anew"


class TooManyError(HubError):
    """The subscriber has as many as one may have."""


@whole
async def make_subscription(engine: AsyncEngine, made: Subscription) -> None:
    """One that begins with nothing held. Raises TooManyError."""
    row = {name: getattr(made, name) for name in Subscription.__slots__}
    mine = select(func.count()).select_from(subscription).where(subscription.c.subscriber == made.subscriber)
    async with engine.begin() as connection:
        if ((await connection.execute(mine)).scalar() or 0) >= MOST:
            raise TooManyError(f"{made.subscriber} has {MOST} subscriptions already: delete one first")
        await connection.execute(insert(subscription).values({**row, "asked": orjson.dumps(dict(made.asked)).decode()}))


async def make_holding(engine: AsyncEngine, made: Subscription, held: AsyncIterator[Sequence[str]]) -> None:
    """One whose receiver has these already, however many: they are written page by page, and it is made to begin only after
    the last one. Raises TooManyError, and what `held` raises; then nothing is left of it.
    """
    # Left behind by a crash it still misses nothing: without a feed id it would begin anew from the log's start.
    await make_subscription(engine, replace(made, state="paused", reason=UNFINISHED, feed_id="", cursor=0))
    try:
        async for ids in held:
            await _add_held(engine, made.id, ids)
        start: dict[str, Any] = {"state": made.state, "reason": made.reason, "feed_id": made.feed_id, "cursor": made.cursor}
        await alter_subscription(engine, made.id, made.changed_at, **start)
    except BaseException:
        await asyncio.shield(remove_subscription(engine, made.id))
        raise


@whole
async def alter_subscription(engine: AsyncEngine, id_: str, now_ms: int, *, retry_parked: bool = False, **values: Any) -> bool:
    """`retry_parked`: what was refused is due now, and its schedule begins anew. False: there is none of this id."""
    after = case((subscription.c.changed_at >= now_ms, subscription.c.changed_at + 1), else_=now_ms)
    async with engine.begin() as connection:
        changed = update(subscription).where(subscription.c.id == id_).values({**values, "changed_at": after})
        if not (await connection.execute(changed)).rowcount:
            return False
        if retry_parked:
            mine = parked_delivery.c.subscription == id_
            await connection.execute(update(parked_delivery).where(mine).values(next_at=now_ms, tries=0))
    return True


@dataclass(frozen=True, slots=True)
class Tally:
    """How many opportunities a receiver holds, how many it refused that wait, how many of those were given up, and the
    smallest cursor of all that it refused (None: nothing).
    """

    held: int
    parked: int
    given_up: int
    refused_at: int | None

    def complete_cursor(self, cursor: int) -> int:
        """What stands before it has been taken, where everything before `cursor` has been taken or refused."""
        return cursor if self.refused_at is None else max(0, min(cursor, self.refused_at - 1))


@whole
async def count_of(engine: AsyncEngine, id_: str) -> Tally:
    waits = func.coalesce(func.sum(case((parked_delivery.c.next_at > 0, 1), else_=0)), 0)
    refused = select(func.count(), waits, func.min(parked_delivery.c.cursor)).where(parked_delivery.c.subscription == id_)
    async with engine.begin() as connection:
        held = (await connection.execute(select(func.count()).where(held_item.c.subscription == id_))).scalar() or 0
        every, waiting, first = (await connection.execute(refused)).one()
    return Tally(held, waiting, every - waiting, first)


@whole
async def _add_held(engine: AsyncEngine, id_: str, ids: Sequence[str]) -> None:
    async with engine.begin() as connection:
        await connection.execute(insert(held_item), [{"subscription": id_, "id": one} for one in ids])
