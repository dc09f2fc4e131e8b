"""The hub's pages on a port of the loopback, over a feed.db of their own, without a broker; in a thread, for browsers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from lxml import html

from hub.api.edge import Edge
from hub.api.inbound import Inbound
from hub.api.roles import RoleStates
from hub.api.routes import build_app
from hub.api.sources import SourceStates
from hub.domain.opportunity import Opportunity
from hub.errors import RetryableError
from hub.feed.entry import LogRecord
from hub.feed.projection import Projection
from hub.feed.read_model import ReadModel
from hub.feed.segments import load_segments
from hub.feed.snapshot import SnapshotFiles
from hub.sdk.connector import load_connectors
from hub.settings import OpsSettings, SegmentSettings, Settings
from hub.store.feed_files import open_feed_db
from hub.store.feed_reader import FeedReader
from hub.store.hub_db import open_hub_db
from hub.store.inbound_ids import InboundIds
from hub.telemetry.health import Health

NOW_MS = int(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp() * 1000)
QUIET_OPS_PORT = 1
"""Nobody listens there: the operators' page then says that the roles do not answer."""


@asynccontextmanager
async def app_of(state_dir: Path, items: list[Opportunity], *, is_ready: bool = True) -> AsyncIterator[web.Application]:
    """The whole edge with the real manifests and segments. `is_ready`: false leaves the read model unfilled."""
    segments = {"ended": SegmentSettings(kind=("event",), title_nl="Voorbij", title_en="Over", valid_until="2026-11-01")}
    settings = Settings(state_dir=state_dir, ops=OpsSettings(port=QUIET_OPS_PORT), segments=segments)
    feed_db, hub_db, reader = await open_feed_db(state_dir), await open_hub_db(settings), FeedReader(state_dir)

    async def fetch_end() -> int:
        raise RetryableError("no Kafka broker answers")

    read_model, health = ReadModel(reader), Health()
    health.found("start")
    edge = Edge(
        settings=settings,
        read_model=read_model,
        snapshots=SnapshotFiles(read_model, state_dir / "snapshot"),
        fetch_end=fetch_end,
        inbound=Inbound(sources={}, ids=InboundIds(hub_db), tolerance_seconds=300, body_limit=10_000, now_ms=lambda: NOW_MS),
        sources=SourceStates({name: connector.manifest for name, connector in load_connectors().items()}),
        segments=load_segments(settings),
        health=health,
        now_ms=lambda: NOW_MS,
    )
    if is_ready:
        projection = Projection(feed_db)
        await projection.reset("topic", "topic-e1")
        await projection.apply([LogRecord(n, item.id, item.to_bytes()) for n, item in enumerate(items)], 0, len(items))
        await projection.complete()
    try:
        async with aiohttp.ClientSession() as session:
            yield build_app(edge, RoleStates(settings, session))
    finally:
        for engine in (feed_db, hub_db, reader):
            await engine.dispose()


@contextmanager
def site(state_dir: Path, items: list[Opportunity], port: int, *, is_ready: bool = True) -> Iterator[str]:
    """Its address, while it listens."""
    listening, stopping, errors = threading.Event(), asyncio.Event(), []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with app_of(state_dir, items, is_ready=is_ready) as app:
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
            await runner.setup()
            try:
                await web.TCPSite(runner, "127.0.0.1", port).start()
                listening.set()
                await stopping.wait()
            finally:
                await runner.cleanup()

    def run() -> None:
        try:
            loop.run_until_complete(serve())
        except Exception as error:
            errors.append(error)
        finally:
            loop.close()
            listening.set()

    thread = threading.Thread(target=run, name="site")
    thread.start()
    listening.wait(150)
    if errors:
        raise errors[0]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join(150)


@dataclass(frozen=True)
class Got:
    """What a reader got. `tree`: the document, of HTML."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def tree(self) -> Any:
        return html.fromstring(self.text)

    def texts(self, path: str) -> list[str]:
        """The words of each element that the XPath finds, blanks folded."""
        return [" ".join(" ".join(found.itertext()).split()) for found in self.tree.xpath(path)]


def get(address: str, path: str, **headers: str) -> Got:
    """As a browser asks, but redirects are not followed."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=20)
    try:
        connection.request("GET", path, headers={"Accept": "text/html,*/*;q=0.8", **headers})
        response = connection.getresponse()
        return Got(response.status, {name.lower(): text for name, text in response.getheaders()}, response.read())
    finally:
        connection.close()
