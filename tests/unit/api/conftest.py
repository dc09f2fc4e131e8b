"""The whole HTTP edge over a feed.db and a hub.db of the test's own, without a broker."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from ipaddress import ip_network

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer
from fakes.partner_words import OLD_SECRET, SECRET, manifest
from fakes.served_hub import SOURCES

from hub.api.access.token_book import TokenBook
from hub.api.edge import Edge
from hub.api.inbound import Inbound, InboundSource
from hub.api.roles import RoleStates
from hub.api.routes import build_app
from hub.api.sources import SourceStates
from hub.api.subscriptions.desk import Desk
from hub.delivery.guard import Guard
from hub.delivery.sender import Sender
from hub.delivery.vault import FILE, Vault
from hub.errors import RetryableError
from hub.feed.projection import Projection
from hub.feed.read_model import ReadModel
from hub.feed.snapshot import SnapshotFiles
from hub.settings import HttpSettings, OpsSettings, Settings
from hub.store.feed_files import open_feed_db
from hub.store.feed_reader import FeedReader
from hub.store.hub_db import open_hub_db
from hub.store.inbound_ids import InboundIds
from hub.store.tokens import find_token, note_use
from hub.telemetry.health import Health


class FakeLog:
    """The outbox's place: keeps what was acknowledged; `error` is raised instead."""

    def __init__(self):
        self.records = []
        self.error = None

    async def send(self, records):
        if self.error is not None:
            raise self.error
        self.records += records


@dataclass
class Hub:
    """What a test turns and looks at."""

    client: TestClient
    projection: Projection
    edge: Edge
    log: FakeLog
    desk: Desk
    now_ms: int = 1_800_000_000_000
    end: int | None = None
    wanted: list[str] = field(default_factory=list)
    names: dict[str, list[str]] = field(default_factory=lambda: {"127.0.0.1": ["127.0.0.1"]})
    """Host → addresses; others are not known."""
    offsets: dict[int, int] = field(default_factory=dict)
    """Time (unix ms) → offset."""


@pytest.fixture
def settings(tmp_path, free_ports):
    return Settings(state_dir=tmp_path, http=HttpSettings(body_limit=10_000), ops=OpsSettings(port=free_ports(10)))


@pytest.fixture
async def hub(settings, tmp_path):
    feed_db, hub_db = await open_feed_db(tmp_path), await open_hub_db(settings)
    reader = FeedReader(tmp_path)
    secret_file = tmp_path / "vonk.secret"
    secret_file.write_text(f"{SECRET}\n{OLD_SECRET}\n")
    log, found = FakeLog(), {}
    inbound = Inbound(
        sources={"vonk": InboundSource("vonk", secret_file), "bare": InboundSource("bare", None)},
        ids=InboundIds(hub_db),
        tolerance_seconds=300,
        body_limit=settings.http.body_limit,
        now_ms=lambda: found["hub"].now_ms,
    )
    inbound.open(log)
    read_model, health = ReadModel(reader), Health()
    health.found("start")

    async def fetch_end():
        if found["hub"].end is None:
            raise RetryableError("no Kafka broker answers")
        return found["hub"].end

    edge = Edge(
        settings=settings,
        read_model=read_model,
        snapshots=SnapshotFiles(read_model, tmp_path / "snapshot"),
        fetch_end=fetch_end,
        inbound=inbound,
        sources=SourceStates({name: manifest(name) for name in SOURCES}),
        health=health,
        now_ms=lambda: found["hub"].now_ms,
        tokens=TokenBook(partial(find_token, hub_db), partial(note_use, hub_db), lambda: found["hub"].now_ms),
    )

    async def resolve(host, port):
        if host not in found["hub"].names:
            raise OSError("no such name")
        return found["hub"].names[host]

    async def find_cursor(ms):
        return found["hub"].offsets[ms]

    guard = Guard([ip_network("127.0.0.0/8")])
    sender = Sender(guard, lambda: found["hub"].now_ms, timeout_seconds=30)
    async with aiohttp.ClientSession() as session, sender:
        desk = Desk(hub_db, Vault(tmp_path / FILE), guard, sender, resolve, find_cursor)
        client = TestClient(TestServer(build_app(edge, RoleStates(settings, session), desk)))
        await client.start_server()
        projection = Projection(feed_db)
        await projection.reset("topic", "topic-e1")
        found["hub"] = Hub(client, projection, edge, log, desk)
        yield found["hub"]
        await client.close()
    for engine in (feed_db, hub_db, reader):
        await engine.dispose()
