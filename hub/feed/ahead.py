"""Reads the feed's log one batch ahead: while a batch is written, which SQLite does in a thread, the next is made ready.

It reads ahead only where the log is known to go on; at the log's end the next record is asked for when it is wanted.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol

from hub.feed.entry import LogRecord
from hub.feed.projection import Batch

SLICE = 250
"""Records that are made ready in one go, while requests of the same process wait."""


@dataclass(frozen=True, slots=True)
class Portion:
    """`position`: behind it; `timestamps`: of its records, unix ms."""

    batch: Batch
    position: int
    timestamps: tuple[int, ...]


class Log(Protocol):
    """As `FeedLog`."""

    @property
    def end(self) -> int: ...

    def seek(self, position: int) -> None: ...

    async def read(self) -> tuple[list[LogRecord], int]: ...


class Ahead:
    def __init__(self, log: Log) -> None:
        self._log = log
        self._next: asyncio.Task[Portion] | None = None

    async def read(self) -> Portion:
        """What follows, perhaps nothing yet. Raises TruncatedError."""
        task, self._next = self._next or asyncio.create_task(self._make_ready()), None
        try:
            portion = await task  # cancelled together with its caller; the next caller seeks first
        finally:
            task.cancel()
        if portion.position < self._log.end:
            self._next = asyncio.create_task(self._make_ready())
        return portion

    async def seek(self, position: int) -> None:
        await self.stop()
        self._log.seek(position)

    async def stop(self) -> None:
        """Forget what was read ahead."""
        task, self._next = self._next, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _make_ready(self) -> Portion:
        records, position = await self._log.read()
        batch = Batch()
        for at in range(0, len(records), SLICE):
            batch.take(records[at : at + SLICE])
            await asyncio.sleep(0)
        return Portion(batch, position, tuple(record.timestamp for record in records))
