"""The AsyncAPI document: right for its own parser, and true of what is sent."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import urlopen

import pytest
from fakes.feed_records import opportunity
from fakes.judges import run_node
from fakes.served_hub import ServedHub, served
from fakes.shown_feed import records
from jsonschema import Draft202012Validator

from hub.api.surfaces.asyncapi import document
from hub.broker.headers import cloud_event, decode
from hub.settings import OpsSettings, Settings

DOCUMENT = document(kafka="hub.example:9093", http="hub.example", sources=["vonk"])


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory):
    with served(Settings(state_dir=tmp_path_factory.mktemp("hub"), ops=OpsSettings(port=1)), records()) as running:
        yield running


def faults(message: str, payload: Any, part: str = "payload") -> list[str]:
    """What the document's schema of a message has against a value."""
    schema = {**DOCUMENT["components"]["messages"][message][part], "components": DOCUMENT["components"]}
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(payload)]


def events(hub: ServedHub, path: str) -> dict[str, list[Any]]:
    """Name → data of what the stream tells until its first heartbeat."""
    found: dict[str, list[Any]] = {}
    with urlopen(f"{hub.url}{path}", timeout=20) as response:
        name = ""
        for line in response:
            if line.startswith(b"event: "):
                name = line[7:].strip().decode()
            elif line.startswith(b"data: "):
                found.setdefault(name, []).append(json.loads(line[6:]))
                if name == "heartbeat":
                    return found
    return found


def test_its_own_parser_finds_nothing_wrong(tmp_path):
    path = tmp_path / "asyncapi.json"
    path.write_text(json.dumps(DOCUMENT))
    assert run_node("asyncapi.js", str(path), package="@asyncapi/parser") == {"isDocument": True, "found": []}


def test_the_parser_finds_a_channel_that_is_not_there(tmp_path):
    path = tmp_path / "asyncapi.json"
    broken = {**DOCUMENT, "operations": {"sendFeed": {"action": "send", "channel": {"$ref": "#/channels/none"}}}}
    path.write_text(json.dumps(broken))
    assert run_node("asyncapi.js", str(path), package="@asyncapi/parser")["found"]


def test_the_served_one_names_the_hub_and_what_is_pushed(hub):
    with urlopen(f"{hub.url}/asyncapi.json", timeout=20) as response:
        told = json.loads(response.read())
    assert told["servers"]["http"] == {**DOCUMENT["servers"]["http"], "host": hub.url.removeprefix("http://"), "protocol": "http"}
    assert told["channels"]["feed"]["address"] == "hub.opportunity.feed.v1"


@pytest.mark.parametrize("path", ["/v1/feed/stream?after=0", "/v1/feed/stream?after=0&kind=event"])
def test_every_event_of_the_stream_is_as_it_says(hub, path):
    told = events(hub, path)
    assert set(told) == {"opportunity", "heartbeat"}
    assert [fault for name, values in told.items() for value in values for fault in faults(name, value)] == []


@pytest.mark.parametrize("state", ["live", "closed"])
def test_a_record_of_the_feed_is_as_it_says(state):
    item = opportunity(1, state=state)
    assert faults("record", json.loads(item.to_bytes())) == []


def test_the_headers_of_a_record_are_as_it_says():
    headers = decode(cloud_event(type_="opportunity", source="hub", id_="x", time_ms=1, correlation_id="y"))
    assert faults("record", headers, "headers") == []


def test_a_record_without_an_id_is_none():
    tree = json.loads(opportunity(1).to_bytes())
    del tree["id"]
    assert faults("record", tree) != []
