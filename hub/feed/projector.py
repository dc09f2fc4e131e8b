"""Follows the feed's log into `feed.db`: one process at a time, by a lock that dies with its holder.

What it reads it applies with the position in one transaction, so it may be killed at any moment. When an operator asks,
it makes another read model beside the one that is served, which it follows meanwhile, and hands over. It drops what is
served and begins at once when that is of no use: another topic, another layout, or a log that has lost what was already
projected (then cursors have lost their meaning and the feed gets another id).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.errors import FatalError, HubError, RetryableError
from hub.feed.ahead import Ahead, Portion
from hub.feed.build import Build
from hub.feed.log import FeedLog, TruncatedError
from hub.feed.meter import Meter
from hub.feed.projection import Projection, Standing
from hub.feed.read_model import FeedNotReadyError, ReadModel
from hub.feed.rebuild import SWAP_SECONDS, Rebuild
from hub.store.engine import whole
from hub.store.feed_db import is_damaged
from hub.store.feed_files import FeedFile, FeedFiles
from hub.store.feed_identity import FeedIdentity, load_identity, renew_identity
from hub.store.feed_reader import FeedReader
from hub.store.lock import FileLock
from hub.telemetry import metrics
from hub.telemetry.health import Health

RETRY_SECONDS = 1.0
WATCH_SECONDS = 5.0
CONFIRMATIONS = 3

log = structlog.get_logger()


class Projector:
    def __init__(
        self, *, feed_log: FeedLog, hub_db: AsyncEngine, state_dir: Path, health: Health, patience_seconds: float
    ) -> None:
        self._log = feed_log
        self._ahead = Ahead(feed_log)
        self._meter = Meter()
        self._files = FeedFiles(state_dir)
        self._file: FeedFile | None = None
        self._rebuild = Rebuild(feed_log, self._files)
        self._hub_db = hub_db
        self._lock = FileLock(state_dir / "locks" / "projection.lock")
        self._health = health
        self._patience_seconds = patience_seconds
        self._state_dir = state_dir
        self._position = 0
        self._end = 0
        self._is_complete = False
        self._is_owner = False
        self._is_warm = False
        """Something was written since the writer's cache was given back."""
        self._must_identify = False

    async def run(self) -> None:
        """Until cancelled. Raises FatalError after the broker was away for too long."""
        self._health.missing("projection", "the feed has not been read from Kafka yet")
        await self._connect()
        watch = asyncio.create_task(self._watch())
        try:
            await self._await_turn(watch)
            self._is_owner = True
            self._file = await self._files.open_current()
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
            await self._close()

    async def rebuild(self, _: Mapping[str, Any]) -> dict[str, int]:
        """Operator's command: make the read model anew beside the one that is served. Answers when that has begun. Raises
        HubError when it cannot begin now."""
        if not self._is_owner:
            raise HubError("another process of this hub projects the feed: give the command to that one")
        if self._must_identify:
            raise HubError("the rebuild cannot begin while the Kafka broker does not answer: give the command again when it does")
        return {"end": await self._rebuild.ask()}

    async def status(self, _: Mapping[str, Any]) -> dict[str, Any]:
        """`rebuild`: how far it is, null when none is under way; `rebuild_failure`: why the last one was given up."""
        build = self._rebuild.build
        return {
            "is_owner": self._is_owner,
            "position": self._position,
            "end": self._end,
            "is_complete": self._is_complete,
            "file": None if self._file is None else self._file.name,
            "rebuild": None if build is None else {"position": build.position, "end": build.end},
            "rebuild_failure": self._rebuild.failure,
        }

    async def catch_up(self, report: Callable[[int, int], None] | None = None, *, anew: bool = False) -> Standing:
        """Read to the log's end once and stop: for the command line when no hub is running. Raises HubError.

        `anew`: make the read model anew beside what is there; `report` is told position and end.
        """
        if not self._lock.try_acquire():
            raise HubError("a running hub projects the feed")
        try:
            self._file = await self._files.open_current()
            await self._identify()
            while not self._is_complete or self._position < self._end:
                await self._step()
                if report is not None:
                    report(self._position, self._end)
            if anew:
                await self._make_anew(report)
            standing = await self._projection.load_standing()
            assert standing is not None
            return standing
        finally:
            await self._close()

    async def _make_anew(self, report: Callable[[int, int], None] | None) -> None:
        build = await self._rebuild.begin(self._projection)
        try:
            while not build.is_near:
                if report is not None:
                    report(build.position, build.end)
                await asyncio.sleep(0.1)
            while not await build.reach(self._position, SWAP_SECONDS):
                log.warning("the log does not give what it gave before; still waiting", cursor=self._position)
            await self._hand_over(build)
        finally:
            await self._rebuild.abandon(None)

    @property
    def _projection(self) -> Projection:
        assert self._file is not None
        return Projection(self._file.engine)

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

    async def _await_turn(self, watch: asyncio.Task[None]) -> None:
        """While another process projects: this one is ready as soon as that one has read the log once."""
        reader = FeedReader(self._state_dir, connections=1)
        load_standing = whole(ReadModel(reader).load_standing)
        try:
            while not self._lock.try_acquire():
                try:
                    if (await load_standing()).is_complete:
                        self._health.found("projection")
                except FeedNotReadyError as error:
                    self._health.missing("projection", str(error))
                await asyncio.sleep(RETRY_SECONDS)
                if watch.done():
                    watch.result()
        finally:
            await reader.dispose()

    async def _follow(self) -> None:
        await self._identify_when_possible()
        self._files.remove_unused()
        while True:
            if self._must_identify:
                await self._identify_when_possible()
            await self._rebuild.begin_if_asked(self._projection)
            if build := await self._rebuild.ready(self._position):
                await self._hand_over(build)
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
        standing = None if self._file is None else await self._projection.load_standing()
        for _ in range(CONFIRMATIONS):
            # A new leader may state an end that is too low for a moment; a feed is not given up for that.
            if standing is None or standing.topic_id != topic_id or standing.position <= self._end:
                break
            await asyncio.sleep(RETRY_SECONDS)
            first, self._end = await self._log.fetch_bounds()
        if standing is not None and standing.topic_id == topic_id and standing.position > self._end:
            log.error("the feed's log has lost records; readers start anew", offset=self._end, cursor=standing.position)
            identity = await renew_identity(self._hub_db, topic_id)
            await self._begin_anew(identity)
        else:
            identity = await load_identity(self._hub_db, topic_id)
            if standing is None or standing.topic_id != topic_id:
                await self._begin_anew(identity)
            else:
                if standing.feed_id != feed_id_of(identity) or standing.base != identity.base:
                    await self._projection.rename(feed_id_of(identity), identity.base)
                self._position, self._is_complete = standing.position, standing.is_complete
        self._must_identify = False
        await self._ahead.seek(max(self._position, first))
        log.info("the feed is followed", feed_id=feed_id_of(identity), cursor=self._position, offset=self._end)
        if self._is_complete:
            self._health.found("projection")
        else:
            self._health.missing("projection", "the feed is being read from Kafka")
            await self._judge_end()

    async def _begin_anew(self, identity: FeedIdentity) -> None:
        """What is served is of no use: an empty read model takes its place at once."""
        log.warning("no read model of use is there; it is read anew from the log", cursor=0)
        metrics.FEED_REBUILDS.inc()
        await self._rebuild.abandon("the feed's log is another one now")
        file = await self._files.create()
        try:
            await Projection(file.engine).reset(identity.topic_id, feed_id_of(identity), identity.base)
        except BaseException:
            await self._files.discard(file)
            raise
        await self._serve(file)
        self._position, self._is_complete = 0, False

    async def _serve(self, file: FeedFile) -> None:
        former, self._file = self._file, file
        self._files.publish(file)
        if former is not None:
            await former.engine.dispose()
        self._files.remove_unused()

    async def _hand_over(self, build: Build) -> None:
        await build.stop()
        await self._serve(build.file)
        self._position, self._is_complete = build.position, True
        self._rebuild.served()
        # The feed may have got another name meanwhile, and the log is to be read on from where the new one stands.
        await self._identify_when_possible()
        log.info("the read model that was made anew is served", file=build.file.name, cursor=self._position)

    # --- one step -------------------------------------------------------------------------------------------------

    async def _step(self) -> None:
        portion = await self._ahead.read()
        self._end = max(self._end, self._log.end)
        if portion.position > self._position:
            await self._write(portion)
            self._position = portion.position
            self._meter.written(portion.timestamps, is_complete=self._is_complete)
            self._meter.look(self._position, self._end)
            self._is_warm = True
            await self._judge_end()
        elif self._is_warm:
            await self._projection.let_go()
            self._is_warm = False

    async def _write(self, portion: Portion) -> None:
        try:
            await self._projection.write(portion.batch, self._position, portion.position)
        except DatabaseError as error:
            if is_damaged(error):
                self._files.forget_current()
                raise FatalError(f"feed.db is damaged ({error.orig}) and was removed; it is read again from the log") from error
            raise FatalError(
                f"feed.db cannot be written ({error.orig}): make room on the disk, or end what else has the file open; "
                "it reads on from where it was"
            ) from error

    async def _judge_end(self) -> None:
        if not self._is_complete and self._position >= self._end:
            await self._projection.complete()
            self._is_complete = True
            self._health.found("projection")

    # --- watching -------------------------------------------------------------------------------------------------

    async def _watch(self) -> None:
        seen = time.monotonic()
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            if self._is_owner:
                self._files.remove_unused()
            try:
                _, self._end = await self._log.fetch_bounds()
            except RetryableError as error:
                self._judge_broker(seen, error)
                self._must_identify = True
                continue
            seen = time.monotonic()
            self._health.found("broker")
            if self._is_owner:  # who waits for its turn has no position
                self._meter.look(self._position, self._end)

    async def _close(self) -> None:
        try:
            await self._ahead.stop()
            await self._rebuild.abandon("the process ended")
            await self._files.close()
        finally:
            self._file, self._is_owner = None, False
            self._lock.release()

    def _judge_broker(self, seen: float, error: RetryableError) -> None:
        away = time.monotonic() - seen
        if away > self._patience_seconds:
            raise FatalError(f"the broker has been away for {away:.0f} s: {error}") from error
        self._health.missing("broker", str(error))


def feed_id_of(identity: FeedIdentity) -> str:
    return f"{identity.topic_id}-{identity.epoch}"


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
