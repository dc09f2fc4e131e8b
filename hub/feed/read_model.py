"""Questions to `feed.db`. Each answer comes from one transaction, so items, cursor and digest belong together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from hub.errors import RetryableError
from hub.feed.projection import Standing, read_standing
from hub.store import feed_db

MERGE_STEPS = 32
"""Longest chain of merges that a lookup follows; the engine's own are shorter."""


class FeedNotReadyError(RetryableError):
    """The read model has not been filled yet, or not so far."""


@dataclass(frozen=True, slots=True)
class Row:
    """One opportunity as it stands: its record's bytes and its cursor."""

    cursor: int
    record: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """What an id leads to. `live`: the item; `moved_to`: the live id that has it now; else why it is `closed`."""

    live: Row | None = None
    moved_to: str | None = None
    closed_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    state: str
    kind: str
    sources: tuple[str, ...]
    items: int


class ReadModel:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[tuple[AsyncConnection, Standing]]:
        """Raises FeedNotReadyError when there is no read model yet."""
        async with self._engine.connect() as connection, connection.begin():
            try:
                standing = await read_standing(connection)
            except OperationalError as error:
                raise FeedNotReadyError(f"the feed cannot be read now: {error.orig}") from error
            if standing is None:
                raise FeedNotReadyError("the feed has not been read from Kafka yet")
            yield connection, standing

    async def load_standing(self) -> Standing:
        async with self.transaction() as (_, standing):
            return standing

    async def load_after(self, cursor: int, limit: int) -> tuple[Standing, list[Row]]:
        """At most `limit` items whose records stand at offsets ≥ `cursor`, in the log's order."""
        async with self.transaction() as (connection, standing):
            return standing, await load_rows(connection, cursor, limit)

    async def load_latest(self, limit: int) -> list[bytes]:
        """Records of the live items that changed last, newest first."""
        table = feed_db.opportunity
        query = select(table.c.record).where(table.c.state == "live").order_by(table.c.cursor.desc()).limit(limit)
        async with self.transaction() as (connection, _):
            return list((await connection.execute(query)).scalars())

    async def load_counts(self) -> list[Count]:
        table = feed_db.opportunity
        keys = (table.c.state, table.c.kind, table.c.sources)
        async with self.transaction() as (connection, _):
            rows = (await connection.execute(select(*keys, func.count()).group_by(*keys))).all()
        return [Count(state, kind, tuple(filter(None, sources.split(","))), items) for state, kind, sources, items in rows]

    async def find(self, id_: str) -> Found | None:
        """None for an id that the feed has never had. Raises FeedNotReadyError when that cannot be said yet."""
        async with self.transaction() as (connection, standing):
            found = await _find(connection, id_)
            if found is None and not standing.is_complete:
                raise FeedNotReadyError("the feed is being read from Kafka")
            return found


async def load_rows(connection: AsyncConnection, cursor: int, limit: int, *, only_live: bool = False) -> list[Row]:
    table = feed_db.opportunity
    query = select(table.c.cursor, table.c.record).where(table.c.cursor > cursor).order_by(table.c.cursor).limit(limit)
    if only_live:
        query = query.where(table.c.state == "live")
    return [Row(at, record) for at, record in (await connection.execute(query)).all()]


async def _find(connection: AsyncConnection, id_: str) -> Found | None:
    table = feed_db.opportunity
    reason: str | None = None
    current, is_known = id_, False
    for _ in range(MERGE_STEPS):
        row = (await connection.execute(select(table).where(table.c.id == current))).first()
        if row is not None and row.state == "live":
            return Found(live=Row(row.cursor, row.record)) if current == id_ else Found(moved_to=current)
        member_of = await _member_of(connection, current)
        if row is not None:
            is_known, reason = True, row.closed_reason
        following = member_of or (row.merged_into if row is not None else None)
        if following is None:
            break
        current = following
        is_known = True
    return Found(closed_reason=reason) if is_known else None


async def _member_of(connection: AsyncConnection, id_: str) -> str | None:
    """The opportunity that has this id as a member: the live one, else the one that changed last."""
    table, redirect = feed_db.opportunity, feed_db.redirect
    order = (case((table.c.state == "live", 0), else_=1), table.c.cursor.desc())
    query = select(table.c.id).join(redirect, redirect.c.target == table.c.id).where(redirect.c.id == id_).order_by(*order)
    found: str | None = (await connection.execute(query.limit(1))).scalar()
    return found
