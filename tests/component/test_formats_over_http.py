"""Make it in the North and Traineelink over real HTTP: what the sandbox's truth calls live is read, mapped and provable."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from yarl import URL

from hub.errors import SourceError
from hub.sandbox.run import Sandbox
from hub.sandbox.truth import truth_of
from hub.sdk import (
    Checkpoint,
    Invalid,
    KnownItem,
    Liveness,
    NotModified,
    RawRecord,
    RecordRejectedError,
    SourceContext,
    Unchanged,
)
from hub.sdk.connector import Connector, load_connector
from hub.sdk.http_client import AiohttpClient
from hub.sdk.source import Source
from hub.sdk.testing import map_record, run_source
from hub.settings import SandboxSettings

NAMES = ("miitn", "traineelink")


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    running = await Sandbox.start(SandboxSettings(port=0), base=date(2026, 11, 22))
    yield running
    await running.stop()


@pytest.fixture(params=NAMES)
def connector(request: pytest.FixtureRequest) -> Connector:
    return load_connector(f"hub.connectors.{request.param}")


@pytest.fixture
async def http(connector: Connector) -> AsyncIterator[AiohttpClient]:
    async with AiohttpClient(connector.manifest, timeout_seconds=10) as client:
        client.begin({})
        yield client


@pytest.fixture
def source(sandbox: Sandbox, connector: Connector, http: AiohttpClient) -> Source:
    return connector.source_type(SourceContext(connector.manifest, URL(sandbox.urls[connector.name]), http))


def postings(sandbox: Sandbox, name: str) -> list[dict[str, Any]]:
    return [one for opening in truth_of(sandbox.world)["openings"] for one in opening["postings"] if one["source"] == name]


def rejects(connector: Connector, record: RawRecord) -> bool:
    try:
        map_record(connector, record)
    except RecordRejectedError:
        return True
    return False


async def test_everything_live_is_read_and_maps(sandbox: Sandbox, connector: Connector, source: Source) -> None:
    events = [event for event in await run_source(source) if isinstance(event, RawRecord)]
    mapped = {event.native_id for event in events if not rejects(connector, event)}
    assert {one["native_id"] for one in postings(sandbox, connector.name) if one["live"]} - mapped == set()


async def test_everything_invalid_is_refused_and_nothing_else(sandbox: Sandbox, connector: Connector, source: Source) -> None:
    events = await run_source(source)
    refused = len(
        [event for event in events if isinstance(event, Invalid) or (isinstance(event, RawRecord) and rejects(connector, event))]
    )
    assert refused == len([one for one in truth_of(sandbox.world)["invalid"] if one["source"] == connector.name])


async def test_second_run_fetches_hardly_anything(connector: Connector, source: Source, http: AiohttpClient) -> None:
    checkpoint = Checkpoint()
    first = await run_source(source, checkpoint)
    http.begin(http.collected())
    again = await run_source(source, checkpoint)
    pages = [event for event in again if isinstance(event, Unchanged | NotModified)]
    assert pages != []
    assert http.stats.requests < len(first)
    assert (http.stats.requests - http.stats.not_modified) * 3 < len(first)


async def test_withdrawn_item_is_proven_gone_and_its_neighbours_alive(
    sandbox: Sandbox, connector: Connector, source: Source
) -> None:
    checkpoint = Checkpoint()
    read = [event for event in await run_source(source, checkpoint) if isinstance(event, RawRecord) and event.url is not None]
    known = [KnownItem(event.native_id, event.collection, event.url) for event in read]
    shown = {one["native_id"] for one in postings(sandbox, connector.name) if one["live"]}
    gone, *others = [item for item in known if item.native_id in shown][:4]
    sandbox.withdraw(connector.name, gone.native_id)
    answers = await source.ask([gone, *others])
    assert answers[gone.native_id] is Liveness.GONE
    assert {answers[item.native_id] for item in others} == {Liveness.ALIVE}


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("http_500", "status"),
        ("throttle_seconds", "throttled"),
        ("throttle_date", "throttled"),
        ("truncated_json", "syntax"),
        ("html_200", "content_type"),
        ("duplicate_page", "duplicate"),
        ("wrong_charset", "charset"),
        ("redirect_loop", "redirect"),
    ],
)
async def test_fault_of_a_list_fails_the_run_by_its_cause(
    sandbox: Sandbox, connector: Connector, source: Source, fault: str, cause: str
) -> None:
    sandbox.desk.add(connector.name, fault)
    with pytest.raises(SourceError) as raised:
        await run_source(source)
    assert raised.value.cause == cause
    assert sandbox.desk.served[connector.name, fault] > 0
