"""A read model that is made beside the one that is served: its own file, its own reader of the log.

It is handed over once it stands at least where the served one stands, so that what readers see never goes back. Given
up or killed, it leaves a file that nobody reads, which the next one to begin removes.
"""

from __future__ import annotations

import asyncio
import time

import structlog
from sqlalchemy.exc import DatabaseError

from hub.errors import HubError
from hub.feed.ahead import Ahead
from hub.feed.log import FeedLog
from hub.feed.projection import Projection
from hub.store.feed_files import FeedFile

log = structlog.get_logger()

FAILURES = (HubError, DatabaseError, OSError)
"""What ends a build and not the role: what is served goes on."""


class Build:
    def __init__(self, feed_log: FeedLog, file: FeedFile) -> None:
        self.file = file
        self.projection = Projection(file.engine)
        self.position = 0
        self.end = 0
        self._log = feed_log
        self._ahead = Ahead(feed_log)
        self._task: asyncio.Task[None] | None = None

    @property
    def is_near(self) -> bool:
        """It has reached the end that the log had, or has failed: time to hand over, or to give up."""
        return self._task is not None and self._task.done()

    async def start(self, topic_id: str, feed_id: str, base: int) -> None:
        """Begin to read from the log's start. Raises RetryableError when the broker does not answer."""
        await self._log.start()
        await self.projection.reset(topic_id, feed_id, base)
        first, self.end = await self._log.fetch_bounds()
        await self._ahead.seek(first)
        self._task = asyncio.create_task(self._approach())

    async def reach(self, position: int, seconds: float) -> bool:
        """Go on to this position and be complete; false when the log did not give it in time. Raises what reading raised."""
        assert self._task is not None
        await self._task
        deadline = time.monotonic() + seconds
        while self.position < position:
            if time.monotonic() > deadline:
                return False
            await self._step()
        await self.projection.complete()
        return True

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._ahead.stop()
        await self._log.stop()

    async def _approach(self) -> None:
        while self.position < self.end:
            await self._step()
            self.end = max(self.end, self._log.end)

    async def _step(self) -> None:
        portion = await self._ahead.read()
        if portion.position > self.position:
            await self.projection.write(portion.batch, self.position, portion.position)
            self.position = portion.position
