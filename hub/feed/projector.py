"""Follows the feed's log into `feed.db`: one process at a time, by a lock that dies with its holder.

What it reads it applies with the position in one transaction, so it may be killed at any moment. It drops the read
model and reads it again when the topic is another one, when the log has lost what was already projected (then cursors
have lost their meaning and the feed gets another id), and when an operator asks.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.errors import FatalError, HubError, RetryableError
from hub.feed.entry import LogRecord
from hub.feed.log import FeedLog, TruncatedError
from hub.feed.projection import Projection, Standing
from hub.store import feed_db
from hub.store.feed_identity import FeedIdentity, load_identity, renew_identity
from hub.store.lock import FileLock
from hub.telemetry import metrics
from hub.telemetry.health import Health

RETRY_SECONDS = 1.0
WATCH_SECONDS = 5.0
CONFIRMATIONS = 3

log = structlog.get_logger()


class Projector:
    def __init__(
        self, *, feed_log: FeedLog, feed_db: AsyncEngine, hub_db: AsyncEngine, state_dir: Path, health: Health, patience: float
    ) -> None:
        self._log = feed_log
        self._projection = Projection(feed_db)
        self._hub_db = hub_db
        self._lock = FileLock(state_dir / "locks" / "projection.lock")
        self._health = health
        self._patience = patience
        self._state_dir = state_dir
        self._position = 0
        self._end = 0
        self._is_complete = False
        self._is_owner = False
        self._wants_rebuild: asyncio.Future[int] | None = None
        self._must_identify = False

    async def run(self) -> None:
        """Until cancelled. Raises FatalError after the broker was away for too long."""
        self._health.missing("projection", "the feed has not been read from Kafka yet")
        await self._connect()
        watch = asyncio.create_task(self._watch())
        try:
            while not self._lock.try_acquire():
                await self._stand_by()
                if watch.done():
                    watch.result()
            self._is_owner = True
            follow = asyncio.create_task(self._follow())
            try:
                await asyncio.wait({follow, watch}, return_when=asyncio.FIRST_COMPLETED)
                for task in (follow, watch):
                    if task.done():
                        task.result()
            finally:
                await _end(follow)
        finally:
            await _end(watch)
            self._lock.release()

    async def rebuild(self, _: Mapping[str, Any]) -> dict[str, int]:
        """Operator's command: drop the read model and read it again; readers keep their cursors."""
        if not self._is_owner:
            raise HubError("another process of this hub projects the feed: give the command to that one")
        if self._wants_rebuild is None:
            self._wants_rebuild = asyncio.get_running_loop().create_future()
        return {"end": await asyncio.shield(self._wants_rebuild)}

    async def status(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {"is_owner": self._is_owner, "position": self._position, "end": self._end, "is_complete": self._is_complete}

    async def catch_up(self) -> Standing:
        """Read to the log's end once and stop: for the command line when no hub is running. Raises HubError."""
        if not self._lock.try_acquire():
            raise HubError("a running hub projects the feed")
        try:
            await self._identify()
            while not self._is_complete or self._position < self._end:
                await self._step()
            standing = await self._projection.load_standing()
            assert standing is not None
            return standing
        finally:
            self._lock.release()

    async def drop(self) -> None:
        """Empty the read model when no process projects; the next one to start reads it again."""
        if not self._lock.try_acquire():
            raise HubError("a running hub projects the feed")
        try:
            standing = await self._projection.load_standing()
            if standing is not None:
                await self._projection.reset(standing.topic_id, standing.feed_id, standing.base)
        finally:
            self._lock.release()

    # --- following ------------------------------------------------------------------------------------------------

    async def _connect(self) -> None:
        since = time.monotonic()
        while True:
            try:
                await self._log.start()
                break
            except RetryableError as error:
                self._judge_broker(since, error)
                await asyncio.sleep(RETRY_SECONDS)
        self._health.found("broker")

    async def _stand_by(self) -> None:
        """Another process projects: this one is ready as soon as that one has read the log once."""
        standing = await self._projection.load_standing()
        if standing is not None and standing.is_complete:
            self._health.found("projection")
        await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self) -> None:
        await self._identify_when_possible()
        while True:
            if self._wants_rebuild is not None:
                await self._start_rebuild(self._wants_rebuild)
            if self._must_identify:
                await self._identify_when_possible()
            try:
                await self._step()
            except TruncatedError:
                await self._identify_when_possible()

    async def _identify_when_possible(self) -> None:
        while True:
            try:
                await self._identify()
                return
            except RetryableError as error:
                self._health.missing("broker", str(error))
                await asyncio.sleep(RETRY_SECONDS)

    async def _identify(self) -> None:
        """Which log is this, and does what was projected belong to it?"""
        topic_id = await self._log.fetch_topic_id()
        first, self._end = await self._log.fetch_bounds()
        standing = await self._projection.load_standing()
        for _ in range(CONFIRMATIONS):
            # A new leader may state an end that is too low for a moment; a feed is not given up for that.
            if standing is None or standing.topic_id != topic_id or standing.position <= self._end:
                break
            await asyncio.sleep(RETRY_SECONDS)
            first, self._end = await self._log.fetch_bounds()
        if standing is not None and standing.topic_id == topic_id and standing.position > self._end:
            log.error("the feed's log has lost records; readers start anew", offset=self._end, cursor=standing.position)
            identity = await renew_identity(self._hub_db, topic_id)
            await self._reset(identity)
        else:
            identity = await load_identity(self._hub_db, topic_id)
            if standing is None or standing.topic_id != topic_id:
                await self._reset(identity)
            else:
                if standing.feed_id != feed_id_of(identity) or standing.base != identity.base:
                    await self._projection.rename(feed_id_of(identity), identity.base)
                self._position, self._is_complete = standing.position, standing.is_complete
        self._must_identify = False
        self._log.seek(max(self._position, first))
        log.info("the feed is followed", feed_id=feed_id_of(identity), cursor=self._position, offset=self._end)
        if self._is_complete:
            self._health.found("projection")
        else:
            self._health.missing("projection", "the feed is being read from Kafka")
            await self._judge_end()

    async def _reset(self, identity: FeedIdentity) -> None:
        metrics.FEED_REBUILDS.inc()
        await self._projection.reset(identity.topic_id, feed_id_of(identity), identity.base)
        self._position, self._is_complete = 0, False

    async def _start_rebuild(self, answer: asyncio.Future[int]) -> None:
        standing = await self._projection.load_standing()
        assert standing is not None
        await self._reset(await load_identity(self._hub_db, standing.topic_id))
        self._wants_rebuild = None
        self._must_identify = True
        answer.set_result(self._end)

    async def _step(self) -> None:
        records, position = await self._log.read()
        self._end = max(self._end, self._log.end)
        if position > self._position:
            await self._apply(records, position)
            self._position = position
            self._measure(records)
            await self._judge_end()

    async def _apply(self, records: list[LogRecord], position: int) -> None:
        try:
            await self._projection.apply(records, self._position, position)
        except DatabaseError as error:
            if feed_db.is_damaged(error):
                feed_db.remove(self._state_dir)
                raise FatalError(f"feed.db is damaged ({error.orig}) and was removed; it is read again from the log") from error
            raise FatalError(
                f"feed.db cannot be written ({error.orig}); free disk space, it reads on from where it was"
            ) from error

    async def _judge_end(self) -> None:
        if not self._is_complete and self._position >= self._end:
            await self._projection.complete()
            self._is_complete = True
            self._health.found("projection")

    def _measure(self, records: list[LogRecord]) -> None:
        lag = max(0, self._end - self._position)
        now = time.time()
        metrics.FEED_POSITION.set(self._position)
        metrics.FEED_LAG_RECORDS.set(lag)
        metrics.FEED_LAG_SECONDS.set(now - records[-1].timestamp / 1000 if lag and records else 0)
        if self._is_complete:
            for record in records:
                metrics.FEED_READABLE_SECONDS.observe(max(0.0, now - record.timestamp / 1000))

    # --- watching -------------------------------------------------------------------------------------------------

    async def _watch(self) -> None:
        seen = time.monotonic()
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            try:
                _, self._end = await self._log.fetch_bounds()
            except RetryableError as error:
                self._judge_broker(seen, error)
                self._must_identify = True
                continue
            seen = time.monotonic()
            self._health.found("broker")
            metrics.FEED_LAG_RECORDS.set(max(0, self._end - self._position))

    def _judge_broker(self, seen: float, error: RetryableError) -> None:
        away = time.monotonic() - seen
        if away > self._patience:
            raise FatalError(f"the broker has been away for {away:.0f} s: {error}") from error
        self._health.missing("broker", str(error))


def feed_id_of(identity: FeedIdentity) -> str:
    return f"{identity.topic_id}-{identity.epoch}"


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
