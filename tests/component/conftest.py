"""Edges that strangers may try to break, shared by all who try."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fakes.hostile_words import injections
from fakes.raw_http import request, talk
from fakes.served_hub import ServedHub, served
from fakes.shown_feed import records
from prometheus_client import REGISTRY

from hub.settings import HttpSettings, OpsSettings, Settings


@pytest.fixture(scope="session")
def open_edge(tmp_path_factory: pytest.TempPathFactory, free_ports: Any) -> Iterator[ServedHub]:
    """Closes idle connections after a second; loopback is not limited."""
    http = HttpSettings(idle_seconds=1, body_seconds=1, body_limit=10_000)
    settings = Settings(state_dir=tmp_path_factory.mktemp("open"), http=http, ops=OpsSettings(port=free_ports(10)))
    with served(settings, [*records(), *injections()]) as edge:
        yield edge


@pytest.fixture(scope="session")
def strict_edge(tmp_path_factory: pytest.TempPathFactory, free_ports: Any) -> Iterator[ServedHub]:
    """Few requests a minute and few connections for each address, loopback or not; a public address."""
    http = HttpSettings(
        unlimited=[], requests_per_minute=30, connections_per_address=5, idle_seconds=1, public_url="https://hub.example"
    )
    settings = Settings(state_dir=tmp_path_factory.mktemp("strict"), http=http, ops=OpsSettings(port=free_ports(10)))
    with served(settings, records()) as edge:
        yield edge


@pytest.fixture
def unharmed(open_edge: ServedHub) -> Iterator[None]:
    """After the test: no answer was a server's fault, and a decent request is answered."""
    before = _faults()
    yield
    answer = talk(open_edge.url, request("/v1/feed/digest"))
    assert (answer.statuses, _faults() - before) == ([200], 0)


def _faults() -> float:
    """Answers with 5xx so far."""
    samples = (sample for metric in REGISTRY.collect() if metric.name == "hub_http_requests" for sample in metric.samples)
    return sum(one.value for one in samples if one.name.endswith("_total") and one.labels["status"].startswith("5"))
