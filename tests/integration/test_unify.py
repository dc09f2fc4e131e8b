"""Unify as a process on a real broker: rebuilds, the brake, ownership, the operator's word, replay under change."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from fakes.postings import BASE, posting
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType

from hub.broker.admin import apply_topics
from hub.broker.embedded import EmbeddedKafka
from hub.broker.headers import Stamp
from hub.domain.keys import opportunity_id
from hub.domain.posting import Status
from hub.topics import CLOCK, ENRICHED, FEED, REJECTED, catalogue

pytestmark = [pytest.mark.integration, pytest.mark.timeout(150)]
JOB = "https://werkenbij.ziekenhuis.example/vacatures/functie-{}0001"


class Process:
    """One `hub unify` of its own, with its own ops port and state directory."""

    def __init__(self, servers: str, state: Path, ops_port: int) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        self.state = state
        self.port = ops_port + 2
        environment = {
            **kept,
            "HUB_STATE_DIR": str(state),
            "HUB_OPS__PORT": str(ops_port),
            "HUB_KAFKA__BOOTSTRAP_SERVERS": servers,
            "HUB_STREAMS__SESSION_SECONDS": "6",
        }
        state.mkdir(exist_ok=True)
        with (state / "unify.log").open("ab") as log:
            self.process = subprocess.Popen([sys.executable, "-m", "hub", "unify"], env=environment, cwd=state, stderr=log)

    def readiness(self) -> dict[str, Any]:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as response:
                found: dict[str, Any] = json.loads(response.read())
        except HTTPError as error:
            found = json.loads(error.read())
        except OSError:
            return {"ready": False, "missing": {}}
        return found

    def until_ready(self) -> Process:
        until(lambda: self.readiness()["ready"], "unify to be ready")
        return self

    def call(self, command: str, **arguments: Any) -> Any:
        token = (self.state / "ops.token").read_text()
        request = Request(
            f"http://127.0.0.1:{self.port}/ops/{command}",
            data=json.dumps({"who": "test", "why": "test", "arguments": arguments}).encode(),
            headers={"Authorization": f"Bearer {token}"},
        )
        with urlopen(request, timeout=20) as response:
            return json.loads(response.read())["result"]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class World:
    """The independent client: writes enriched, reads the feed, starts owners."""

    def __init__(self, kafka: EmbeddedKafka, tmp_path: Path, free_ports: Callable[[int], int]) -> None:
        self.servers = kafka.bootstrap
        self._tmp_path = tmp_path
        self._free_ports = free_ports
        self._processes: list[Process] = []
        self._producer = KafkaProducer(bootstrap_servers=self.servers, acks="all", linger_ms=5)

    def start(self) -> Process:
        process = Process(self.servers, self._tmp_path / f"unify-{len(self._processes)}", self._free_ports(8))
        self._processes.append(process)
        return process

    def write(self, key: str, **fields: Any) -> None:
        value = posting(key, **fields)
        headers = Stamp("upsert", value.seq, value.first_seen).to_headers()
        self._producer.send(ENRICHED, key=key.encode(), value=value.to_bytes(), headers=headers)

    def send(self, topic: str, key: bytes, value: bytes, headers: Any = ()) -> None:
        self._producer.send(topic, key=key, value=value, headers=list(headers))
        self._producer.flush()

    def fill(self, count: int) -> None:
        for number in range(count):
            self.write(f"a:{number}", apply_url=JOB.format(number))
        self._producer.flush()

    def records(self, topic: str = FEED) -> list[dict[str, Any]]:
        consumer = KafkaConsumer(bootstrap_servers=self.servers, enable_auto_commit=False, auto_offset_reset="earliest")
        part = TopicPartition(topic, 0)
        consumer.assign([part])
        end = consumer.end_offsets([part])[part]
        consumer.seek_to_beginning(part)
        rows: list[dict[str, Any]] = []
        while consumer.position(part) < end:
            rows += [json.loads(record.value) for records in consumer.poll(timeout_ms=300).values() for record in records]
        consumer.close()
        return rows

    def live(self) -> dict[str, list[str]]:
        fold = {row["id"]: row for row in self.records()}
        return {id_: [s["source_key"] for s in row["sources"]] for id_, row in fold.items() if row["state"] == "live"}

    def until_live(self, count: int) -> None:
        until(lambda: len(self.live()) == count, f"{count} live opportunities")

    def forget(self, before: int) -> None:
        """Lose the first records of the enriched topic, as a broken disk or a wrong retention would."""
        admin = KafkaAdminClient(bootstrap_servers=self.servers)
        admin.alter_configs([_with_policy(ENRICHED, "delete")])  # records of a compacted topic cannot be deleted
        admin.delete_records({TopicPartition(ENRICHED, 0): before})
        admin.close()
        apply_topics(self.servers, catalogue([]))

    def close(self) -> None:
        for process in self._processes:
            process.kill()
        self._producer.close()


def until(condition: Callable[[], Any], what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.2)


@pytest.fixture
def world(fresh_kafka: EmbeddedKafka, tmp_path: Path, free_ports: Callable[[int], int]) -> Iterator[World]:
    world = World(fresh_kafka, tmp_path, free_ports)
    yield world
    world.close()


def test_an_owner_killed_while_publishing_leaves_a_feed_that_its_standby_completes(world: World) -> None:
    owner = world.start().until_ready()
    standby = world.start()
    world.fill(3_000)
    until(lambda: len(world.records()) > 200, "the feed to fill")
    owner.kill()
    world.until_live(3_000)
    until(lambda: standby.readiness()["ready"], "the standby to be live")


def test_a_woken_former_owner_leaves_and_its_late_records_are_overwritten(world: World) -> None:
    owner = world.start().until_ready()
    world.fill(50)
    world.until_live(50)
    owner.process.send_signal(signal.SIGSTOP)
    world.start().until_ready()
    stale = next(row for row in world.records() if row["id"] == opportunity_id("a:7"))
    stale["version"] = "stale"
    world.send(FEED, opportunity_id("a:7").encode(), json.dumps(stale).encode(), [("hub-term", b"0")])
    until(
        lambda: [r for r in world.records() if r["id"] == stale["id"]][-1]["version"] != "stale",
        "the stale record to be overwritten",
    )
    owner.process.send_signal(signal.SIGCONT)
    assert owner.process.wait(timeout=60) == 1
    assert len(world.live()) == 50


@pytest.mark.parametrize("kept", [0, 60])
def test_a_rebuild_from_an_empty_or_half_full_topic_closes_nothing_until_released(world: World, kept: int) -> None:
    owner = world.start().until_ready()
    world.fill(120)
    world.until_live(120)
    owner.process.terminate()
    owner.process.wait(timeout=30)
    world.forget(120 - kept)
    second = world.start()
    until(lambda: "brake" in second.readiness()["missing"], "the rebuild to be held")
    assert f"{120 - kept} of 120" in second.readiness()["missing"]["brake"]
    assert len(world.live()) == 120
    assert second.call("held.list")[0]["count"] == 120 - kept
    second.call("held.release", source="unify")
    world.until_live(kept)
    second.until_ready()


def test_a_replay_while_changes_arrive_ends_in_the_same_state(world: World) -> None:
    owner = world.start().until_ready()
    world.fill(500)
    world.until_live(500)
    for number in range(500):
        if number == 100:
            owner.call("replay.unify")
        world.write(f"b:{number}", apply_url=JOB.format(number), seq=BASE + 1, first_seen=BASE + 1)
    until(lambda: sum(len(keys) for keys in world.live().values()) == 1_000, "both sources of every opportunity")
    assert all(keys[0].partition(":")[2] == keys[1].partition(":")[2] for keys in world.live().values())
    owner.until_ready()


def test_hiding_takes_a_posting_off_and_undo_brings_the_same_version_back(world: World) -> None:
    owner = world.start().until_ready()
    world.fill(1)
    world.until_live(1)
    owner.call("posting.hide", posting="a:0")
    world.until_live(0)
    assert world.records()[-1]["closed_reason"] == "hidden"
    owner.call("posting.undo", posting=opportunity_id("a:0"))
    world.until_live(1)
    rows = world.records()
    assert rows[-1]["version"] == rows[0]["version"]


def test_a_hidden_posting_stays_hidden_after_a_rebuild(world: World) -> None:
    owner = world.start().until_ready()
    world.fill(2)
    world.until_live(2)
    owner.call("posting.hide", posting="a:0")
    world.until_live(1)
    owner.kill()
    world.start().until_ready()
    assert list(world.live().values()) == [["a:1"]]


def test_the_clock_expires_a_posting_that_its_source_says_nothing_about(world: World) -> None:
    world.start().until_ready()
    world.write("a:1", expires_at=BASE + 60_000)
    world.until_live(1)
    world.send(CLOCK, b"minute", json.dumps({"at": BASE + 60_000}).encode())
    world.until_live(0)
    assert world.records()[-1]["closed_reason"] == "expired"


def test_a_poisoned_input_is_parked_and_its_neighbours_go_on(world: World) -> None:
    world.start().until_ready()
    world.write("a:1")
    world.send(ENRICHED, b"a:2", b'{"kind": "ship"}')
    world.write("a:3")
    world.until_live(2)
    (letter,) = world.records(REJECTED)
    assert (letter["stage"], letter["source_key"], letter["field"]) == ("unify", "a:2", "kind")


def test_a_withdrawn_posting_closes_with_a_small_record(world: World) -> None:
    world.start().until_ready()
    world.write("a:1")
    world.until_live(1)
    world.write("a:1", seq=BASE + 1, status=Status.WITHDRAWN)
    world.until_live(0)
    closed = world.records()[-1]
    assert (closed["closed_reason"], "content" in closed) == ("withdrawn", False)


def _with_policy(topic: str, policy: str) -> ConfigResource:
    return ConfigResource(ConfigResourceType.TOPIC, topic, configs={"cleanup.policy": policy})
