"""A rebuild makes another read model beside the one that is served; readers notice nothing but its end."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from fakes.feed_records import opportunity
from fakes.log_in_memory import LogInMemory
from fakes.waiting import until
from sqlalchemy import update

from hub.errors import HubError, RetryableError
from hub.feed.projection import read_standing
from hub.store import feed_db
from hub.store.feed_files import FeedFiles, current_name
from hub.telemetry.health import Health


@asynccontextmanager
async def running(projector):
    task = asyncio.create_task(projector.run())

    async def is_complete():
        return (await projector.status({}))["is_complete"]

    try:
        await until(is_complete)
        yield projector
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def log():
    log = LogInMemory()
    log.write(*(opportunity(n % 4, str(n)) for n in range(10)))
    return log


def ended(projector):
    async def is_ended():
        return (await projector.status({}))["rebuild"] is None

    return until(is_ended)


def reaches(read_model, position):
    async def is_there():
        return (await read_model.load_standing()).position >= position

    return until(is_there)


async def content(read_model):
    standing, changes = await read_model.load_after(0, 100)
    return standing.feed_id, standing.position, standing.digest, changes


def alone(directory):
    """No generation is left but the one that is served."""

    async def is_alone():
        return generations(directory) == [current_name(directory)]

    return until(is_alone)


def generations(directory):
    return sorted(path.name for path in directory.glob("feed.*.db"))


async def test_what_was_made_anew_is_served_under_the_same_name_and_holds_the_same(make, log, read_model, tmp_path):
    async with running(make(log)) as projector:
        before, name = await content(read_model), current_name(tmp_path)
        assert await projector.rebuild({}) == {"end": 10}
        await ended(projector)
        assert await content(read_model) == before
        assert current_name(tmp_path) != name


async def test_meanwhile_the_old_one_is_served_and_followed_and_told_of(make, log, read_model):
    log.gate = 4
    async with running(make(log)) as projector:
        await projector.rebuild({})
        log.write(opportunity(9))
        await reaches(read_model, 11)
        status = await projector.status({})
        assert status["rebuild"]["position"] <= 4
        assert (status["position"], status["is_complete"]) == (11, True)


async def test_what_readers_see_never_goes_back(make, log, read_model):
    log.gate = 10
    async with running(make(log)) as projector:
        await projector.rebuild({})
        log.write(*(opportunity(n) for n in range(20, 30)))
        await reaches(read_model, 20)
        log.gate = 15
        await asyncio.sleep(0.02)
        behind = (await read_model.load_standing()).position
        log.gate = None
        await ended(projector)
        assert (behind, (await read_model.load_standing()).position) == (20, 20)


async def test_it_is_read_on_from_where_the_new_one_stands(make, log, read_model):
    async with running(make(log)) as projector:
        await projector.rebuild({})
        await ended(projector)
        log.write(opportunity(9))
        await reaches(read_model, 11)
        assert (await read_model.load_standing()).live == 5


async def test_a_repaired_read_model_is_what_the_log_says(make, log, read_model, tmp_path):
    before = await make(log).catch_up()
    file = await FeedFiles(tmp_path).open_current()
    async with file.engine.begin() as connection:
        await connection.execute(update(feed_db.opportunity).values(version="wrong"))
        await connection.execute(update(feed_db.projection).values(live=99))
    await file.engine.dispose()
    after = await make(log).catch_up(anew=True)
    assert (after.digest, after.live, after.feed_id) == (before.digest, before.live, before.feed_id)
    assert generations(tmp_path) == [current_name(tmp_path)]


async def test_a_transaction_under_way_sees_the_old_one_to_its_end(make, log, read_model, tmp_path):
    async with running(make(log)) as projector, read_model.transaction() as (connection, standing):
        await projector.rebuild({})
        await ended(projector)
        assert await read_standing(connection) == standing
        assert len(generations(tmp_path)) == 2
        assert (await read_model.load_standing()).generation != standing.generation


async def test_a_build_that_fails_leaves_what_was_served_and_says_why(make, log, read_model, tmp_path):
    async with running(make(log)) as projector:
        before = await content(read_model)
        log.gate, log.beside_error = 4, RetryableError("the disk is full")
        await projector.rebuild({})
        await ended(projector)
        assert "the disk is full" in (await projector.status({}))["rebuild_failure"]
        assert (await content(read_model), generations(tmp_path)) == (before, [current_name(tmp_path)])
        log.gate, log.beside_error = None, None
        await projector.rebuild({})
        await ended(projector)
        assert (await projector.status({}))["rebuild_failure"] is None


async def test_a_broker_that_is_away_when_it_is_asked_is_said(make, log, monkeypatch):
    async with running(make(log)) as projector:
        monkeypatch.setattr(LogInMemory, "beside", _away)
        with pytest.raises(HubError, match="no Kafka broker answers"):
            await projector.rebuild({})


def _away(self):
    other = LogInMemory(self.topic_id, self.records)
    other.is_away = True
    return other


async def test_asked_twice_it_is_made_once(make, log, tmp_path):
    log.gate = 4
    async with running(make(log)) as projector:
        answers = [await projector.rebuild({}), await projector.rebuild({})]
        log.gate = None
        await ended(projector)
        assert (answers, current_name(tmp_path)) == ([{"end": 10}] * 2, "feed.2.db")


async def test_a_process_that_ends_during_it_leaves_the_old_one_whole(make, log, read_model, tmp_path):
    log.gate = 4
    async with running(make(log)) as projector:
        await projector.rebuild({})
        before = await content(read_model)
    log.gate = None
    await make(log).catch_up()
    assert (await content(read_model), generations(tmp_path)) == (before, ["feed.1.db"])


async def test_a_log_that_lost_records_is_dropped_at_once_and_the_build_with_it(make, log, read_model, tmp_path):
    log.gate = 4
    async with running(make(log)) as projector:
        former = await read_model.load_standing()
        await projector.rebuild({})
        del log.records[5:]

        async def is_renamed():
            return (await read_model.load_standing()).feed_id != former.feed_id

        await until(is_renamed)
        await reaches(read_model, 5)
        await ended(projector)
        await alone(tmp_path)


async def test_a_standby_serves_the_new_one_and_takes_over_with_it(make, log, read_model):
    first, second = make(log), make(log)
    async with running(first):
        standing_by = asyncio.create_task(second.run())
        await first.rebuild({})
        await ended(first)
    log.write(opportunity(9))
    await reaches(read_model, 11)
    assert (await second.status({}))["is_owner"]
    standing_by.cancel()
    await asyncio.gather(standing_by, return_exceptions=True)


async def test_while_the_broker_is_away_a_rebuild_is_refused_at_once(make, log):
    health = Health()
    async with running(make(log, health=health)) as projector:
        log.is_away = True

        async def misses_the_broker():
            return "broker" in health.report()["missing"]

        await until(misses_the_broker)
        with pytest.raises(HubError, match="while the Kafka broker does not answer"):
            await asyncio.wait_for(projector.rebuild({}), 30)
