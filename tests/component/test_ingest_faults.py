"""Every fault of the sandbox on every source: nothing is withdrawn, the cause is named, and life goes on afterwards.

The real connectors and the real HTTP client read the simulated platforms; only the log is in memory. After each fault
one item is withdrawn for good, so that a hub which had merely stopped looking would fail.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientTimeout

from hub.ingest.sources import create_runner
from hub.ingest.state import SourceState
from hub.sandbox.faults import KINDS
from hub.sandbox.run import Sandbox
from hub.sdk.connector import load_connectors
from hub.settings import SandboxSettings, Settings
from tests.fakes.ingest_world import MemoryLog

SOURCES = ("noorderlink", "miitn", "traineelink", "vonk")
BESIDE = ("http_500", "throttle_seconds", "truncated_json", "html_200", "half_list", "wrong_charset")
MINUTE_MS = 60_000


class Hub:
    """One source of the hub before a sandbox; each run is a quarter of an hour after the last."""

    def __init__(self, sandbox: Sandbox, source: str) -> None:
        self.source = source
        self.sandbox = sandbox
        settings = Settings.model_validate(
            {
                "ingest": {"max_response_bytes": 8 * 2**20},
                "connectors": {source: {"base_url": sandbox.urls[source]}},
            }
        )
        connector = load_connectors()[source]
        self.runner, self.http = create_runner(connector, settings, MemoryLog(), SourceState(source=source))
        self._patience, self._time = self.http._timeout, self.runner.now()
        self.runner.now = self.runner.writer._now = lambda: self._time

    async def run(self) -> Any:
        """Waits long for an answer, but not for a platform that was told to give none."""
        is_silent = any(fault["fault"] == "timeout" for fault in self.sandbox.desk.standing)
        await self.http.close()  # it takes its patience from when it opens a session
        self.http._timeout = ClientTimeout(total=0.5) if is_silent else self._patience
        self._time += 15 * MINUTE_MS
        return await self.runner.run()

    @property
    def live(self) -> set[str]:
        return {item.native_id for item in self.runner.known.live()}

    def withdraw_one(self) -> tuple[str, int]:
        """Take a live item off the platform: its native id in the hub, and the runs it may take."""
        for item in sorted(self.runner.known.live(), key=lambda item: (item.url is None, item.native_id)):
            for native_id in (item.native_id, item.native_id.partition("-")[2], item.native_id.partition(":")[2]):
                if native_id and self.sandbox.world.find(self.source, native_id) is not None:
                    self.sandbox.withdraw(self.source, native_id)
                    return item.native_id, 2 if item.url else 3
        raise AssertionError(f"no live item of {self.source} is known to the sandbox")


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = await Sandbox.start(SandboxSettings.model_construct(port=0, seed=2026, records=150, speed=0, freeze_at=None))
    yield sandbox
    await sandbox.stop()


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("fault", KINDS)
async def test_fault_withdraws_nothing_and_a_genuine_withdrawal_comes_through_after_it(
    sandbox: Sandbox, source: str, fault: str
) -> None:
    hub = Hub(sandbox, source)
    assert (await hub.run()).outcome == "ok"
    listed = hub.live
    sandbox.fault(source, fault)
    reports = [await hub.run(), await hub.run()]
    state = hub.runner.state
    sandbox.clear_faults()
    gone, runs = hub.withdraw_one()
    for _ in range(runs):
        await hub.run()
    await hub.http.close()
    assert sandbox.desk.served[source, fault] >= 2
    assert {one.outcome for one in reports} <= {"failed", "held", "throttled"}
    assert all(one.cause or one.held for one in reports)
    assert state.kind(reports[-1].started_at) in ("failing", "held", "throttled")
    assert sum(one.withdrawn for one in reports) == 0
    assert hub.live == listed - {gone}
    assert hub.runner.state.kind(hub.runner.now()) == "ok"


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("miitn", "/job/"),
        ("miitn", "/events"),
        ("traineelink", "/agenda.ics"),
        ("traineelink", "/traineeships/"),
        ("traineelink", "/events/"),
    ],
)
@pytest.mark.parametrize("fault", BESIDE)
async def test_fault_beside_the_main_list_withdraws_nothing_either(sandbox: Sandbox, source: str, path: str, fault: str) -> None:
    hub = Hub(sandbox, source)
    await hub.run()
    listed = hub.live
    sandbox.fault(source, fault, path=path)
    reports = [await hub.run(), await hub.run(), await hub.run()]
    sandbox.clear_faults()
    after = [await hub.run(), await hub.run()]
    await hub.http.close()
    assert sum(one.withdrawn for one in [*reports, *after]) == 0
    assert hub.live == listed
    assert after[-1].outcome in ("ok", "unchanged")


@pytest.mark.parametrize("fault", BESIDE)
async def test_calendar_entry_that_is_gone_for_good_leaves_within_three_runs_after_a_fault(sandbox: Sandbox, fault: str) -> None:
    hub = Hub(sandbox, "traineelink")
    await hub.run()
    listed = hub.live
    sandbox.fault("traineelink", fault, path="/agenda.ics")
    await hub.run()
    sandbox.clear_faults()
    entry = next(item for item in sandbox.platforms["traineelink"].shown() if f"ical-{item.event and item.event.uid}" in listed)
    sandbox.withdraw("traineelink", entry.native_id)
    waiting = [(await hub.run()).waiting, (await hub.run()).withdrawn]
    await hub.http.close()
    assert waiting == [1, 1]
    assert listed - hub.live == {f"ical-{entry.event.uid}"}
