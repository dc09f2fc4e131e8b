"""How far the projection is behind is told also by one that stands still."""

from __future__ import annotations

import asyncio

import pytest
from fakes.feed_records import opportunity
from fakes.log_in_memory import LogInMemory
from prometheus_client import REGISTRY

from hub.feed.meter import Meter
from hub.store.lock import FileLock
from hub.telemetry import metrics


def lag_seconds():
    return REGISTRY.get_sample_value("hub_feed_lag_seconds")


@pytest.fixture
def clock():
    class Clock:
        now = 1_000.0

        def __call__(self):
            return self.now

    return Clock()


def test_a_projection_that_stands_still_falls_further_behind(clock):
    meter = Meter(clock)
    meter.look(5, 5)
    clock.now += 400
    meter.look(5, 6)
    assert lag_seconds() == 400


def test_one_that_is_level_with_the_log_is_not_behind_however_old_the_last_record(clock):
    meter = Meter(clock)
    meter.written([10_000], is_complete=True)
    meter.look(6, 6)
    clock.now += 60
    meter.look(6, 6)
    assert lag_seconds() == 0


def test_one_that_works_a_backlog_off_is_as_old_as_what_it_holds(clock):
    meter = Meter(clock)
    meter.written([100_000, 250_000], is_complete=False)
    meter.look(7, 900)
    assert lag_seconds() == 750


async def test_who_waits_for_its_turn_claims_no_position(make, tmp_path):
    log, lock = LogInMemory(), FileLock(tmp_path / "locks" / "projection.lock")
    log.write(*(opportunity(n) for n in range(7)))
    assert lock.try_acquire()
    metrics.FEED_LAG_RECORDS.set(42)
    waiting = asyncio.create_task(make(log).run())
    await asyncio.sleep(0.2)
    lag = REGISTRY.get_sample_value("hub_feed_lag_records")
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    lock.release()
    assert lag == 42
