"""The clock: full minutes, never back, and no jump without a witness."""

from __future__ import annotations

import pytest

from hub.broker.outbox import OutRecord
from hub.domain.records import ClockTick
from hub.errors import HubError
from hub.ingest.clock import Clock, Witness, judge
from tests.fakes.ingest_world import START, MemoryLog

HOUR = 3_600_000
MINUTE = 60_000
FULL = START - START % MINUTE


@pytest.mark.parametrize(
    ("passed", "tick"),
    [(0, None), (59_999, None), (MINUTE, FULL + MINUTE), (HOUR, FULL + HOUR), (-2 * HOUR, None), (-MINUTE, None)],
)
def test_within_the_hour_each_new_full_minute_is_written(passed: int, tick: int | None) -> None:
    assert judge(FULL + passed, FULL).tick == tick


def test_first_minute_ever_is_written() -> None:
    assert judge(FULL + 12_345, None).tick == FULL


def test_after_a_jump_of_over_an_hour_it_waits() -> None:
    judgement = judge(FULL + HOUR + 1, FULL)
    assert judgement.tick is None
    assert "1.0 h ahead" in (judgement.waits or "")


@pytest.mark.parametrize(
    ("date_off_by", "seen_ago", "ticks"),
    [(0, 0, True), (300_000, 0, True), (-300_000, 0, True), (300_001, 0, False), (-5 * HOUR, 0, False), (0, 2 * HOUR, False)],
)
def test_partner_settles_a_jump_when_it_agrees_within_five_minutes(date_off_by: int, seen_ago: int, ticks: bool) -> None:
    now = FULL + 5 * HOUR
    witness = Witness(now - seen_ago + date_off_by, now - seen_ago)
    assert (judge(now, FULL, witness).tick is not None) is ticks


@pytest.fixture
def clock() -> Clock:
    return Clock(MemoryLog())


async def test_minutes_survive_a_restart(clock: Clock) -> None:
    await clock.beat(FULL)
    again = Clock(clock._log)
    await again.load()
    assert again.last == FULL
    assert await again.beat(FULL + 30_000) is None


async def test_a_record_that_is_no_minute_is_passed_over(clock: Clock) -> None:
    await clock.beat(FULL)
    await clock._log.produce([OutRecord("hub.clock.v1", b"minute", value) for value in (b"soon", b"")])
    again = Clock(clock._log)
    await again.load()
    assert again.last == FULL


async def test_each_minute_is_written_once_under_one_key(clock: Clock) -> None:
    for seconds in range(0, 180, 20):
        await clock.beat(FULL + seconds * 1000)
    records = clock._log.topics["hub.clock.v1"]
    assert [ClockTick.model_validate_json(one.value).at - FULL for one in records] == [0, MINUTE, 2 * MINUTE]
    assert {one.key for one in records} == {b"minute"}


async def test_witness_from_before_the_jump_does_not_count(clock: Clock) -> None:
    await clock.beat(FULL)
    clock.witness(FULL, FULL)
    assert await clock.beat(FULL + 3 * HOUR) is None
    assert clock.waits is not None


async def test_witness_after_the_jump_lets_it_go_on(clock: Clock) -> None:
    await clock.beat(FULL)
    now = FULL + 3 * HOUR
    await clock.beat(now)
    clock.witness(now + 2_000, now + 1_000)
    assert await clock.beat(now + 5_000) == now
    assert clock.waits is None


async def test_operator_releases_a_jump_and_nothing_else(clock: Clock) -> None:
    await clock.beat(FULL)
    with pytest.raises(HubError, match="does not wait"):
        await clock.release(FULL)
    await clock.beat(FULL + 3 * HOUR)
    assert await clock.release(FULL + 3 * HOUR) == FULL + 3 * HOUR


async def test_clock_that_jumped_and_came_back_waits_no_longer(clock: Clock) -> None:
    await clock.beat(FULL)
    await clock.beat(FULL + 3 * HOUR)
    assert await clock.beat(FULL + MINUTE) == FULL + MINUTE
    assert clock.waits is None


async def test_a_clock_that_is_behind_says_so_and_goes_on_when_it_has_caught_up(clock: Clock) -> None:
    await clock.beat(FULL)
    assert await clock.beat(FULL - HOUR) is None
    assert clock.waits is None, "an hour back is summer time's end on a machine that keeps local time"
    assert await clock.beat(FULL - 30 * HOUR) is None
    assert "30.0 h behind" in (clock.waits or "")
    with pytest.raises(HubError, match="set it right first"):
        await clock.release(FULL - 30 * HOUR)
    assert await clock.beat(FULL + MINUTE) == FULL + MINUTE
    assert clock.waits is None


async def test_a_jump_that_was_undone_within_the_hour_waits_for_nothing(clock: Clock) -> None:
    await clock.beat(FULL)
    await clock.beat(FULL + 3 * HOUR)
    assert await clock.beat(FULL - MINUTE) is None
    assert clock.waits is None
