"""What `hub up` does between its roles: hub.db and the topics made, the sandbox told where to push, the first item awaited."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping
from pathlib import Path

from hub.broker.parent import die_with_parent
from hub.errors import ConfigError, HubError, RetryableError
from hub.sdk.webhook import new_secret
from hub.settings import Settings
from hub.store.state_dir import HUB_DB
from hub.supervisor.http import post_json, read_json
from hub.supervisor.plan import BROKER, DATABASE, TOPICS, local_url
from hub.supervisor.supervisor import Step
from hub.telemetry.contact import EXIT_CONFIG, kept_text
from hub.topics import catalogue


def database_step(settings: Settings, environment: Mapping[str, str]) -> Step:
    async def run() -> str | None:
        if settings.hub_db_url is not None or (settings.state_dir / HUB_DB).exists():
            return None  # a role brings what is older than this release to it
        await run_apart("make_hub_db", environment=environment)
        return "hub.db made"

    return Step(DATABASE, run)


def topics_step(settings: Settings, sources: list[str], *, has_broker: bool) -> Step:
    async def run() -> str:
        changes = int(await run_apart("apply_topics", settings.kafka.servers, *sources))
        return f"{len(catalogue(sources))} as the catalogue says, {changes} changes"

    return Step(TOPICS, run, needs=(BROKER,) if has_broker else ())


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


def webhook_step(settings: Settings, secret: Path) -> Step:
    url = f"{local_url(settings)}/v1/inbound/vonk"
    first = _first_secret(secret)

    async def run() -> str:
        await post_json(f"{settings.sandbox.address()}/sandbox/webhook", {"url": url, "secret": first})
        return f"Vonk of the sandbox pushes to {url}"

    return Step("webhook", run, needs=("serve", "sandbox"), again_after="sandbox")


def webhook_secret(settings: Settings) -> Path:
    """The file with the secret that the sandbox's Vonk signs its webhooks with; made at first use."""
    chosen = settings.connector("vonk").webhook_secret_file
    if chosen is not None:
        return chosen
    path = (settings.state_dir / "secrets" / "vonk.webhook").absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept_text(path, new_secret())
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}; make room, or set HUB_STATE_DIR") from error
    return path


def _first_secret(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").split()[0]
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path} holds no webhook secret; set HUB_CONNECTORS__VONK__WEBHOOK_SECRET_FILE or remove it"
        ) from error


def feed_step(settings: Settings) -> Step:
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
