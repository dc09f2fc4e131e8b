"""The AsyncAPI document: right for its own parser, and true of what is sent; what is captured in a running hub is judged by
tests/integration/test_examples.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fakes.captured import Captured, Published, listen, webhook
from fakes.delivery_world import DeliveryWorld
from fakes.judges import run_node
from fakes.served_hub import ServedHub, served
from fakes.shown_feed import closed, records, vacancy

from hub.api.surfaces.asyncapi import document
from hub.broker.headers import cloud_event, decode
from hub.delivery.message import SubscriptionTest, Trial, notice
from hub.delivery.notice import Notices
from hub.settings import DeliverySettings, KafkaSettings, OpsSettings, Settings
from hub.store.subscription_changes import alter_subscription

DOCUMENT = document(kafka="hub.example:9093", http="hub.example", sources=["vonk"])
ELSEWHERE = {"gone", "payload"}
"""Judged where they are made: tests/unit/api/test_stream.py, tests/integration/test_projection.py."""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedHub]:
    with served(Settings(state_dir=tmp_path_factory.mktemp("hub"), ops=OpsSettings(port=1)), records()) as running:
        yield running


@pytest.fixture(scope="module")
def published(hub: ServedHub) -> Published:
    return Published(hub.url)


@pytest.fixture(scope="module")
async def webhooks(tmp_path_factory: pytest.TempPathFactory) -> list[Captured]:
    """One of each that is sent, as its receiver had it."""
    async with DeliveryWorld(tmp_path_factory.mktemp("world")) as world:
        operator = await world.receiver()
        async with Notices(DeliverySettings(notify_url=operator.url), world.clock) as notices:
            world.parts = replace(world.parts, notices=notices)
            taken = await _deliver(world)
            await world.until(lambda: len(operator.taken) == 1)
            await world.stop()
    return [webhook(one.headers, one.tree) for one in (*taken, *operator.taken)]


async def _deliver(world: DeliveryWorld) -> list:
    """An item, a large one, one that closes, one that leaves the filter, an overlap of secrets, a test, and the end."""
    receiver = await world.receiver()
    id_ = await world.subscribe(receiver.url, asked={"sector": "energy"})
    item, left = vacancy(0), vacancy(3)
    large = vacancy(6).model_copy(
        update={"content": {**vacancy(6).content, "canonical_url": f"https://a.example/{'x' * 30_000}"}}
    )
    world.start(id_)
    await world.write(item, left, large)
    await world.until(lambda: len(receiver.taken) == 3)
    current = await world.state(id_)
    values = {"former_secret": current.secret, "former_until": world.clock.now_ms() + 60_000}
    await alter_subscription(world.hub_db, id_, current.changed_at + 1, **values)
    over = item.model_copy(update={"state": "closed", "closed_reason": "filled", "content": None})
    await world.write(over, left.model_copy(update={"facets": vacancy(1).facets}))
    await world.until(lambda: len(receiver.taken) == 5)
    trial = SubscriptionTest(type="subscription.test", data=Trial(subscription=id_))
    await world.parts.sender.send(receiver.url, notice(trial, world.clock.now_ms()), [world.secret])
    receiver.answer = lambda _: 410
    await world.write(left)
    return receiver.taken


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the parser says of the document, and of one with an operation on a channel that is not there."""
    folder = tmp_path_factory.mktemp("documents")
    lost = {**DOCUMENT, "operations": {"sendFeed": {"action": "send", "channel": {"$ref": "#/channels/none"}}}}
    paths = {"own": folder / "own.json", "lost": folder / "lost.json"}
    for name, tree in {"own": DOCUMENT, "lost": lost}.items():
        paths[name].write_text(json.dumps(tree))
    return dict(zip(paths, run_node("asyncapi.js", *map(str, paths.values()), package="@asyncapi/parser"), strict=True))


def test_its_own_parser_finds_nothing_wrong(verdicts):
    assert verdicts["own"] == {"isDocument": True, "found": []}


def test_the_parser_finds_a_channel_that_is_not_there(verdicts):
    assert verdicts["lost"]["found"]


def test_the_served_one_names_the_hub_and_what_is_pushed(hub, published):
    told = published.tree
    assert told["servers"]["http"] == {**DOCUMENT["servers"]["http"], "host": hub.url.removeprefix("http://"), "protocol": "http"}
    assert told["channels"]["feed"]["address"] == "hub.opportunity.feed.v1"


def test_partners_are_told_their_own_door_once_it_is_open(published, tmp_path):
    assert "closed" in published.tree["servers"]["kafka"]["description"]
    kafka = KafkaSettings(public_host="kafka.example", public_port=9094)
    with served(Settings(state_dir=tmp_path, kafka=kafka), []) as hub:
        told = Published(hub.url).tree["servers"]["kafka"]
    assert (told["host"], told["protocol"], len(told["security"])) == ("kafka.example:9094", "kafka-secure", 1)


@pytest.fixture(scope="module")
def captured(hub: ServedHub, webhooks: list[Captured]) -> list[Captured]:
    headers = decode(cloud_event(type_="opportunity", source="hub", id_="x", time_ms=1, correlation_id="y"))
    feed = [Captured("record", json.loads(item.to_bytes()), headers) for item in (*records(), *closed())]
    stream = [event for query in ("", "&kind=event") for event in listen(f"{hub.url}/v1/feed/stream?after=0{query}")]
    return [*feed, *stream, *webhooks]


def test_every_message_of_the_document_was_captured(published, captured):
    assert {message.name for message in captured} == published.messages.keys() - ELSEWHERE


def test_every_form_of_a_webhook_was_captured(webhooks):
    items = [message.payload["data"] for message in webhooks if message.name.startswith("opportunity.")]
    assert {("ref" in item, "version" in item, item["state"]) for item in items} == {
        (False, True, "live"),
        (True, True, "live"),
        (False, True, "closed"),
        (False, False, "closed"),
    }
    assert {len(message.headers.get("webhook-signature", "").split()) for message in webhooks} == {0, 1, 2}


def test_what_is_captured_is_as_the_document_says(published, captured):
    assert [fault for message in captured for fault in published.faults(message)] == []


def test_whatever_is_planted_in_what_was_captured_is_found(published, captured):
    looks = {(message.name, *sorted(message.payload), "ref" in str(message.payload)): message for message in captured}
    assert [told for message in looks.values() for told in published.overlooked(message)] == []
