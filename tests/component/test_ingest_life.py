"""A hub that watched a platform live, faults and all, ends up knowing what one reading of it shows."""

from __future__ import annotations

from random import Random

import pytest

from hub.ingest.sources import create_runner
from hub.ingest.state import SourceState
from hub.sandbox.run import Sandbox
from hub.sdk.connector import load_connectors
from hub.settings import SandboxSettings, Settings
from tests.fakes.ingest_world import MemoryLog

FAULTS = (None, None, None, "http_500", "half_list", "html_200", "empty_list", "truncated_json")


@pytest.mark.parametrize("source", ["noorderlink", "miitn", "traineelink", "vonk"])
async def test_long_life_ends_in_what_a_fresh_reading_shows(source: str) -> None:
    sandbox = await Sandbox.start(SandboxSettings.model_construct(port=0, seed=7, records=150, speed=0, freeze_at=None))
    settings = Settings.model_validate({"connectors": {source: {"base_url": sandbox.urls[source]}}})
    connector = load_connectors()[source]
    watcher, http = create_runner(connector, settings, MemoryLog(), SourceState(source=source))
    time = watcher.now()
    watcher.now = watcher.writer._now = lambda: time
    random = Random(7)
    for _ in range(30):
        fault = random.choice(FAULTS)
        if fault is not None:
            sandbox.fault(source, fault)
        sandbox.step(3)
        time += 15 * 60_000
        await watcher.run()
        sandbox.clear_faults()
    for _ in range(3):
        time += 61 * 60_000
        await watcher.run()
    fresh, fresh_http = create_runner(connector, settings, MemoryLog(), SourceState(source=source))
    await fresh.run()
    await http.close()
    await fresh_http.close()
    await sandbox.stop()
    assert watcher.state.held is None
    assert watcher.known.count_by_op()["withdrawn"] > 0
    assert {(item.native_id, item.fingerprint) for item in watcher.known.live()} == {
        (item.native_id, item.fingerprint) for item in fresh.known.live()
    }
