"""Generations of feed.db: one is served, the next is made beside it, and readers go over without noticing."""

from __future__ import annotations

import asyncio
import os

import pytest
from fakes.waiting import until
from sqlalchemy import func, insert, select, text

from hub.store import feed_db, unflushed
from hub.store.engine import open_writer, sqlite_url
from hub.store.feed_files import FeedFiles, current_name, feed_db_path, open_feed_db
from hub.store.feed_reader import FeedReader
from hub.store.lock import FileLock


@pytest.fixture
def files(tmp_path):
    return FeedFiles(tmp_path)


@pytest.fixture
async def reader(tmp_path):
    reader = FeedReader(tmp_path)
    yield reader
    await reader.dispose()


async def add(engine, *ids):
    async with engine.begin() as connection:
        for id_ in ids:
            await connection.execute(insert(feed_db.redirect).values(id=id_, target="t"))


async def ids(connection):
    return (await connection.execute(select(feed_db.redirect.c.id).order_by(feed_db.redirect.c.id))).scalars().all()


async def seen(reader):
    async with reader.begin() as connection:
        return None if connection is None else await ids(connection)


async def make(files, *content):
    file = await files.create()
    await add(file.engine, *content)
    return file


def generations(directory):
    return sorted(path.name for path in directory.glob("feed.*.db"))


async def test_without_a_generation_there_is_nothing_to_read(reader):
    assert (await seen(reader), reader.stamp()) == (None, None)


async def test_a_generation_is_not_seen_before_it_is_published(files, reader):
    first = await make(files, "old")
    files.publish(first)
    second = await make(files, "new")
    before = await seen(reader)
    files.publish(second)
    assert (before, await seen(reader)) == (["old"], ["new"])
    await asyncio.gather(first.engine.dispose(), second.engine.dispose())


async def test_a_transaction_under_way_ends_on_the_generation_on_which_it_began(files, reader, tmp_path):
    first = await make(files, "old")
    files.publish(first)
    async with reader.begin() as connection:
        second = await make(files, "new")
        files.publish(second)
        await first.engine.dispose()
        files.remove_unused()
        assert await seen(reader) == ["new"]
        files.remove_unused()
        assert await ids(connection) == ["old"]
        assert generations(tmp_path) == ["feed.1.db", "feed.2.db"]
    files.remove_unused()
    assert generations(tmp_path) == ["feed.2.db"]
    await second.engine.dispose()


async def test_a_file_that_another_reader_has_open_stays_until_that_one_looks_again(files, reader, tmp_path):
    first = await make(files, "old")
    files.publish(first)
    await seen(reader)
    second = await make(files, "new")
    files.publish(second)
    await first.engine.dispose()
    files.remove_unused()
    held = generations(tmp_path)
    await seen(reader)
    files.remove_unused()
    assert (held, generations(tmp_path)) == (["feed.1.db", "feed.2.db"], ["feed.2.db"])
    assert [path.name for path in (tmp_path / "locks").glob("feed.1.*")] == []
    await second.engine.dispose()


async def test_what_a_killed_build_left_is_removed_and_never_served(files, reader, tmp_path):
    first = await make(files, "old")
    files.publish(first)
    left = await make(files, "half")
    await asyncio.gather(first.engine.dispose(), left.engine.dispose())
    restarted = FeedFiles(tmp_path)
    current = await restarted.open_current()
    restarted.remove_unused()
    assert (current.name, generations(tmp_path), await seen(reader)) == ("feed.1.db", ["feed.1.db"], ["old"])
    await current.engine.dispose()


async def test_a_build_in_progress_is_not_taken_for_a_leftover(files, tmp_path):
    file = await make(files)
    files.remove_unused()
    assert generations(tmp_path) == ["feed.1.db"]
    await files.discard(file)
    assert generations(tmp_path) == []


async def test_a_link_to_a_file_that_is_gone_is_no_generation(files, reader, tmp_path):
    feed_db_path(tmp_path).symlink_to("feed.7.db")
    assert (await files.open_current(), await seen(reader)) == (None, None)
    assert generations(tmp_path) == []


async def test_a_generation_of_another_layout_is_neither_opened_nor_read(files, reader):
    file = await make(files, "a")
    async with file.engine.begin() as connection:
        await connection.execute(text(f"PRAGMA user_version={feed_db.LAYOUT + 1}"))
    files.publish(file)
    await file.engine.dispose()
    assert (await files.open_current(), await seen(reader)) == (None, None)


async def test_a_generation_that_is_no_database_is_neither_opened_nor_read(files, reader, tmp_path):
    (tmp_path / "feed.3.db").write_bytes(b"no database" * 100)
    feed_db_path(tmp_path).symlink_to("feed.3.db")
    assert (await files.open_current(), await seen(reader)) == (None, None)
    engine = await open_feed_db(tmp_path)
    assert current_name(tmp_path) == "feed.4.db"
    await engine.dispose()


@pytest.fixture
def boot(tmp_path, monkeypatch):
    """`boot(id)`: as if the machine had come up under this id."""
    stated = tmp_path / "boot_id"

    def come_up(id_):
        stated.write_text(f"{id_}\n")

    monkeypatch.setattr(unflushed, "BOOT_ID", stated)
    come_up("first")
    return come_up


async def test_what_a_killed_process_wrote_is_believed_as_long_as_the_machine_stays_up(files, reader, boot, tmp_path):
    file = await make(files, "a")
    files.publish(file)
    await file.engine.dispose()
    current = await FeedFiles(tmp_path).open_current()
    assert (current.name, await seen(reader)) == ("feed.1.db", ["a"])
    await current.engine.dispose()


async def test_what_was_not_flushed_before_the_machine_went_down_is_neither_opened_nor_read(files, reader, boot, tmp_path):
    file = await make(files, "a")
    files.publish(file)
    await file.engine.dispose()
    boot("second")
    assert (await FeedFiles(tmp_path).open_current(), await seen(reader)) == (None, None)


async def test_what_was_closed_is_flushed_and_believed_ever_after(files, reader, boot, tmp_path):
    files.publish(await make(files, "a"))
    await files.close()
    boot("second")
    current = await FeedFiles(tmp_path).open_current()
    assert (current.name, await seen(reader)) == ("feed.1.db", ["a"])
    await current.engine.dispose()


async def test_where_no_boot_is_known_the_disk_is_waited_for_and_no_mark_is_made(files, reader, monkeypatch, tmp_path):
    monkeypatch.setattr(unflushed, "BOOT_ID", tmp_path / "none")
    file = await make(files, "a")
    files.publish(file)
    async with file.engine.begin() as connection:
        synchronous = (await connection.execute(text("PRAGMA synchronous"))).scalar()
    assert (synchronous, generations(tmp_path), list(tmp_path.glob("*unflushed"))) == (1, ["feed.1.db"], [])
    await files.close()
    assert await seen(reader) == ["a"]


async def test_a_removed_generation_takes_its_mark_with_it(files, tmp_path):
    await files.discard(await make(files))
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


async def test_a_feed_db_that_was_the_file_itself_gives_way_to_the_link(files, reader, tmp_path):
    former = open_writer(sqlite_url(feed_db_path(tmp_path)))
    async with former.begin() as connection:
        await connection.execute(text("CREATE TABLE a (b)"))
    file = await make(files, "new")
    files.publish(file)
    files.remove_unused()
    assert await seen(reader) == ["new"]
    assert {path.name for path in tmp_path.glob("feed.db*")} == {"feed.db"}
    await asyncio.gather(former.dispose(), file.engine.dispose())


async def test_the_stamp_changes_with_every_commit_and_every_generation_and_not_by_itself(files, reader):
    first = await make(files)
    files.publish(first)
    await seen(reader)
    stamps = [reader.stamp(), reader.stamp()]
    for id_ in "ab":
        await add(first.engine, id_)
        stamps += [reader.stamp(), reader.stamp()]
    second = await make(files)
    files.publish(second)
    unknown = reader.stamp()
    await seen(reader)
    stamps += [reader.stamp(), reader.stamp()]
    assert unknown is None
    assert stamps[0::2] == stamps[1::2]
    assert len(set(stamps)) == 4
    await asyncio.gather(first.engine.dispose(), second.engine.dispose())


async def test_a_lock_can_be_shared_and_then_nobody_acquires_it(tmp_path):
    one, two, writer = (FileLock(tmp_path / "a.lock") for _ in range(3))
    assert (one.try_share(), two.try_share(), writer.try_acquire()) == (True, True, False)
    one.release()
    two.release()
    assert (writer.try_acquire(), one.try_share()) == (True, False)
    writer.release()


async def test_many_readers_go_over_while_generations_follow_each_other(files, tmp_path):
    readers = [FeedReader(tmp_path, connections=2) for _ in range(3)]
    file = await make(files, "000")
    files.publish(file)
    is_over, views = False, [[] for _ in readers]

    async def read(reader, view):
        while not is_over:
            async with reader.begin() as connection:
                first = await ids(connection)
                await asyncio.sleep(0)
                assert await ids(connection) == first
                view += first

    reading = [asyncio.create_task(read(reader, view)) for reader, view in zip(readers, views, strict=True) for _ in range(2)]
    for number in range(1, 15):
        former, file = file, await make(files, f"{number:03}")
        files.publish(file)
        await former.engine.dispose()
        files.remove_unused()

    async def have_all_gone_over():
        return all(view and view[-1] == "014" for view in views)

    await until(have_all_gone_over)
    is_over = True
    await asyncio.gather(*reading)
    for reader in readers:
        await reader.dispose()
    files.remove_unused()
    assert generations(tmp_path) == [file.name]
    await file.engine.dispose()


async def test_a_reader_sees_one_state_for_the_whole_transaction(files, reader):
    file = await make(files)
    files.publish(file)
    async with reader.begin() as connection:
        before = await connection.scalar(select(func.count()).select_from(feed_db.redirect))
        await add(file.engine, "a")
        assert await connection.scalar(select(func.count()).select_from(feed_db.redirect)) == before
    assert await seen(reader) == ["a"]
    await file.engine.dispose()


async def test_the_link_is_relative_so_that_a_state_directory_may_be_moved(tmp_path):
    engine = await open_feed_db(tmp_path)
    assert os.readlink(feed_db_path(tmp_path)) == "feed.1.db"
    await engine.dispose()
