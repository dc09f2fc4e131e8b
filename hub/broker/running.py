"""Starts and stops aiokafka's clients, so that being cancelled while one starts leaves no connection behind.

aiokafka's bootstrap keeps its first connection in a local name: cancelled there, neither the client nor its `stop` knows
of it, and the socket stays open until the collector comes by. So a start that is cancelled goes on for a moment first; a
bootstrap takes milliseconds, while a member of a group may wait for its partitions for ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol, TypeVar

from aiokafka.errors import KafkaError

from hub.errors import FatalError

BOOTSTRAP_SECONDS = 2.0


class Starting(Protocol):
    """A consumer, a producer or an admin client."""

    async def start(self) -> None: ...


class Running(Starting, Protocol):
    """A consumer or a producer."""

    async def stop(self) -> None: ...


AnyRunning = TypeVar("AnyRunning", bound=Running)


async def start_whole(client: Starting) -> None:
    """Raises what the client's start raises; the caller closes the client then too."""
    starting = asyncio.ensure_future(client.start())
    try:
        await asyncio.shield(starting)
    except asyncio.CancelledError:
        await asyncio.wait({starting}, timeout=BOOTSTRAP_SECONDS)
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        raise


async def stop(client: Running) -> None:
    """Its connections are closed too when its stop breaks off: a consumer cancels a fetch of its own, and where that waits to
    ask an absent broker again, the cancellation comes out here as if it were the caller's."""
    try:
        await client.stop()
    except asyncio.CancelledError:
        if (connections := getattr(client, "_client", None)) is not None:
            await connections.close()
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise


async def start(client: Running) -> None:
    """As `start_whole`, for a client that is stopped again when it does not start."""
    try:
        await start_whole(client)
    except BaseException:  # also when its role is cancelled meanwhile: nobody else may know of this client
        await stop(client)
        raise


async def start_at(servers: str, client: Running) -> None:
    """As `start`. Raises FatalError when no broker answers: the supervisor starts the role again."""
    try:
        await start(client)
    except (KafkaError, OSError) as error:
        raise FatalError(f"Kafka at {servers} does not answer ({error}): is `hub broker` running?") from error


@asynccontextmanager
async def running(client: AnyRunning) -> AsyncIterator[AnyRunning]:
    """The client, started; stopped at the end, also when it did not start."""
    await start(client)
    try:
        yield client
    finally:
        await stop(client)
