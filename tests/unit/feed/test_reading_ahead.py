"""What is read ahead comes once and in turn, is forgotten when the position moves, and fails when its turn comes."""

from __future__ import annotations

import asyncio

import pytest
from fakes.feed_records import opportunity

from hub.errors import RetryableError
from hub.feed.ahead import Ahead
from hub.feed.entry import LogRecord


class Log:
    """One record a batch. `wrong`: the offset that cannot be read."""

    def __init__(self, end: int, wrong: int | None = None) -> None:
        self.end = end
        self.wrong = wrong
        self.position = 0
        self.asked: list[int] = []

    def seek(self, position: int) -> None:
        self.position = position

    async def read(self) -> tuple[list[LogRecord], int]:
        offset = self.position
        self.asked.append(offset)
        await asyncio.sleep(0)
        if offset == self.wrong:
            raise RetryableError("the log ends before the position")
        if offset >= self.end:
            return [], offset
        self.position += 1
        item = opportunity(offset, "1")
        return [LogRecord(offset, item.id, item.to_bytes(), 1_000 + offset)], self.position


async def let_run() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_batches_come_once_and_in_turn() -> None:
    ahead = Ahead(Log(3))
    portions = [await ahead.read() for _ in range(4)]
    assert [portion.position for portion in portions] == [1, 2, 3, 3]
    assert [portion.timestamps for portion in portions] == [(1_000,), (1_001,), (1_002,), ()]
    assert [[entry.cursor for entry in portion.batch.entries] for portion in portions] == [[1], [2], [3], []]


async def test_the_next_batch_is_made_ready_while_nobody_asks() -> None:
    log = Log(3)
    ahead = Ahead(log)
    await ahead.read()
    await let_run()
    assert log.asked == [0, 1]
    await ahead.stop()


async def test_behind_the_known_end_nothing_is_asked_ahead() -> None:
    log = Log(1)
    await Ahead(log).read()
    await let_run()
    assert log.asked == [0]


@pytest.mark.parametrize("has_run", [False, True])
async def test_what_was_read_ahead_is_forgotten_when_the_position_moves(has_run: bool) -> None:
    log = Log(9)
    ahead = Ahead(log)
    await ahead.read()
    if has_run:
        await let_run()
    await ahead.seek(5)
    assert (await ahead.read()).position == 6
    await ahead.stop()


async def test_what_fails_ahead_fails_when_its_turn_comes_and_the_next_begins_anew() -> None:
    log = Log(3, wrong=1)
    ahead = Ahead(log)
    assert (await ahead.read()).position == 1
    await let_run()
    with pytest.raises(RetryableError):
        await ahead.read()
    log.wrong = None
    await ahead.seek(1)
    assert (await ahead.read()).position == 2
    await ahead.stop()
