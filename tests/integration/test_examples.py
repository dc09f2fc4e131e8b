"""Examples 01 and 02 do what their READMEs say, against a whole running hub. (Example 03 needs none: tests/unit/examples.)"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from fakes.running_hub import PORTS, RunningHub

pytestmark = [pytest.mark.integration, pytest.mark.timeout(150)]

EXAMPLES = Path(__file__).parents[2] / "examples"
KAFKA = EXAMPLES / "01_read_the_feed_from_kafka" / "run.py"
HTTP = EXAMPLES / "02_follow_the_feed_over_http" / "run.py"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, free_ports: Callable[[int], int]) -> Iterator[RunningHub]:
    """A hub whose world stands still, so that two readings speak of the same feed."""
    running = RunningHub(tmp_path_factory.mktemp("hub"), free_ports(PORTS), HUB_SANDBOX__SPEED="0", HUB_SANDBOX__RECORDS="120")
    try:
        running.start()
        running.until_true()
        yield running
        assert running.stop() == 0
    finally:
        running.kill_everything()


def run(program: Path, *arguments: str) -> list[str]:
    ran = subprocess.run([sys.executable, str(program), *arguments], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stderr == ""
    return ran.stdout.splitlines()


def load(program: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(program.parent.name, program)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_example_01_folds_the_whole_feed_from_kafka(hub: RunningHub) -> None:
    count, verdict = run(KAFKA, "--servers", hub.servers, "--hub", hub.http)
    assert count.startswith(f"{len(hub.live())} live opportunities up to cursor ")
    assert verdict == "complete"


def test_example_02_follows_the_feed_to_its_end(hub: RunningHub) -> None:
    (line,) = run(HTTP, "--hub", hub.http, "--rounds", "1")
    assert re.fullmatch(rf"{len(hub.live())} live opportunities at cursor \d+: complete", line)


def test_example_02_takes_changes_from_where_it_stands(hub: RunningHub) -> None:
    copy = load(HTTP).Copy(hub.http)
    copy.load_snapshot()
    hub.control("step", {"n": 3})
    hub.until_true()
    hub.until(lambda: copy.catch_up().get("digest") == copy.digest(), 20, "the copy to be complete")
    assert set(copy.live) == {row["id"] for row in hub.live().values()}


def test_example_02_begins_anew_when_its_cursor_means_nothing_here(hub: RunningHub) -> None:
    copy = load(HTTP).Copy(hub.http)
    copy.feed_id, copy.cursor = "another-feed", 5
    page = copy.catch_up()
    assert copy.feed_id != "another-feed"
    assert copy.digest() == page["digest"]
