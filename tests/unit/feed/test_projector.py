"""Which log it is, and what follows from that: read on, begin again, or begin again under another name."""

from __future__ import annotations

import asyncio

import pytest
from fakes.feed_records import opportunity
from fakes.log_in_memory import LogInMemory
from fakes.waiting import until

from hub.errors import FatalError, HubError
from hub.telemetry.health import Health


async def test_it_reads_to_the_end_and_on_from_there(make, read_model):
    log = LogInMemory()
    log.write(*(opportunity(n) for n in range(5)))
    first = await make(log).catch_up()
    log.write(opportunity(5))
    second = await make(log).catch_up()
    running = asyncio.create_task(make(log).run())

    async def has_six():
        return (await read_model.load_standing()).position == 6

    await until(has_six)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert (first.position, first.live, first.is_complete) == (5, 5, True)
    assert (second.feed_id, second.position) == (first.feed_id, 6)


async def test_another_topic_begins_again_under_another_name(make, read_model):
    log = LogInMemory()
    log.write(opportunity(1), opportunity(2))
    before = await make(log).catch_up()
    other = LogInMemory("other")
    other.write(opportunity(9))
    after = await make(other).catch_up()
    _, rows = await read_model.load_after(0, 10)
    assert (after.feed_id.split("-")[0], after.position, len(rows)) == ("other", 1, 1)
    assert before.feed_id.split("-")[0] == "topic"


async def test_a_log_that_lost_records_begins_again_under_another_name(make):
    log = LogInMemory()
    log.write(opportunity(1), opportunity(2))
    before = await make(log).catch_up()
    log.records.pop()
    after = await make(log).catch_up()
    assert (after.topic_id, after.position, after.live) == (before.topic_id, 1, 1)
    assert after.feed_id != before.feed_id


async def test_an_end_that_is_too_low_for_a_moment_changes_nothing(make, monkeypatch):
    log = LogInMemory()
    log.write(opportunity(1), opportunity(2))
    before = await make(log).catch_up()
    answers = iter([(0, 1), (0, 1), (0, 2)])

    async def fetch_bounds():
        return next(answers)

    monkeypatch.setattr(log, "fetch_bounds", fetch_bounds)
    assert await make(log).catch_up() == before


async def test_the_readiness_says_what_is_missing(make):
    log, health = LogInMemory(), Health()
    log.is_away = True
    health.found("start")
    running = asyncio.create_task(make(log, health=health).run())

    async def misses_the_broker():
        return "broker" in health.report()["missing"]

    await until(misses_the_broker)
    assert set(health.report()["missing"]) == {"broker", "projection"}
    log.is_away = False

    async def is_ready():
        return health.is_ready

    await until(is_ready)
    log.is_away = True
    await until(misses_the_broker)
    log.is_away = False
    await until(is_ready)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_broker_away_for_too_long_ends_the_role(make):
    log = LogInMemory()
    log.is_away = True
    with pytest.raises(FatalError, match="away"):
        await asyncio.wait_for(make(log, patience=0.05).run(), 90)


async def test_only_one_projects(make):
    log = LogInMemory()
    first, second = make(log), make(log)
    running = asyncio.create_task(first.run())

    async def is_owner():
        return (await first.status({}))["is_owner"]

    await until(is_owner)
    with pytest.raises(HubError, match="running hub"):
        await second.catch_up()
    with pytest.raises(HubError, match="another process"):
        await second.rebuild({})
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
