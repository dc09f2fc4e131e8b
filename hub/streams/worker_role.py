"""The role worker: the stages canonicalise and enrich as agents of one Faust app, each with its reader and group."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog

from hub import topics
from hub.broker.outbox import Outbox
from hub.broker.presence import wait_for_broker
from hub.sdk.connector import Connector
from hub.settings import Settings
from hub.streams import canonicalise, enrich
from hub.streams.faust_app import channel_of, create_app, start_app
from hub.streams.reader import BatchReader, ReaderSettings
from hub.streams.redrive import redrive
from hub.streams.stage import Stage, attach
from hub.telemetry.role import RoleContext

log = structlog.get_logger()


async def run_worker(context: RoleContext, connectors: Mapping[str, Connector]) -> None:
    """Run both stages until told to stop. Raises the error of the first that has to end."""
    settings = context.settings
    servers = settings.kafka.servers
    catalogue = topics.catalogue(connectors)
    if not await wait_for_broker(
        servers, catalogue, context.health, context.stop, patience_seconds=settings.kafka.patience_seconds
    ):
        return
    outbox = Outbox(servers, f"hub-worker-{context.number}", patience_seconds=settings.kafka.patience_seconds)
    await outbox.start()
    app = create_app(f"hub-worker-{context.number}", servers=servers, data_dir=settings.state_dir / "faust")
    raw_topics = tuple(topics.raw(name) for name in sorted(connectors))
    stages = {
        "canonicalise": (canonicalise.create_stage(connectors), topics.GROUP_CANONICALISE, raw_topics),
        "enrich": (enrich.create_stage(connectors), topics.GROUP_ENRICH, (topics.CANONICAL,)),
    }
    readers: dict[str, BatchReader] = {}
    for name, (stage, group, inputs) in stages.items():
        channel = channel_of(app, settings.streams.inflight_batches)
        reading = _reader_settings(settings, name, group, inputs, context.number, topics.compaction_lags(catalogue))
        readers[name] = BatchReader(reading, channel, context.health)
        attach(app, stage, channel, outbox, readers[name].fail)
    counts = {name: sum(one.partitions for one in catalogue if one.name in inputs) for name, (_, _, inputs) in stages.items()}
    _add_commands(context, readers, {name: stage for name, (stage, _, _) in stages.items()}, counts, outbox)
    try:
        await start_app(app)
        for reader in readers.values():
            await app.add_runtime_dependency(reader)
        context.ready()
        await _until_stopped(context, readers.values())
    finally:
        await app.stop()
        await outbox.stop()


def _reader_settings(
    settings: Settings, stage: str, group: str, inputs: tuple[str, ...], number: int, lags: Mapping[str, int]
) -> ReaderSettings:
    return ReaderSettings(
        stage=stage,
        servers=settings.kafka.servers,
        group=group,
        topics=inputs,
        # Static membership: a restart within the session time-out moves no partition. The supervisor numbers workers.
        instance=f"{group}-{number}",
        batch_records=settings.streams.batch_records,
        inflight=settings.streams.inflight_batches,
        compaction_lag_ms=lags,
        patience_seconds=settings.kafka.patience_seconds,
        stalled_seconds=settings.streams.stalled_seconds,
        session_seconds=settings.streams.session_seconds,
    )


async def _until_stopped(context: RoleContext, readers: Any) -> None:
    stopped = asyncio.ensure_future(context.stop.wait())
    done, _ = await asyncio.wait([stopped, *(reader.failure for reader in readers)], return_when=asyncio.FIRST_COMPLETED)
    for future in done - {stopped}:
        future.result()
    stopped.cancel()


def _add_commands(
    context: RoleContext,
    readers: Mapping[str, BatchReader],
    stages: Mapping[str, Stage],
    counts: Mapping[str, int],
    outbox: Outbox,
) -> None:
    """`counts`: of each stage the partitions of its input, whoever has them."""

    def replay_of(stage: str) -> Any:
        async def replay(_: Mapping[str, Any]) -> dict[str, Any]:
            """Read this worker's share of the stage's input again from the start; nothing is written to an input topic."""
            partitions = await readers[stage].replay()
            log.info("replay", stage=stage, count=partitions)
            return {"stage": stage, "worker": context.number, "partitions": partitions, "of": counts[stage]}

        return replay

    async def run_redrive(arguments: Mapping[str, Any]) -> dict[str, Any]:
        return await redrive(context.settings.kafka.servers, int(arguments["offset"]), stages, readers, outbox)

    for name in readers:
        context.commands[f"replay.{name}"] = replay_of(name)
    context.commands["rejected.redrive"] = run_redrive
