"""A stateless stage: an agent that applies a pure step to each record and says done when all outputs are safe.

A step returns its outputs as values. Whatever it raises on one record becomes a dead letter (`reason: bug` when it was
not on purpose), else one odd record would stop the hub for ever. Only failing I/O ends the role: it is handed to `fail`
and never leaves the agent body, where Faust would swallow it and acknowledge the batch.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from hub.broker.outbox import OutRecord
from hub.errors import RecordRejectedError
from hub.streams.batch import Batch, Incoming
from hub.streams.dead_letter import dead_letter, source_of
from hub.telemetry import metrics

SLICE_SECONDS = 0.05
Step = Callable[[Incoming], Sequence[OutRecord]]


class Sender(Protocol):
    """What a stage needs of the outbox."""

    async def send(self, records: list[OutRecord]) -> list[int]: ...


@dataclass(frozen=True)
class Stage:
    """`step` and where it stands. `agent` is the stable name of the Faust agent (hub/topics.py)."""

    name: Literal["canonicalise", "enrich"]
    agent: str
    step: Step


def attach(app: Any, stage: Stage, channel: Any, outbox: Sender, fail: Callable[[Exception], None]) -> None:
    """Declare the stage's agent on `app`, fed by `channel`."""

    async def run(batches: Any) -> None:
        async for batch in batches:
            try:
                outputs = await apply_step(stage, batch)
                await outbox.send(outputs)
                count_outputs(stage.name, outputs)
                batch.done()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                fail(error)
                return

    app.agent(channel, name=stage.agent)(run)


async def apply_step(stage: Stage, batch: Batch) -> list[OutRecord]:
    """The outputs of a batch; lets the loop breathe at least every 50 ms, since heartbeats share it."""
    outputs: list[OutRecord] = []
    slice_end = time.monotonic() + SLICE_SECONDS
    for record in batch.records:
        outputs += park_or_apply(stage, record)
        if time.monotonic() > slice_end:
            await asyncio.sleep(0)
            slice_end = time.monotonic() + SLICE_SECONDS
    return outputs


def park_or_apply(stage: Stage, record: Incoming) -> Sequence[OutRecord]:
    try:
        outputs = stage.step(record)
        for output in outputs:
            if output.is_too_large:
                raise RecordRejectedError("too_large", "the record is too large to be passed on")
    except Exception as error:
        reason = error.reason if isinstance(error, RecordRejectedError) else "bug"
        metrics.STAGE_REJECTED.labels(stage.name, source_of(record), reason).inc()
        return (dead_letter(stage.name, record, error),)
    return outputs


def count_outputs(stage: str, outputs: Sequence[OutRecord]) -> None:
    for topic, count in Counter(output.topic for output in outputs).items():
        metrics.STAGE_OUTPUTS.labels(stage, topic).inc(count)
