"""A stateless stage: an agent that takes each record through pure phases and says done when all outputs are safe.

The records of a slice take a phase together before any of them takes the next: code and tables of one phase push those of
another out of the processor's caches, and record by record that costs a fifth of a stage's time. Whatever a phase raises
on one record becomes a dead letter (`reason: bug` when it was not on purpose), else one odd record would stop the hub for
ever. Only failing I/O ends the role: it is handed to `fail` and never leaves the agent body, where Faust would swallow it
and acknowledge the batch.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from hub.broker.outbox import OutRecord
from hub.errors import RecordRejectedError
from hub.streams.batch import Batch, Incoming
from hub.streams.breath import Breath
from hub.streams.dead_letter import park
from hub.telemetry import metrics

SLICE_RECORDS = 32
"""As many as take a phase together: some 20 ms for postings of some kilobytes."""
SLICE_BYTES = 512 * 1024
"""Or fewer where they are large, since the loop waits for a slice."""
Phase = Callable[[Any], Any]


class Outgoing(Protocol):
    """The outputs of a batch on their way: what a stage needs of a sending."""

    async def add(self, records: list[OutRecord]) -> None: ...
    async def close(self) -> None: ...
    async def acknowledged(self) -> list[int]: ...


class Outlet(Protocol):
    """What a stage needs of the outbox."""

    def open(self) -> Outgoing: ...


@dataclass(frozen=True)
class Stage:
    """Pure phases and where they stand. `agent` is the stable name of the Faust agent (hub/topics.py).

    The first phase is given the record, each other one what the phase before it returned; the last returns the outputs.
    """

    name: Literal["canonicalise", "enrich"]
    agent: str
    phases: tuple[Phase, ...]


def attach(app: Any, stage: Stage, channel: Any, outbox: Outlet, fail: Callable[[Exception], None]) -> None:
    """Declare the stage's agent on `app`, fed by `channel`.

    The agent goes on to the next batch while the last outputs of one are acknowledged; how many are open at once is the
    reader's to bound, and it commits a batch only behind all before it.
    """
    under_way: set[asyncio.Task[None]] = set()

    async def run(batches: Any) -> None:
        async for batch in batches:
            try:
                outgoing = outbox.open()
                counts = await pass_on(stage, batch, outgoing)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                fail(error)
                return
            finishing = asyncio.create_task(_finish(stage, batch, outgoing, counts, fail))
            under_way.add(finishing)  # a task that nobody holds may be collected
            finishing.add_done_callback(under_way.discard)

    app.agent(channel, name=stage.agent)(run)


async def _finish(
    stage: Stage, batch: Batch, outgoing: Outgoing, counts: Counter[str], fail: Callable[[Exception], None]
) -> None:
    """Say done once the broker has every output."""
    try:
        await outgoing.acknowledged()
    except Exception as error:
        fail(error)
        return
    count_outputs(stage.name, counts)
    batch.done()


async def pass_on(stage: Stage, batch: Batch, outgoing: Outgoing) -> Counter[str]:
    """Give the outputs of a batch to `outgoing`, in the order of its records; returns how many went to each topic.

    The broker writes those of the first slices while the next are worked on. The loop breathes in between, since heartbeats
    share it. Of a batch that is forgotten meanwhile nothing more is given.
    """
    counts: Counter[str] = Counter()
    breath = Breath()
    for records in slices(batch.records):
        outputs = park_or_apply(stage, records)
        if batch.is_forgotten:
            return counts
        batch.require()
        await outgoing.add(outputs)
        counts.update([output.topic for output in outputs])
        await breath.take()
    if not batch.is_forgotten:
        batch.require()
        await outgoing.close()
    return counts


def slices(records: Sequence[Incoming]) -> Iterator[Sequence[Incoming]]:
    """`records` in order, cut where a slice is full."""
    start = size = 0
    for end, record in enumerate(records, 1):
        size += len(record.value or b"")
        if end - start == SLICE_RECORDS or size >= SLICE_BYTES or end == len(records):
            yield records[start:end]
            start, size = end, 0


def park_or_apply(stage: Stage, records: Sequence[Incoming]) -> list[OutRecord]:
    """What the phases make of `records`, in their order; a dead letter for each that they refuse."""
    under_way: dict[int, Any] = dict(enumerate(records))
    parked: dict[int, list[OutRecord]] = {}
    for phase in (*stage.phases, _of_a_size):
        for index, work in list(under_way.items()):
            try:
                under_way[index] = phase(work)
            except Exception as error:
                del under_way[index]
                parked[index] = [park(stage.name, records[index], error)]
    done: dict[int, list[OutRecord]] = under_way | parked
    return [output for index in range(len(records)) for output in done[index]]


def _of_a_size(outputs: Sequence[OutRecord]) -> Sequence[OutRecord]:
    for output in outputs:
        if output.is_too_large:
            raise RecordRejectedError("too_large", "the record is too large to be passed on")
    return outputs


def count_outputs(stage: str, counts: Mapping[str, int]) -> None:
    for topic, count in counts.items():
        metrics.STAGE_OUTPUTS.labels(stage, topic).inc(count)
