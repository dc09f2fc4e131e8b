"""The role unify: wait for ownership, rebuild, claim, publish the differences, go live; again when told to rebuild.

One pass through this is a term. A term ends with the process told to stop, with an order to rebuild, with partitions
taken away by the group (a standby came: rebuild when they come back), or with an error that ends the role.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from hub import topics
from hub.broker.outbox import Outbox
from hub.broker.presence import wait_for_broker
from hub.errors import HubError
from hub.matching import MatchModel
from hub.sdk.connector import Connector
from hub.streams import unify
from hub.streams.faust_app import channel_of, create_app, start_app
from hub.streams.inputs import INPUTS
from hub.streams.ledger import Ledger
from hub.streams.reader import BatchReader, ReaderSettings
from hub.streams.rebuild import Plan, not_parked_yet, plan, read_feed, rebuild_engine
from hub.streams.unify import Publisher
from hub.streams.unify_commands import UnifyCommands
from hub.telemetry import metrics
from hub.telemetry.role import RoleContext

log = structlog.get_logger()
BATCH_RECORDS, INFLIGHT = 500, 2
"""Upper bounds, whatever the stages' settings: a second's work. More of it in memory would make nothing quicker."""


class UnifyRole:
    """`platform_hosts`: authority of each platform's own pages → source (the echo check needs it)."""

    def __init__(
        self, context: RoleContext, connectors: Mapping[str, Connector], platform_hosts: Mapping[str, str], model: MatchModel
    ) -> None:
        self._context = context
        self._settings = context.settings
        self._servers = context.settings.kafka.servers
        self._connectors = connectors
        self._platform_hosts = platform_hosts
        self._model = model
        self._instance = uuid.uuid4().hex[:12]
        self._term = unify.Term()
        self._held: Plan | None = None
        self._released: frozenset[str] = frozenset()
        self._decided = asyncio.Event()
        self._rebuild = asyncio.Event()
        self._outbox = Outbox(self._servers, "hub-unify", patience_seconds=context.settings.kafka.patience_seconds)

    async def run(self) -> None:
        context = self._context
        patience = self._settings.kafka.patience_seconds
        catalogue = topics.catalogue(self._connectors)
        if not await wait_for_broker(self._servers, catalogue, context.health, context.stop, patience_seconds=patience):
            return
        self._add_commands()
        await self._outbox.start()
        try:
            while not context.stop.is_set():
                await self._one_term()
        finally:
            await self._outbox.stop()

    # --- one term -------------------------------------------------------------------------------------------------

    async def _one_term(self) -> None:
        context = self._context
        self._rebuild.clear()
        context.health.missing("rebuild", "the engine is being rebuilt from its topics")
        context.health.missing("ownership", "another unify owns the topics; this one stands by")
        app = create_app("hub-unify", servers=self._servers, data_dir=self._settings.state_dir / "faust")
        settings = self._reader_settings()
        channel = channel_of(app, settings.inflight)
        reader = BatchReader(settings, channel, context.health)
        unify.attach(app, channel, self._term, self._outbox, reader.fail)
        watcher: asyncio.Task[None] | None = None
        await start_app(app)
        try:
            await app.add_runtime_dependency(reader)
            if not await self._wait(reader, reader.assigned):
                return
            context.health.found("ownership")
            rebuilt = await self._rebuild_within_term(reader)
            if rebuilt is None:
                return
            self._term.publisher = rebuilt.publisher
            watcher = asyncio.create_task(unify.watch(self._servers, rebuilt.publisher, rebuilt.feed_position))
            watcher.add_done_callback(lambda task: _pass_on(task, reader))
            await reader.go_live(rebuilt.positions)
            context.health.found("rebuild")
            context.ready()
            await self._wait(reader, self._rebuild)
        finally:
            await app.stop()
            self._term.publisher = None
            if watcher is not None:
                watcher.cancel()
                await asyncio.gather(watcher, return_exceptions=True)

    async def _rebuild_within_term(self, reader: BatchReader) -> _Live | None:
        """As `_rebuild_and_publish`, given up as soon as the term ends: who has lost its partitions claims no more."""
        rebuilding = asyncio.create_task(self._rebuild_and_publish(reader))
        is_through = asyncio.Event()
        rebuilding.add_done_callback(lambda _: is_through.set())
        try:
            return await rebuilding if await self._wait(reader, is_through) else None
        finally:
            rebuilding.cancel()
            await asyncio.gather(rebuilding, return_exceptions=True)

    async def _rebuild_and_publish(self, reader: BatchReader) -> _Live | None:
        """Rebuild, claim, and publish the differences. None when the term ended meanwhile."""
        started = time.monotonic()
        while True:
            rebuilt = await rebuild_engine(self._servers, self._platform_hosts, self._model)
            # The claim comes before the feed is read: what a former owner writes after it is seen by the watch.
            term = await unify.claim(self._outbox, self._instance)
            feed, feed_position = await read_feed(self._servers)
            ledger = Ledger()
            for said in feed.values():
                ledger.read(said)
            planned = await plan(rebuilt.engine, feed, ledger)
            if not self._is_held(planned):
                break
            if not await self._hold(planned, reader):
                return None
        publisher = Publisher(rebuilt.engine, ledger, self._outbox, term)
        await self._outbox.send(await not_parked_yet(self._servers, rebuilt.letters))
        written = await publisher.publish(planned.records)
        self._released = frozenset()
        publisher.count()
        metrics.UNIFY_TERM.set(term)
        metrics.UNIFY_REBUILD_SECONDS.set(time.monotonic() - started)
        log.info("rebuilt", term=term, records=rebuilt.engine.counts["postings"], count=written)
        return _Live(publisher, rebuilt.positions, feed_position)

    async def _wait(self, reader: BatchReader, event: asyncio.Event) -> bool:
        """Wait for `event`; False when the term ends instead. Raises what ends the role."""
        ends = (event, self._context.stop, reader.revoked, self._rebuild)
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(one.wait()) for one in ends]
        try:
            await asyncio.wait([*waits, reader.failure], return_when=asyncio.FIRST_COMPLETED)
            if reader.failure.done():
                reader.failure.result()
            return event.is_set()
        finally:
            for wait in waits:
                wait.cancel()

    def _reader_settings(self) -> ReaderSettings:
        streams = self._settings.streams
        return ReaderSettings(
            stage="unify",
            servers=self._servers,
            group=topics.GROUP_UNIFY,
            topics=INPUTS,
            batch_records=min(streams.batch_records, BATCH_RECORDS),
            inflight=min(streams.inflight_batches, INFLIGHT),
            partition_bytes=2**20,
            compaction_lag_ms=topics.compaction_lags(topics.catalogue(self._connectors)),
            patience_seconds=self._settings.kafka.patience_seconds,
            stalled_seconds=streams.stalled_seconds,
            session_seconds=streams.session_seconds,
            is_gated=True,
            is_exclusive=True,
        )

    # --- the brake ------------------------------------------------------------------------------------------------

    def _is_held(self, planned: Plan) -> bool:
        streams = self._settings.streams
        return planned.is_braked(
            percent=streams.rebuild_brake_percent, min_items=streams.rebuild_brake_min_items, released=self._released
        )

    async def _hold(self, planned: Plan, reader: BatchReader) -> bool:
        """Hold the rebuild until the operator decides. True: judge again (a released plan then passes)."""
        self._held = planned
        self._decided.clear()
        count = len(planned.unexplained)
        metrics.UNIFY_HELD.set(count)
        log.error("the rebuild is held", held=count, count=planned.live_before)
        self._context.health.missing(
            "brake",
            f"this rebuild would close {count} of {planned.live_before} live opportunities without a record that says so; "
            "`hub held show unify`, then mend enriched (`hub replay enrich`) and `hub held discard unify`, or release it",
        )
        try:
            return await self._wait(reader, self._decided)
        finally:
            self._held = None
            metrics.UNIFY_HELD.set(0)
            self._context.health.found("brake")

    # --- the operator's commands ----------------------------------------------------------------------------------

    def _add_commands(self) -> None:
        self._context.commands.update(
            {
                "held.list": self._held_list,
                "held.show": self._held_show,
                "held.release": self._held_release,
                "held.discard": self._held_discard,
                "replay.unify": self._replay,
                **UnifyCommands(lambda: self._need_publisher().engine, self._outbox, self._platform_hosts).by_name(),
            }
        )

    async def _held_list(self, _: Mapping[str, Any]) -> list[dict[str, Any]]:
        if self._held is None:
            return []
        why = "a rebuild would close live opportunities without a record that says so"
        return [{"source": "unify", "count": len(self._held.unexplained), "of": self._held.live_before, "reason": why}]

    async def _held_show(self, _: Mapping[str, Any]) -> dict[str, Any]:
        held = self._need_held()
        return {"source": "unify", "digest": held.digest, "of": held.live_before, "items": held.unexplained}

    async def _held_release(self, _: Mapping[str, Any]) -> dict[str, Any]:
        held = self._need_held()
        self._released = frozenset(held.unexplained)
        self._decided.set()
        return {"source": "unify", "released": len(held.unexplained)}

    async def _held_discard(self, _: Mapping[str, Any]) -> dict[str, Any]:
        held = self._need_held()
        self._decided.set()
        return {"source": "unify", "discarded": len(held.unexplained)}

    def _need_held(self) -> Plan:
        if self._held is None:
            raise HubError("unify holds nothing")
        return self._held

    async def _replay(self, _: Mapping[str, Any]) -> dict[str, Any]:
        self._rebuild.set()
        return {"stage": "unify", "outcome": "the rebuild begins"}

    def _need_publisher(self) -> Publisher:
        if self._term.publisher is None:
            raise HubError("unify is not live yet: see its /readyz")
        return self._term.publisher


@dataclass(frozen=True)
class _Live:
    publisher: Publisher
    positions: dict[str, int]
    feed_position: int


def _pass_on(task: asyncio.Task[None], reader: BatchReader) -> None:
    """A watch that ended on its own ends the role."""
    if not task.cancelled() and (error := task.exception()) is not None:
        reader.fail(error if isinstance(error, Exception) else RuntimeError(str(error)))
