"""The operator's words on pairs and another model, through the command line, a running unify and its feed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.postings import BASE
from fakes.unify_world import JOB, Process, World, until

from hub.broker.embedded import EmbeddedKafka
from hub.domain.keys import opportunity_id
from hub.matching import MatchModel, default_parts

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]

COOK, NURSE, SAME = "a:cook", "b:nurse", "c:cook"
WHY = ("--why", "looked at both")


@pytest.fixture
def world(fresh_kafka: EmbeddedKafka, tmp_path: Path, free_ports: Callable[[int], int]) -> Iterator[World]:
    world = World(fresh_kafka, tmp_path, free_ports)
    yield world
    world.close()


@pytest.fixture
def owner(world: World) -> Process:
    """Two openings: a cook on two platforms, joined by evidence, and a nurse."""
    owner = world.start().until_ready()
    world.write(COOK, title="Kok", employer="Hotel Noord", apply_url=JOB.format(1))
    world.write(SAME, title="Kok", employer="Hotel Noord", apply_url=JOB.format(1), first_seen=BASE + 1)
    world.write(NURSE, first_seen=BASE + 2)
    until(lambda: joined(world) == [[COOK, SAME], [NURSE]], "two opportunities")
    return owner


def joined(world: World) -> list[list[str]]:
    return sorted(world.live().values())


def said(world: World) -> dict[str, tuple[Any, ...]]:
    """id → what the feed says of it."""
    return {row["id"]: (row["state"], row["version"], row.get("merged_into")) for row in world.records()}


def run(owner: Process, *arguments: str) -> str:
    ran = owner.hub("match", *arguments)
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


def strict(path: Path) -> Path:
    """A model by which nothing but an operator's word joins."""
    parts = dict(default_parts())
    parts["weights"] = re.sub(r"(?m)^(link|mutual) *=.*$", r"\1 = 90.0", parts["weights"])
    path.write_bytes(MatchModel(parts).to_bytes())
    return path


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


def test_a_word_survives_a_replay_and_a_restart(world: World, owner: Process) -> None:
    run(owner, "link", NURSE, COOK, *WHY)
    until(lambda: len(world.live()) == 1, "one opportunity")
    records = len(world.records())
    assert owner.hub("replay", "unify", *WHY).returncode == 0
    owner.until_ready()
    owner.end()
    second = world.start().until_ready()
    assert "joined by the operator: a:cook and b:nurse" in run(second, "how", NURSE)
    assert (joined(world), len(world.records())) == ([[COOK, NURSE, SAME]], records)


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


def test_another_model_that_would_merge_away_much_is_held_until_released(world: World, tmp_path: Path) -> None:
    brake = {"HUB_STREAMS__REBUILD_BRAKE_MIN_ITEMS": "2"}
    first = world.start(HUB_MATCHING__MODEL_FILE=str(strict(tmp_path / "strict.json")), **brake).until_ready()
    for number in range(4):
        for source in ("a", "b"):
            world.write(f"{source}:{number}", title="Kok", employer="Hotel Noord", apply_url=JOB.format(number))
    world.until_live(8)
    first.end()
    second = world.start(**brake)
    until(lambda: "brake" in second.readiness()["missing"], "the rebuild to be held")
    assert "4 of 8" in second.readiness()["missing"]["brake"]
    assert len(world.live()) == 8
    second.call("held.release", source="unify")
    world.until_live(4)
    assert {row["model"] for row in world.records()[-4:]} == {MatchModel(default_parts()).hash}
