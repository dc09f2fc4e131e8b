"""The operator's words and another model over restarts of unify."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes.cooks import COOK, NURSE, SAME, WHY, joined, meet, run, strict
from fakes.unify_world import JOB, World, until

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]


def test_a_word_survives_a_replay_and_a_restart(world: World) -> None:
    owner = world.start().until_ready()
    meet(world)
    run(owner, "link", NURSE, COOK, *WHY)
    until(lambda: len(world.live()) == 1, "one opportunity")
    records = len(world.records())
    assert owner.hub("replay", "unify", *WHY).returncode == 0
    owner.until_ready()
    owner.end()
    second = world.start().until_ready()
    assert "joined by the operator: a:cook and b:nurse" in run(second, "how", NURSE)
    assert (joined(world), len(world.records())) == ([[COOK, NURSE, SAME]], records)


def test_another_model_that_would_merge_away_much_is_held_until_released(world: World, tmp_path: Path) -> None:
    brake = {"HUB_STREAMS__REBUILD_BRAKE_MIN_ITEMS": "2"}
    first = world.start(HUB_MATCHING__MODEL_FILE=str(strict(tmp_path / "strict.json")), **brake).until_ready()
    for number in range(4):
        for source in ("a", "b"):
            world.write(f"{source}:{number}", title="Kok", employer="Hotel Noord", apply_url=JOB.format(number))
    world.until_live(8)
    first.end()
    second = world.start(**brake)
    assert "4 of 8" in second.until_held()
    assert len(world.live()) == 8
    second.call("held.release", source="unify")
    world.until_live(4)
    (shipped,) = (path.stem for path in (second.state / "models").iterdir())
    assert {row["model"] for row in world.records()[-4:]} == {shipped}
