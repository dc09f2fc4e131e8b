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
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import orjson

from hub.broker.parent import die_with_parent
from hub.broker.probe import is_port_free
from hub.errors import ConfigError, HubError, RetryableError
from hub.sdk.webhook import new_secret
from hub.settings import Settings
from hub.store.lock import FileLock
from hub.store.state_dir import HUB_DB, HUB_LOCK, refuse_unfinished_restore
from hub.supervisor.display import Display, LineDisplay
from hub.supervisor.forking import Launch, Main, forking, load_shared
from hub.supervisor.http import post_json, read_json, readiness
from hub.supervisor.jvm import BrokerDesk, become_broker
from hub.supervisor.plan import BROKER, DATABASE, TOPICS, Plan, Port, child_environment, local_url, make_plan
from hub.supervisor.supervisor import Step, Supervisor
from hub.telemetry.allocator import give_back_early
from hub.telemetry.contact import EXIT_CONFIG
from hub.topics import catalogue

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
    from hub.sdk import load_connectors

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
        _topics_step(settings, sources, has_broker=has_broker),
        _feed_step(settings),
    ]
    if with_sandbox and secret is not None and "vonk" in sources:
        steps.append(_webhook_step(settings, secret))
    display.open([role.name for role in plan.roles])
    display.say(
        "hub", f"state in {settings.state_dir}, {len(sources)} connectors{', sandbox' if with_sandbox else ''}; Ctrl-C stops"
    )
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
    """Raises ConfigError that names every taken port and the setting that moves it."""
    deadline = time.monotonic() + wait_seconds
    while taken := [port for port in ports if port.number and not is_port_free(port.number, port.host)]:
        if time.monotonic() > deadline:
            list_ = "; ".join(f"port {port.number} for {port.owner} ({port.setting})" for port in taken)
            raise ConfigError(f"taken: {list_}. End the other process or set another port")
        await asyncio.sleep(0.1)


def webhook_secret(settings: Settings) -> Path:
    """The file with the secret that the sandbox's Vonk signs its webhooks with; made at first use."""
    chosen = settings.connector("vonk").webhook_secret_file
    if chosen is not None:
        return chosen
    path = (settings.state_dir / "secrets" / "vonk.webhook").absolute()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(new_secret() + "\n")
    return path


def _topics_step(settings: Settings, sources: list[str], *, has_broker: bool) -> Step:
    async def run() -> str:
        changes = int(await run_apart("apply_topics", settings.kafka.servers, *sources))
        return f"{len(catalogue(sources))} as the catalogue says, {changes} changes"

    return Step(TOPICS, run, needs=(BROKER,) if has_broker else ())


def database_step(settings: Settings, environment: Mapping[str, str]) -> Step:
    async def run() -> str | None:
        if settings.hub_db_url is not None or (settings.state_dir / HUB_DB).exists():
            return None  # a role brings what is older than this release to it
        await run_apart("make_hub_db", environment=environment)
        return "hub.db made"

    return Step(DATABASE, run)


async def run_apart(module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """What a short process of this room printed; what it loads is gone with it. Raises RetryableError, or ConfigError, with its
    reason."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"hub.supervisor.{module}", *arguments),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        env=environment,
        preexec_fn=die_with_parent(),
    )
    try:
        said, why = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode:
        reasons = why.decode("utf-8", "replace").strip().splitlines()
        reason = reasons[-1] if reasons else f"it ended with code {process.returncode}"
        raise ConfigError(reason) if process.returncode == EXIT_CONFIG else RetryableError(reason)
    return said.decode()


def _webhook_step(settings: Settings, secret: Path) -> Step:
    url = f"{local_url(settings)}/v1/inbound/vonk"
    first = _first_secret(secret)

    async def run() -> str:
        await post_json(f"http://127.0.0.1:{settings.sandbox.port}/sandbox/webhook", {"url": url, "secret": first})
        return f"Vonk of the sandbox pushes to {url}"

    return Step("webhook", run, needs=("serve", "sandbox"), again_after="sandbox")


def _first_secret(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").split()[0]
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path} holds no webhook secret; set HUB_CONNECTORS__VONK__WEBHOOK_SECRET_FILE or remove it"
        ) from error


def _feed_step(settings: Settings) -> Step:
    started = time.monotonic()

    async def run() -> str:
        while True:
            with contextlib.suppress(HubError):
                digest = await read_json(f"{local_url(settings)}/v1/feed/digest")
                if digest["counts"]["live"]:
                    seconds = time.monotonic() - started
                    return f"live opportunities are readable after {seconds:.1f} s: {settings.http.base_url}/"
            await asyncio.sleep(0.25)

    return Step("feed", run, needs=("serve",))


def _pid_writer(path: Path) -> Callable[[Mapping[str, int]], None]:
    """`run.json` tells a person which process is which. Nothing depends on it, so a full disk must not stop the hub here."""

    def write(pids: Mapping[str, int]) -> None:
        fresh = path.with_suffix(".tmp")
        with contextlib.suppress(OSError):
            fresh.write_bytes(orjson.dumps({"pid": os.getpid(), "roles": dict(pids)}) + b"\n")
            fresh.replace(path)

    return write
