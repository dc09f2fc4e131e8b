"""What the supervisor has a short process do: its answer, its refusal, its passing fault."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from hub.errors import ConfigError, RetryableError
from hub.settings import Settings
from hub.supervisor.steps import database_step, run_apart


def environment(state: Path) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return {**kept, "HUB_STATE_DIR": str(state)}


async def test_hub_db_is_made_where_there_is_none_and_left_alone_after(tmp_path: Path) -> None:
    step = database_step(Settings(state_dir=tmp_path), environment(tmp_path))
    assert [await step.run(), await step.run()] == ["hub.db made", None]
    assert (tmp_path / "hub.db").is_file()


async def test_what_a_person_must_change_is_a_config_error(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the directory should be")
    with pytest.raises(ConfigError, match="cannot be written"):
        await run_apart("make_hub_db", environment=environment(tmp_path / "state"))


async def test_a_broker_that_is_away_is_a_passing_fault() -> None:
    with pytest.raises(RetryableError, match="no Kafka broker answers"):
        await run_apart("apply_topics", "127.0.0.1:1")
