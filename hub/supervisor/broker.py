"""The role `broker`: the embedded Kafka as a process with health and an ops port.

When the JVM ends, the role ends with a non-zero code and says why; the supervisor starts both again.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import structlog

from hub.broker import probe
from hub.broker.embedded import EmbeddedKafka
from hub.errors import ConfigError, FatalError
from hub.settings import Settings
from hub.telemetry.role import RoleContext

START_SECONDS = 90
"""Longest wait for the first answer; a log recovery after a kill is part of it."""


def kafka_dir(settings: Settings) -> Path:
    return settings.state_dir / "kafka"


async def run_broker(context: RoleContext) -> None:
    """Runs until `context.stop`. Raises ConfigError as `EmbeddedKafka.prepare`, FatalError when the JVM ends by itself."""
    settings = context.settings
    if settings.kafka.bootstrap_servers:
        raise ConfigError(
            "kafka.bootstrap_servers names another broker; unset HUB_KAFKA__BOOTSTRAP_SERVERS to run the embedded one"
        )
    broker = EmbeddedKafka(data_dir=kafka_dir(settings), port=settings.kafka.port, heap_mb=settings.kafka.heap_mb)
    log = structlog.get_logger()
    await asyncio.to_thread(broker.prepare)
    # Here, in the main thread: the JVM's death signal hangs on the thread that forks (see `hub/broker/parent.py`).
    broker.spawn()
    try:
        await _until_ready(context, broker)
        if not context.stop.is_set():
            context.ready()
            log.info("broker ready", port=broker.port, pid=broker.pid)
        while not context.stop.is_set():
            if broker.exit_code() is not None:
                raise FatalError(broker.why_it_ended())
            await _wait(context.stop, 0.2)
    finally:
        await asyncio.to_thread(broker.stop)


async def _until_ready(context: RoleContext, broker: EmbeddedKafka) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not context.stop.is_set() and not await asyncio.to_thread(probe.answers, broker.bootstrap):
        if broker.exit_code() is not None:
            raise FatalError(broker.why_it_ended())
        if time.monotonic() > deadline:
            raise FatalError(f"the embedded broker did not answer within {START_SECONDS} s; see {broker.log_file}")
        await _wait(context.stop, 0.05)


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
