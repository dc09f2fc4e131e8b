"""A feed.db of the test's own, and projectors on a log in memory."""

from __future__ import annotations

import pytest

from hub.feed import projector as projector_module
from hub.feed.projection import Projection
from hub.feed.projector import Projector
from hub.feed.read_model import ReadModel
from hub.settings import Settings
from hub.store.feed_files import open_feed_db
from hub.store.feed_reader import FeedReader
from hub.store.hub_db import open_hub_db
from hub.telemetry.health import Health


@pytest.fixture
async def feed_engine(tmp_path):
    engine = await open_feed_db(tmp_path)
    yield engine
    await engine.dispose()


@pytest.fixture
async def projection(feed_engine):
    projection = Projection(feed_engine)
    await projection.reset("topic", "topic-e1")
    return projection


@pytest.fixture
async def read_model(tmp_path):
    reader = FeedReader(tmp_path)
    yield ReadModel(reader)
    await reader.dispose()


@pytest.fixture
async def hub_db(tmp_path):
    engine = await open_hub_db(Settings(state_dir=tmp_path))
    yield engine
    await engine.dispose()


@pytest.fixture
def make(hub_db, tmp_path, monkeypatch):
    """`make(log)`: a projector of this state directory that does not wait long for anything."""
    for name in ("RETRY_SECONDS", "WATCH_SECONDS"):
        monkeypatch.setattr(projector_module, name, 0.01)

    def projector(log, *, health=None, patience=60.0):
        return Projector(feed_log=log, hub_db=hub_db, state_dir=tmp_path, health=health or Health(), patience_seconds=patience)

    return projector
