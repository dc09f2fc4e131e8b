"""Unify on a log of its own, for tests that restart it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes.unify_world import World

from hub.broker.embedded import EmbeddedKafka


@pytest.fixture
def world(fresh_kafka: EmbeddedKafka, tmp_path: Path, free_ports: Callable[[int], int]) -> Iterator[World]:
    world = World(fresh_kafka, tmp_path, free_ports)
    yield world
    world.close()
