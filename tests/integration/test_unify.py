"""Unify as a process on a real broker: rebuilds, the brake, ownership, the operator's word, replay under change."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes.postings import BASE
from fakes.unify_world import JOB, World, until

from hub.broker.embedded import EmbeddedKafka
from hub.domain.keys import opportunity_id
from hub.domain.posting import Status
from hub.topics import CLOCK, ENRICHED, FEED, REJECTED

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]


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
