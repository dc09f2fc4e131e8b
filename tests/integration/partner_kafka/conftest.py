"""One broker with its door open for a file, a partner that reads and one that also writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fakes.partner_door import SOURCES, Door
from kafka.admin import KafkaAdminClient

from hub.broker.admin import apply_topics
from hub.topics import catalogue


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory, free_ports: Callable[[int], int]) -> Iterator[Door]:
    made = Door(tmp_path_factory.mktemp("door"), free_ports(3))
    made.broker.start()
    try:
        apply_topics(made.inside, catalogue(SOURCES))
        made.change(200)
        yield made
    finally:
        made.broker.stop()


@pytest.fixture(scope="module")
def portal(door: Door) -> dict[str, Any]:
    """A partner that reads."""
    return door.admit("portal")


@pytest.fixture(scope="module")
def writer(door: Door) -> dict[str, Any]:
    """A partner that also writes what Miitn pushes."""
    return door.admit("miitn-team", "--write", "miitn")


@pytest.fixture(scope="module")
def admin(door: Door, portal: dict[str, Any]) -> Iterator[KafkaAdminClient]:
    client = KafkaAdminClient(**door.client(portal))
    yield client
    client.close()


@pytest.fixture(scope="module")
def inside(door: Door) -> Iterator[KafkaAdminClient]:
    """The hub's own, by the internal door."""
    client = KafkaAdminClient(bootstrap_servers=door.inside)
    yield client
    client.close()
