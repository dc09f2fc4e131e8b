"""Commands that read the feed, while no broker answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from hub.cli import main


@pytest.mark.parametrize("command", ["export", "tail", "digest"])
def test_a_reader_without_a_broker_is_told_what_to_look_at(command: str, tmp_path: Path) -> None:
    settings = {"HUB_KAFKA__BOOTSTRAP_SERVERS": "127.0.0.1:1", "HUB_STATE_DIR": str(tmp_path)}
    result = CliRunner().invoke(main, ["feed", command], env=settings)
    said = "no Kafka broker answers on 127.0.0.1:1; is `hub up` or `hub broker` running, is HUB_KAFKA__BOOTSTRAP_SERVERS right?"
    assert (result.exit_code, result.output) == (1, f"hub: {said}\n")
