"""Webhook subscriptions in hub.db: what they are, where they stand, what their receivers hold and have refused.

What was delivered and the cursor behind it are written in one transaction (`advance`), so a crash repeats and never skips.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from hub.store.engine import whole
from hub.store.hub_db import delivery_attempt, held_item, parked_delivery, subscription

State = Literal["active", "paused", "disabled"]
KEPT_ATTEMPTS = 1_000
CHUNK = 500
"""Ids in one IN list."""
REASON_LENGTH = 500
"""Letters of a reason, or of the detail of an attempt."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """As the tables have it (`hub.store.hub_db.subscription`); secrets are encrypted."""

    id: str
    subscriber: str
    url: str
    asked: Mapping[str, str]
    note: str
    state: State
    reason: str
    secret: bytes
    former_secret: bytes | None
    former_until: int | None
    feed_id: str
    cursor: int
    failures: int
    refused_in_row: int
    next_at: int
    created_at: int
    changed_at: int
    revision: int = 0

    @property
    def key(self) -> str:
        """What webhook ids are made of: with another filter the same change may be told otherwise, so it is another webhook."""
        return f"{self.id}/{self.revision}" if self.revision else self.id


@dataclass(frozen=True, slots=True)
class Parked:
    """`next_at` 0: given up."""

    id: str
    cursor: int
    tries: int
    first_at: int
    next_at: int
    detail: str


@dataclass(frozen=True, slots=True)
class Attempt:
    webhook_id: str
    opportunity: str
    cursor: int
    at: int
    status: int | None
    verdict: str
    detail: str
    milliseconds: int


@dataclass(slots=True)
class Progress:
    """What a round of deliveries came to. `values`: columns of the subscription that change."""

    values: dict[str, Any] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    parked: list[Parked] = field(default_factory=list)
    unparked: set[str] = field(default_factory=set)
    attempts: list[Attempt] = field(default_factory=list)


def new_id() -> str:
    return f"sub_{secrets.token_hex(10)}"


@whole
async def load_subscriptions(engine: AsyncEngine, subscriber: str | None = None) -> list[Subscription]:
    query = select(subscription).order_by(subscription.c.created_at, subscription.c.id)
    if subscriber is not None:
        query = query.where(subscription.c.subscriber == subscriber)
    async with engine.begin() as connection:
        return [_read(dict(row)) for row in (await connection.execute(query)).mappings()]


@whole
async def find_subscription(engine: AsyncEngine, id_: str) -> Subscription | None:
    async with engine.begin() as connection:
        row = (await connection.execute(select(subscription).where(subscription.c.id == id_))).mappings().first()
    return None if row is None else _read(dict(row))


@whole
async def remove_subscription(engine: AsyncEngine, id_: str) -> bool:
    async with engine.begin() as connection:
        for table in (held_item, parked_delivery, delivery_attempt):
            await connection.execute(delete(table).where(table.c.subscription == id_))
        return bool((await connection.execute(delete(subscription).where(subscription.c.id == id_))).rowcount)


@whole
async def load_held(engine: AsyncEngine, id_: str, among: Sequence[str]) -> set[str]:
    """Which of these opportunities the receiver has."""
    found: set[str] = set()
    async with engine.begin() as connection:
        for some in _chunks(among):
            query = select(held_item.c.id).where(held_item.c.subscription == id_, held_item.c.id.in_(some))
            found.update((await connection.execute(query)).scalars())
    return found


@whole
async def note_held(engine: AsyncEngine, id_: str, opened: Collection[str], changed_at: int) -> bool:
    """These are about to be sent. False, and nothing is written, when a person has changed the subscription since."""
    if not opened:
        return True
    async with engine.begin() as connection:
        if not await _is_unchanged(connection, id_, changed_at):
            return False
        await _write_held(connection, id_, opened)
    return True


@whole
async def hold_again(engine: AsyncEngine, id_: str, ids: Collection[str]) -> None:
    """Count these as held beside what already is."""
    async with engine.begin() as connection:
        await _write_held(connection, id_, ids)


@whole
async def load_held_after(engine: AsyncEngine, id_: str, after: str, limit: int) -> list[str]:
    """All that the receiver has, in pages by id."""
    query = select(held_item.c.id).where(held_item.c.subscription == id_, held_item.c.id > after)
    async with engine.begin() as connection:
        return list((await connection.execute(query.order_by(held_item.c.id).limit(limit))).scalars())


@dataclass(frozen=True, slots=True)
class Waiting:
    """What was refused and is tried again: `found` by id, `due` of it, and when the next one is (0: there is none)."""

    found: dict[str, Parked]
    due: list[Parked]
    next_at: int


@whole
async def load_waiting(engine: AsyncEngine, id_: str, among: Sequence[str], now_ms: int, limit: int) -> Waiting:
    """What waits among these opportunities (`CHUNK` at most), and the first `limit` that are due."""
    table = parked_delivery
    waits = select(table).where(table.c.subscription == id_, table.c.next_at > 0)
    async with engine.begin() as connection:
        first = (await connection.execute(waits.order_by(table.c.next_at, table.c.id).limit(limit + 1))).all()
        rows = (await connection.execute(waits.where(table.c.id.in_(among[:CHUNK])))).all() if first else []
    early = [_read_parked(row) for row in first]
    due = [one for one in early if one.next_at <= now_ms][:limit]
    found = {one.id: one for one in (*due, *map(_read_parked, rows))}
    return Waiting(found, due, early[len(due)].next_at if len(early) > len(due) else 0)


def _read_parked(row: Any) -> Parked:
    return Parked(row.id, row.cursor, row.tries, row.first_at, row.next_at, row.detail)


@whole
async def count_parked(engine: AsyncEngine) -> int:
    """Of all subscriptions; those that were given up are not counted."""
    query = select(func.count()).select_from(parked_delivery).where(parked_delivery.c.next_at > 0)
    async with engine.begin() as connection:
        return int((await connection.execute(query)).scalar() or 0)


@whole
async def load_attempts(engine: AsyncEngine, id_: str, limit: int, before: int | None = None) -> list[tuple[int, Attempt]]:
    """The newest first, each with its number; `before`: only smaller numbers."""
    table = delivery_attempt
    query = select(table).where(table.c.subscription == id_).order_by(table.c.number.desc()).limit(limit)
    if before is not None:
        query = query.where(table.c.number < before)
    async with engine.begin() as connection:
        rows = (await connection.execute(query)).mappings().all()
    return [(row["number"], Attempt(**{name: row[name] for name in Attempt.__slots__})) for row in rows]


@whole
async def advance(engine: AsyncEngine, id_: str, progress: Progress, changed_at: int) -> bool:
    """Write a round down, all or nothing. False, and nothing is written, when a person has changed the subscription since
    (`changed_at`): what was sent will be sent again.
    """
    async with engine.begin() as connection:
        if not await _is_unchanged(connection, id_, changed_at):
            return False
        if progress.values:
            await connection.execute(update(subscription).where(subscription.c.id == id_).values(progress.values))
        await _write_held(connection, id_, progress.opened, progress.closed)
        await _write_parked(connection, id_, progress)
        await _write_attempts(connection, id_, progress)
    return True


async def _is_unchanged(connection: AsyncConnection, id_: str, changed_at: int) -> bool:
    query = select(subscription.c.changed_at).where(subscription.c.id == id_)
    return bool((await connection.execute(query)).scalar() == changed_at)


async def _write_held(
    connection: AsyncConnection, id_: str, opened: Collection[str], closed: Collection[str] = frozenset()
) -> None:
    for some in _chunks([*opened, *closed]):
        await connection.execute(delete(held_item).where(held_item.c.subscription == id_, held_item.c.id.in_(some)))
    if opened:
        await connection.execute(insert(held_item), [{"subscription": id_, "id": one} for one in sorted(opened)])


async def _write_parked(connection: AsyncConnection, id_: str, progress: Progress) -> None:
    table = parked_delivery
    for some in _chunks([*progress.unparked, *(one.id for one in progress.parked)]):
        await connection.execute(delete(table).where(table.c.subscription == id_, table.c.id.in_(some)))
    rows = [{"subscription": id_, **{name: getattr(one, name) for name in Parked.__slots__}} for one in progress.parked]
    if rows:
        await connection.execute(insert(table), rows)


async def _write_attempts(connection: AsyncConnection, id_: str, progress: Progress) -> None:
    if not progress.attempts:
        return
    table = delivery_attempt
    rows = [{"subscription": id_, **{name: getattr(one, name) for name in Attempt.__slots__}} for one in progress.attempts]
    await connection.execute(insert(table), rows[-KEPT_ATTEMPTS:])
    kept = select(table.c.number).where(table.c.subscription == id_).order_by(table.c.number.desc()).offset(KEPT_ATTEMPTS)
    oldest = (await connection.execute(kept.limit(1))).scalar()
    if oldest is not None:
        await connection.execute(delete(table).where(table.c.subscription == id_, table.c.number <= oldest))


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[at : at + CHUNK] for at in range(0, len(ids), CHUNK))


def _read(row: Mapping[str, Any]) -> Subscription:
    return Subscription(**{**{name: row[name] for name in Subscription.__slots__}, "asked": orjson.loads(row["asked"])})
