"""Questions to `feed.db`. Each answer comes from one transaction, so items, cursor and digest belong together."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.errors import RetryableError
from hub.feed.filter_sql import changes_after, shown
from hub.feed.filtered_digest import FilteredDigests
from hub.feed.filters import EVERYTHING, Filter
from hub.feed.projection import Standing, read_standing
from hub.feed.quick import find_live, load_changes
from hub.store import feed_db
from hub.store.feed_reader import FeedReader, Stamp

Asked = TypeVar("Asked")

NEAR = 5_000
"""So many positions of the log are walked back through before an index is asked."""
MERGE_STEPS = 32
"""Longest chain of merges that a lookup follows; the engine's own are shorter."""


class FeedNotReadyError(RetryableError):
    """The read model has not been filled yet, or not so far."""


@dataclass(frozen=True, slots=True)
class Row:
    """One opportunity as it stands: its record's bytes and its cursor."""

    cursor: int
    id: str
    record: bytes


@dataclass(frozen=True, slots=True)
class Change:
    """One item of a walk. `record` is None when the item does not match the reader's filter: it gets a stub."""

    cursor: int
    id: str
    record: bytes | None
    is_shown: bool
    """Live, and it matches."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a walk through what is newest stands: behind the item that was published then and has this id."""

    published: int
    id: str


@dataclass(frozen=True, slots=True)
class Found:
    """What an id leads to. `live`: the item; `moved_to`: the live id that has it now; else why it is `closed`."""

    live: Row | None = None
    moved_to: str | None = None
    closed_reason: str | None = None


class Profile:
    """Live items that no filter tells apart: they share their facets and sources."""

    __slots__ = ("items", "sources", "tokens")

    def __init__(self, facets: str, sources: str, items: int) -> None:
        self.tokens = frozenset(facets.split())
        self.sources = tuple(filter(None, sources.split(",")))
        self.items = items


@dataclass(frozen=True, slots=True)
class Count:
    state: str
    kind: str
    sources: tuple[str, ...]
    items: int


class ReadModel:
    def __init__(self, reader: FeedReader) -> None:
        self._reader = reader
        self._digests = FilteredDigests()

    def stamp(self) -> Stamp | None:
        """As `FeedReader.stamp`: equal stamps, taken before, mean equal answers."""
        return self._reader.stamp()

    def _ask_quickly(self, question: Callable[[sqlite3.Connection], Asked | None]) -> Asked | None:
        """None as well when the file cannot be asked at this moment: the slower way waits, and says what is wrong."""
        connection = self._reader.quick()
        try:
            return None if connection is None else question(connection)
        except sqlite3.Error:
            return None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[tuple[AsyncConnection, Standing]]:
        """Raises FeedNotReadyError when there is no read model yet."""
        async with self._reader.begin() as connection:
            try:
                standing = None if connection is None else await read_standing(connection)
            except OperationalError as error:
                raise FeedNotReadyError(f"the feed cannot be read now: {error.orig}") from error
            if connection is None or standing is None:
                raise FeedNotReadyError("the feed has not been read from Kafka yet")
            yield connection, standing

    @asynccontextmanager
    async def filtered_transaction(self, filter_: Filter) -> AsyncIterator[tuple[AsyncConnection, Standing]]:
        """As `transaction`, with counts and digest of what matches."""
        await self._get_to_know(filter_)
        async with self.transaction() as (connection, standing):
            yield connection, await self._digests.load(connection, standing, filter_)

    async def _get_to_know(self, filter_: Filter) -> None:
        """So that the question itself holds no transaction while it waits for its turn."""
        if self._digests.is_known(filter_):
            return
        async with self._digests.first_question():
            if not self._digests.is_known(filter_):
                async with self.transaction() as (connection, standing):
                    await self._digests.load(connection, standing, filter_)

    async def load_standing(self) -> Standing:
        async with self.transaction() as (_, standing):
            return standing

    async def load_after(
        self, cursor: int | Callable[[Standing], int], limit: int, filter_: Filter = EVERYTHING, *, with_digest: bool = True
    ) -> tuple[Standing, list[Change]]:
        """At most `limit` items whose records stand at offsets ≥ `cursor`, in the log's order; `cursor` may be what the
        standing of the same transaction makes of it.

        The standing is the filter's own: its counts and digest speak of what matches. `with_digest`: false spares the work
        for a filter's, where nobody asks for it (a page that is full).
        """

        def start(standing: Standing) -> int:
            return cursor if isinstance(cursor, int) else cursor(standing)

        found = self._ask_quickly(lambda connection: load_changes(connection, start, limit, filter_))
        if found is not None and (filter_.is_all or len(found[1]) == limit or not with_digest):
            return found[0], [_change(*row) for row in found[1]]
        if with_digest:
            await self._get_to_know(filter_)
        async with self.transaction() as (connection, standing):
            rows = await connection.execute(changes_after(filter_), {"after": start(standing), "most": limit})
            changes = [_change(*row) for row in rows.all()]
            if with_digest and len(changes) < limit:
                standing = await self._digests.load(connection, standing, filter_)
            return standing, changes

    async def load_current(self, ids: Sequence[str], filter_: Filter = EVERYTHING) -> tuple[Standing, list[Change]]:
        """These opportunities as they stand now, in the log's order; those that the feed does not know are left out."""
        query = changes_after(filter_).where(feed_db.opportunity.c.id.in_(ids))
        async with self.transaction() as (connection, standing):
            rows = (await connection.execute(query, {"after": -1, "most": len(ids)})).all()
        return standing, [_change(*row) for row in rows]

    async def load_filtered_standing(self, filter_: Filter) -> Standing:
        """Counts and digest of what matches."""
        async with self.filtered_transaction(filter_) as (_, standing):
            return standing

    async def load_latest(self, limit: int, filter_: Filter = EVERYTHING, *, before: int | None = None) -> list[Row]:
        """Live items that match, the one that changed last first; `before`: only those with smaller cursors."""
        async with self.transaction() as (connection, standing):
            return await _load_latest(connection, limit, filter_, standing.position + 1 if before is None else before)

    async def load_newest(
        self, limit: int, filter_: Filter = EVERYTHING, *, behind: Place | None = None
    ) -> tuple[Standing, list[tuple[Place, Row]]]:
        """Live items that match, the one that was published last first. A change of an item does not move it in this order."""
        table = feed_db.opportunity
        query = select(table.c.published, table.c.cursor, table.c.id, table.c.record).where(shown(filter_))
        if behind is not None:
            older = or_(table.c.published < behind.published, and_(table.c.published == behind.published, table.c.id > behind.id))
            query = query.where(table.c.published <= behind.published, older)
        query = query.order_by(table.c.published.desc(), table.c.id).limit(limit)
        async with self.transaction() as (connection, standing):
            rows = (await connection.execute(query)).all()
        return standing, [(Place(row.published, row.id), Row(row.cursor, row.id, row.record)) for row in rows]

    async def load_profiles(self) -> list[Profile]:
        """Of what is live, each combination of facets and sources once."""
        table = feed_db.opportunity
        keys = (table.c.facets, table.c.sources)
        query = select(*keys, func.count()).where(table.c.state == "live").group_by(*keys)
        async with self.transaction() as (connection, _):
            rows = (await connection.execute(query)).all()
        return await asyncio.to_thread(lambda: [Profile(*row) for row in rows])

    async def load_counts(self) -> list[Count]:
        table = feed_db.opportunity
        keys = (table.c.state, table.c.kind, table.c.sources)
        async with self.transaction() as (connection, _):
            rows = (await connection.execute(select(*keys, func.count()).group_by(*keys))).all()
        return [Count(state, kind, tuple(filter(None, sources.split(","))), items) for state, kind, sources, items in rows]

    async def find(self, id_: str) -> Found | None:
        """None for an id that the feed has never had. Raises FeedNotReadyError when that cannot be said yet."""
        live = self._ask_quickly(lambda connection: find_live(connection, id_))
        if live is not None:
            return Found(live=Row(*live))
        async with self.transaction() as (connection, standing):
            found = await _find(connection, id_)
            if found is None and not standing.is_complete:
                raise FeedNotReadyError("the feed is being read from Kafka")
            return found


async def _load_latest(connection: AsyncConnection, limit: int, filter_: Filter, before: int) -> list[Row]:
    """What matches often is found among the last changes. What is rare is looked for in the index of live items: less is
    read there than in walking back through all records, though it must be sorted (`+ 0` keeps SQLite from the walk).
    """
    table = feed_db.opportunity
    query = select(table.c.cursor, table.c.id, table.c.record).order_by(table.c.cursor.desc())
    near = query.where(table.c.cursor < before, table.c.cursor >= before - NEAR, shown(filter_)).limit(limit)
    rows = (await connection.execute(near)).all()
    if len(rows) < limit:
        anywhere = select(table.c.cursor).where(table.c.cursor + 0 < before, shown(filter_))
        chosen = anywhere.order_by((table.c.cursor + 0).desc()).limit(limit)
        rows = (await connection.execute(query.where(table.c.cursor.in_(chosen)))).all()
    return [Row(*row) for row in rows]


async def load_live(connection: AsyncConnection, cursor: int, limit: int, filter_: Filter = EVERYTHING) -> list[Row]:
    """Live items that match, in the log's order, from `cursor` on."""
    table = feed_db.opportunity
    query = select(table.c.cursor, table.c.id, table.c.record).where(table.c.cursor > cursor, shown(filter_))
    return [Row(*row) for row in (await connection.execute(query.order_by(table.c.cursor).limit(limit))).all()]


def _change(cursor: int, id_: str, record: bytes | None, state: str) -> Change:
    return Change(cursor, id_, record, record is not None and state == "live")


async def _find(connection: AsyncConnection, id_: str) -> Found | None:
    table = feed_db.opportunity
    reason: str | None = None
    current, is_known = id_, False
    for _ in range(MERGE_STEPS):
        row = (await connection.execute(select(table).where(table.c.id == current))).first()
        if row is not None and row.state == "live":
            return Found(live=Row(row.cursor, row.id, row.record)) if current == id_ else Found(moved_to=current)
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
