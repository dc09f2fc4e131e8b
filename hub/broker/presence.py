"""Waiting for the broker at start: unready and patient first, loud when patience ends. Then watching over its topics."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Protocol

from hub.broker.probe import answers
from hub.broker.requirement import require_topics
from hub.errors import ConfigError, FatalError, RetryableError
from hub.topics import Topic

WATCH_SECONDS = 60.0


class Missing(Protocol):
    """What waiting needs of a role's health."""

    def missing(self, name: str, why: str) -> None: ...
    def found(self, name: str) -> None: ...


async def wait_for_broker(
    servers: str, topics: Sequence[Topic], health: Missing, stop: asyncio.Event, *, patience_seconds: float
) -> bool:
    """Wait until the broker answers, then require `topics`. False when the role was told to stop meanwhile.

    Raises FatalError when patience ends, ConfigError when topics are missing or have drifted so that data is lost.
    """
    started = time.monotonic()
    while not await asyncio.to_thread(answers, servers):
        away = time.monotonic() - started
        if away > patience_seconds:
            raise FatalError(f"Kafka at {servers} has not answered for {away:.0f} s: is `hub broker` running?")
        health.missing("broker", f"Kafka at {servers} has not answered for {away:.0f} s")
        try:
            async with asyncio.timeout(0.5):
                await stop.wait()
            return False
        except TimeoutError:
            continue
    await require_topics(servers, topics)
    health.found("broker")
    return True


async def watch_topics(servers: str, topics: Sequence[Topic], health: Missing) -> None:
    """Until cancelled: tell a drift that loses data, which somebody made by hand since the start, while it can be mended."""
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        try:
            await require_topics(servers, topics)
        except ConfigError as error:
            health.missing("topics", str(error))
        except RetryableError:
            continue  # an absent broker is told elsewhere
        else:
            health.found("topics")
