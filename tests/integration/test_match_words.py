"""The operator's words on pairs, through the command line, a running unify and its feed.

One unify and one small world serve the file: each test takes back what it said.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.cooks import COOK, NURSE, SAME, WHY, joined, meet, run, strict
from fakes.unify_world import Process, World, until

from hub.broker.embedded import EmbeddedKafka
from hub.domain.keys import opportunity_id

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def world(
    shared_kafka: EmbeddedKafka, tmp_path_factory: pytest.TempPathFactory, free_ports: Callable[[int], int]
) -> Iterator[World]:
    world = World(shared_kafka, tmp_path_factory.mktemp("words"), free_ports)
    yield world
    world.close()


@pytest.fixture(scope="module")
def owner(world: World) -> Process:
    owner = world.start().until_ready()
    meet(world)
    return owner


def said(world: World) -> dict[str, tuple[Any, ...]]:
    """id → what the feed says of it."""
    return {row["id"]: (row["state"], row["version"], row.get("merged_into")) for row in world.records()}


def test_a_link_closes_the_younger_id_and_its_undo_restores_ids_and_versions(world: World, owner: Process) -> None:
    before = said(world)
    text = run(owner, "link", NURSE, COOK, *WHY)
    until(lambda: joined(world) == [[COOK, NURSE, SAME]], "one opportunity")
    assert said(world)[opportunity_id(NURSE)][::2] == ("closed", opportunity_id(COOK))
    assert f"{opportunity_id(NURSE)}  closed, leads to {opportunity_id(COOK)}" in text
    run(owner, "undo", COOK, NURSE, *WHY)
    until(lambda: said(world) == before, "the former ids and versions")
    refused = owner.hub("match", "undo", COOK, NURSE)
    assert (refused.returncode, refused.stderr) == (1, "hub: there is no word on this pair to undo\n")


def test_separate_parts_what_evidence_joined_and_undo_joins_it_again(world: World, owner: Process) -> None:
    before = said(world)
    run(owner, "separate", COOK, SAME, *WHY)
    until(lambda: joined(world) == [[COOK], [NURSE], [SAME]], "three opportunities")
    assert opportunity_id(SAME) in world.live()
    run(owner, "undo", COOK, SAME, *WHY)
    until(lambda: joined(world) == [[COOK, SAME], [NURSE]], "two opportunities")
    assert {id_: said(world)[id_] for id_ in before} == before


def test_explanations_answer_and_change_nothing(world: World, owner: Process) -> None:
    records = len(world.records())
    assert run(owner, "review") == "0 of 0 pairs\n"
    why = run(owner, "why", COOK, SAME)
    assert why.startswith("a:cook and c:cook: one opportunity\n")
    assert "title: equal" in why
    assert "two opportunities" in run(owner, "why-not", COOK, NURSE)
    assert f"{opportunity_id(SAME)} leads here" in run(owner, "how", opportunity_id(SAME))
    would = run(owner, "what-if", "link", COOK, NURSE)
    assert "if linked; these opportunities would change:" in would
    unknown = owner.hub("match", "why", COOK, "c:nobody")
    assert (unknown.returncode, unknown.stderr) == (1, "hub: no posting or opportunity is called c:nobody\n")
    told = json.loads(run(owner, "why", COOK, SAME, "--json"))
    weighed = sum(row["bits"] for row in told["evidence"]) + sum(told["caps"].values())
    assert told["prior"] - told["template"] + weighed == told["total"]
    assert len(world.records()) == records


def test_two_models_are_compared_before_one_is_put_to_work(world: World, owner: Process, tmp_path: Path) -> None:
    other, current = str(strict(tmp_path / "strict.json")), str(tmp_path / "current.json")
    run(owner, "model", current)
    counts = json.loads(run(owner, "compare", "current", other, "--json"))["counts"]
    assert (counts["live_before"], counts["live_after"], counts["split"]) == (2, 3, 1)
    assert "1 merges, 0 splits" in run(owner, "compare", other, current)
