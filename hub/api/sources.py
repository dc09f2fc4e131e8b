"""What the page knows of sources: their checkpoints and the records set aside, followed from Kafka into memory.

Two small topics are read without a group, from the start and from a day ago. Nothing of this is stored: a restart
reads them again in a moment.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from hub import topics
from hub.broker.running import running
from hub.domain.records import Rejection
from hub.ingest.state import SourceState, load_state
from hub.sdk.manifest import Manifest

REJECTED_HOURS = 24
CHECKPOINTS = TopicPartition(topics.CHECKPOINT, 0)
REJECTED = TopicPartition(topics.REJECTED, 0)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SetAside:
    """Records of one source that were parked for one reason within the last day."""

    source: str
    stage: str
    reason: str
    field: str | None
    records: int


class SourceStates:
    """Newest checkpoint per source and counts of dead letters, by the hour in which they were parked."""

    def __init__(self, manifests: Mapping[str, Manifest]) -> None:
        self.manifests = dict(manifests)
        self._states: dict[str, SourceState] = {}
        self._rejected: dict[int, Counter[tuple[str, str, str, str | None]]] = {}

    def state(self, source: str) -> SourceState | None:
        """None: this source has not run yet."""
        return self._states.get(source)

    def take_checkpoint(self, source: str, value: bytes | None) -> None:
        self._states[source] = load_state(source, value)

    def take_rejection(self, value: bytes | None, timestamp: int) -> None:
        try:
            rejection = Rejection.model_validate_json(value or b"")
        except ValueError:
            return
        key = (rejection.source or "", rejection.stage, rejection.reason, rejection.field)
        self._rejected.setdefault(timestamp // topics.HOUR_MS, Counter())[key] += 1

    def set_aside(self, now_ms: int) -> list[SetAside]:
        """Largest first."""
        oldest = now_ms // topics.HOUR_MS - REJECTED_HOURS
        for hour in [hour for hour in self._rejected if hour < oldest]:
            del self._rejected[hour]
        total: Counter[tuple[str, str, str, str | None]] = Counter()
        for counts in self._rejected.values():
            total.update(counts)
        return [SetAside(*key, records) for key, records in total.most_common()]


async def follow_sources(states: SourceStates, servers: str) -> None:
    """Until cancelled; while the broker is away the last word stands."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=servers, client_id="hub-serve-sources", enable_auto_commit=False, auto_offset_reset="earliest"
    )
    async with running(consumer):
        consumer.assign([CHECKPOINTS, REJECTED])
        await consumer.seek_to_beginning(CHECKPOINTS)
        await _seek_back(consumer)
        while True:
            for partition, records in (await consumer.getmany(timeout_ms=1_000)).items():
                _take(states, partition, records)


async def _seek_back(consumer: AIOKafkaConsumer) -> None:
    since = time.time_ns() // 1_000_000 - REJECTED_HOURS * topics.HOUR_MS
    try:
        async with asyncio.timeout(10):
            found = (await consumer.offsets_for_times({REJECTED: since}))[REJECTED]
    except (KafkaError, TimeoutError) as error:
        log.warning("dead letters are counted from now on", error=type(error).__name__)
        found = None
    if found is not None:
        consumer.seek(REJECTED, found.offset)
    else:
        await consumer.seek_to_end(REJECTED)


def _take(states: SourceStates, partition: TopicPartition, records: Iterable[Any]) -> None:
    for record in records:
        if partition == CHECKPOINTS:
            states.take_checkpoint(record.key.decode(), record.value)
        else:
            states.take_rejection(record.value, record.timestamp)
