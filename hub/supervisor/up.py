"""`hub up`: one state directory, all roles of one machine.

The lock on the state directory comes first, then the ports: what a second hub would break is refused before anything
starts. The kernel lets the lock go when its holder dies, and every child dies with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from math import ceil
from pathlib import Path

import orjson

from hub.errors import ConfigError
from hub.sdk import load_connectors
from hub.settings import Settings
from hub.store.lock import FileLock
from hub.store.state_dir import HUB_LOCK, refuse_unfinished_restore
from hub.supervisor.display import Display, LineDisplay
from hub.supervisor.forking import Launch, Main, forking, load_shared
from hub.supervisor.http import ANSWER_SECONDS, readiness
from hub.supervisor.jvm import BrokerDesk, become_broker
from hub.supervisor.plan import BROKER, Plan, Port, child_environment, make_plan
from hub.supervisor.ports import find_barred
from hub.supervisor.secret_files import find_faults
from hub.supervisor.steps import database_step, feed_step, topics_step, webhook_secret, webhook_step
from hub.supervisor.supervisor import Step, Supervisor
from hub.telemetry.allocator import give_back_early

PORT_WAIT_SECONDS = 3.0
"""After a killed hub the kernel needs a moment to end its children and free their ports."""


def run_up(settings: Settings, main: Main, *, with_sandbox: bool = True, config: Path | None = None) -> int:
    """Run until SIGINT or SIGTERM; roles are told to `main` what they are. Raises ConfigError when another hub is here, a port is
    taken, or a role says so."""
    give_back_early()
    lock = lock_state_dir(settings.state_dir)
    try:
        return asyncio.run(_run(settings, main, with_sandbox, config))
    finally:
        lock.release()


def lock_state_dir(state_dir: Path) -> FileLock:
    """Raises ConfigError when another hub holds it, it cannot be written, or a restore into it was ended midway."""
    lock = FileLock(state_dir / HUB_LOCK)
    try:
        is_ours = lock.try_acquire()
    except OSError as error:
        raise ConfigError(f"the state directory {state_dir} cannot be written: {error.strerror}; set HUB_STATE_DIR") from error
    if not is_ours:
        raise ConfigError(
            f"another hub is running on the state directory {state_dir}; end it or set another HUB_STATE_DIR and ports"
        )
    try:
        refuse_unfinished_restore(state_dir)
    except ConfigError:
        lock.release()
        raise
    return lock


async def _run(settings: Settings, main: Main, with_sandbox: bool, config: Path | None) -> int:
    display = _make_display()
    sources = list(load_connectors())
    secret = webhook_secret(settings) if with_sandbox else None
    plan = make_plan(settings, sources, with_sandbox=with_sandbox, webhook_secret=secret)
    await refuse_taken_ports(plan.ports)
    stop, hurry = asyncio.Event(), asyncio.Event()
    _listen_to_signals(stop, hurry, display)
    environment = child_environment(plan, os.environ, config)
    has_broker = any(role.name == BROKER for role in plan.roles)
    steps = [
        database_step(settings, environment),
        topics_step(settings, sources, has_broker=has_broker),
        feed_step(settings),
    ]
    if with_sandbox and secret is not None and "vonk" in sources:
        steps.append(webhook_step(settings, secret))
    display.open([role.name for role in plan.roles])
    display.say(
        "hub", f"state in {settings.state_dir}, {len(sources)} connectors{', sandbox' if with_sandbox else ''}; Ctrl-C stops"
    )
    for sentence in find_faults(settings):
        display.say("secrets", sentence)
    try:
        load_shared()
        async with contextlib.AsyncExitStack() as stack:
            desk = await stack.enter_async_context(BrokerDesk(settings, display.say)) if has_broker else None
            code = await _supervisor(settings, plan, steps, display, environment, _launch(main, settings), desk).run(stop, hurry)
        display.say("hub", "stopped")
        return code
    finally:
        display.close()


def _launch(main: Main, settings: Settings) -> Launch:
    """Every role is what `main` makes of its arguments; the broker becomes another program."""

    def be(arguments: Sequence[str]) -> None:
        if arguments[0] == BROKER:
            become_broker(settings)
        main(arguments)

    return forking(be)


def _make_display() -> Display:
    if sys.stdout.isatty() and os.environ.get("TERM", "dumb") not in ("dumb", "unknown"):
        from hub.supervisor.table import TableDisplay

        return TableDisplay()
    return LineDisplay()


def _supervisor(
    settings: Settings,
    plan: Plan,
    steps: list[Step],
    display: Display,
    environment: Mapping[str, str],
    launch: Launch,
    desk: BrokerDesk | None,
) -> Supervisor:
    write_pids = _pid_writer(settings.state_dir / "run.json")

    def on_pids(pids: Mapping[str, int]) -> None:
        write_pids(pids)
        if desk is not None:
            desk.found(pids.get(BROKER))

    return Supervisor(
        plan.roles,
        steps,
        launch=launch,
        environment=environment,
        logs_dir=settings.state_dir / "logs",
        display=display,
        probe=readiness,
        most_silences=ceil(settings.ops.hangs_after_seconds / ANSWER_SECONDS),
        on_pids=on_pids,
    )


def _listen_to_signals(stop: asyncio.Event, hurry: asyncio.Event, display: Display) -> None:
    def asked() -> None:
        if stop.is_set():
            hurry.set()
            return
        display.say("hub", "stopping (once more: at once)")
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, asked)


async def refuse_taken_ports(ports: list[Port], wait_seconds: float = PORT_WAIT_SECONDS) -> None:
    """Raises ConfigError that names every taken port and the setting that moves it, or one that nobody may listen on."""
    deadline = time.monotonic() + wait_seconds
    while barred := find_barred(ports):
        stuck = [one for one in barred if not one.is_taken] or (barred if time.monotonic() > deadline else [])
        if stuck:
            raise ConfigError("; ".join([*(one.said for one in stuck), *dict.fromkeys(one.advice for one in stuck)]))
        await asyncio.sleep(0.1)


def _pid_writer(path: Path) -> Callable[[Mapping[str, int]], None]:
    """`run.json` tells a person which process is which. Nothing depends on it, so a full disk must not stop the hub here."""

    def write(pids: Mapping[str, int]) -> None:
        fresh = path.with_suffix(".tmp")
        with contextlib.suppress(OSError):
            fresh.write_bytes(orjson.dumps({"pid": os.getpid(), "roles": dict(pids)}) + b"\n")
            fresh.replace(path)

    return write
