"""A stage's agent goes on while outputs are under way, and calls a batch done only when all of them are acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest

from hub.broker.outbox import OutRecord
from hub.errors import FatalError
from hub.streams.batch import Batch
from hub.streams.stage import SLICE_BYTES, SLICE_RECORDS, Stage, attach, pass_on, slices


class Record:
    """An input record, of which only the number counts."""

    topic, partition, timestamp, key, headers = "in", 0, 0, b"k", ()

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self.value = b"%d" % offset


PASSING_ON = Stage("canonicalise", "agent", (lambda record: [OutRecord("out", b"k", record.value)],))


class Parcel:
    """What is on its way, whose acknowledgement the test gives."""

    def __init__(self) -> None:
        self.values: list[bytes] = []
        self.is_closed = False
        self.answer: asyncio.Future[list[int]] = asyncio.get_running_loop().create_future()

    async def add(self, records: list[OutRecord]) -> None:
        self.values += [record.value for record in records]

    async def close(self) -> None:
        self.is_closed = True

    async def acknowledged(self) -> list[int]:
        return await self.answer


class World:
    """An agent over `count` batches of one record each, an outbox that keeps what it opened, and what failed."""

    def __init__(self, count: int) -> None:
        self.parcels: list[Parcel] = []
        self.failures: list[Exception] = []
        self.batches = [Batch("in", 0, [Record(number)], 0.0) for number in range(count)]
        self._run: Callable[[Any], Coroutine[Any, Any, None]] | None = None
        attach(self, PASSING_ON, "channel", self, self.failures.append)

    def agent(self, channel: str, *, name: str) -> Callable[[Any], None]:
        return lambda run: setattr(self, "_run", run)

    def open(self) -> Parcel:
        self.parcels.append(Parcel())
        return self.parcels[-1]

    async def run(self) -> None:
        async def batches() -> AsyncIterator[Batch]:
            for batch in self.batches:
                yield batch

        assert self._run is not None
        await self._run(batches())

    async def answer(self, number: int, error: Exception | None = None) -> None:
        answer = self.parcels[number].answer
        answer.set_exception(error) if error else answer.set_result([0])
        for _ in range(10):
            await asyncio.sleep(0)  # turns of the loop, in which whoever waited for it goes on


@pytest.fixture
async def world() -> World:
    world = World(2)
    await world.run()
    return world


async def test_the_next_batch_goes_off_before_the_one_before_is_acknowledged(world: World) -> None:
    assert [(parcel.values, parcel.is_closed) for parcel in world.parcels] == [([b"0"], True), ([b"1"], True)]


async def test_a_batch_is_done_when_its_own_outputs_are_acknowledged(world: World) -> None:
    await world.answer(1)
    assert [batch.is_done for batch in world.batches] == [False, True]


async def test_of_a_batch_that_is_forgotten_nothing_more_is_given() -> None:
    def forgotten_at_the_second_slice(record: Record) -> list[OutRecord]:
        batch.is_forgotten = record.offset >= SLICE_RECORDS
        return [OutRecord("out", b"k", record.value)]

    batch = Batch("in", 0, [Record(number) for number in range(3 * SLICE_RECORDS)], 0.0)
    parcel = Parcel()
    await pass_on(Stage("canonicalise", "agent", (forgotten_at_the_second_slice,)), batch, parcel)
    assert (len(parcel.values), parcel.is_closed) == (SLICE_RECORDS, False)


@pytest.mark.parametrize("given", [0, 1, 2])
async def test_nothing_is_given_any_more_when_the_session_may_be_over(given: int) -> None:
    """Asked before each output, and once more before the last of them is let go."""
    asked = 0

    def require() -> None:
        nonlocal asked
        asked += 1
        if asked > given:
            raise FatalError("the session may be over")

    batch = Batch("in", 0, [Record(number) for number in range(2 * SLICE_RECORDS)], 0.0, require=require)
    parcel = Parcel()
    with pytest.raises(FatalError, match="session"):
        await pass_on(PASSING_ON, batch, parcel)
    assert (len(parcel.values), parcel.is_closed) == (given * SLICE_RECORDS, False)


def test_a_slice_ends_at_its_number_of_records_or_of_bytes() -> None:
    records = [Record(number) for number in range(2 * SLICE_RECORDS + 6)]
    records[3].value = bytes(SLICE_BYTES)
    assert [len(part) for part in slices(records)] == [4, SLICE_RECORDS, SLICE_RECORDS, 2]


async def test_outputs_are_counted_by_their_topic() -> None:
    def twice(record: Record) -> list[OutRecord]:
        return [OutRecord("out", b"k", record.value)] * (1 + record.offset % 2)

    batch = Batch("in", 0, [Record(number) for number in range(SLICE_RECORDS + 2)], 0.0)
    counts = await pass_on(Stage("canonicalise", "agent", (twice,)), batch, Parcel())
    assert counts == {"out": 3 * (SLICE_RECORDS + 2) // 2}


async def test_a_fault_before_a_batch_is_under_way_ends_the_role() -> None:
    world = World(2)

    def refuse() -> None:
        raise FatalError("the session may be over")

    world.batches[0].require = refuse
    await world.run()
    assert [str(error) for error in world.failures] == ["the session may be over"]
    assert len(world.parcels) == 1


async def test_behind_a_batch_that_is_forgotten_the_next_one_goes_on() -> None:
    world = World(2)
    world.batches[0].is_forgotten = True
    await world.run()
    await world.answer(0)
    await world.answer(1)
    assert [(parcel.values, parcel.is_closed) for parcel in world.parcels] == [([], False), ([b"1"], True)]
    assert [batch.is_done for batch in world.batches] == [True, True]  # which makes room for another


async def test_a_refused_output_ends_the_role_and_its_batch_is_never_done(world: World) -> None:
    await world.answer(0, FatalError("refused"))
    assert [str(error) for error in world.failures] == ["refused"]
    assert not world.batches[0].is_done
