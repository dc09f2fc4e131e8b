"""When a source runs, which sources run, and what an operator may ask."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from typing import Any

import pytest

from hub.errors import ConfigError, HubError
from hub.ingest.audit import Audit
from hub.ingest.clock import Clock
from hub.ingest.commands import Commands
from hub.ingest.schedule import Schedule, delay_seconds
from hub.ingest.sources import create_runner, is_enabled, require_known
from hub.ingest.state import SourceState, load_state
from hub.settings import Settings
from tests.fakes.ingest_world import START, FakePartner, MemoryLog, World, fake_connector, source_error


@pytest.mark.parametrize(
    ("failures", "throttled_for", "random", "seconds"),
    [
        (0, None, 0.5, 900),
        (0, None, 0.0, 810),
        (0, None, 1.0, 990),
        (1, None, 0.0, 15),
        (2, None, 0.0, 30),
        (3, None, 0.0, 60),
        (99, None, 0.0, 900),
        (1, 120, 0.0, 120),
        (1, 5, 0.0, 15),
        (1, 7200, 0.0, 7200),
    ],
)
def test_delay_until_the_next_run(failures: int, throttled_for: int | None, random: float, seconds: float) -> None:
    until = START + throttled_for * 1000 if throttled_for is not None else None
    state = SourceState(source="fake", failures=failures, throttled_until=until)
    assert delay_seconds(900, state, START, random) == pytest.approx(seconds)


async def nothing(_: Any) -> None:
    return None


async def test_first_run_is_at_once_and_a_requested_one_does_not_wait_for_the_rhythm() -> None:
    world = World()
    world.partner.lists("1")
    schedule = Schedule(world.runner, 3600, nothing, Random(1))
    task = asyncio.create_task(schedule.run())
    reports = [await schedule.request(), await schedule.request()]
    task.cancel()
    assert [one.outcome for one in reports] == ["ok", "ok"]


class Sleepless(Schedule):
    """Notes for how long it would sleep, and stops at the second time."""

    slept: list[float]
    stopped: asyncio.Event

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if len(self.slept) == 2:
            self.stopped.set()
            await asyncio.Event().wait()


@pytest.mark.parametrize(("asked_for", "first"), [(None, -START / 1000), (600, 600)])
async def test_every_run_is_followed_by_the_rhythm_and_the_first_keeps_what_a_partner_asked_for(
    asked_for: int | None, first: float
) -> None:
    world, after = World(), []
    world.runner.update(throttled_until=START + asked_for * 1000 if asked_for else None)

    async def after_run(runner: Any) -> None:
        after.append(runner.state.last_run.outcome)

    schedule = Sleepless(world.runner, 3600, after_run, Random(1))
    schedule.slept, schedule.stopped = [], asyncio.Event()
    task = asyncio.create_task(schedule.run())
    await schedule.stopped.wait()
    task.cancel()
    assert schedule.slept == [first, pytest.approx(3600, rel=0.1)]
    assert after == ["ok"]


async def test_one_request_is_one_run() -> None:
    world, begun = World(), []

    async def during() -> None:
        begun.append(world.time)

    world.partner.during = during
    schedule = Schedule(world.runner, 3600, nothing, Random(1))
    task = asyncio.create_task(schedule.run())
    await schedule.request()
    await schedule.request()
    before = len(begun)
    for _ in range(20):
        await asyncio.sleep(0)
    task.cancel()
    assert len(begun) == before <= 3


async def test_request_is_refused_while_the_partner_asks_for_rest() -> None:
    world = World()
    world.partner.fault = source_error("throttled", retry_after=600)
    await world.run()
    with pytest.raises(HubError, match="throttled until"):
        await Schedule(world.runner, 3600, nothing, Random(1)).request()


def settings_of(**fake: Any) -> Settings:
    return Settings.model_validate({"connectors": {"fake": fake}})


@pytest.mark.parametrize(
    ("in_manifest", "own", "runs"),
    [
        (True, {}, True),
        (False, {}, False),
        (False, {"base_url": "http://127.0.0.1:1"}, True),
        (False, {"base_url": "https://partner.example/"}, False),
        (False, {"credential_file": "key"}, True),
        (False, {"enabled": True}, True),
        (True, {"enabled": False}, False),
        (True, {"enabled": False, "base_url": "http://127.0.0.1:1"}, False),
    ],
)
def test_source_runs_by_setting_then_manifest(in_manifest: bool, own: dict[str, Any], runs: bool) -> None:
    assert is_enabled(fake_connector(FakePartner(), enabled=in_manifest), settings_of(**own)) is runs


def test_settings_of_an_unknown_connector_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"connectors\.fake is no connector"):
        require_known(settings_of(enabled=True), {"noorderlink": fake_connector(FakePartner())})


def test_unreadable_credential_is_an_operators_mistake(tmp_path: Path) -> None:
    connector = fake_connector(FakePartner())
    with pytest.raises(ConfigError, match="credential_file"):
        create_runner(connector, settings_of(credential_file=tmp_path / "none"), MemoryLog(), SourceState(source="fake"))


@pytest.mark.parametrize("value", [None, b"", b"{", b'{"source": 5, "cursors": 7}'])
def test_unreadable_checkpoint_counts_as_none(value: bytes | None) -> None:
    assert load_state("fake", value) == SourceState(source="fake")


def test_checkpoint_comes_back_as_it_was() -> None:
    state = SourceState(source="fake", cursors={"a": "b"}, throttled_until=5, returning=["x"])
    assert load_state("fake", state.to_bytes()) == state


def commands_of(world: World) -> Commands:
    runners = {"fake": world.runner}
    schedules = {"fake": Schedule(world.runner, 3600, nothing, Random(1))}
    disabled = {"other": SourceState(source="other", disabled=True)}
    return Commands(runners, schedules, disabled, Clock(world.log), Audit("", world.log, runners), lambda: world.time)


async def test_states_name_every_source() -> None:
    world = World()
    world.partner.fault = source_error("timeout")
    await world.run()
    states = await commands_of(world).source_states({})
    assert [(one["source"], one["state"], one["cause"]) for one in states] == [
        ("fake", "failing", "timeout"),
        ("other", "disabled", None),
    ]


async def test_held_items_are_shown_one_by_one() -> None:
    world = World()
    world.partner.lists("1", "2")
    await world.run()
    world.partner.drops("1", "2")
    await world.run()
    commands = commands_of(world)
    (entry,) = await commands.held_list({})
    shown = await commands.held_show({"source": "fake"})
    assert (entry["source"], entry["count"], entry["of"]) == ("fake", 2, 2)
    assert [one["source_key"] for one in shown["items"]] == ["fake:1", "fake:2"]
    assert await commands.held_discard({"source": "fake"}) == {"source": "fake", "discarded": 2}


async def test_waiting_clock_is_listed_and_released() -> None:
    world = World()
    commands = commands_of(world)
    await commands._clock.beat(world.time)
    world.time += 5 * 3_600_000
    await commands._clock.beat(world.time)
    assert [one["source"] for one in await commands.held_list({})] == ["clock"]
    await commands.held_release({"source": "clock"})
    assert await commands.held_list({}) == []


@pytest.mark.parametrize("command", ["held_show", "held_release", "held_discard", "source_run"])
async def test_unknown_source_is_named_with_those_that_run(command: str) -> None:
    with pytest.raises(HubError, match="no source 'nobody' runs here; running: fake"):
        await getattr(commands_of(World()), command)({"source": "nobody"})
