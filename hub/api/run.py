"""The role `serve`: HTTP edge and projection in one process, any number of processes on one state directory.

HTTP answers from the first moment, 503 for what is not there yet; the process is ready once the feed was read to its
end and the broker answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial

import aiohttp
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from hub import topics
from hub.api.access.token_book import TokenBook
from hub.api.edge import Edge, now_ms
from hub.api.inbound import Inbound, InboundSource
from hub.api.listen import listen
from hub.api.machine import Machine
from hub.api.roles import RoleStates
from hub.api.routes import build_app
from hub.api.sources import SourceStates, follow_sources
from hub.api.subscriptions.desk import Desk
from hub.api.subscriptions.places import Resolver
from hub.broker.outbox import Outbox
from hub.broker.requirement import require_topics
from hub.delivery.run import guard_of
from hub.delivery.sender import Sender
from hub.delivery.vault import open_vault
from hub.errors import FatalError, HubError, RetryableError
from hub.feed.log import FeedLog
from hub.feed.projector import Projector
from hub.feed.read_model import FeedNotReadyError, ReadModel
from hub.feed.segments import open_segments
from hub.feed.snapshot import SnapshotFiles
from hub.sdk import Connector, load_connectors
from hub.settings import Settings
from hub.store.engine import open_reader
from hub.store.feed_reader import FeedReader
from hub.store.hub_db import hub_db_url, open_hub_db
from hub.store.inbound_ids import InboundIds
from hub.store.tokens import find_token, note_use
from hub.telemetry import metrics
from hub.telemetry.logs import describe
from hub.telemetry.role import RoleContext

COUNT_SECONDS = 10.0
RETRY_SECONDS = 1.0
RESTART_SECONDS = 5.0

log = structlog.get_logger()


async def run_serve(context: RoleContext) -> None:
    settings, health = context.settings, context.health
    async with AsyncExitStack() as stack:
        hub_db = await open_hub_db(settings)
        stack.push_async_callback(hub_db.dispose)
        reader = FeedReader(settings.state_dir)
        stack.push_async_callback(reader.dispose)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        feed_log = FeedLog(settings.kafka.servers, "hub-serve")
        stack.push_async_callback(feed_log.stop)

        connectors = load_connectors()
        read_model = ReadModel(reader)
        inbound = _inbound(connectors, settings, hub_db)
        tokens = _tokens(stack, settings, hub_db)
        machine = Machine()
        guard = guard_of(settings)
        desk = Desk(
            hub_db=hub_db,
            vault=await open_vault(settings, hub_db),
            guard=guard,
            sender=await stack.enter_async_context(Sender(guard, now_ms)),
            resolve=stack.enter_context(Resolver()).resolve,
            find_cursor=feed_log.fetch_offset_at,
        )
        edge = Edge(
            settings=settings,
            read_model=read_model,
            snapshots=SnapshotFiles(read_model, settings.state_dir.absolute() / "snapshot"),
            fetch_end=_end_of(feed_log),
            inbound=inbound,
            segments=await open_segments(settings, connectors, hub_db),
            sources=SourceStates({name: connector.manifest for name, connector in connectors.items()}),
            health=health,
            machine=machine,
            tokens=tokens,
        )
        projector = Projector(
            feed_log=feed_log,
            hub_db=hub_db,
            state_dir=settings.state_dir,
            health=health,
            patience_seconds=settings.kafka.patience_seconds,
        )
        context.commands.update({"feed.rebuild": projector.rebuild, "feed.status": projector.status})
        await listen(stack, build_app(edge, RoleStates(settings, session), desk), settings.http)
        health.missing("broker", "Kafka has not answered yet")
        health.missing("projection", "the feed has not been read from Kafka yet")
        context.ready()
        await context.run_until_stopped(
            projector.run(),
            _write_inbound(inbound, settings),
            _keep_running(follow_sources, edge.sources, settings.kafka.servers),
            _count(read_model),
            machine.watch(settings),
            tokens.keep_noting(),
        )


def _tokens(stack: AsyncExitStack, settings: Settings, hub_db: AsyncEngine) -> TokenBook:
    """Tokens are looked up through connections of their own: reading does not wait for who writes."""
    reader = open_reader(hub_db_url(settings))
    stack.push_async_callback(reader.dispose)
    return TokenBook(partial(find_token, reader), partial(note_use, hub_db), now_ms)


def _inbound(connectors: dict[str, Connector], settings: Settings, hub_db: AsyncEngine) -> Inbound:
    sources = {
        name: InboundSource(name, settings.connector(name).webhook_secret_file)
        for name, connector in connectors.items()
        if connector.manifest.inbound
    }
    return Inbound(
        sources=sources,
        ids=InboundIds(hub_db),
        tolerance_seconds=settings.ingest.webhook_tolerance_seconds,
        body_limit=settings.http.body_limit,
        now_ms=now_ms,
        body_seconds=settings.http.body_seconds,
    )


def _end_of(feed_log: FeedLog) -> Callable[[], Awaitable[int]]:
    async def fetch_end() -> int:
        return (await feed_log.fetch_bounds())[1]

    return fetch_end


async def _write_inbound(inbound: Inbound, settings: Settings) -> None:
    """Keep a producer open while the broker and the topics are there; one that has failed for good is replaced."""
    servers = settings.kafka.servers
    needed = [topic for topic in topics.catalogue(()) if topic.name in (topics.FEED, topics.CHECKPOINT)]
    while True:
        try:
            await require_topics(servers, needed)
        except RetryableError:
            await asyncio.sleep(RETRY_SECONDS)
            continue
        outbox = Outbox(servers, "hub-serve-inbound", patience_seconds=settings.kafka.patience_seconds)
        try:
            await outbox.start()
            inbound.open(outbox)
            await inbound.failed.wait()
        except FatalError as error:
            log.warning("inbound records cannot be written now", error=str(error))
            await asyncio.sleep(RETRY_SECONDS)
        finally:
            inbound.close()
            await outbox.stop()


async def _keep_running(part: Callable[..., Awaitable[None]], *arguments: object) -> None:
    """For what the page alone needs: its faults are noted and it begins again."""
    while True:
        try:
            await part(*arguments)
        except Exception as error:
            log.warning("following the sources begins again", error=describe(error))
        await asyncio.sleep(RESTART_SECONDS)


async def _count(read_model: ReadModel) -> None:
    """Items by state and kind, as a metric."""
    seen: set[tuple[str, str]] = set()
    while True:
        try:
            totals: dict[tuple[str, str], int] = dict.fromkeys(seen, 0)
            for count in await read_model.load_counts():
                key = (count.state, count.kind)
                totals[key] = totals.get(key, 0) + count.items
            for (state, kind), items in totals.items():
                metrics.FEED_ITEMS.labels(state, kind).set(items)
            seen = set(totals)
        except FeedNotReadyError:
            pass
        except HubError as error:
            log.warning("items were not counted", error=str(error))
        await asyncio.sleep(COUNT_SECONDS)
