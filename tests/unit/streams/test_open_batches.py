"""Which offsets may be committed, and what a partition has left to do."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from aiokafka import TopicPartition

from hub.streams.batch import Batch
from hub.streams.open_batches import OpenBatches

PLACE = TopicPartition("in", 0)


def batch(first: int, last: int) -> Batch:
    return Batch("in", 0, [SimpleNamespace(offset=n, timestamp=1_000 + n) for n in range(first, last + 1)], 0.0)


@pytest.fixture
def three() -> tuple[OpenBatches, list[Batch]]:
    opened, batches = OpenBatches(), [batch(0, 4), batch(5, 5), batch(9, 12)]
    for one in batches:
        opened.add(PLACE, one)
    return opened, batches


def test_a_batch_that_is_done_before_an_earlier_one_commits_nothing(three: tuple[OpenBatches, list[Batch]]) -> None:
    opened, (_, second, _) = three
    second.done()
    assert opened.committable() == {}


def test_the_offset_behind_the_last_done_batch_is_committed_once(three: tuple[OpenBatches, list[Batch]]) -> None:
    opened, (first, second, _) = three
    second.done()
    first.done()
    offsets = opened.committable()
    assert offsets == {PLACE: 6}
    opened.committed(offsets)
    assert opened.committable() == {}


def test_a_commit_that_failed_is_tried_again_with_what_came_since(three: tuple[OpenBatches, list[Batch]]) -> None:
    opened, (first, second, _) = three
    first.done()
    tried = opened.committable()
    second.done()
    assert opened.committable() == {PLACE: 6}
    opened.committed(tried)  # an older offset than what is due now
    assert opened.committable() == {PLACE: 6}


def test_what_is_not_done_when_all_is_cleared_is_forgotten(three: tuple[OpenBatches, list[Batch]]) -> None:
    opened, batches = three
    batches[1].done()
    opened.clear()
    assert [one.is_forgotten for one in batches] == [True, False, True]


def test_a_partition_is_done_up_to_its_first_open_record(three: tuple[OpenBatches, list[Batch]]) -> None:
    opened, (first, second, third) = three
    assert (opened.done_until(PLACE, 99), opened.oldest_ms, opened.is_done) == (0, 1_000, False)
    first.done()
    second.done()
    assert (opened.done_until(PLACE, 99), opened.oldest_ms) == (9, 1_009)
    third.done()
    assert (opened.done_until(PLACE, 99), opened.oldest_ms, opened.is_done) == (13, None, True)


def test_before_its_first_batch_a_partition_is_done_up_to_where_it_begins() -> None:
    opened = OpenBatches()
    assert opened.done_until(PLACE, 99) == 99
    opened.begin_at(PLACE, 7)
    assert opened.done_until(PLACE, 99) == 7
    opened.clear()
    assert opened.done_until(PLACE, 99) == 99
