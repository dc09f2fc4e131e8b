"""ref and a1: parse and forward the same bytes, by bare aiokafka and by one stage of the hub's own Faust shell.

Both read the same topic from its start, write the same records with `acks=all` and an idempotent producer, commit each
second behind what is acknowledged, and are timed from the first record parsed to the last record acknowledged. They
take turns, so that each ratio compares neighbours.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Sequence
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from hub.broker.outbox import Outbox, OutRecord, Sending
from hub.settings import Settings
from hub.streams.batch import Incoming
from hub.streams.faust_app import channel_of, create_app, start_app
from hub.streams.reader import BatchReader, ReaderSettings
from hub.streams.stage import Stage, attach
from hub.telemetry.health import Health
from hub.topics import Topic
from ops.bench.figures import Figure, at_least, figure, ratios
from ops.bench.ground import Ground

SOURCE, TARGET = "hub.bench.in.v1", "hub.bench.out.v1"
PARTITIONS = 4
BATCH = 2000
TOPICS = [Topic(name, "any", "any", PARTITIONS, "delete") for name in (SOURCE, TARGET)]


async def measure_stage(ground: Ground, material: Sequence[OutRecord], *, runs: int, records: int) -> list[Figure]:
    ground.make_topics(TOPICS)
    await _fill(ground.servers, material, records)
    await _by_reference(ground.servers, records)  # the first run pays for imports and for the broker's compiler
    bare, faust = [], []
    for _ in range(runs):
        bare.append(records / await _by_reference(ground.servers, records))
        faust.append(records / await _by_stage(ground, records))
    size = sum(len(record.value) for record in material) / len(material)
    return [
        figure("ref", "bare aiokafka: parse and forward", "records/s", bare, note=f"{records} records of {size:.0f} bytes"),
        figure("a1", "one Faust stage: parse and forward", "records/s", faust),
        figure("a1", "… of the reference beside it", "", ratios(faust, bare), at_least(0.8)),
    ]


async def _fill(servers: str, material: Sequence[OutRecord], records: int) -> None:
    outbox = Outbox(servers, "bench-fill")
    await outbox.start()
    for start in range(0, records, BATCH):
        numbers = range(start, min(start + BATCH, records))
        chosen = [(number, material[number % len(material)]) for number in numbers]
        await outbox.send([OutRecord(SOURCE, b"%d" % number, record.value, record.headers) for number, record in chosen])
    await outbox.stop()


async def _by_reference(servers: str, records: int) -> float:
    """Seconds that bare aiokafka takes."""
    consumer = AIOKafkaConsumer(
        SOURCE,
        bootstrap_servers=servers,
        group_id=f"bench-{uuid.uuid4().hex[:8]}",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_bytes=16 * 2**20,
        max_partition_fetch_bytes=4 * 2**20,
        check_crcs=False,
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=servers,
        acks="all",
        enable_idempotence=True,
        linger_ms=0,
        max_batch_size=512 * 1024,
        max_request_size=4 * 2**20,
    )
    await consumer.start()
    await producer.start()
    try:
        return await _forward(consumer, producer, records)
    finally:
        await producer.stop()
        await consumer.stop()


async def _forward(consumer: AIOKafkaConsumer, producer: AIOKafkaProducer, records: int) -> float:
    done, started, committed = 0, 0.0, time.monotonic()
    while done < records:
        fetched = await consumer.getmany(timeout_ms=500, max_records=BATCH)
        started = started or time.perf_counter()
        sent: list[asyncio.Future[Any]] = []
        for tp, batch in fetched.items():
            sent += await _send(producer, tp.partition, batch)
            done += len(batch)
        await asyncio.gather(*sent)
        if time.monotonic() - committed > 1:
            await consumer.commit()
            committed = time.monotonic()
    return time.perf_counter() - started


async def _send(producer: AIOKafkaProducer, partition: int, batch: Sequence[Any]) -> list[asyncio.Future[Any]]:
    sent = []
    builder = producer.create_batch()
    for record in batch:
        orjson.loads(record.value)
        fields = {"timestamp": None, "key": record.key, "value": record.value, "headers": list(record.headers)}
        if builder.append(**fields) is None:
            builder.close()
            sent.append(await producer.send_batch(builder, TARGET, partition=partition))
            builder = producer.create_batch()
            builder.append(**fields)
    builder.close()
    return [*sent, await producer.send_batch(builder, TARGET, partition=partition)]


async def _by_stage(ground: Ground, records: int) -> float:
    """Seconds that the hub's reader, agent and outbox take."""
    group = f"bench-{uuid.uuid4().hex[:8]}"
    started: list[float] = []

    def step(record: Incoming) -> list[OutRecord]:
        if not started:
            started.append(time.perf_counter())
        orjson.loads(record.value or b"")
        return [OutRecord(TARGET, record.key, record.value or b"", list(record.headers))]

    outbox = Outbox(ground.servers, group)
    await outbox.start()
    counting = _Counting(outbox, records)
    app = create_app(group, servers=ground.servers, data_dir=ground.state / "faust")
    streams = Settings().streams
    channel = channel_of(app, streams.inflight_batches)
    settings = ReaderSettings(
        "bench", ground.servers, group, (SOURCE,), batch_records=streams.batch_records, inflight=streams.inflight_batches
    )
    reader = BatchReader(settings, channel, Health())
    attach(app, Stage("canonicalise", group, (step,)), channel, counting, reader.fail)
    await start_app(app)
    await app.add_runtime_dependency(reader)
    try:
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(counting.complete.wait()), reader.failure]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        if reader.failure.done():
            reader.failure.result()
        return counting.ended - started[0]
    finally:
        await app.stop()
        await outbox.stop()


class _Counting:
    """The outbox, and the moment at which all is acknowledged."""

    def __init__(self, outbox: Outbox, records: int) -> None:
        self._outbox = outbox
        self._left = records
        self.complete = asyncio.Event()
        self.ended = 0.0

    def open(self) -> _CountedSending:
        return _CountedSending(self._outbox, self)

    def count(self, acknowledged: int) -> None:
        self._left -= acknowledged
        if self._left <= 0:
            self.ended = time.perf_counter()
            self.complete.set()


class _CountedSending(Sending):
    def __init__(self, outbox: Outbox, counting: _Counting) -> None:
        super().__init__(outbox)
        self._counting = counting

    async def acknowledged(self) -> list[int]:
        offsets = await super().acknowledged()
        self._counting.count(len(offsets))
        return offsets
