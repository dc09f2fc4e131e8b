"""A feed.db of the test's own."""

from __future__ import annotations

import pytest

from hub.feed.projection import Projection
from hub.feed.read_model import ReadModel
from hub.store.feed_files import open_feed_db
from hub.store.feed_reader import FeedReader


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
async def read_model(feed_engine, tmp_path):
    reader = FeedReader(tmp_path)
    yield ReadModel(reader)
    await reader.dispose()
