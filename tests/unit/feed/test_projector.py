"""Which log it is, and what follows from that: read on, begin again, or begin again under another name."""

from __future__ import annotations

import asyncio

import pytest
from fakes.feed_records import at_offset, id_of, opportunity

from hub.errors import FatalError, HubError, RetryableError
from hub.feed import projector as module
from hub.feed.log import TruncatedError
from hub.feed.projector import Projector
from hub.feed.read_model import FeedNotReadyError
from hub.settings import Settings
from hub.store.hub_db import open_hub_db
from hub.telemetry.health import Health


class FakeLog:
    """The feed's topic in memory; `is_away` makes every question fail."""

    def __init__(self, topic_id="topic", records=None):
        self.topic_id = topic_id
        self.records = [] if records is None else records
        self.is_away = False
        self._position = 0

    def beside(self):
        return FakeLog(self.topic_id, self.records)

    def write(self, *items):
        self.records += [at_offset(len(self.records) + n, item) for n, item in enumerate(items)]

    async def start(self):
        self._answer()

    async def stop(self):
        pass

    async def fetch_topic_id(self):
        self._answer()
        return self.topic_id

    async def fetch_bounds(self):
        self._answer()
        return 0, self.end

    @property
    def end(self):
        return len(self.records)

    def seek(self, position):
        self._position = position

    async def read(self):
        if self._position > self.end:
            raise TruncatedError("the log ends before")
        await asyncio.sleep(0)
        batch = self.records[self._position : self._position + 2]
        self._position += len(batch)
        return batch, self._position

    def _answer(self):
        if self.is_away:
            raise RetryableError("no Kafka broker answers")


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    for name in ("RETRY_SECONDS", "WATCH_SECONDS"):
        monkeypatch.setattr(module, name, 0.01)


@pytest.fixture
async def hub_db(tmp_path):
    engine = await open_hub_db(Settings(state_dir=tmp_path))
    yield engine
    await engine.dispose()


@pytest.fixture
def make(hub_db, tmp_path):
    def projector(log, *, health=None, patience=60.0):
        return Projector(feed_log=log, hub_db=hub_db, state_dir=tmp_path, health=health or Health(), patience=patience)

    return projector


async def until(is_so):
    for _ in range(2_000):
        try:
            if await is_so():
                return
        except FeedNotReadyError:
            pass
        await asyncio.sleep(0.005)
    raise AssertionError("it did not become so within ten seconds")


async def test_it_reads_to_the_end_and_on_from_there(make, read_model):
    log = FakeLog()
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
    log = FakeLog()
    log.write(opportunity(1), opportunity(2))
    before = await make(log).catch_up()
    other = FakeLog("other")
    other.write(opportunity(9))
    after = await make(other).catch_up()
    _, rows = await read_model.load_after(0, 10)
    assert (after.feed_id.split("-")[0], after.position, len(rows)) == ("other", 1, 1)
    assert before.feed_id.split("-")[0] == "topic"


async def test_a_log_that_lost_records_begins_again_under_another_name(make):
    log = FakeLog()
    log.write(opportunity(1), opportunity(2))
    before = await make(log).catch_up()
    log.records.pop()
    after = await make(log).catch_up()
    assert (after.topic_id, after.position, after.live) == (before.topic_id, 1, 1)
    assert after.feed_id != before.feed_id


async def test_an_end_that_is_too_low_for_a_moment_changes_nothing(make, monkeypatch):
    log = FakeLog()
    log.write(opportunity(1), opportunity(2))
    before = await make(log).catch_up()
    answers = iter([(0, 1), (0, 1), (0, 2)])

    async def fetch_bounds():
        return next(answers)

    monkeypatch.setattr(log, "fetch_bounds", fetch_bounds)
    assert await make(log).catch_up() == before


async def test_a_rebuild_while_running_reads_everything_again(make, read_model):
    log, health = FakeLog(), Health()
    log.write(opportunity(1), opportunity(2), opportunity(1, "2"))
    projector = make(log, health=health)
    running = asyncio.create_task(projector.run())

    async def is_complete():
        return (await projector.status({}))["is_complete"]

    await until(is_complete)
    before = await read_model.load_after(0, 10)
    assert await projector.rebuild({}) == {"end": 3}

    async def is_anew():
        return (await projector.status({}))["rebuild"] is None

    await until(is_anew)
    standing, changes = await read_model.load_after(0, 10)
    assert (standing.feed_id, standing.digest, changes) == (before[0].feed_id, before[0].digest, before[1])
    assert id_of(1).encode() in before[1][-1].record
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_the_readiness_says_what_is_missing(make):
    log, health = FakeLog(), Health()
    log.is_away = True
    health.found("start")
    running = asyncio.create_task(make(log, health=health).run())
    await asyncio.sleep(0.02)
    assert set(health.report()["missing"]) == {"broker", "projection"}
    log.is_away = False

    async def is_ready():
        return health.is_ready

    await until(is_ready)
    log.is_away = True

    async def misses_the_broker():
        return "broker" in health.report()["missing"]

    await until(misses_the_broker)
    log.is_away = False
    await until(is_ready)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_broker_away_for_too_long_ends_the_role(make):
    log = FakeLog()
    log.is_away = True
    with pytest.raises(FatalError, match="away"):
        await asyncio.wait_for(make(log, patience=0.05).run(), 10)


async def test_only_one_projects(make):
    log = FakeLog()
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
