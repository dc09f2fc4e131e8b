"""The role ingest: every enabled source on its schedule, the inbound topics, the clock, ghosts and the audit.

One process a hub, and one only, because two writers of raw would disagree on what is known: it holds a lock in the state
directory, and writes once Kafka says that no other hub's ingest writes to the topics; until then it stands by. A partner
being down never makes the role unready; the broker being away does, and ends it when patience ends. Any task that fails
ends the role loudly, and the supervisor starts it again from the log.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from random import Random

import structlog

from hub import topics
from hub.broker import probe
from hub.broker.outbox import Outbox, OutRecord
from hub.broker.ownership import Ownership
from hub.broker.presence import wait_for_broker, watch_topics
from hub.errors import ConfigError, FatalError, HubError
from hub.ingest.audit import Audit
from hub.ingest.clock import Clock
from hub.ingest.commands import Commands
from hub.ingest.inbound import InboundReader, Pusher
from hub.ingest.log import KafkaLog
from hub.ingest.report import show_state
from hub.ingest.runner import SourceRunner
from hub.ingest.schedule import Schedule
from hub.ingest.sources import create_runner, every_seconds, is_enabled, load_states, now_ms, require_known
from hub.ingest.state import SourceState
from hub.sdk.connector import Connector
from hub.settings import Settings
from hub.store.lock import FileLock
from hub.telemetry import metrics
from hub.telemetry.role import RoleContext

GHOST_CHECK_SECONDS = 600.0
AUDIT_RETRY_SECONDS = 30.0
PROBE_SECONDS = 3.0
STOP_SECONDS = 5.0
LOG = structlog.get_logger()


def lock_of(state_dir: Path) -> FileLock:
    return FileLock(state_dir / "ingest.lock")


async def run_ingest(context: RoleContext, connectors: Mapping[str, Connector]) -> None:
    """Run until told to stop. Raises ConfigError, or FatalError when the log fails."""
    settings = context.settings
    require_known(settings, connectors)
    lock = lock_of(settings.state_dir)
    if not lock.try_acquire():
        raise ConfigError(f"another ingest runs on {settings.state_dir}; end it, or set HUB_STATE_DIR for a hub of its own")
    try:
        patience = settings.kafka.patience_seconds
        catalogue = topics.catalogue(connectors)
        if await wait_for_broker(settings.kafka.servers, catalogue, context.health, context.stop, patience_seconds=patience):
            await _run_as_owner(context, connectors)
    finally:
        lock.release()


def ownership_of(settings: Settings) -> Ownership:
    session = settings.streams.session_seconds
    return Ownership(settings.kafka.servers, topics.GROUP_INGEST_OWNER, topics.CHECKPOINT, session_seconds=session)


async def _run_as_owner(context: RoleContext, connectors: Mapping[str, Connector]) -> None:
    ownership = ownership_of(context.settings)
    context.health.missing("ownership", "another ingest owns the topics, or ended just now without a word; this one stands by")
    async with ownership.joined(), AsyncExitStack() as stack:
        if await ownership.acquire(context.stop):
            context.health.found("ownership")
            await _Role(context, connectors, ownership, stack).run()


class _Role:
    def __init__(
        self, context: RoleContext, connectors: Mapping[str, Connector], ownership: Ownership, stack: AsyncExitStack
    ) -> None:
        self._context = context
        self._settings = context.settings
        self._connectors = connectors
        self._ownership = ownership
        self._stack = stack
        kafka = context.settings.kafka
        self._outbox = Outbox(kafka.servers, "hub-ingest", patience_seconds=kafka.patience_seconds)
        self._log = KafkaLog(kafka.servers, self._outbox, patience_seconds=kafka.patience_seconds, require=ownership.require)
        self._clock = Clock(self._log)
        self._runners: dict[str, SourceRunner] = {}
        self._disabled: dict[str, SourceState] = {}
        self._schedules: dict[str, Schedule] = {}

    async def run(self) -> None:
        await self._outbox.start()
        self._stack.push_async_callback(self._stop_outbox)
        await self._create_runners()
        await self._clock.load()
        await asyncio.gather(*(runner.load() for runner in self._runners.values()))
        audit = Audit(self._settings.kafka.servers, self._log, self._runners)
        commands = Commands(self._runners, self._schedules, self._disabled, self._clock, audit, now_ms)
        self._context.commands.update(commands.table())
        self._context.ready()
        LOG.info("ingest is ready", count=len(self._runners))
        ingest = self._settings.ingest
        work = [schedule.run() for schedule in self._schedules.values()]
        work += [
            self._clock_beats(min(ingest.clock_every_seconds, 60.0)),
            _repeat(self._erase_ghosts, GHOST_CHECK_SECONDS),
            self._audits(audit, ingest.audit_every_seconds),
            self._watch_broker(),
            self._ownership.keep(),
            watch_topics(self._settings.kafka.servers, topics.catalogue(self._connectors), self._context.health),
        ]
        if self._runners:
            pushers = {name: Pusher(runner) for name, runner in self._runners.items()}
            work.append(InboundReader(self._settings.kafka.servers, pushers).run())
        await self._context.run_until_stopped(*work)

    async def _create_runners(self) -> None:
        states = await load_states(self._log)
        for name, connector in sorted(self._connectors.items()):
            state = states.get(name) or SourceState(source=name)
            if not is_enabled(connector, self._settings):
                await self._disable(state)
                continue
            runner, http = create_runner(connector, self._settings, self._log, state)
            self._stack.push_async_callback(http.close)
            self._runners[name] = runner
            self._schedules[name] = Schedule(runner, every_seconds(connector, self._settings), self._after_run, Random())

    async def _disable(self, state: SourceState) -> None:
        disabled = state.model_copy(update={"disabled": True})
        if not state.disabled:
            await self._log.produce([OutRecord(topics.CHECKPOINT, state.source.encode(), disabled.to_bytes())])
        self._disabled[state.source] = disabled
        show_state(disabled, None, now_ms())

    async def _after_run(self, runner: SourceRunner) -> None:
        report, stats = runner.state.last_run, runner.http.stats
        if stats.date is not None:
            self._clock.witness(int(stats.date.timestamp() * 1000), int(stats.date_received_at * 1000))
        if report is not None:
            LOG.info(
                "run ended",
                source=runner.name,
                state=report.outcome,
                cause=report.cause,
                records=report.listed,
                added=report.new + report.changed + report.returned,
                removed=report.withdrawn,
                held=report.held,
                seconds=round(report.seconds, 3),
            )

    # --- what runs beside the sources -------------------------------------------------------------------------

    async def _clock_beats(self, every: float) -> None:
        while True:
            await self._clock.beat(now_ms())
            # Just after the next full minute, or sooner where the rhythm is quicker.
            await asyncio.sleep(min(every, 60.05 - time.time() % 60))

    async def _erase_ghosts(self) -> None:
        before = now_ms() - int(self._settings.ingest.ghost_days * topics.DAY_MS)
        for runner in self._runners.values():
            count = await runner.writer.erase(before, f"{runner.name}-erase-{before}")
            metrics.INGEST_ERASED.labels(runner.name).inc(count)

    async def _audits(self, audit: Audit, every: float) -> None:
        await asyncio.sleep(min(every, AUDIT_RETRY_SECONDS))
        while True:
            try:
                await audit.run()
            except FatalError:
                raise
            except HubError as error:
                LOG.info("no audit yet", why=str(error))
                await asyncio.sleep(min(every, AUDIT_RETRY_SECONDS))
                continue
            await asyncio.sleep(every)

    async def _watch_broker(self) -> None:
        servers, patience = self._settings.kafka.servers, self._settings.kafka.patience_seconds
        answered = time.monotonic()
        while True:
            if await asyncio.to_thread(probe.answers, servers):
                answered = time.monotonic()
            away = time.monotonic() - answered
            if away > patience:
                raise FatalError(f"Kafka at {servers} has not answered for {away:.0f} s")
            if away > PROBE_SECONDS or self._outbox.is_waiting:
                self._context.health.missing("broker", f"Kafka at {servers} does not answer or does not acknowledge")
            else:
                self._context.health.found("broker")
            await asyncio.sleep(PROBE_SECONDS)

    async def _stop_outbox(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await self._outbox.stop()


async def _repeat(work: Callable[[], Awaitable[None]], every: float) -> None:
    while True:
        await work()
        await asyncio.sleep(every)
