"""The snapshot: all live items in one gzipped file, first line the cursor to go on from. Made at most every five minutes.

It is written item by item from one read transaction, so its size does not show in memory and its digest is that of
its items. A new file takes the old one's place in one step; a download under way keeps the old one open.
"""

from __future__ import annotations

import asyncio
import gzip
import io
import os
import time
from dataclasses import dataclass
from pathlib import Path

import orjson

from hub.feed.entry import to_item
from hub.feed.projection import Standing
from hub.feed.read_model import ReadModel, Row, load_rows

EVERY_SECONDS = 300.0
KEEP_SECONDS = 3_600.0
CHUNK_ROWS = 500
SUFFIX = ".ndjson.gz"


@dataclass(frozen=True, slots=True)
class Snapshot:
    path: Path
    feed_id: str
    cursor: int
    made_at: float


class SnapshotFile:
    """Files are named by what they hold, so processes that share the directory write the same bytes or another name."""

    def __init__(self, read_model: ReadModel, directory: Path) -> None:
        self._read_model = read_model
        self._directory = directory
        self._current: Snapshot | None = None
        self._making: asyncio.Task[Snapshot] | None = None

    async def load_current(self) -> Snapshot:
        """The file to send, made anew when it is old and the feed has moved. Raises FeedNotReadyError."""
        standing = await self._read_model.load_standing()
        if self._current is not None and self._is_good(self._current, standing):
            return self._current
        if self._making is None or self._making.done():
            self._making = asyncio.create_task(self._make())
        # Shielded: others wait for the same file, and a client that goes away must not take it from them.
        self._current = await asyncio.shield(self._making)
        return self._current

    def _is_good(self, snapshot: Snapshot, standing: Standing) -> bool:
        if not snapshot.path.exists() or snapshot.feed_id != standing.feed_id or snapshot.cursor > standing.position:
            return False
        return snapshot.cursor == standing.position or time.monotonic() - snapshot.made_at < EVERY_SECONDS

    async def _make(self) -> Snapshot:
        await asyncio.to_thread(self._directory.mkdir, parents=True, exist_ok=True)
        partial = self._directory / f".{os.getpid()}.partial"
        made_at = time.monotonic()
        async with self._read_model.transaction() as (connection, standing):
            # Without a file name and a time inside, equal content is equal bytes.
            with partial.open("wb") as file, gzip.GzipFile("", "wb", 6, file, 0) as packed:
                out = io.BufferedWriter(packed, 2**16)
                out.write(_head(standing))
                after = 0
                while rows := await load_rows(connection, after, CHUNK_ROWS, only_live=True):
                    await asyncio.to_thread(out.write, _lines(rows))
                    after = rows[-1].cursor
                out.flush()
        target = self._directory / f"{standing.feed_id}.{standing.position}{SUFFIX}"
        await asyncio.to_thread(partial.replace, target)
        await asyncio.to_thread(_remove_old, self._directory)
        return Snapshot(target, standing.feed_id, standing.position, made_at)


def _remove_old(directory: Path) -> None:
    oldest = time.time() - KEEP_SECONDS
    for path in directory.glob(f"*{SUFFIX}"):
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
        except FileNotFoundError:
            continue


def _head(standing: Standing) -> bytes:
    head = {
        "feed_id": standing.feed_id,
        "cursor": standing.position,
        "digest": standing.digest.hex,
        "count": standing.live,
    }
    return orjson.dumps(head) + b"\n"


def _lines(rows: list[Row]) -> bytes:
    return b"".join(to_item(row.record, row.cursor) + b"\n" for row in rows)
