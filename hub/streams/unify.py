"""enriched + overrides + clock → the feed: the shell around `hub.matching.Engine`.

One owner publishes at a time. It claims ownership in `hub.unify.owner.v1` (the claim's offset is its term, a header of
everything it writes) before its first record, and tails claims and its own output: on a later claim it leaves, and what
an earlier owner still wrote after the claim is overwritten. So a woken former owner does no lasting harm.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from pydantic import ValidationError

from hub import topics
from hub.broker import headers
from hub.broker.outbox import OutRecord
from hub.broker.running import running
from hub.domain.opportunity import Opportunity
from hub.domain.records import OwnerClaim
from hub.errors import FatalError
from hub.matching import Engine
from hub.streams.batch import Batch
from hub.streams.inputs import apply_records
from hub.streams.ledger import Ledger
from hub.streams.match_meter import MatchMeter
from hub.streams.rebuild import closed_for_missing
from hub.streams.stage import count_outputs
from hub.telemetry import metrics

log = structlog.get_logger()
WRITTEN_AT_ONCE = 250
"""Records applied, and opportunities written, in one go: a rendered opportunity weighs ten times its bytes."""
COUNT_SECONDS = 1.0
"""Between two looks at the engine's sizes for the metrics: a look passes every block, which takes as long as some postings."""


class Sender(Protocol):
    """What unify needs of the outbox."""

    async def send(self, records: list[OutRecord]) -> list[int]: ...


class Publisher:
    """Writes the feed for one term of ownership and remembers what it says."""

    def __init__(self, engine: Engine, ledger: Ledger, outbox: Sender, term: int) -> None:
        self.engine = engine
        self.ledger = ledger
        self.term = term
        self._outbox = outbox
        self._meter = MatchMeter(engine)
        self._writing = asyncio.Lock()
        """One judges and writes at a time: while a record is on its way the ledger does not know of it yet."""
        self._count_at = 0.0
        self.is_counted = False

    async def publish(self, opportunities: Iterable[Opportunity]) -> int:
        """Write what differs from the feed, in order; returns how many records that took."""
        async with self._writing:
            return await self._publish(opportunities)

    async def _publish(self, opportunities: Iterable[Opportunity]) -> int:
        # Of several states of one id within a batch only the last is worth a record.
        latest = {opportunity.id: opportunity for opportunity in opportunities}
        records = sorted(self.ledger.differences(latest.values()), key=lambda opportunity: opportunity.state == "closed")
        for start in range(0, len(records), WRITTEN_AT_ONCE):
            some = records[start : start + WRITTEN_AT_ONCE]
            outputs = [self._record(opportunity) for opportunity in some]
            await self._outbox.send(outputs)
            count_outputs("unify", {topics.FEED: len(outputs)})
            for opportunity in some:
                self.ledger.read(opportunity)
        return len(records)

    def count_if_due(self) -> None:
        if not self.is_counted and time.monotonic() >= self._count_at:
            self.count()

    def count(self) -> None:
        self._count_at = time.monotonic() + COUNT_SECONDS
        self.is_counted = True
        counts = self._meter.count()
        metrics.UNIFY_POSTINGS.set(counts["postings"])
        metrics.UNIFY_CLUSTERS.set(counts["clusters"])
        metrics.UNIFY_LIVE.set(self.ledger.live_count)

    def _record(self, opportunity: Opportunity) -> OutRecord:
        identity = f"{opportunity.id}@{opportunity.version}"
        changed_at = int(datetime.fromisoformat(opportunity.last_changed).timestamp() * 1000)
        return OutRecord(
            topics.FEED,
            opportunity.id.encode(),
            opportunity.to_bytes(),
            [
                (headers.TERM, str(self.term).encode()),
                *headers.cloud_event(
                    type_=topics.FEED, source="hub/unify", id_=identity, time_ms=changed_at, correlation_id=identity
                ),
            ],
        )

    async def repair(self, foreign: Opportunity) -> None:
        """An earlier owner wrote this after our claim: if it is not what we say, say it again."""
        async with self._writing:
            if self.ledger.says(foreign):
                return
            self.ledger.read(foreign)
            ours = self.engine.opportunity(foreign.id)
            if ours is None:
                ours = closed_for_missing(foreign)
            log.warning("a former owner's record is overwritten", term=self.term)
            await self._publish([ours])


async def claim(outbox: Sender, instance: str) -> int:
    """Claim ownership; the offset of the claim is the term."""
    value = OwnerClaim(instance=instance, at=int(time.time() * 1000))
    (offset,) = await outbox.send([OutRecord(topics.OWNER, topics.OWNER_KEY.encode(), value.to_bytes())])
    if offset < 0:
        # The broker had the claim already but did not say where: claim again rather than guess a term.
        return await claim(outbox, instance)
    return offset


@dataclass
class Term:
    """What the agent works with. `publisher` is set when the rebuild is done; the reader delivers no batch before."""

    publisher: Publisher | None = None


def attach(app: Any, channel: Any, term: Term, outbox: Sender, fail: Callable[[Exception], None]) -> None:
    """Declare the agent: apply a batch, publish the differences, then say done."""

    async def run(batches: Any) -> None:
        async for batch in batches:
            try:
                if term.publisher is None:
                    raise FatalError("a batch came before the rebuild was through")
                await _unify(batch, term.publisher, outbox)
                batch.done()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                fail(error)
                return

    app.agent(channel, name=topics.AGENT_UNIFY)(run)


async def _unify(batch: Batch, publisher: Publisher, outbox: Sender) -> None:
    written = 0
    for start in range(0, len(batch.records), WRITTEN_AT_ONCE):
        changed, parked = await apply_records(publisher.engine, batch.records[start : start + WRITTEN_AT_ONCE])
        if parked:
            await outbox.send(parked)
        written += await publisher.publish(changed)
    if written and batch.topic == topics.ENRICHED:
        seq = headers.decode(batch.records[-1].headers or ()).get(headers.SEQ, "")
        if seq.isdecimal():
            metrics.SEEN_TO_FEED_SECONDS.observe(max(0.0, time.time() - int(seq) / 1000))
    publisher.is_counted = False


async def watch(servers: str, publisher: Publisher, feed_position: int) -> None:
    """Tail claims and the feed, and count now and then. Raises FatalError when ownership has gone to somebody else, or when
    the feed has lost what was written: the next term reads what is left of it.
    """
    owner, feed = TopicPartition(topics.OWNER, 0), TopicPartition(topics.FEED, 0)
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, enable_auto_commit=False, auto_offset_reset="none")
    try:
        async with running(consumer):
            consumer.assign([owner, feed])
            consumer.seek(owner, publisher.term + 1)
            consumer.seek(feed, feed_position)
            while True:
                fetched = await consumer.getmany(timeout_ms=1000, max_records=1000)
                if fetched.get(owner):
                    raise FatalError(f"ownership went to another unify (claim {fetched[owner][-1].offset}); this one leaves")
                for record in fetched.get(feed, ()):
                    if _term_of(record) != publisher.term:
                        await _repair(publisher, record)
                publisher.count_if_due()
    except KafkaError as error:
        raise FatalError(f"claims and feed cannot be watched: {type(error).__name__}: {error}") from error


async def _repair(publisher: Publisher, record: Any) -> None:
    try:
        foreign = Opportunity.model_validate_json(record.value or b"")
    except ValidationError as error:
        raise FatalError(f"the feed has a foreign record at offset {record.offset}: check its ACLs") from error
    await publisher.repair(foreign)


def _term_of(record: Any) -> int:
    found = headers.decode(record.headers or ()).get(headers.TERM, "")
    return int(found) if found.isdecimal() else -1
