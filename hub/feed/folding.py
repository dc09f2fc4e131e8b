"""The compacted fold of the feed's log, read from Kafka itself: what an independent reader holds at one moment.

Two walks over the log and never two records of it in memory: the first learns each id's last offset, the second gives
the records that stand there. What arrives meanwhile belongs to the next fold.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from hub.feed.digest import Digest
from hub.feed.entry import Entry, LogRecord, read_entry
from hub.feed.log import FeedLog, read_span


@dataclass(frozen=True, slots=True)
class Fold:
    """`last`: id → offset of its last readable record; `versions`: of the live ones."""

    first: int
    end: int
    last: dict[str, int]
    versions: dict[str, str]

    @property
    def digest(self) -> Digest:
        return Digest.of(self.versions.items())

    @property
    def live(self) -> int:
        return len(self.versions)

    @property
    def closed(self) -> int:
        return len(self.last) - len(self.versions)


async def load_fold(log: FeedLog) -> Fold:
    first, end = await log.fetch_bounds()
    fold = Fold(first, end, {}, {})
    async for batch in read_span(log, first, end):
        for record in batch:
            take(fold, record)
    return fold


def take(fold: Fold, record: LogRecord) -> None:
    """A record that cannot be read leaves the last good one standing, as in the projection."""
    if record.value is None:
        fold.last.pop(record.key, None)
        fold.versions.pop(record.key, None)
        return
    entry = _entry(record)
    if entry is None:
        return
    fold.last[entry.id] = record.offset
    if entry.is_live:
        fold.versions[entry.id] = entry.version
    else:
        fold.versions.pop(entry.id, None)


async def read_folded(log: FeedLog, fold: Fold) -> AsyncIterator[Entry]:
    """The last record of each id, in the log's order."""
    async for batch in read_span(log, fold.first, fold.end):
        for record in batch:
            if record.value is not None and fold.last.get(record.key) == record.offset:
                yield read_entry(record)


def _entry(record: LogRecord) -> Entry | None:
    try:
        return read_entry(record)
    except ValueError:
        return None
