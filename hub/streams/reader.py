"""Reads Kafka for Faust: batches of one partition go to a channel, and offsets are committed only behind done batches.

Faust's own consumer loses data (faust.md §1), so it is switched off and this service takes its place. Each second the
offsets behind what is done are committed (`open_batches.py`). A rebalance or a seek opens a new generation: what is open is
forgotten, before a rebalance waited for briefly and committed as far as done; its records are read again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.errors import KafkaError
from mode import Service

from hub.broker.membership import held_up, member
from hub.broker.running import start_at, stop
from hub.errors import FatalError, HubError
from hub.streams.batch import Batch
from hub.streams.continuity import Continuity
from hub.streams.open_batches import OpenBatches
from hub.telemetry import metrics
from hub.telemetry.health import Health

log = structlog.get_logger()
COMMIT_SECONDS = 1.0
PROBE_SECONDS = 5.0
PROBES_MISSED = 3
"""Looks at Kafka without an assigned partition before that is believed: a broker that starts shows its topics one by one."""
REVOKE_SECONDS = 5.0


@dataclass(frozen=True)
class ReaderSettings:
    """How one stage reads. `instance`: the process that reads, so that a quick restart moves no partition (`member`)."""

    stage: str
    servers: str
    group: str
    topics: tuple[str, ...]
    instance: str | None = None
    batch_records: int = 2000
    inflight: int = 4
    partition_bytes: int = 4 * 2**20
    """Fetched of a partition before it is asked for."""
    compaction_lag_ms: Mapping[str, int] = field(default_factory=dict)
    is_gated: bool = False
    """Join the group but deliver nothing before `go_live` (unify rebuilds first)."""
    is_exclusive: bool = False
    """All partitions go to one member, the one that started first; the others stand by."""
    patience_seconds: float = 300
    stalled_seconds: float = 120
    session_seconds: float = 30

    @property
    def member(self) -> str | None:
        """Static member id (KIP-345). One that comes back gets the partitions that it had, whatever it subscribes to by
        then, so other topics make another member; the former one's partitions are free when its session ends."""
        if self.instance is None:
            return None
        return f"{self.instance}-{sha256(' '.join(sorted(self.topics)).encode()).hexdigest()[:8]}"


class BatchReader(Service, ConsumerRebalanceListener):  # type: ignore[misc]  # mode and aiokafka carry no types
    """`failure` is set once the role must stop: a lost record, a stall, or a broker away for too long."""

    def __init__(self, settings: ReaderSettings, channel: Any, health: Health, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.settings = settings
        self.failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.assigned = asyncio.Event()
        self.revoked = asyncio.Event()
        self._channel = channel
        self._health = health
        self._consumer: AIOKafkaConsumer | None = None
        self._generation = 0
        self._open = OpenBatches()
        self._slots = asyncio.Semaphore(settings.inflight)
        self._reading = asyncio.Lock()
        self.lag = 0
        self._continuity = Continuity(settings.compaction_lag_ms)
        self._missed = 0
        self._seen_broker = time.monotonic()
        self._progressed = time.monotonic()
        self._awake = time.monotonic()
        self._committing = asyncio.Lock()
        self._is_live = not settings.is_gated
        self._loops: list[asyncio.Task[None]] = []

    # --- life cycle -----------------------------------------------------------------------------------------------

    async def on_start(self) -> None:
        """Raises FatalError when no broker answers."""
        s = self.settings
        self._consumer = member(
            s.servers,
            s.group,
            RangePartitionAssignor if s.is_exclusive else RoundRobinPartitionAssignor,
            session_seconds=s.session_seconds,
            group_instance_id=s.member,
            auto_offset_reset="earliest",
            fetch_max_bytes=4 * s.partition_bytes,
            max_partition_fetch_bytes=s.partition_bytes,
            check_crcs=False,  # TCP and the broker check already; it costs a tenth of the time
        )
        self._consumer.subscribe(topics=list(s.topics), listener=self)
        await start_at(s.servers, self._consumer)
        self._awake = time.monotonic()
        loops = [self._pump, self._commit_loop, self._watch]
        if not s.is_gated:  # unify proves by its term that it may write
            loops.append(self._stay_awake)
        for loop in loops:
            self._loops.append(asyncio.create_task(self._guarded(loop)))

    async def on_stop(self) -> None:
        for task in self._loops[:1]:
            task.cancel()
        if not self.failure.done():
            await self._wait_for_open(REVOKE_SECONDS)
        for task in self._loops:
            task.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        await self._commit_done()
        if self._consumer is not None:
            await stop(self._consumer)

    async def _guarded(self, loop: Any) -> None:
        """A loop that ends with an exception ends the role: nothing may fail in silence."""
        try:
            await loop()
        except asyncio.CancelledError:
            raise
        except Exception as error:
            self.fail(
                error if isinstance(error, HubError) else FatalError(f"{self.settings.stage}: {type(error).__name__}: {error}")
            )

    def fail(self, error: Exception) -> None:
        if not self.failure.done():
            self.failure.set_exception(error)

    # --- reading --------------------------------------------------------------------------------------------------

    async def _pump(self) -> None:
        consumer = self._consumer
        assert consumer is not None
        while True:
            async with self._reading:
                fetched = await consumer.getmany(timeout_ms=500, max_records=self.settings.batch_records)
                # Read after the fetch: what a rebalance inside it assigned anew is of the new generation.
                generation = self._generation
            for tp in list(fetched):
                await self._slots.acquire()
                if generation != self._generation:
                    self._slots.release()
                    break
                # Popped, and in a call of its own: this loop may wait for hours and must not hold the last records.
                await self._hand_on(tp, fetched.pop(tp))

    async def _hand_on(self, tp: TopicPartition, records: list[Any]) -> None:
        batch = Batch(tp.topic, tp.partition, records, time.monotonic(), on_done=self._on_done, require=self.require_session)
        self._continuity.check(batch, int(time.time() * 1000))
        self._open.add(tp, batch)
        metrics.STAGE_RECORDS.labels(self.settings.stage).inc(len(records))
        await self._channel.send(value=batch)

    def _on_done(self, batch: Batch) -> None:
        self._slots.release()
        metrics.STAGE_BATCH_SECONDS.labels(self.settings.stage).observe(time.monotonic() - batch.arrived)

    async def replay(self) -> int:
        """Read every assigned partition again from its start; returns how many there are. Raises as `_go_back`."""

        async def starts(consumer: AIOKafkaConsumer) -> Mapping[TopicPartition, int]:
            return dict(await consumer.beginning_offsets(list(consumer.assignment())))

        return len(await self._go_back(starts))

    async def read_again(self, tp: TopicPartition, offset: int) -> bool:
        """Read one partition again from `offset` on, with all that came behind it; False where another worker reads it.

        Raises as `_go_back`.
        """

        async def there(consumer: AIOKafkaConsumer) -> Mapping[TopicPartition, int]:
            committed = {one: await consumer.committed(one) or 0 for one in consumer.assignment()}
            # A replay on its way is not cut short: it comes by.
            return {one: min(at, offset) if one == tp else at for one, at in committed.items()}

        assert self._consumer is not None
        return tp in self._consumer.assignment() and tp in await self._go_back(there)

    async def _go_back(self, find: Callable[[AIOKafkaConsumer], Awaitable[Mapping[TopicPartition, int]]]) -> set[TopicPartition]:
        """Read on from the offsets that `find` gives for every assigned partition. Outputs repeat, which is normal.

        They are committed before the first record is read again: whoever is killed from then on, or hands a partition on,
        is followed by one that begins there too. Else a key would be left with an older version that was repeated.
        Raises HubError when Kafka does not answer or the group is changing; then it reads on from where it was.
        """
        consumer = self._consumer
        assert consumer is not None
        async with self._reading:
            try:
                begins = await find(consumer)
            except KafkaError as error:
                raise HubError(f"Kafka does not answer ({type(error).__name__}); give the command again later") from error
            async with self._committing:
                try:
                    await consumer.commit(begins)
                except KafkaError as error:
                    raise HubError(f"the group is changing ({type(error).__name__}); give the command again") from error
                # Nothing is awaited from here on, so that no batch is handed on, and nothing committed, in between.
                self._forget()
                begins = {tp: offset for tp, offset in begins.items() if tp in consumer.assignment()}
                for tp, offset in begins.items():
                    consumer.seek(tp, offset)
                    self._open.begin_at(tp, offset)
        return set(begins)

    async def go_live(self, positions: Mapping[str, int]) -> None:
        """Open the gate: read on from `positions` (topic → offset of partition 0)."""
        consumer = self._consumer
        assert consumer is not None
        if self.revoked.is_set():
            return
        partitions = [TopicPartition(topic, 0) for topic in positions]
        for tp in partitions:
            consumer.seek(tp, positions[tp.topic])
            self._open.begin_at(tp, positions[tp.topic])
        consumer.resume(*partitions)
        self._progressed = time.monotonic()
        self._is_live = True

    # --- committing -----------------------------------------------------------------------------------------------

    async def _commit_loop(self) -> None:
        while True:
            await asyncio.sleep(COMMIT_SECONDS)
            await self._commit_done()

    async def _commit_done(self) -> None:
        # One at a time: aiokafka tries one again while the broker is away, and none may end after a later one.
        async with self._committing:
            offsets = self._open.committable()
            if not offsets or self._consumer is None:
                return
            try:
                await self._consumer.commit(offsets)
            except KafkaError as error:
                # The group moved on or the broker is away: the offsets are tried again, or read again by their new owner.
                log.warning("offsets were not committed", stage=self.settings.stage, why=type(error).__name__)
                return
            self._open.committed(offsets)
        self._progressed = time.monotonic()
        metrics.STAGE_COMMITS.labels(self.settings.stage).inc()

    async def _wait_for_open(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        # Bounded by the deadline; batches come and go, so no one event would say that all are done.
        while time.monotonic() < deadline and not self._open.is_done:  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    def _forget(self) -> None:
        self._generation += 1
        self._open.clear()
        self._continuity.forget()

    # --- the group ------------------------------------------------------------------------------------------------

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        if revoked:
            log.info("partitions were revoked", stage=self.settings.stage, count=len(revoked))
            self.revoked.set()
        self._generation += 1
        await self._wait_for_open(REVOKE_SECONDS)
        await self._commit_done()
        self._forget()

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        log.info("partitions were assigned", stage=self.settings.stage, count=len(assigned))
        consumer = self._consumer
        assert consumer is not None
        if self.settings.is_gated:
            consumer.pause(*assigned)
        for tp in assigned:
            # Until the first batch arrives the lag counts from what the group has committed.
            self._open.begin_at(tp, await consumer.committed(tp) or 0)
        self._progressed = time.monotonic()
        if assigned:
            self.assigned.set()

    # --- watching -------------------------------------------------------------------------------------------------

    async def _stay_awake(self) -> None:
        while True:
            await asyncio.sleep(COMMIT_SECONDS)
            self.require_session()
            self._awake = time.monotonic()

    def require_session(self) -> None:
        """Raises FatalError when this process was held up for so long that another may have its partitions: what it would
        still write of them could follow what that one has written of newer records."""
        if silent := held_up(self._awake, self.settings.session_seconds):
            raise FatalError(f"{self.settings.stage} was held up for {silent:.0f} s; its partitions may be another's by now")

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(PROBE_SECONDS)
            await self._probe_broker()
            self._measure_lag()
            self.judge_progress()

    async def _probe_broker(self) -> None:
        """Ask the broker for the log's ends: proves that it answers, and gives the lag."""
        consumer = self._consumer
        assert consumer is not None
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                partitions = self._existing(consumer)
                ends = await consumer.end_offsets(partitions) if partitions else await consumer.topics()
        except (KafkaError, TimeoutError, OSError) as error:
            away = time.monotonic() - self._seen_broker
            if away > self.settings.patience_seconds:
                raise FatalError(f"the broker has been away for {away:.0f} s") from error
            self._health.missing("broker", f"Kafka at {self.settings.servers} has not answered for {away:.0f} s")
            return
        self._seen_broker = time.monotonic()
        self._health.found("broker")
        self.lag = sum(max(0, ends[tp] - self._open.done_until(tp, ends[tp])) for tp in partitions)

    def _existing(self, consumer: AIOKafkaConsumer) -> list[TopicPartition]:
        """Of the assigned partitions those that Kafka has. The group remembers others where a topic was made anew with fewer:
        a static member is given them again at each start, until it asks for a new assignment. Raises FatalError when a topic
        is gone.
        """
        there = {topic: consumer.partitions_for_topic(topic) or () for topic in self.settings.topics}
        assigned = consumer.assignment()
        existing = [tp for tp in assigned if tp.partition in there[tp.topic]]
        gone = [topic for topic, partitions in there.items() if not partitions]
        self._missed = self._missed + 1 if gone or len(existing) < len(assigned) else 0
        if self._missed and self._missed % PROBES_MISSED == 0:
            if gone:
                raise FatalError(f'{gone[0]} is gone from Kafka: see docs/backup.md, "A topic is gone"')
            log.warning("partitions are gone", stage=self.settings.stage, count=len(assigned) - len(existing))
            consumer.subscribe(topics=list(self.settings.topics), listener=self)
        return existing

    def _measure_lag(self) -> None:
        stage = self.settings.stage
        oldest = self._open.oldest_ms
        metrics.STAGE_LAG_RECORDS.labels(stage).set(self.lag)
        metrics.STAGE_LAG_SECONDS.labels(stage).set(max(0.0, time.time() - oldest / 1000) if oldest is not None else 0)

    def judge_progress(self) -> None:
        """Raises FatalError for a stuck stage. An absent broker is waited for, and so is the opening of the gate: a rebuild
        may take long, and one that is held waits for a person."""
        if not self._is_live or self.lag == 0 or time.monotonic() - self._seen_broker > PROBE_SECONDS:
            self._progressed = time.monotonic()
            return
        stalled = time.monotonic() - self._progressed
        if stalled > self.settings.stalled_seconds:
            raise FatalError(f"{self.settings.stage} committed nothing for {stalled:.0f} s while {self.lag} records wait")
