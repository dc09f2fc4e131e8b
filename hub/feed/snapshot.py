"""The snapshot: all live items in one gzipped file, first line the cursor to go on from. Made at most every five minutes.

It is written item by item from one read transaction, so its size does not show in memory and its digest is that of
its items. A new file takes the old one's place in one step; a download under way keeps the old one open. A filter's
snapshot is a file of its own; the least asked for are forgotten, since anybody may ask for any filter.

No decision rests on the time of day, which may leap: ages are measured from when this process first saw a file, and a
file's time, its `Last-Modified`, is later than that of the one before it.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import io
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
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
SECOND_NS = 1_000_000_000
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
        self._unused: dict[tuple[Path, int], float] = {}
        """File and its time → when it was first seen without use."""

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
        await asyncio.to_thread(self._remove_old, {known.path for known in self._current.values()})
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
        await asyncio.to_thread(_put_in_place, partial, target, f"*{part}.*{SUFFIX}")
        return Snapshot(target, selection.feed_id(standing), standing.position, made_at)

    def _remove_old(self, kept: set[Path]) -> None:
        """What nobody has used for an hour, other processes' files and what a killed one left among it."""
        now = self._now()
        found = (*_times(self._directory, f"*{SUFFIX}"), *_times(self._directory, ".*.partial"))
        self._unused = {one: self._unused.get(one, now) for one in found if one[0] not in kept}
        for (path, _), since in self._unused.items():
            if now - since >= KEEP_SECONDS:
                path.unlink(missing_ok=True)


def _is_good(snapshot: Snapshot, standing: Standing, selection: Selection, now: float) -> bool:
    if snapshot.feed_id != selection.feed_id(standing) or snapshot.cursor > standing.position or not snapshot.path.exists():
        return False
    return snapshot.cursor == standing.position or now - snapshot.made_at < EVERY_SECONDS


def _put_in_place(partial: Path, target: Path, former: str) -> None:
    """Under a later time than the `former` ones', by a second at least, which is what HTTP can tell: a reader who has one of
    them and asks by its date would take this one for the same."""
    latest = max((time_ns for _, time_ns in _times(target.parent, former)), default=0)
    own = partial.stat().st_mtime_ns
    if own < latest + SECOND_NS:
        os.utime(partial, ns=(latest + SECOND_NS, latest + SECOND_NS))
    partial.replace(target)


def _times(directory: Path, pattern: str) -> Iterator[tuple[Path, int]]:
    for path in directory.glob(pattern):
        try:
            yield path, path.stat().st_mtime_ns
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
