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
        await self.write(prepare(records), start, position)

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


@dataclass(frozen=True, slots=True)
class Batch:
    """What records come to: the last of each id and its row, and the ids whose last word is a null value, with its cursor."""

    entries: Sequence[Entry]
    rows: Sequence[tuple[Any, ...]]
    removed: Mapping[str, int]


def prepare(records: Iterable[LogRecord]) -> Batch:
    """What cannot be read changes nothing."""
    last: dict[str, Entry | int] = {}
    for record in records:
        try:
            last[record.key] = cursor_of(record.offset) if record.value is None else read_entry(record)
        except ValueError as error:
            metrics.FEED_UNREADABLE.inc()
            log.error("feed record cannot be read and is passed over", offset=record.offset, reason=str(error))
    entries = [entry for entry in last.values() if isinstance(entry, Entry)]
    removed = {id_: cursor for id_, cursor in last.items() if isinstance(cursor, int)}
    return Batch(entries, [_row(entry) for entry in entries], removed)


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
    """Put the new rows in the place of the old; returns the old ones, without their records. Rows go to the driver as they
    are: to pass each through Core takes longer than SQLite does.
    """
    table = feed_db.opportunity
    kept = (table.c.id, table.c.state, table.c.version, table.c.cursor, table.c.sources, table.c.facets)
    cursors = {**{entry.id: entry.cursor for entry in batch.entries}, **batch.removed}
    ids = list(cursors)
    old: list[Any] = []
    for at in range(0, len(ids), CHUNK):
        old += (await connection.execute(select(*kept).where(table.c.id.in_(ids[at : at + CHUNK])))).all()
    if old:
        await connection.exec_driver_sql("DELETE FROM opportunity WHERE cursor = ?", [(row.cursor,) for row in old])
        await connection.exec_driver_sql("DELETE FROM redirect WHERE target = ?", [(row.id,) for row in old])
    if batch.rows:
        await connection.exec_driver_sql(_INSERT_OPPORTUNITY, list(batch.rows))
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


_INSERT_OPPORTUNITY = _insert(feed_db.opportunity)
_INSERT_SUPERSEDED = _insert(feed_db.superseded)
_INSERT_REDIRECT = _insert(feed_db.redirect)
