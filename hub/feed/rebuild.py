"""An operator's wish for a new read model: asked for, under way beside the one that is served, ready, or given up.

One is under way at a time. Whoever follows the log begins it and takes it over, between two steps of its own.
"""

from __future__ import annotations

import asyncio

import structlog

from hub.errors import HubError
from hub.feed.build import FAILURES, Build
from hub.feed.log import FeedLog
from hub.feed.projection import Projection
from hub.store.feed_files import FeedFiles
from hub.telemetry import metrics
from hub.telemetry.logs import describe

SWAP_SECONDS = 5.0

log = structlog.get_logger()


class Rebuild:
    def __init__(self, feed_log: FeedLog, files: FeedFiles) -> None:
        self.build: Build | None = None
        self.failure: str | None = None
        """Why the last one was given up."""
        self._log = feed_log
        self._files = files
        self._asked: asyncio.Future[int] | None = None

    async def ask(self) -> int:
        """Wait until it has begun: the log's end as it sees it. Raises HubError when it cannot begin."""
        if self.build is not None:
            return self.build.end
        if self._asked is None:
            self._asked = asyncio.get_running_loop().create_future()
        return await asyncio.shield(self._asked)

    async def begin_if_asked(self, served: Projection) -> None:
        asked = self._asked
        if asked is None:
            return
        try:
            build = await self.begin(served)
        except FAILURES as error:
            await self.abandon(describe(error))
            asked.set_exception(HubError(f"the rebuild cannot begin: {describe(error)}"))
        else:
            asked.set_result(build.end)
        self._asked = None

    async def begin(self, served: Projection) -> Build:
        """Raises one of FAILURES; then `abandon` what was begun."""
        metrics.FEED_REBUILDS.inc()
        standing = await served.load_standing()
        assert standing is not None
        self.failure = None
        self.build = Build(self._log.beside(), await self._files.create())
        await self.build.start(standing.topic_id, standing.feed_id, standing.base)
        log.info("the read model is made anew beside the one that is served", file=self.build.file.name)
        return self.build

    async def ready(self, position: int) -> Build | None:
        """The build once it stands at `position`, where the served one stands. One that fails is given up."""
        build = self.build
        if build is None or not build.is_near:
            return None
        try:
            return build if await build.reach(position, SWAP_SECONDS) else None
        except FAILURES as error:
            await self.abandon(describe(error))
            return None

    def served(self) -> None:
        """The build is what is served now."""
        self.build = None

    async def abandon(self, why: str | None) -> None:
        build = self.build
        if build is None:
            return
        self.failure = why
        await build.stop()
        await self._files.discard(build.file)
        self.build = None
        log.warning("a rebuild was given up; what was served is served on", file=build.file.name, reason=why)
