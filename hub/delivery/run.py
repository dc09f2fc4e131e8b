"""The role `deliver`: webhooks of all subscriptions, by one process at a time on one state directory.

It reads the same read model as `serve`, which keeps it, and needs no Kafka of its own: a subscription is a position.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack

from hub.delivery.clock import Clock
from hub.delivery.courier import NoSelectionError, Parts
from hub.delivery.dispatcher import Dispatcher
from hub.delivery.guard import Guard
from hub.delivery.notice import Notices
from hub.delivery.sender import Sender
from hub.delivery.vault import open_vault
from hub.feed.asking import selection_of
from hub.feed.read_model import FeedNotReadyError, ReadModel
from hub.feed.segments import Segments, day_of, open_segments
from hub.feed.selection import Selection
from hub.sdk import load_connectors
from hub.settings import Settings, networks
from hub.store.feed_reader import FeedReader
from hub.store.hub_db import open_hub_db
from hub.store.lock import FileLock
from hub.telemetry.role import RoleContext

STAND_BY_SECONDS = 1.0


async def run_deliver(context: RoleContext) -> None:
    settings, clock = context.settings, Clock()
    async with AsyncExitStack() as stack:
        hub_db = await open_hub_db(settings)
        stack.push_async_callback(hub_db.dispose)
        reader = FeedReader(settings.state_dir)
        stack.push_async_callback(reader.dispose)
        sender = await stack.enter_async_context(Sender(guard_of(settings), clock.now_ms))
        notices = await stack.enter_async_context(Notices(settings.delivery, clock))
        segments = await open_segments(settings, load_connectors(), hub_db)
        parts = Parts(
            hub_db=hub_db,
            read_model=ReadModel(reader),
            sender=sender,
            vault=await open_vault(settings, hub_db),
            clock=clock,
            select=lambda asked: select(asked, segments, clock.now_ms()),
            item_url=f"{settings.http.base_url}/v1/opportunities",
            notices=notices,
        )
        context.health.missing("feed", "the feed has not been read from Kafka yet")
        context.ready()
        await context.run_until_stopped(_run_alone(settings, Dispatcher(parts)), _watch_feed(context, parts.read_model))


def guard_of(settings: Settings) -> Guard:
    return Guard(networks(settings.delivery.allowed_networks))


def select(asked: Mapping[str, str], segments: Segments, now_ms: int) -> Selection:
    """Raises NoSelectionError for a segment that is over or gone, and for a filter that this release does not know."""
    try:
        return selection_of(asked, segments, day_of(now_ms))
    except ValueError as error:
        raise NoSelectionError(str(error)) from error


async def _run_alone(settings: Settings, dispatcher: Dispatcher) -> None:
    """Two that deliver the same would do no harm, since webhook ids are equal, and no good either."""
    lock = FileLock(settings.state_dir / "locks" / "deliver.lock")
    while not lock.try_acquire():  # noqa: ASYNC110 - the kernel wakes nobody up
        await asyncio.sleep(STAND_BY_SECONDS)
    try:
        await dispatcher.run()
    finally:
        lock.release()


async def _watch_feed(context: RoleContext, read_model: ReadModel) -> None:
    """Ready once the feed has been read to its end."""
    while True:
        try:
            if (await read_model.load_standing()).is_complete:
                context.health.found("feed")
        except FeedNotReadyError as error:
            context.health.missing("feed", str(error))
        await asyncio.sleep(STAND_BY_SECONDS)
