"""The projection's arithmetic on `feed.db`: a batch of records and the position behind it in one transaction.

Digest, counts, rows, redirects and position change together or not at all, so a crash at any moment leaves what some
prefix of the log gives, and reading on from the stored position gives the rest. A batch that does not begin at the
stored position is refused: two projecting processes cannot both win.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from hub.errors import FatalError
from hub.feed.cursor import START, cursor_of
from hub.feed.digest import Digest
from hub.feed.entry import Entry, LogRecord, read_entry
from hub.feed.filters import stored
from hub.store import feed_db
from hub.store.engine import whole
from hub.store.packed import pack
from hub.telemetry import metrics

CHUNK = 500
"""Keys in one IN list."""
SUPERSEDED = 20_000
"""So many positions of the log back it is known what an item was before its change."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Standing:
    """Up to where the feed is read, and what is true there."""

    feed_id: str
    topic_id: str
    base: int
    generation: str
    position: int
    is_complete: bool
    digest: Digest
    live: int
    closed: int


class Projection:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @whole
    async def load_standing(self) -> Standing | None:
        async with self._engine.begin() as connection:
            return await read_standing(connection)

    @whole
    async def let_go(self) -> None:
        """Give back the pages that the writer keeps for a next batch, at rest the larger part of what this process holds of
        the feed.
        """
        async with self._engine.connect() as connection:
            await connection.exec_driver_sql("PRAGMA shrink_memory")

    @whole
    async def reset(self, topic_id: str, feed_id: str, base: int = 0) -> None:
        """Forget everything and stand at the log's start, under this feed id."""
        async with self._engine.begin() as connection:
            for table in (feed_db.opportunity, feed_db.superseded, feed_db.redirect, feed_db.projection):
                await connection.execute(delete(table))
            row = {
                "only": 1,
                "feed_id": feed_id,
                "topic_id": topic_id,
                "base": base,
                "generation": secrets.token_hex(8),
                "position": START,
                "is_complete": False,
                "digest": Digest().to_bytes(),
                "live": 0,
                "closed": 0,
            }
            await connection.execute(insert(feed_db.projection).values(row))

    @whole
    async def rename(self, feed_id: str, base: int) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(update(feed_db.projection).values(feed_id=feed_id, base=base))

    @whole
    async def complete(self) -> None:
        """The log's end was reached."""
        async with self._engine.begin() as connection:
            await connection.execute(update(feed_db.projection).values(is_complete=True))

    async def apply(self, records: Sequence[LogRecord], start: int, position: int) -> None:
        """Take in the records from `start` up to, not including, `position`. Raises FatalError when not in turn."""
        batch = Batch()
        batch.take(records)
        await self.write(batch, start, position)

    @whole
    async def write(self, batch: Batch, start: int, position: int) -> None:
        """As `apply`, of records that were made ready before."""
        async with self._engine.begin() as connection:
            standing = await read_standing(connection)
            if standing is None or standing.position != start:
                stands = None if standing is None else standing.position
                raise FatalError(f"feed.db stands at {stands}, not at {start}: another process projects as well")
            digest, live, closed = standing.digest, standing.live, standing.closed
            for row in await _replace(connection, batch):
                if row.state == "live":
                    digest.remove(row.id, row.version)
                    live -= 1
                else:
                    closed -= 1
            for entry in batch.entries:
                if entry.is_live:
                    digest.add(entry.id, entry.version)
                    live += 1
                else:
                    closed += 1
            aged = feed_db.superseded.c.cursor <= position - SUPERSEDED
            await connection.execute(delete(feed_db.superseded).where(aged))
            values = {"position": position, "digest": digest.to_bytes(), "live": live, "closed": closed}
            await connection.execute(update(feed_db.projection).values(values))


class Batch:
    """What records come to: of each id its last word, an entry with its row, or the cursor of a null value, which removes."""

    def __init__(self) -> None:
        self._taken: dict[str, tuple[Entry, tuple[Any, ...]]] = {}
        self._removed: dict[str, int] = {}

    def take(self, records: Iterable[LogRecord]) -> None:
        """In the log's order. What cannot be read changes nothing."""
        for record in records:
            if record.value is None:
                self._taken.pop(record.key, None)
                self._removed[record.key] = cursor_of(record.offset)
                continue
            try:
                entry = read_entry(record)
            except ValueError as error:
                metrics.FEED_UNREADABLE.inc()
                log.error("feed record cannot be read and is passed over", offset=record.offset, reason=str(error))
                continue
            self._removed.pop(record.key, None)
            self._taken[record.key] = entry, _row(entry)

    @property
    def entries(self) -> list[Entry]:
        return [entry for entry, _ in self._taken.values()]

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        return [row for _, row in self._taken.values()]

    @property
    def cursors(self) -> dict[str, int]:
        """Of every id that is named, the one behind its last word."""
        return {**{id_: entry.cursor for id_, (entry, _) in self._taken.items()}, **self._removed}


async def read_standing(connection: AsyncConnection) -> Standing | None:
    row = (await connection.execute(select(feed_db.projection))).mappings().first()
    return None if row is None else standing_of(dict(row))


def standing_of(row: Mapping[str, Any]) -> Standing:
    """Of a row of `projection`."""
    return Standing(
        feed_id=row["feed_id"],
        topic_id=row["topic_id"],
        base=row["base"],
        generation=row["generation"],
        position=row["position"],
        is_complete=row["is_complete"],
        digest=Digest.from_bytes(row["digest"]),
        live=row["live"],
        closed=row["closed"],
    )


async def _replace(connection: AsyncConnection, batch: Batch) -> list[Any]:
    """Put the new rows in the place of the old; returns the old ones, without their records. Rows go to and from the driver
    as they are: to pass each through Core takes longer than SQLite does.
    """
    cursors = batch.cursors
    ids = list(cursors)
    old: list[Any] = []
    for at in range(0, len(ids), CHUNK):
        chunk = ids[at : at + CHUNK]
        old += (await connection.exec_driver_sql(_SELECT_OLD, (*chunk, *[None] * (CHUNK - len(chunk))))).all()
    if old:
        await connection.exec_driver_sql("DELETE FROM opportunity WHERE cursor = ?", [(row.cursor,) for row in old])
        await connection.exec_driver_sql("DELETE FROM redirect WHERE target = ?", [(row.id,) for row in old])
    if rows := batch.rows:
        await connection.exec_driver_sql(_INSERT_OPPORTUNITY, rows)
    redirects = [(member, entry.id) for entry in batch.entries for member in entry.redirects if member != entry.id]
    if redirects:
        await connection.exec_driver_sql(_INSERT_REDIRECT, redirects)
    if was_live := [_superseded(row, cursors[row.id]) for row in old if row.state == "live"]:
        await connection.exec_driver_sql(_INSERT_SUPERSEDED, was_live)
    return old


def _superseded(row: Any, cursor: int) -> tuple[Any, ...]:
    return (cursor, row.cursor, row.id, row.version, row.sources, row.facets)


def _row(entry: Entry) -> tuple[Any, ...]:
    return (
        entry.cursor,
        entry.id,
        entry.kind,
        entry.state,
        entry.closed_reason,
        entry.merged_into,
        entry.version,
        ",".join(entry.sources),
        stored(entry.tokens),
        entry.published,
        pack(entry.record),
    )


def _insert(table: Table) -> str:
    """Values in the order of the table's columns."""
    names = [column.name for column in table.columns]
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


_SELECT_OLD = f"""
    SELECT id, state, version, cursor, sources, facets FROM opportunity WHERE id IN ({", ".join("?" * CHUNK)})
"""  # nothing but question marks
_INSERT_OPPORTUNITY = _insert(feed_db.opportunity)
_INSERT_SUPERSEDED = _insert(feed_db.superseded)
_INSERT_REDIRECT = _insert(feed_db.redirect)
