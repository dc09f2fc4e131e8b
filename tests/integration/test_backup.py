"""A whole hub is lost and comes back from a backup that was taken while everything moved."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from fakes.running_hub import PORTS, RunningHub

pytestmark = [pytest.mark.integration, pytest.mark.timeout(1_200)]

STEPS, STEP_SECONDS = 24, 0.4
READER = Path(__file__).parents[2] / "examples" / "02_follow_the_feed_over_http" / "run.py"


def new_reader(hub: RunningHub) -> Any:
    """The example's reader, which knows nothing of the hub's code."""
    spec = importlib.util.spec_from_file_location("reader", READER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Copy(hub.http)


@dataclass
class RpdeReader:
    """As the standard has it: keep what is updated, drop what is deleted, go on where the last page leads."""

    url: str
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    largest: int = 0

    def catch_up(self) -> None:
        while True:
            page = read(self.url)
            if not page["items"]:
                return
            for item in page["items"]:
                self.items.pop(item["id"], None)
                if item["state"] == "updated":
                    self.items[item["id"]] = item["data"]
                self.largest = max(self.largest, item["modified"])
            self.url = page["next"]

    def versions(self) -> dict[str, str]:
        return {id_: item["version"] for id_, item in self.items.items()}


def read(url: str) -> Any:
    with urlopen(url, timeout=30) as answer:
        return json.load(answer)


def refusal(url: str) -> tuple[int, dict[str, Any]]:
    with pytest.raises(HTTPError) as caught:
        urlopen(url, timeout=30)
    with caught.value as answer:
        return answer.code, json.load(answer)


class LivingWorld:
    """The simulated platforms step on while the block runs, always equally often, so that every run has the same world."""

    def __init__(self, hub: RunningHub) -> None:
        self._hub = hub
        self._thread = threading.Thread(target=self._live, daemon=True)

    def __enter__(self) -> LivingWorld:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(150)

    def _live(self) -> None:
        for _ in range(STEPS):
            self._hub.control("step", {"n": 1})
            time.sleep(STEP_SECONDS)


@dataclass
class Story:
    """A hub that was lost and restored, and what readers held when it was lost."""

    hub: RunningHub
    verified: list[int]
    restored: dict[str, Any]
    reader: Any
    rpde: RpdeReader


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, free_ports: Callable[[int], int]) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("backup")
    hub = RunningHub(
        folder / "state",
        free_ports(PORTS),
        HUB_SANDBOX__SPEED="0",
        HUB_SANDBOX__RECORDS="400",
        HUB_SANDBOX__SEED="7",
        HUB_STREAMS__SESSION_SECONDS="6",
    )
    try:
        hub.start()
        hub.until(lambda: len(hub.live()) > 100, 150, "a feed that is worth a backup")
        backups = [folder / f"{number}.tar.zst" for number in range(3)]
        with LivingWorld(hub):
            for path in backups:
                written = hub.hub("backup", str(path))
                assert written.returncode == 0, written.stderr
        reader, rpde = new_reader(hub), RpdeReader(f"{hub.http}/v1/feed/rpde")
        reader.load_snapshot()
        reader.catch_up()
        rpde.catch_up()
        assert hub.hub("restore", str(backups[1]), "--force").returncode == 2  # it runs
        assert hub.stop() == 0
        # The partners do not travel back in time: their memory is kept.
        journal = (hub.state / "sandbox.ndjson").read_bytes()
        shutil.rmtree(hub.state)
        hub.state.mkdir()
        verified = [hub.hub("backup", "--verify", str(path)).returncode for path in backups]
        restored = hub.hub("restore", str(backups[1]), "--why", "the disk is lost", "--json")
        assert restored.returncode == 0, restored.stderr
        (hub.state / "sandbox.ndjson").write_bytes(journal)
        hub.start()
        hub.until_true()
        hub.until_served()
        yield Story(hub, verified, json.loads(restored.stdout), reader, rpde)
        assert hub.stop() == 0
    finally:
        hub.kill_everything()


def test_a_lost_hub_comes_back_from_a_backup_under_traffic_and_ends_in_the_truth(story: Story) -> None:
    # The fixture waited for the truth: every live posting of the partners, joined as a fresh engine joins them.
    assert story.hub.missing_below_committed() == {}
    assert story.verified == [0, 0, 0]
    assert story.restored["taken"] == "running"


def test_an_old_cursor_is_answered_410_and_its_reader_heals_to_an_equal_state(story: Story) -> None:
    old = f"{story.hub.http}/v1/feed/pages?after={story.reader.cursor}&feed={story.reader.feed_id}"
    code, problem = refusal(old)
    assert (code, problem["snapshot"]) == (410, f"{story.hub.http}/v1/feed/snapshot.ndjson.gz")
    told = story.reader.catch_up()
    assert told["digest"] == story.reader.digest()


def test_an_rpde_reader_is_told_everything_again_under_greater_numbers(story: Story) -> None:
    before, largest = dict(story.rpde.items), story.rpde.largest
    assert before
    told_again = RpdeReader(story.rpde.url)
    told_again.catch_up()
    story.rpde.catch_up()
    fresh = new_reader(story.hub)
    fresh.load_snapshot()
    fresh.catch_up()
    live = {id_: item["version"] for id_, item in fresh.live.items()}
    assert told_again.largest > largest
    assert told_again.versions() == live
    # What the log never knew it cannot take back: see docs/adr/0008.
    stray = story.rpde.versions().keys() - live.keys()
    assert stray <= before.keys() - story.hub.feed().keys()
    assert {id_: version for id_, version in story.rpde.versions().items() if id_ not in stray} == live


def test_the_audit_tells_of_the_backup_and_of_the_restore(story: Story) -> None:
    connection = sqlite3.connect(story.hub.state / "hub.db")
    found = connection.execute("SELECT what, why FROM audit WHERE what IN ('backup', 'restore') ORDER BY id").fetchall()
    connection.close()
    assert found == [("backup", ""), ("backup", ""), ("restore", "the disk is lost")]
