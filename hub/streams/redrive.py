"""Redrive: a dead letter's own input record goes through its stage once more, unless a newer version has come since.

One that comes in that very instant may be passed on by the stage before the parked one is, and compaction would keep the
older of the two. So the input is looked at once more behind the acknowledgement, and what came meanwhile is passed on again:
it repeats the same bytes, and stands last.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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


async def redrive(servers: str, offset: int, stages: Mapping[str, Stage], outbox: Outbox) -> dict[str, Any]:
    """Re-inject the dead letter at `offset` of the rejected topic. Raises HubError that says why it cannot be."""
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
    newer = await _newer(servers, record, letter.seq)
    if newer:
        raise HubError(f"superseded: a newer version of {letter.source_key} (seq {_seq_of(newer[-1])}) came after the parked one")
    outputs = park_or_apply(stage, [record])
    await outbox.send(outputs)
    parked = any(output.topic == topics.REJECTED for output in outputs)
    while not parked and (newer := await _newer(servers, newer[-1] if newer else record, letter.seq)):
        # What of it is bad the stage itself has parked.
        await outbox.send([output for output in park_or_apply(stage, newer) if output.topic != topics.REJECTED])
    return {"source_key": letter.source_key, "stage": letter.stage, "outcome": "parked again" if parked else "passed"}


async def _read_at(servers: str, topic: str, partition: int, offset: int) -> Incoming:
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, enable_auto_commit=False, auto_offset_reset="none")
    tp = TopicPartition(topic, partition)
    async with running(consumer):
        consumer.assign([tp])
        first = (await consumer.beginning_offsets([tp]))[tp]
        end = (await consumer.end_offsets([tp]))[tp]
        if not first <= offset < end:
            raise HubError(f"{topic}[{partition}] holds the offsets {first} to {end - 1}, not {offset}")
        consumer.seek(tp, offset)
        for records in (await consumer.getmany(timeout_ms=5_000, max_records=1)).values():
            if records[0].offset == offset:
                record: Incoming = records[0]
                return record
    raise HubError(f"the record at {topic}[{partition}]:{offset} is gone: a newer version has replaced it")


async def _newer(servers: str, record: Incoming, seq: int | None) -> list[Incoming]:
    """The records of the same key behind `record` whose `seq` is greater than `seq`; none where nothing says how old it is."""
    if seq is None:
        return []
    found: list[Incoming] = []
    place = record.topic, record.partition
    async for records in LogReader(servers, [record.topic], start={place: record.offset + 1}).read():
        found += [other for other in records if other.key == record.key and other.partition == record.partition]
    return [other for other in found if _seq_of(other) > seq]


def _seq_of(record: Incoming) -> int:
    """-1 where none is stated."""
    stated = headers.decode(record.headers or ()).get(headers.SEQ, "")
    return int(stated) if stated.isdecimal() else -1
