"""The digest of what a filter leaves, kept from one question to the next.

The first question reads id and version of every live item that matches. Later ones take away what has been superseded
since and add what stands now, so that a reader who asks every two seconds costs as much as the changes in between. What
is older than the read model's memory of superseded items is read anew.

Anybody may make up filters, and a first question about a wide one takes half a second per 100,000 items. So first questions
take turns, and there is a bound to how many wait: whoever makes up hundreds keeps others with a new filter waiting, and
nobody else.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.errors import RetryableError
from hub.feed.digest import Digest
from hub.feed.filter_sql import shown
from hub.feed.filters import Filter
from hub.feed.projection import SUPERSEDED, Standing
from hub.store.feed_db import opportunity, superseded

MOST = 600
"""Filters that are remembered, of 8 KB each."""
MOST_WAITING = 16
"""First questions that may wait for their turn."""


@dataclass(frozen=True, slots=True)
class _Known:
    generation: str
    position: int
    stored: bytes
    live: int


class FilteredDigests:
    def __init__(self) -> None:
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._turn = asyncio.Semaphore(1)
        self._waiting = 0

    def is_known(self, filter_: Filter) -> bool:
        """Has somebody asked for it lately? Then `load` costs next to nothing."""
        return filter_.is_all or filter_.key in self._known

    @asynccontextmanager
    async def first_question(self) -> AsyncIterator[None]:
        """Wait for it before a transaction is begun: those are few. Raises RetryableError when many wait already."""
        if self._waiting >= MOST_WAITING:
            raise RetryableError("many new filters are being asked for; ask for this one again")
        self._waiting += 1
        try:
            async with self._turn:
                yield
        finally:
            self._waiting -= 1

    async def load(self, connection: AsyncConnection, standing: Standing, filter_: Filter) -> Standing:
        """The standing with counts and digest of what matches, true in the connection's transaction."""
        if filter_.is_all:
            return standing
        known = self._known.get(filter_.key)
        if known is None or not _is_near(known, standing):
            digest, live = await _count(connection, filter_)
        elif known.position == standing.position:
            digest, live = Digest.from_bytes(known.stored), known.live
        else:
            digest, live = await _advance(connection, known, filter_)
        self._known[filter_.key] = _Known(standing.generation, standing.position, digest.to_bytes(), live)
        self._known.move_to_end(filter_.key)
        if len(self._known) > MOST:
            self._known.popitem(last=False)
        return replace(standing, digest=digest, live=live, closed=0)


def _is_near(known: _Known, standing: Standing) -> bool:
    passed = standing.position - known.position
    return known.generation == standing.generation and 0 <= passed < SUPERSEDED


async def _count(connection: AsyncConnection, filter_: Filter) -> tuple[Digest, int]:
    query = select(opportunity.c.id, opportunity.c.version).where(shown(filter_))
    rows = (await connection.execute(query)).all()
    # A wide filter matches most of the feed, and hashing that takes longer than other readers should wait.
    return await asyncio.to_thread(Digest.of, [(row.id, row.version) for row in rows]), len(rows)


async def _advance(connection: AsyncConnection, known: _Known, filter_: Filter) -> tuple[Digest, int]:
    digest, live = Digest.from_bytes(known.stored), known.live
    table = superseded
    gone = select(table).where(table.c.cursor > known.position, table.c.was <= known.position)
    for row in (await connection.execute(gone)).all():
        if filter_.matches(frozenset(row.facets.split()), filter(None, row.sources.split(","))):
            digest.remove(row.id, row.version)
            live -= 1
    query = select(opportunity.c.id, opportunity.c.version).where(shown(filter_), opportunity.c.cursor > known.position)
    for row in (await connection.execute(query)).all():
        digest.add(row.id, row.version)
        live += 1
    return digest, live
