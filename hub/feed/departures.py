"""Departures: what a reader of a selection may still hold and should not, the newest first.

Two memories tell them, and both reach back as far as the read model remembers superseded items. A closed item keeps its
facets, so that it is known whose it was, even when the log was read anew since; an item that lives on and left a filter, or
that the log has removed, is known from what it was before its change.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.feed.filter_sql import matching, shown
from hub.feed.filters import Filter
from hub.feed.projection import SUPERSEDED
from hub.store.feed_db import opportunity, superseded


@dataclass(frozen=True, slots=True)
class Departure:
    """`cursor`: of the change by which it left; `record`: what it is now; None when the log has removed it altogether."""

    cursor: int
    id: str
    record: bytes | None


async def load_departures(connection: AsyncConnection, limit: int, filter_: Filter, position: int) -> list[Departure]:
    """At most `limit` items, each once, none of them live and matching now; `position`: up to where the feed is read."""
    table = opportunity
    recent = table.c.cursor > position - SUPERSEDED
    closed = select(table.c.cursor, table.c.id, table.c.record).where(recent, table.c.state == "closed", matching(filter_))
    closed = closed.order_by(table.c.cursor.desc()).limit(limit)
    current, now = table.alias(), table.c.id == superseded.c.id
    left = select(superseded.c.cursor, superseded.c.id, current.c.record)
    left = left.outerjoin(current, current.c.id == superseded.c.id)
    left = left.where(matching(filter_, superseded), ~exists().where(now, shown(filter_)).correlate(superseded))
    left = left.order_by(superseded.c.cursor.desc()).limit(limit)
    found = [Departure(*row) for query in (closed, left) for row in (await connection.execute(query)).all()]
    newest: dict[str, Departure] = {}
    for departure in sorted(found, key=lambda one: -one.cursor):
        newest.setdefault(departure.id, departure)
    return list(newest.values())[:limit]
