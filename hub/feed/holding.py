"""What a reader that stands at a cursor may hold, when a subscription goes on from there and must close what has gone.

A snapshot tells what was live and matched at its cursor. What has not changed since is known as it stands; what has changed
may have been held or not, so all of it counts: to be told to close what one does not have means nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from sqlalchemy import or_, select, union

from hub.errors import RetryableError
from hub.feed.filter_sql import matching, shown
from hub.feed.filters import Filter
from hub.feed.read_model import ReadModel
from hub.store.feed_db import opportunity, superseded

PAGE = 10_000


async def held_at(read_model: ReadModel, filter_: Filter, cursor: int, page: int = PAGE) -> AsyncIterator[Sequence[str]]:
    """Ids in pages, each id once. Raises RetryableError while the feed has not been read up to the cursor."""
    table, reached = opportunity, -1
    query = select(table.c.cursor, table.c.id).where(or_(table.c.cursor > cursor, shown(filter_))).order_by(table.c.cursor)
    async with read_model.transaction() as (connection, standing):
        if not standing.is_complete or standing.position < cursor:
            raise RetryableError("the feed has not been read from Kafka up to this cursor yet")
        while rows := (await connection.execute(query.where(table.c.cursor > reached).limit(page))).all():
            reached = rows[-1].cursor
            yield [row.id for row in rows]


async def departed_since(read_model: ReadModel, filter_: Filter, cursor: int) -> list[str]:
    """Ids of what matched and has closed, or left the filter, after the cursor: a reader that goes back to it may have them
    again. What left the filter and lives on is known as far back as superseded items are (`hub.feed.departures`).
    """
    closed = opportunity.c.state == "closed"
    gone = select(opportunity.c.id).where(opportunity.c.cursor > cursor, closed, matching(filter_))
    left = select(superseded.c.id).where(superseded.c.cursor > cursor, matching(filter_, superseded))
    async with read_model.transaction() as (connection, _):
        return sorted((await connection.execute(union(gone, left))).scalars())
