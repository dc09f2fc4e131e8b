"""Example 04 says in the hub's words why it is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fakes.served_hub import served
from fakes.shown_feed import records

from hub.settings import OpsSettings, Settings

EXAMPLE = Path(__file__).parents[2] / "examples" / "04_mirror_in_sqlite" / "run.py"


@pytest.mark.parametrize(
    ("first", "then", "told"),
    [("kind=job", "kind=job", "kind: Input should be 'vacancy'"), ("", "segment=nobody", "there is no segment nobody")],
    ids=["at the start", "on the way"],
)
def test_a_refused_filter_is_told_and_no_traceback(tmp_path: Path, first: str, then: str, told: str) -> None:
    with served(Settings(state_dir=tmp_path, ops=OpsSettings(port=1)), records()) as hub:
        for filter_ in (first, then):
            command = [sys.executable, str(EXAMPLE), "--hub", hub.url, "--file", str(tmp_path / "a.db"), "--filter", filter_]
            ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr[: len(told)]) == (1, told)
