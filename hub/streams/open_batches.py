"""The batches that are on their way through a stage, and the offsets that may be committed behind them. Pure.

Per partition they stand in a queue in the order in which they were read, whatever the order in which they are done: an
offset may be committed once its batch and all before it are done.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping

from aiokafka import TopicPartition

from hub.streams.batch import Batch


class OpenBatches:
    def __init__(self) -> None:
        self._queues: defaultdict[TopicPartition, deque[Batch]] = defaultdict(deque)
        self._committable: dict[TopicPartition, int] = {}
        self._position: dict[TopicPartition, int] = {}

    def add(self, tp: TopicPartition, batch: Batch) -> None:
        self._queues[tp].append(batch)
        self._position[tp] = batch.next_offset

    def begin_at(self, tp: TopicPartition, offset: int) -> None:
        """Where the partition is read from, before its first batch."""
        self._position[tp] = offset

    def clear(self) -> None:
        """Forget all of it: what is open is read again."""
        for batch in self._undone():
            batch.is_forgotten = True
        self._queues.clear()
        self._committable.clear()
        self._position.clear()

    @property
    def is_done(self) -> bool:
        return next(self._undone(), None) is None

    @property
    def oldest_ms(self) -> int | None:
        """Time of the oldest record (unix ms) in a batch that is not done."""
        return min((batch.records[0].timestamp for batch in self._undone()), default=None)

    def committable(self) -> dict[TopicPartition, int]:
        """The offset behind the last finished batch of each partition that has one, until `committed` says so."""
        for tp, queue in self._queues.items():
            while queue and queue[0].is_done:
                self._committable[tp] = queue.popleft().next_offset
        return dict(self._committable)

    def committed(self, offsets: Mapping[TopicPartition, int]) -> None:
        for tp, offset in offsets.items():
            if self._committable.get(tp) == offset:
                del self._committable[tp]

    def done_until(self, tp: TopicPartition, end: int) -> int:
        """The offset before which everything is done; `end` for a partition of which nothing is known."""
        queue = self._queues.get(tp)
        if queue:
            return next((batch.records[0].offset for batch in queue if not batch.is_done), queue[-1].next_offset)
        return self._position.get(tp, end)

    def _undone(self) -> Iterator[Batch]:
        return (batch for queue in self._queues.values() for batch in queue if not batch.is_done)
