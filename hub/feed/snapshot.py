"""The snapshot: all live items in one gzipped file, first line the cursor to go on from. Made at most every five minutes.

It is written item by item from one read transaction, so its size does not show in memory and its digest is that of
its items. A new file takes the old one's place in one step; a download under way keeps the old one open. A filter's
snapshot is a file of its own; the least asked for are forgotten, since anybody may ask for any filter.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import io
import os
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import orjson

from hub.errors import RetryableError
from hub.feed.entry import to_item
from hub.feed.projection import Standing
from hub.feed.read_model import ReadModel, Row, load_live
from hub.feed.selection import WHOLE, Selection

EVERY_SECONDS = 300.0
KEEP_SECONDS = 3_600.0
CHUNK_ROWS = 500
SUFFIX = ".ndjson.gz"
MOST_FILTERS = 50
"""Files of filters that are kept; the whole feed's is always."""
MOST_WAITING = 16
"""Files that may be in the making; whoever asks for one more filter comes again."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    path: Path
    feed_id: str
    cursor: int
    made_at: float


class SnapshotFiles:
    """Files are named by what they hold, so processes that share the directory write the same bytes or another name."""

    def __init__(self, read_model: ReadModel, directory: Path, now: Callable[[], float] = time.monotonic) -> None:
        self._read_model = read_model
        self._now = now
        self._directory = directory
        self._current: OrderedDict[str, Snapshot] = OrderedDict()
        self._making: dict[str, asyncio.Task[Snapshot]] = {}
        self._turn = asyncio.Semaphore(2)

    async def load_current(self, selection: Selection = WHOLE) -> Snapshot:
        """The file to send, made anew when it is old and the feed has moved. Raises FeedNotReadyError."""
        standing, key = await self._read_model.load_standing(), selection.key
        known = self._current.get(key)
        if known is not None and _is_good(known, standing, selection, self._now()):
            self._current.move_to_end(key)
            return known
        making = self._making.get(key)
        if making is None:
            if len(self._making) >= MOST_WAITING and key != WHOLE.key:
                raise RetryableError("many snapshots are being made; ask for this one again", retry_after_seconds=10)
            making = self._making[key] = asyncio.create_task(self._make(selection))
            making.add_done_callback(lambda _: self._making.pop(key, None))
        # Shielded: others wait for the same file, and a client that goes away must not take it from them.
        return await asyncio.shield(making)

    async def _make(self, selection: Selection) -> Snapshot:
        async with self._turn:
            snapshot = await self._write(selection)
        former = self._current.get(selection.key)
        self._current[selection.key] = snapshot
        self._current.move_to_end(selection.key)
        filtered = [key for key in self._current if key != WHOLE.key]
        unused = [self._current.pop(key).path for key in filtered[: max(0, len(filtered) - MOST_FILTERS)]]
        if former is not None and former.path != snapshot.path and selection.key != WHOLE.key:
            unused.append(former.path)
        for path in unused:
            await asyncio.to_thread(path.unlink, missing_ok=True)
        await asyncio.to_thread(_remove_old, self._directory, {known.path for known in self._current.values()})
        return snapshot

    async def _write(self, selection: Selection) -> Snapshot:
        await asyncio.to_thread(self._directory.mkdir, parents=True, exist_ok=True)
        name = hashlib.sha256(selection.key.encode()).hexdigest()[:16]
        partial = self._directory / f".{os.getpid()}.{name}.partial"
        made_at = self._now()
        async with self._read_model.filtered_transaction(selection.filter) as (connection, standing):
            # Without a file name and a time inside, equal content is equal bytes.
            with partial.open("wb") as file, gzip.GzipFile("", "wb", 6, file, 0) as packed:
                out = io.BufferedWriter(packed, 2**16)
                out.write(_head(standing, selection))
                after = 0
                while rows := await load_live(connection, after, CHUNK_ROWS, selection.filter):
                    await asyncio.to_thread(out.write, _lines(rows))
                    after = rows[-1].cursor
                out.flush()
        part = "" if selection.filter.is_all else f".{name}"
        target = self._directory / f"{selection.feed_id(standing)}{part}.{standing.position}{SUFFIX}"
        await asyncio.to_thread(partial.replace, target)
        return Snapshot(target, selection.feed_id(standing), standing.position, made_at)


def _is_good(snapshot: Snapshot, standing: Standing, selection: Selection, now: float) -> bool:
    if snapshot.feed_id != selection.feed_id(standing) or snapshot.cursor > standing.position or not snapshot.path.exists():
        return False
    return snapshot.cursor == standing.position or now - snapshot.made_at < EVERY_SECONDS


def _remove_old(directory: Path, kept: set[Path]) -> None:
    oldest = time.time() - KEEP_SECONDS
    for path in (*directory.glob(f"*{SUFFIX}"), *directory.glob(".*.partial")):  # a killed process leaves a part
        try:
            if path not in kept and path.stat().st_mtime < oldest:
                path.unlink()
        except FileNotFoundError:
            continue


def _head(standing: Standing, selection: Selection) -> bytes:
    head = {
        "feed_id": selection.feed_id(standing),
        "cursor": standing.position,
        "digest": standing.digest.hex,
        "count": standing.live,
    }
    return orjson.dumps(head) + b"\n"


def _lines(rows: list[Row]) -> bytes:
    return b"".join(to_item(row.record, row.cursor) + b"\n" for row in rows)
