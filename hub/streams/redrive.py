"""Redrive: a dead letter's own input record goes through its stage once more, unless a newer version has come since.

The stage reads its partition again from that record on, so a version that comes in that very instant goes through behind
it, as does whatever a worker that is killed has not come to: compaction never keeps the older of two.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition
from pydantic import ValidationError

from hub import topics
from hub.broker import headers
from hub.broker.log_reader import LogReader
from hub.broker.outbox import Outbox
from hub.broker.running import running
from hub.domain.records import Rejection
from hub.errors import HubError
from hub.streams.batch import Incoming
from hub.streams.stage import Stage, park_or_apply


class Reader(Protocol):
    """What redrive needs of a stage's reader."""

    async def read_again(self, tp: TopicPartition, offset: int) -> bool: ...


async def redrive(
    servers: str, offset: int, stages: Mapping[str, Stage], readers: Mapping[str, Reader], outbox: Outbox
) -> dict[str, Any]:
    """Re-inject the dead letter at `offset` of the rejected topic. Raises HubError that says why it cannot be.

    `outcome` is None, and nothing done, where another worker reads the record's partition.
    """
    try:
        letter = Rejection.model_validate_json((await _read_at(servers, topics.REJECTED, 0, offset)).value or b"")
    except ValidationError as error:
        raise HubError(f"the record at offset {offset} of {topics.REJECTED} is no dead letter") from error
    stage = stages.get(letter.stage)
    if stage is None or letter.origin is None:
        raise HubError(
            f"a record parked by {letter.stage} has no input record to go on from: mend it at its source and run "
            f"`hub connector run {letter.source or 'NAME'} --once`"
        )
    origin = letter.origin
    record = await _read_at(servers, origin.topic, origin.partition, origin.offset)
    await _require_newest(servers, record, letter)
    outputs = park_or_apply(stage, [record])
    outcome: str | None = "parked again"
    if any(output.topic == topics.REJECTED for output in outputs):
        await outbox.send(outputs)
    elif await readers[letter.stage].read_again(TopicPartition(origin.topic, origin.partition), origin.offset):
        outcome = "passed"
    else:
        outcome = None
    return {"source_key": letter.source_key, "stage": letter.stage, "outcome": outcome}


async def _read_at(servers: str, topic: str, partition: int, offset: int) -> Incoming:
    """The record at an offset. Raises HubError when it is not there (any more)."""
    tp = TopicPartition(topic, partition)
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, enable_auto_commit=False, auto_offset_reset="earliest")
    async with running(consumer):
        consumer.assign([tp])
        end = (await consumer.end_offsets([tp]))[tp]
        if offset >= end:
            raise HubError(f"{topic} has no record at offset {offset}; it ends at {end}")
        consumer.seek(tp, offset)
        fetched = await consumer.getmany(tp, timeout_ms=10_000, max_records=1)
    for record in fetched.get(tp, ()):
        if record.offset == offset:
            found: Incoming = record
            return found
    raise HubError(f"the record at {topic}[{partition}]:{offset} is gone: a newer version has replaced it")


async def _require_newest(servers: str, record: Incoming, letter: Rejection) -> None:
    """Raises HubError when a record of the same key behind `record` has a greater `seq`; nothing where it says no `seq`."""
    if letter.seq is None:
        return
    newest = letter.seq
    async for records in LogReader(servers, [record.topic], start={(record.topic, record.partition): record.offset + 1}).read():
        same = (other for other in records if other.key == record.key and other.partition == record.partition)
        newest = max([newest, *map(_seq_of, same)])
    if newest > letter.seq:
        raise HubError(f"superseded: a newer version of {letter.source_key} (seq {newest}) came after the parked one")


def _seq_of(record: Incoming) -> int:
    found = headers.decode(record.headers or ()).get(headers.SEQ, "")
    return int(found) if found.isdecimal() else -1
