"""The whole HTTP edge on a port of its own, in a thread of its own, so that any client of the world can be its judge.

A feed.db and a hub.db of the test's own, filled beforehand; no broker: the log's end is where the projection stands.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from functools import partial
from pathlib import Path

import aiohttp
import uvloop
from aiohttp import web
from fakes.feed_records import at_offset
from fakes.partner_words import SECRET, manifest
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.api.access.token_book import TokenBook
from hub.api.edge import Edge, now_ms
from hub.api.inbound import Inbound, InboundSource
from hub.api.listen import listen
from hub.api.roles import RoleStates
from hub.api.routes import build_app
from hub.api.sources import SourceStates
from hub.api.subscriptions.desk import Desk
from hub.api.surfaces.stream import STREAM
from hub.delivery.guard import Guard
from hub.delivery.message import Message
from hub.delivery.outcome import Outcome
from hub.delivery.vault import FILE, Vault
from hub.domain.opportunity import Opportunity
from hub.feed.projection import Projection
from hub.feed.read_model import ReadModel
from hub.feed.segments import load_segments
from hub.feed.snapshot import SnapshotFiles
from hub.settings import Settings
from hub.store.feed_files import open_feed_db
from hub.store.feed_reader import FeedReader
from hub.store.hub_db import open_hub_db
from hub.store.inbound_ids import InboundIds
from hub.store.tokens import find_token, note_use
from hub.telemetry.health import Health

SOURCES = ("miitn", "noorderlink", "traineelink", "vonk")
PATIENCE = 150
"""Seconds for what takes a moment on an idle machine."""


class _Log:
    """Acknowledges whatever it is sent."""

    async def send(self, records: list[object]) -> None:
        return None


class _Receivers:
    """Take whatever they are sent."""

    async def send(self, address: str, message: Message, secrets: Sequence[str]) -> Outcome:
        return Outcome("delivered", 204)


class ServedHub:
    """`url`: where it answers; `app`: with its router; `listeners`: requests for the stream that were answered."""

    def __init__(self, settings: Settings, records: Sequence[Opportunity]) -> None:
        self.url = ""
        self.settings = settings
        self.listeners: list[web.Request] = []
        self._records = list(records)
        self._started, self._stopping = threading.Event(), asyncio.Event()
        self._loop = uvloop.new_event_loop()  # as roles have it
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="served-hub", daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self._started.wait(PATIENCE), "the hub did not start"
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    @property
    def end(self) -> int:
        return len(self._records)

    def cut(self, *changes: Opportunity) -> None:
        """Break every stream off, and write this before its reader can have come again."""
        asyncio.run_coroutine_threadsafe(self._cut(changes), self._loop).result(PATIENCE)

    async def _cut(self, changes: Sequence[Opportunity]) -> None:
        for request in self.listeners:
            if request.transport is not None:
                request.transport.abort()
        start = self.end
        self._records += changes
        await self._projection.apply([at_offset(start + n, one) for n, one in enumerate(changes)], start, self.end)

    async def _note(self, request: web.Request, _: web.StreamResponse) -> None:
        if request.path == STREAM:
            self.listeners.append(request)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        except BaseException as error:
            self._error = error
        finally:
            self._loop.close()
            self._started.set()

    async def _serve(self) -> None:
        async with AsyncExitStack() as stack:
            app = await self._build(stack)
            app.on_response_prepare.append(self._note)
            port = await listen(stack, app, self.settings.http.model_copy(update={"port": 0}))
            self.app, self.url = app, f"http://127.0.0.1:{port}"
            self._started.set()
            await self._stopping.wait()

    async def _build(self, stack: AsyncExitStack) -> web.Application:
        state = self.settings.state_dir
        feed_db, hub_db = await open_feed_db(state), await open_hub_db(self.settings)
        reader = FeedReader(state)
        for engine in (feed_db, hub_db, reader):
            stack.push_async_callback(engine.dispose)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        projection = self._projection = Projection(feed_db)
        await projection.reset("topic", "topic-e1", 1_700_000_000_000)
        await projection.apply([at_offset(n, one) for n, one in enumerate(self._records)], 0, len(self._records))
        await projection.complete()
        secret_file = state / "vonk.secret"
        secret_file.write_text(f"{SECRET}\n")
        inbound = Inbound(
            sources={"vonk": InboundSource("vonk", secret_file)},
            ids=InboundIds(hub_db),
            tolerance_seconds=300,
            body_limit=self.settings.http.body_limit,
            now_ms=now_ms,
            body_seconds=self.settings.http.body_seconds,
        )
        inbound.open(_Log())
        read_model, health = ReadModel(reader), Health()
        health.found("start")

        async def fetch_end() -> int:
            return self.end

        edge = Edge(
            settings=self.settings,
            read_model=read_model,
            snapshots=SnapshotFiles(read_model, state / "snapshot"),
            fetch_end=fetch_end,
            inbound=inbound,
            segments=load_segments(self.settings),
            sources=SourceStates({name: manifest(name) for name in SOURCES}),
            health=health,
            tokens=TokenBook(partial(find_token, hub_db), partial(note_use, hub_db), now_ms),
        )
        return build_app(edge, RoleStates(self.settings, session), self._desk(hub_db))

    def _desk(self, hub_db: AsyncEngine) -> Desk:
        """Every name leads to a public address, and nothing goes there."""

        async def resolve(host: str, port: int) -> list[str]:
            return ["93.184.215.14"]

        async def find_cursor(ms: int) -> int:
            return 0

        return Desk(hub_db, Vault(self.settings.state_dir / FILE), Guard(), _Receivers(), resolve, find_cursor)


@contextmanager
def served(settings: Settings, records: Sequence[Opportunity]) -> Iterator[ServedHub]:
    """A hub that holds these records, at offsets from 0 on."""
    Path(settings.state_dir).mkdir(parents=True, exist_ok=True)
    hub = ServedHub(settings, records)
    hub.start()
    try:
        yield hub
    finally:
        hub.stop()
