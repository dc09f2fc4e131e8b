"""The read model is made anew while `hub serve` serves: killed, shared or of a former release, readers lose nothing."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from fakes.feed_log import write_feed
from fakes.feed_records import opportunity
from fakes.serving import expected, starter, until

from hub.feed.log import FeedLog
from hub.settings import OpsSettings, Settings
from hub.telemetry.ops_client import call_role

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]

FORMER = Path(__file__).parents[1] / "corpora" / "state_dirs" / "layout_1"
FORMER_TOPIC, FORMER_EPOCH, FORMER_END = "A" * 22, "d9cc4b94", 8


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def serve(state, free_ports):
    return starter(state, free_ports)


async def command(serving, state, name, why="a test"):
    settings = Settings(state_dir=state, ops=OpsSettings(port=serving.port + 1))
    return await asyncio.to_thread(call_role, settings, "serve", name, {}, who="tester", why=why)


async def rebuilt(serving, state):
    """The rebuild's end, as the running process tells it."""

    async def ask():
        return 200, await command(serving, state, "feed.status")

    return await until(ask, lambda found: found[1]["rebuild"] is None)


@asynccontextmanager
async def watched(*servings):
    """Every answer of the digest meanwhile must be one, and its cursor never less than the one before."""
    is_over = False

    async def watch(serving):
        last = asked = 0
        while not is_over:
            status, found = await serving.get("/v1/feed/digest")
            assert status == 200, found
            assert found["cursor"] >= last
            last, asked = found["cursor"], asked + 1
        return asked

    watching = [asyncio.create_task(watch(serving)) for serving in servings]
    try:
        yield
    finally:
        is_over = True
        asked = await asyncio.gather(*watching)
    assert min(asked) > 10


def position_in(path):
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return (database.execute("SELECT position FROM projection").fetchone() or (0,))[0]
    return 0


def made_beside(state):
    """The file that is being made, and how far it is; what is served when there is none."""
    newest = max(state.glob("feed.*.db"), key=lambda path: int(path.name.split(".")[1]))
    return newest, position_in(newest)


async def test_readers_of_every_process_notice_nothing_while_the_feed_goes_on(fresh_kafka, serve, state):
    written = [opportunity(n % 1_000, str(n), title="x" * 1_000) for n in range(2_000)]
    end = await write_feed(fresh_kafka.bootstrap, written)
    async with serve(fresh_kafka.bootstrap) as first, serve(fresh_kafka.bootstrap) as second:
        await first.reach(end)
        await second.reach(end)
        owner = first if (await command(first, state, "feed.status"))["is_owner"] else second
        async with watched(first, second):
            await command(owner, state, "feed.rebuild")
            for n in range(5):
                written += [opportunity(n * 100 + m, f"later {n}", state="closed" if m % 3 else "live") for m in range(50)]
                end = await write_feed(fresh_kafka.bootstrap, written[-50:])
            status = await rebuilt(owner, state)
            await asyncio.gather(first.reach(end), second.reach(end))
        fold, digest = expected(written)
        walks = [await serving.walk() for serving in (first, second)]
    assert (status["file"], status["rebuild_failure"]) == ("feed.2.db", None)
    for items, last in walks:
        assert {id_: (item["version"], item["state"]) for id_, item in items.items()} == fold
        assert last["digest"] == digest


async def test_killed_at_any_moment_of_it_the_old_or_the_new_one_is_served_whole(fresh_kafka, serve, state):
    written = [opportunity(n, title="x" * 1_000) for n in range(2_000)]
    end = await write_feed(fresh_kafka.bootstrap, written)
    fold, digest = expected(written)
    async with serve(fresh_kafka.bootstrap) as serving:
        await serving.reach(end)
        await kill_during_rebuild(serving, state, 0)
    for threshold in (end // 2, end, None):
        async with serve(fresh_kafka.bootstrap) as serving:
            found = await first_answer(serving)
            items, _ = await serving.walk()
            assert (found["cursor"], found["digest"]) == (end, digest)
            assert {id_: (item["version"], item["state"]) for id_, item in items.items()} == fold
            if threshold is not None:
                await kill_during_rebuild(serving, state, threshold)
            else:
                await until(lambda: ready(serving), lambda found: found[0] == 200)
    assert [path.name for path in state.glob("feed.*.db")] == [(state / "feed.db").readlink().name]


async def kill_during_rebuild(serving, state, threshold):
    """Once what is made beside has come so far, or is served."""
    await until(lambda: ready(serving), lambda found: found[0] == 200)
    served = (state / "feed.db").readlink().name
    await command(serving, state, "feed.rebuild")

    async def beside():
        return 200, await asyncio.to_thread(made_beside, state)

    await until(beside, lambda found: found[1][0].name != served and found[1][1] >= threshold)
    await serving.kill()


def ready(serving):
    return replace(serving, port=serving.port + 4).get("/readyz")


async def first_answer(serving):
    """What the digest is at the first answer of this process: nothing was read from the log yet."""

    async def ask():
        return 1, await serving.get("/v1/feed/digest")

    status, found = await until(ask, lambda found: True)
    assert status == 200, found
    return found


async def test_a_state_directory_of_the_former_release_starts_and_its_cursors_stay_good(fresh_kafka, serve, state):
    history = [opportunity(n) for n in range(6)] + [opportunity(2, "2"), opportunity(4, "2", state="closed")]
    assert await write_feed(fresh_kafka.bootstrap, history) == FORMER_END
    log = FeedLog(fresh_kafka.bootstrap, "test")
    topic_id = await log.fetch_topic_id()
    state.mkdir()
    for name in ("hub", "feed"):
        with closing(sqlite3.connect(state / f"{name}.db")) as database:
            database.executescript((FORMER / f"{name}.sql").read_text().replace(FORMER_TOPIC, topic_id))
    feed_id, cursor = f"{topic_id}-{FORMER_EPOCH}", 6
    await write_feed(fresh_kafka.bootstrap, [opportunity(7)])
    async with serve(fresh_kafka.bootstrap) as serving:
        found = await serving.reach(FORMER_END + 1)
        items, _ = await serving.walk(cursor, f"&feed={feed_id}")
    assert found["feed_id"] == feed_id
    assert list(items) == [opportunity(n).id for n in (2, 4, 7)]
    assert (state / "feed.db").is_symlink()
