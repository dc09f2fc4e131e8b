"""The role `broker` by itself: the embedded Kafka as a process with health and an ops port.

When the JVM ends, the role ends with a non-zero code and says why. A backup may ask for the JVM to stand still while it
opens the files; the role lets it go on by itself when nobody does in time. In `hub up` the supervisor does all this
(`hub/supervisor/jvm.py`).
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Mapping
from typing import Any, Protocol

import structlog

from hub.broker import probe
from hub.broker.configuration import PartnerListener
from hub.broker.embedded import EmbeddedKafka
from hub.errors import ConfigError, FatalError, HubError
from hub.settings import KafkaSettings, Settings
from hub.store.state_dir import kafka_dir, refuse_unfinished_restore
from hub.telemetry.role import RoleContext

START_SECONDS = 90
"""Longest wait for the first answer; a log recovery after a kill is part of it."""
LONGEST_FREEZE_SECONDS = 2.0
"""Less than the silence after which the controller gives the broker up (`broker.session.timeout.ms`)."""


async def run_broker(context: RoleContext) -> None:
    """Runs until `context.stop`. Raises ConfigError as `EmbeddedKafka.prepare`, FatalError when the JVM ends by itself."""
    broker = embedded_kafka(context.settings)
    log = structlog.get_logger()
    await asyncio.to_thread(broker.prepare)
    # Here, in the main thread: the JVM's death signal hangs on the thread that forks (see `hub/broker/parent.py`).
    broker.spawn()
    standstill = Standstill(broker)
    context.commands.update({"kafka.freeze": standstill.begin, "kafka.thaw": standstill.end})
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


def embedded_kafka(settings: Settings) -> EmbeddedKafka:
    """The broker that the settings describe, not yet prepared. Raises ConfigError."""
    if settings.kafka.bootstrap_servers:
        raise ConfigError(
            "kafka.bootstrap_servers names another broker; unset HUB_KAFKA__BOOTSTRAP_SERVERS to run the embedded one"
        )
    refuse_unfinished_restore(settings.state_dir)
    return EmbeddedKafka(
        data_dir=kafka_dir(settings.state_dir),
        port=settings.kafka.port,
        heap_mb=settings.kafka.heap_mb,
        partners=partner_listener(settings.kafka),
    )


def partner_listener(settings: KafkaSettings) -> PartnerListener | None:
    """None: partners are not let in. Raises ConfigError when only a part of what the listener needs is set."""
    needed = {
        "kafka.public_host": settings.public_host,
        "kafka.certificate_file": settings.certificate_file,
        "kafka.key_file": settings.key_file,
    }
    missing = [name for name, value in needed.items() if not value]
    if len(missing) == len(needed):
        return None
    if missing or not (settings.public_host and settings.certificate_file and settings.key_file):
        raise ConfigError(
            f"the listener for partners needs kafka.public_host, kafka.certificate_file and kafka.key_file; "
            f"not set: {', '.join(missing)}. Set all three, or none to keep it off"
        )
    return PartnerListener(
        public_host=settings.public_host,
        port=settings.public_port,
        listen_host=settings.listen_host,
        certificate_file=settings.certificate_file,
        key_file=settings.key_file,
    )


class Freezable(Protocol):
    """Whoever owns the JVM."""

    @property
    def is_running(self) -> bool: ...

    async def freeze(self) -> None:
        """Raises RetryableError."""
        ...

    def thaw(self) -> None: ...


class Standstill:
    """Freezes the JVM for at most LONGEST_FREEZE_SECONDS, whatever becomes of who asked."""

    def __init__(self, broker: Freezable) -> None:
        self._broker = broker
        self._numbers = itertools.count(1)
        self._current: int | None = None
        self._begun = 0.0

    async def begin(self, _: Mapping[str, Any]) -> dict[str, int]:
        """The number of this standstill, which `end` wants back."""
        if self._current is not None:
            raise HubError("the broker stands still already, for another backup")
        # Before the first await: a second call must not come in between.
        number = self._current = next(self._numbers)
        self._begun = time.monotonic()
        asyncio.get_running_loop().call_later(LONGEST_FREEZE_SECONDS, self._thaw, number)
        try:
            await self._broker.freeze()
        except BaseException:
            self._thaw(number)
            raise
        return {"number": number}

    async def end(self, arguments: Mapping[str, Any]) -> dict[str, bool]:
        """`held`: the JVM stood still until now; otherwise it went on before, and what was opened is worth nothing."""
        return {"held": self._thaw(arguments.get("number"))}

    def _thaw(self, number: Any) -> bool:
        if self._current != number or number is None:
            return False
        self._current = None
        held = self._broker.is_running
        self._broker.thaw()
        structlog.get_logger().info("the broker stood still for a backup", seconds=round(time.monotonic() - self._begun, 4))
        return held


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
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
