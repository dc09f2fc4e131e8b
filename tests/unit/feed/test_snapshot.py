"""The snapshot holds the live items of one moment and says where to go on from."""

from __future__ import annotations

import asyncio
import gzip
import os

import orjson
import pytest
from fakes.feed_records import at_offset, opportunity

from hub.errors import RetryableError
from hub.feed import snapshot as module
from hub.feed.digest import Digest
from hub.feed.filters import Filter
from hub.feed.read_model import FeedNotReadyError, ReadModel
from hub.feed.selection import Selection
from hub.feed.snapshot import SnapshotFiles


@pytest.fixture
def snapshots(read_model, tmp_path):
    return SnapshotFiles(read_model, tmp_path / "snapshot")


def lines(snapshot):
    return [orjson.loads(line) for line in gzip.decompress(snapshot.path.read_bytes()).splitlines()]


async def test_first_line_then_every_live_item(projection, snapshots, monkeypatch):
    monkeypatch.setattr(module, "CHUNK_ROWS", 2)
    await projection.apply([at_offset(n, opportunity(n, state="closed" if n == 3 else "live")) for n in range(6)], 0, 6)
    head, *items = lines(await snapshots.load_current())
    assert [item["cursor"] for item in items] == [1, 2, 3, 5, 6]
    digest = Digest.of((item["id"], item["version"]) for item in items)
    assert head == {"feed_id": "topic-e1", "cursor": 6, "digest": digest.hex, "count": 5}


async def test_within_five_minutes_it_is_not_made_again(projection, snapshots):
    await projection.apply([at_offset(0, opportunity(0))], 0, 1)
    first = await snapshots.load_current()
    await projection.apply([at_offset(1, opportunity(1))], 1, 2)
    assert await snapshots.load_current() == first


async def test_an_old_one_is_made_again_when_the_feed_has_moved(projection, snapshots, monkeypatch):
    await projection.apply([at_offset(0, opportunity(0))], 0, 1)
    first = await snapshots.load_current()
    monkeypatch.setattr(module, "EVERY_SECONDS", 0.0)
    assert await snapshots.load_current() == first
    await projection.apply([at_offset(1, opportunity(1))], 1, 2)
    assert (await snapshots.load_current()).cursor == 2


async def test_the_next_file_is_later_by_its_date_though_the_clock_went_back(projection, read_model, tmp_path):
    await projection.apply([at_offset(0, opportunity(0))], 0, 1)
    first = await SnapshotFiles(read_model, tmp_path).load_current()
    os.utime(first.path, (4e9, 4e9))
    await projection.apply([at_offset(1, opportunity(1))], 1, 2)
    second = await SnapshotFiles(read_model, tmp_path).load_current()
    assert (second.cursor, second.path.stat().st_mtime) == (2, 4e9 + 1)


async def test_a_file_is_kept_for_an_hour_of_this_process_whatever_the_time_of_day(projection, read_model, tmp_path):
    moment = [0.0]
    snapshots = SnapshotFiles(read_model, tmp_path, lambda: moment[0])
    others = [tmp_path / f"topic-e1.{name}.1.ndjson.gz" for name in ("past", "future")]
    for path, made_at in zip(others, (0, 4e9), strict=True):
        path.touch()
        os.utime(path, (made_at, made_at))
    left = []
    for number, moment[0] in enumerate((0.0, module.KEEP_SECONDS - 1, module.KEEP_SECONDS + module.EVERY_SECONDS)):
        await projection.apply([at_offset(number, opportunity(number))], number, number + 1)
        await snapshots.load_current()
        left.append([path.exists() for path in others])
    assert left == [[True, True], [True, True], [False, False]]


async def test_another_feed_id_makes_it_anew_at_once(projection, snapshots):
    await projection.apply([at_offset(0, opportunity(0))], 0, 1)
    await snapshots.load_current()
    await projection.reset("topic2", "topic2-e2")
    assert (await snapshots.load_current()).feed_id == "topic2-e2"


async def test_equal_content_is_equal_bytes(projection, read_model, tmp_path):
    await projection.apply([at_offset(0, opportunity(0))], 0, 1)
    first = await SnapshotFiles(read_model, tmp_path / "a").load_current()
    second = await SnapshotFiles(read_model, tmp_path / "b").load_current()
    assert first.path.read_bytes() == second.path.read_bytes()


async def test_many_readers_at_once_wait_for_one_file(projection, snapshots, monkeypatch):
    made = []
    make = snapshots._make
    monkeypatch.setattr(snapshots, "_make", lambda selection: (made.append(1), make(selection))[1])
    await asyncio.gather(*(snapshots.load_current() for _ in range(8)))
    assert made == [1]


async def test_filters_without_end_do_not_queue_up(projection, snapshots):
    await projection.apply([at_offset(0, opportunity(0))], 0, 1)
    asked = [Selection(Filter.of({"municipality": [f"GM{number:04}"]})) for number in range(3 * module.MOST_WAITING)]
    found = await asyncio.gather(*(snapshots.load_current(one) for one in asked), return_exceptions=True)
    assert {type(one) for one in found} == {module.Snapshot, RetryableError}
    assert (await snapshots.load_current(asked[-1])).cursor == 1


async def test_before_the_first_read_there_is_none(feed_engine, read_model: ReadModel, tmp_path):
    with pytest.raises(FeedNotReadyError):
        await SnapshotFiles(read_model, tmp_path / "snapshot").load_current()
