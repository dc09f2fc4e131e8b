"""What webhooks and partners put on the inbound topics, through the same diff and brake as a poll.

One consumer over all inbound topics by plain assignment, with the group's committed offsets: there is one ingest, and
a restart after a kill need not wait for a session to expire. An offset is committed only after everything that
followed from its record was acknowledged, so a crash repeats, and a repeat finds nothing changed. Pushes are ordered
by the source's own date.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from hub import topics
from hub.broker.headers import CONTENT_TYPE, OP, WEBHOOK_ID, decode
from hub.broker.running import running
from hub.domain.records import RecordOrigin
from hub.errors import FatalError, RecordRejectedError
from hub.ingest.brake import hold_reason
from hub.ingest.diff import Seen, is_stale_delete, judge_push
from hub.ingest.log import LogRecord, record_of
from hub.ingest.reading import Deleted, Parked, seen_of
from hub.ingest.runner import SourceRunner
from hub.ingest.state import Held
from hub.sdk.record import InboundRecord, Invalid, RawRecord
from hub.telemetry import metrics

REMEMBERED_IDS = 4096
LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one inbound record asks for."""

    seen: tuple[Seen, ...] = ()
    deleted: tuple[Deleted, ...] = ()
    parked: tuple[Parked, ...] = ()


def parse_inbound(runner: SourceRunner, record: LogRecord) -> Parsed:
    """Never raises: a record that is not in the partner's format is parked, whatever is wrong with it."""
    headers = decode(record.headers)
    body = record.value or b""
    op = headers.get(OP, "upsert")
    if op not in ("upsert", "delete"):
        return Parsed(parked=(Parked("wrong_value", body, f"the header {OP} is {op!r}; it must be upsert or delete", OP),))
    inbound = InboundRecord(
        body=body,
        content_type=headers.get(CONTENT_TYPE, "application/json"),
        op="delete" if op == "delete" else "upsert",
        webhook_id=headers.get(WEBHOOK_ID),
        received_at=record.timestamp,
    )
    try:
        events = runner.partner.inbound(inbound)
    except RecordRejectedError as error:
        return Parsed(parked=(Parked(error.reason, body, str(error), error.field),))
    seen: list[Seen] = []
    deleted: list[Deleted] = []
    parked: list[Parked] = []
    for event in events:
        if isinstance(event, RawRecord) and event.op == "delete":
            deleted.append(Deleted(event.native_id, event.changed_at))
        elif isinstance(event, RawRecord):
            result = seen_of(runner.connector, event, record.timestamp)
            (seen if isinstance(result, Seen) else parked).append(result)  # type: ignore[arg-type]  # by its type, both fit
        elif isinstance(event, Invalid):
            parked.append(Parked(event.reason, event.raw, event.detail, event.field, event.native_id))
    return Parsed(tuple(seen), tuple(deleted), tuple(parked))


class Pusher:
    """Applies inbound records of one source, in the order of the topic."""

    def __init__(self, runner: SourceRunner) -> None:
        self._runner = runner
        self._webhook_ids: OrderedDict[str, None] = OrderedDict()

    async def take(self, record: LogRecord) -> Counter[str]:
        """Returns once everything that follows is acknowledged: verdict → items."""
        counts: Counter[str] = Counter()
        correlation = f"{self._runner.name}-inbound-{record.offset}"
        if self._is_repeated(decode(record.headers).get(WEBHOOK_ID)):
            counts["repeated"] += 1
            return counts
        parsed = parse_inbound(self._runner, record)
        for seen in parsed.seen:
            await self._upsert(seen, correlation, counts)
        for deleted in parsed.deleted:
            await self._delete(deleted, correlation, counts)
        origin = RecordOrigin(topic=record.topic, partition=record.partition, offset=record.offset)
        await self._runner.writer.park(parsed.parked, record.timestamp, correlation, origin)
        counts["rejected"] += len(parsed.parked)
        for outcome, count in counts.items():
            metrics.INGEST_INBOUND.labels(self._runner.name, outcome).inc(count)
        return counts

    async def _upsert(self, seen: Seen, correlation: str, counts: Counter[str]) -> None:
        runner = self._runner
        ((_, verdict),) = await runner.writer.write([seen], judge_push, correlation)
        counts[verdict.value] += 1
        if verdict.writes:
            runner.update(validators={})  # they stand for what was known before this write
        held = runner.state.held
        if verdict.value != "stale" and held is not None and seen.native_id in held.items:
            await runner.save(held=_without(held, seen.native_id))

    async def _delete(self, deleted: Deleted, correlation: str, counts: Counter[str]) -> None:
        runner = self._runner
        item = runner.known.get(deleted.native_id)
        if item is None or not item.is_live:
            counts["unknown"] += 1
            return
        if is_stale_delete(item, deleted.changed_at):
            counts["stale"] += 1
            return
        live, recently = runner.known.live_count, runner.known.closings_since(runner.now() - topics.HOUR_MS)
        if runner.brake.holds(live=live, closed_recently=recently, closing=1):
            before = runner.state.held
            items = {**(before.items if before else {}), deleted.native_id: "delete"}
            since = before.since if before else runner.now()
            held = Held(run=correlation, since=since, reason=hold_reason(len(items), recently, live), items=items)
            await runner.save(held=held)
            counts["held"] += 1
            return
        await runner.writer.withdraw([(deleted.native_id, "delete", deleted.changed_at)], correlation)
        runner.update(validators={})
        counts["withdrawn"] += 1

    def _is_repeated(self, webhook_id: str | None) -> bool:
        if webhook_id is None:
            return False
        repeated = webhook_id in self._webhook_ids
        self._webhook_ids[webhook_id] = None
        if len(self._webhook_ids) > REMEMBERED_IDS:
            self._webhook_ids.popitem(last=False)
        return repeated


def _without(held: Held, native_id: str) -> Held | None:
    items = {id_: cause for id_, cause in held.items.items() if id_ != native_id}
    return held.model_copy(update={"items": items}) if items else None


class InboundReader:
    """Reads the inbound topics until cancelled."""

    def __init__(self, servers: str, pushers: Mapping[str, Pusher]) -> None:
        self._pushers = {topics.inbound(source): pusher for source, pusher in pushers.items()}
        self._consumer: Any = AIOKafkaConsumer(
            bootstrap_servers=servers,
            client_id="hub-ingest-inbound",
            group_id=topics.GROUP_INGEST,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )

    async def run(self) -> None:
        """Raises FatalError when the broker refuses for good."""
        try:
            async with running(self._consumer):
                self._consumer.assign([TopicPartition(topic, 0) for topic in sorted(self._pushers)])
                while True:
                    await self._take(await self._consumer.getmany(timeout_ms=1000, max_records=500))
        except KafkaError as error:
            raise FatalError(f"the inbound topics cannot be read: {type(error).__name__}: {error}") from error

    async def _take(self, batches: Mapping[Any, Any]) -> None:
        done = {}
        for partition, records in batches.items():
            counts: Counter[str] = Counter()
            for record in records:
                counts += await self._pushers[partition.topic].take(record_of(record))
                done[partition] = record.offset + 1
            LOG.info("inbound records taken", topic=partition.topic, records=len(records), state=dict(counts))
        if done:
            await self._consumer.commit(done)
