"""The broker of `hub up`: a fork of the supervisor that becomes the JVM, and the ops port at which the supervisor speaks for it.

A process of Python between the two would do nothing but wait for the JVM and hold fifty megabytes for it. So the fork
prepares (`EmbeddedKafka.prepare`) and then goes on as Java: it is the supervisor's child and dies with it as every role
does. What the JVM cannot answer by itself, readiness and the standstill for a backup, stands here.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import NoReturn

from hub.broker import freezing, probe
from hub.broker.configuration import HOST
from hub.errors import ConfigError, HubError, RetryableError
from hub.settings import Settings
from hub.supervisor.broker import START_SECONDS, Standstill, embedded_kafka
from hub.supervisor.plan import BROKER
from hub.telemetry import metrics
from hub.telemetry.contact import EXIT_CONFIG, EXIT_FAILED, load_token, ops_port
from hub.telemetry.health import Health
from hub.telemetry.ops_server import Command, OpsServer, no_audit

ASK_EVERY_SECONDS = 0.05


def become_broker(settings: Settings) -> NoReturn:
    """In a fork: this process goes on as the JVM. Leaves by SystemExit, with the reason said, when it cannot."""
    try:
        broker = embedded_kafka(settings)
        broker.prepare()
        broker.become()
    except (HubError, OSError) as error:
        print(f"hub: {error}", file=sys.stderr)
        sys.exit(EXIT_CONFIG if isinstance(error, ConfigError) else EXIT_FAILED)


class Jvm:
    """The supervisor's child, known by its pid."""

    def __init__(self) -> None:
        self.pid: int | None = None

    @property
    def is_running(self) -> bool:
        return self.pid is not None

    async def freeze(self) -> None:
        """Raises RetryableError, also while the fork prepares: a tool that it started would write on."""
        if self.pid is None or _is_fork(self.pid):
            raise RetryableError("the embedded broker is not running")
        await freezing.freeze(self.pid)

    def thaw(self) -> None:
        if self.pid is not None:
            freezing.thaw(self.pid)


def _is_fork(pid: int) -> bool:
    """Whether it is no other program yet, or gone."""
    with contextlib.suppress(OSError):
        return os.readlink(f"/proc/{pid}/exe") == os.readlink("/proc/self/exe")
    return True


class BrokerDesk:
    """`async with`: answers on the broker's ops port. `found` tells it which process the broker is now."""

    def __init__(self, settings: Settings, say: Callable[[str, str], None]) -> None:
        self._settings = settings
        self._say = say
        self._jvm = Jvm()
        self._health = Health()
        self._began = 0.0
        standstill = Standstill(self._jvm)
        commands: dict[str, Command] = {"kafka.freeze": standstill.begin, "kafka.thaw": standstill.end}
        self._server = OpsServer(
            host=settings.ops.host,
            port=ops_port(settings, BROKER),
            token=load_token(settings.state_dir),
            health=self._health,
            commands=commands,
            audit=no_audit,
        )

    async def __aenter__(self) -> BrokerDesk:
        """Raises ConfigError when the port is taken."""
        await self._server.start()
        self._asking = asyncio.create_task(self._ask())
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._asking.cancel()
        await self._server.stop()
        with contextlib.suppress(HubError, OSError):  # only the next start takes longer
            embedded_kafka(self._settings).keep_archive()

    def found(self, pid: int | None) -> None:
        """The broker's process, or None while there is none. Another one than before has not answered yet."""
        if pid != self._jvm.pid:
            self._jvm.pid, self._began = pid, time.monotonic()
            self._health.starts()

    async def _ask(self) -> None:
        while True:
            await asyncio.sleep(ASK_EVERY_SECONDS)
            pid = self._jvm.pid
            if pid is None or self._health.is_ready:
                continue
            if await probe.answers_soon(HOST, self._settings.kafka.port) and pid == self._jvm.pid:
                self._health.started()
                metrics.READY.labels(BROKER).set_function(lambda: float(self._health.is_ready))
            elif time.monotonic() - self._began > START_SECONDS and pid == self._jvm.pid:
                self._say(BROKER, f"did not answer within {START_SECONDS} s and is ended")
                self._began = math.inf
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
