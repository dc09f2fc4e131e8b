"""Fixtures that several rooms share: free ports and the embedded broker.

`kafka`        one broker for the whole pytest process; its topics are whatever earlier tests left
`fresh_kafka`  the same broker, with the catalogue's topics newly made and no consumer group
`shared_kafka` the same for a whole file, whose tests share what they started there; no test of that file may take `fresh_kafka`
`new_kafka`    a factory of brokers that a test may kill, each with its own data
"""

from __future__ import annotations

import gc
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from hub.broker.embedded import EmbeddedKafka
from hub.broker.probe import is_port_free
from hub.topics import catalogue

PORT_RANGES, PORTS_IN_RANGE = 4, 3_000
SOURCES = ["miitn", "noorderlink", "traineelink", "vonk"]

# Modules and 6,500 tests stay until the end: looking through them for cycles every few allocations took a fifth of the time.
gc.set_threshold(50_000, 20, 20)

# How long an example takes says more of the machine's other work than of the code; each test has its own time limit.
settings.register_profile("hub", deadline=None)
settings.load_profile("hub")


LONGEST = (
    "e2e/test_kills",
    "integration/test_no_loss",
    "integration/test_examples",
    "integration/test_backup.",
    "component/test_pages_in_a_browser",
    "integration/test_unify.",
    "integration/test_projection",
    "e2e/test_faults",
    "integration/test_embedded_broker",
    "integration/test_backup_broker",
    "integration/test_up",
    "integration/test_match_words",
    "integration/test_personal_data",
    "unit/matching/test_engine_histories",
    "component/test_any_subscriber",
    "component/test_openapi_fuzz",
)
"""Files that take more than half a minute, the longest first: those with a broker, a browser or whole hubs, then others."""
PATIENCE = 400
"""Seconds within which any test with real processes must end, on a machine however busy, unless it says otherwise."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: nobody should wait for a long one alone at the end."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: next((places[name] for name in LONGEST if f"tests/{name}" in item.nodeid), len(places)))
    for item in items:
        if item.get_closest_marker("integration") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(PATIENCE))


def pytest_collection_finish() -> None:
    gc.freeze()


class Ports:
    """Those below the range from which the kernel takes outgoing ones, a range of its own for each pytest process.

    One after the other from anywhere on: what was chosen is often listened on seconds later, and by then nobody else may
    have chosen it too.
    """

    def __init__(self) -> None:
        worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % PORT_RANGES
        self._low = 20_000 + worker * PORTS_IN_RANGE
        self._next = random.SystemRandom().randrange(PORTS_IN_RANGE)

    def find(self, count: int) -> int:
        """The first of `count` free ports in a row."""
        for _ in range(PORTS_IN_RANGE):
            if self._next + count > PORTS_IN_RANGE:
                self._next = 0
            first = self._low + self._next
            self._next += count
            if all(is_port_free(first + n) for n in range(count)):
                return first
        raise RuntimeError(f"no {count} free ports in a row from {self._low} on")


find_ports = Ports().find


@pytest.fixture(scope="session")
def free_ports() -> Callable[[int], int]:
    """`free_ports(n)`: the first of n free ports in a row."""
    return find_ports


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedKafka]:
    """One broker for the whole pytest process. Do not stop it: take `new_kafka` for that."""
    broker = EmbeddedKafka(data_dir=tmp_path_factory.mktemp("kafka"), port=find_ports(2), heap_mb=384)
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def fresh_kafka(kafka: EmbeddedKafka) -> EmbeddedKafka:
    """The session's broker with an empty catalogue of the four sources and no consumer group."""
    return _emptied(kafka)


@pytest.fixture(scope="module")
def shared_kafka(kafka: EmbeddedKafka) -> EmbeddedKafka:
    """As `fresh_kafka`, once for a file."""
    return _emptied(kafka)


def _emptied(broker: EmbeddedKafka) -> EmbeddedKafka:
    # Here, so that tests without a broker do not pay a third of a second for the client's import.
    from hub.broker.admin import apply_topics
    from ops.empty_broker import empty_broker

    empty_broker(broker.bootstrap)
    apply_topics(broker.bootstrap, catalogue(SOURCES))
    return broker


@pytest.fixture
def new_kafka(tmp_path: Path) -> Iterator[Callable[[], EmbeddedKafka]]:
    """`new_kafka()`: a broker of the test's own, not yet started; ended after the test."""
    made: list[EmbeddedKafka] = []

    def make() -> EmbeddedKafka:
        broker = EmbeddedKafka(data_dir=tmp_path / f"kafka-{len(made)}", port=find_ports(2), heap_mb=256)
        made.append(broker)
        return broker

    yield make
    for broker in made:
        broker.kill()
