"""How every role runs: logs, ops server, signals, exit code. A role is one coroutine `main(context)`.

`main` runs until `context.stop` is set (SIGTERM, SIGINT) and then leaves tidily; an exception that leaves it ends the
process with the code of its kind, said in one line.
"""

from __future__ import annotations

import asyncio
import gc
import os
import secrets
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from importlib.metadata import version
from pathlib import Path
from typing import Any

import structlog

from hub.errors import ConfigError, HubError
from hub.settings import Settings
from hub.telemetry import logs, metrics
from hub.telemetry.health import Health
from hub.telemetry.ops_server import Audit, Command, OpsServer

EXIT_OK, EXIT_FAILED, EXIT_CONFIG = 0, 1, 2
OPS_OFFSET = {"ingest": 0, "worker": 1, "unify": 2, "serve": 3, "deliver": 4, "broker": 5, "sandbox": 6}
FURTHER_WORKERS = 10


def ops_port(settings: Settings, role: str, number: int = 1) -> int:
    """Ops port of a role; `number` counts workers from 1."""
    if role == "worker" and number > 1:
        return settings.ops.port + FURTHER_WORKERS + number - 2
    return settings.ops.port + OPS_OFFSET[role]


class RoleContext:
    """What a role's main coroutine is given."""

    def __init__(self, role: str, settings: Settings, number: int = 1) -> None:
        self.role = role
        self.number = number
        self.settings = settings
        self.health = Health()
        self.stop = asyncio.Event()
        self.commands: dict[str, Command] = {}
        """Filled by the role before it is ready: command name → coroutine function of the arguments."""

    def ready(self) -> None:
        self.health.found("start")
        metrics.READY.labels(self.role).set_function(lambda: float(self.health.is_ready))

    async def run_until_stopped(self, *parts: Coroutine[Any, Any, None]) -> None:
        """Run the parts side by side until `stop`. Raises what the first to fail raises: nothing fails in silence."""
        tasks = [asyncio.create_task(part) for part in (_until(self.stop), *parts)]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _until(stop: asyncio.Event) -> None:
    await stop.wait()


def run_role(role: str, settings: Settings, main: Callable[[RoleContext], Awaitable[None]], audit: Audit, number: int = 1) -> int:
    """Run `main` to its end and return the exit code."""
    logs.configure(role, settings.log_level)
    metrics.BUILD.labels(version("regional-talent-hub")).set(1)
    # What a role holds lives long and seldom forms cycles: looking through all of it again and again took a fifth of the time.
    gc.set_threshold(50_000, 20, 20)
    try:
        asyncio.run(_run(role, settings, main, audit, number))
    except ConfigError as error:
        return _say(error, EXIT_CONFIG)
    except HubError as error:
        return _say(error, EXIT_FAILED)
    except OSError as error:
        return _say(error, EXIT_FAILED)
    except Exception as error:
        # Python's own traceback would write the message too, which may quote a record.
        structlog.get_logger().exception("the role failed", code=EXIT_FAILED)
        print(f"hub: a fault of the hub ended the role {role}: {logs.describe(error)}; its log has the place", file=sys.stderr)
        return EXIT_FAILED
    return EXIT_OK


async def _run(role: str, settings: Settings, main: Callable[[RoleContext], Awaitable[None]], audit: Audit, number: int) -> None:
    context = RoleContext(role, settings, number)
    loop = asyncio.get_running_loop()
    for number_ in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number_, context.stop.set)
    server = OpsServer(
        host=settings.ops.host,
        port=ops_port(settings, role, number),
        token=load_token(settings.state_dir),
        health=context.health,
        commands=context.commands,
        audit=audit,
    )
    await server.start()
    try:
        await main(context)
    finally:
        await server.stop()


def load_token(state_dir: Path) -> str:
    """The ops token of a state directory, made at first use, readable by its owner only."""
    path = state_dir / "ops.token"
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ConfigError(f"the state directory {state_dir} cannot be written: {error.strerror}; set HUB_STATE_DIR") from error
    token = secrets.token_urlsafe(32)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(token)
    return token


def _say(error: Exception, code: int) -> int:
    structlog.get_logger().error(str(error), code=code)
    print(f"hub: {error}", file=sys.stderr)
    return code
