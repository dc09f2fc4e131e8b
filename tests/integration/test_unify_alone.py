"""One unify that owns its topics all the while: the operator's word, the clock, parked and withdrawn postings, replay.

It serves the whole file, so each test has postings of its own, of an employer of their own, and looks at those alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fakes.postings import BASE
from fakes.unify_world import JOB, Process, World, until

from hub.broker.embedded import EmbeddedKafka
from hub.domain.keys import opportunity_id
from hub.domain.posting import Status
from hub.topics import CLOCK, ENRICHED, OWNER, REJECTED

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def world(
    shared_kafka: EmbeddedKafka, tmp_path_factory: pytest.TempPathFactory, free_ports: Callable[[int], int]
) -> Iterator[World]:
    world = World(shared_kafka, tmp_path_factory.mktemp("unify"), free_ports)
    yield world
    world.close()


@pytest.fixture(scope="module")
def owner(world: World) -> Process:
    return world.start().until_ready()


def until_live(world: World, among: set[str], wanted: set[str]) -> None:
    def live() -> set[str]:
        return {key for keys in world.live().values() for key in keys}

    until(lambda: live() & among == wanted, f"of {sorted(among)[:5]} {len(wanted)} to be live")


def records_of(world: World, key: str) -> list[dict[str, Any]]:
    return [row for row in world.records() if row["id"] == opportunity_id(key)]


def test_a_replay_while_changes_arrive_ends_in_the_same_state(world: World, owner: Process) -> None:
    world.fill(500)
    until(lambda: sum(keys[0].startswith("a:") for keys in world.live().values()) >= 500, "500 opportunities")
    for number in range(500):
        if number == 100:
            owner.call("replay.unify")
        world.write(f"b:{number}", apply_url=JOB.format(number), seq=BASE + 1, first_seen=BASE + 1)
    pairs = {frozenset((f"a:{number}", f"b:{number}")) for number in range(500)}
    until(lambda: pairs <= {frozenset(keys) for keys in world.live().values()}, "both sources of every opportunity")
    owner.until_ready()


def test_hiding_takes_a_posting_off_and_undo_brings_the_same_version_back(world: World, owner: Process) -> None:
    world.write("hide:1", title="Kok", employer="Hotel Oost")
    until_live(world, {"hide:1"}, {"hide:1"})
    owner.call("posting.hide", posting="hide:1")
    until_live(world, {"hide:1"}, set())
    assert records_of(world, "hide:1")[-1]["closed_reason"] == "hidden"
    owner.call("posting.undo", posting=opportunity_id("hide:1"))
    until_live(world, {"hide:1"}, {"hide:1"})
    rows = records_of(world, "hide:1")
    assert rows[-1]["version"] == rows[0]["version"]


@pytest.mark.usefixtures("owner")
def test_the_clock_expires_a_posting_that_its_source_says_nothing_about(world: World) -> None:
    world.write("clock:1", title="Lasser", employer="Staalbouw West", expires_at=BASE + 60_000)
    until_live(world, {"clock:1"}, {"clock:1"})
    world.send(CLOCK, b"minute", json.dumps({"at": BASE + 60_000}).encode())
    until_live(world, {"clock:1"}, set())
    assert records_of(world, "clock:1")[-1]["closed_reason"] == "expired"


def parked(world: World) -> list[dict[str, Any]]:
    return [row for row in world.records(REJECTED) if row["source_key"] == "parked:2"]


def test_a_poisoned_input_is_parked_once_and_its_neighbours_go_on(world: World, owner: Process) -> None:
    around = {"parked:1", "parked:3"}
    world.write("parked:1", title="Jurist", employer="Advocaten Zuid", apply_url=JOB.format(9_001))
    world.send(ENRICHED, b"parked:2", b'{"kind": "ship"}')
    world.write("parked:3", title="Jurist", employer="Advocaten Zuid", apply_url=JOB.format(9_003))
    until_live(world, around, around)
    until(lambda: parked(world), "the dead letter")
    (letter,) = parked(world)
    assert (letter["stage"], letter["field"]) == ("unify", "kind")
    claims = len(world.records(OWNER))
    owner.call("replay.unify")
    until(lambda: len(world.records(OWNER)) > claims, "the next term")
    owner.until_ready()
    assert parked(world) == [letter]


@pytest.mark.usefixtures("owner")
def test_a_withdrawn_posting_closes_with_a_small_record(world: World) -> None:
    words = {"title": "Docent wiskunde", "employer": "College Midden"}
    world.write("withdrawn:1", **words)
    until_live(world, {"withdrawn:1"}, {"withdrawn:1"})
    world.write("withdrawn:1", **words, seq=BASE + 1, status=Status.WITHDRAWN)
    until_live(world, {"withdrawn:1"}, set())
    closed = records_of(world, "withdrawn:1")[-1]
    assert (closed["closed_reason"], "content" in closed) == ("withdrawn", False)
