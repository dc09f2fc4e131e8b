"""How every role runs: logs, ops server, signals, exit code. A role is one coroutine `main(context)`.

`main` runs until `context.stop` is set (SIGTERM, SIGINT) and then leaves tidily; an exception that leaves it ends the
process with the code of its kind, said in one line.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog
import uvloop

from hub.errors import ConfigError, HubError
from hub.settings import Settings
from hub.telemetry import logs, metrics
from hub.telemetry.allocator import give_back_at_rest, give_back_early
from hub.telemetry.contact import EXIT_CONFIG, EXIT_FAILED, EXIT_OK, load_token, ops_port
from hub.telemetry.health import Health
from hub.telemetry.open_files import allow_many_open_files
from hub.telemetry.ops_server import Audit, Command, OpsServer
from hub.telemetry.release import release


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
        self.health.started()
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
    give_back_early()
    logs.configure(role, settings.log_level)
    metrics.BUILD.labels(release()).set(1)
    allow_many_open_files()
    try:
        # uvloop: a request, or a record on its way, takes a quarter less of the processor than on asyncio's own loop.
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_run(role, settings, main, audit, number))
    except ConfigError as error:
        return _say(error, EXIT_CONFIG)
    except (HubError, OSError) as error:
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
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, context.stop.set)
    server = OpsServer(
        host=settings.ops.host,
        port=ops_port(settings, role, number),
        token=load_token(settings.state_dir),
        health=context.health,
        commands=context.commands,
        audit=audit,
    )
    await server.start()
    giving_back = asyncio.create_task(give_back_at_rest())
    try:
        await main(context)
    finally:
        giving_back.cancel()
        await server.stop()


def _say(error: Exception, code: int) -> int:
    structlog.get_logger().error(str(error), code=code)
    print(f"hub: {error}", file=sys.stderr)
    return code
