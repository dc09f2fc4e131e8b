"""a2: raw → feed through worker and unify as real processes, and what each pure step of that path costs.

The roles stand ready on empty topics; then all raw records are written at once. Times are those that the log itself
carries, from the first raw record to the last record of the feed; processor time is the kernel's.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition

from hub.broker.log_reader import LogReader
from hub.broker.outbox import Outbox, OutRecord
from hub.broker.running import running
from hub.topics import ENRICHED, FEED, REJECTED
from ops.bench.figures import Figure, at_least, figure
from ops.bench.ground import Ground, cpu_seconds

CHUNK = 2000
QUIET_SECONDS = 1.5
LONGEST_SECONDS = 120


@dataclass(frozen=True)
class Pass:
    """One pass of the whole path."""

    seconds: float
    worker_cpu: float
    unify_cpu: float
    live: int


async def measure_path(ground: Ground, material: Sequence[OutRecord], *, runs: int) -> list[Figure]:
    passes, doubled = [], []
    for _ in range(runs):
        passes.append(await _pass(ground, material, "worker"))
        doubled.append(await _pass(ground, material, "worker", "worker 2"))
    count = len(material)
    lives = Counter(one.live for one in passes)
    note = f"{count} postings, live opportunities in each run: {', '.join(map(str, lives))}"
    return [
        figure("a2", "raw → feed, the whole path", "records/s", [count / one.seconds for one in passes], at_least(3000), note),
        figure("a2", "raw → feed with two workers", "records/s", [count / one.seconds for one in doubled]),
        figure("a2", "worker, per second of its processor", "records/s", [count / one.worker_cpu for one in passes]),
        figure("a2", "unify, per second of its processor", "records/s", [count / one.unify_cpu for one in passes]),
    ]


async def _pass(ground: Ground, material: Sequence[OutRecord], *workers: str) -> Pass:
    ground.make_topics()
    ground.start(*workers, "unify")
    try:
        before = _used(ground)
        begun = time.time()
        await _write(ground.servers, material)
        await _settled(ground, len(material))
        after = _used(ground)
    finally:
        ground.stop_roles()
    last, states = await _fold(ground.servers)
    unify = after.pop("unify") - before.pop("unify")
    return Pass(last / 1000 - begun, sum(after.values()) - sum(before.values()), unify, states["live"])


def _used(ground: Ground) -> dict[str, float]:
    return {role: cpu_seconds(process.pid) for role, process in ground.roles.items()}


async def _write(servers: str, records: Sequence[OutRecord]) -> None:
    outbox = Outbox(servers, "bench-raw")
    await outbox.start()
    for start in range(0, len(records), CHUNK):
        await outbox.send(records[start : start + CHUNK])
    await outbox.stop()


async def _settled(ground: Ground, count: int) -> None:
    """Wait until every raw record is enriched or parked and the feed has been at rest for a moment.

    One consumer asks for the ends of the topics and reads nothing: what asking takes is taken from what is measured.
    """
    partitions = enriched, rejected, _ = [TopicPartition(topic, 0) for topic in (ENRICHED, REJECTED, FEED)]
    async with running(AIOKafkaConsumer(bootstrap_servers=ground.servers)) as consumer:
        consumer.assign(partitions)
        consumer.pause(*partitions)
        deadline = time.monotonic() + LONGEST_SECONDS
        known: dict[TopicPartition, int] = {}
        moved = 0.0
        while True:
            ends = await consumer.end_offsets(partitions)
            if ends != known:
                known, moved = ends, time.monotonic()
            is_through = ends[enriched] + ends[rejected] >= count
            if is_through and time.monotonic() - moved >= QUIET_SECONDS:
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"after {LONGEST_SECONDS} s: {ends} of {count} records")
            await asyncio.sleep(0.3)


async def _fold(servers: str) -> tuple[int, Counter[str]]:
    """The unix ms of the feed's last record, and its ids by their last state."""
    reader = LogReader(servers, [FEED])
    states: dict[bytes, str] = {}
    last = 0
    async for records in reader.read():
        last = records[-1].timestamp
        states.update({record.key: "live" if b'"state":"live"' in record.value else "closed" for record in records})
    return last, Counter(states.values())
