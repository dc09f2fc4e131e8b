"""Writes the raw records of one source: judge, produce, then know, all under one lock.

The lock keeps the log's order the order of `seq` while a run and a push work side by side: compaction keeps the later
record of a key, so the later one must be the current one. Knowledge follows the broker's acknowledgement, never
precedes it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from hub import topics
from hub.broker.headers import cloud_event
from hub.broker.outbox import OutRecord
from hub.domain.records import RecordOrigin
from hub.ingest.diff import Seen, Verdict, erasure, upsert, withdrawal
from hub.ingest.known import UNKNOWN_OFFSET, Item, KnownItems, headers_of
from hub.ingest.log import Log
from hub.ingest.parking import letter_of
from hub.ingest.reading import Parked
from hub.telemetry import metrics

EMPTY = b"{}"
TYPE = "hub.raw.v1"

Now = Callable[[], int]
"""Unix milliseconds now."""


class RawWriter:
    def __init__(self, source: str, known: KnownItems, log: Log, now: Now) -> None:
        self.known = known
        self._source = source
        self._topic = topics.raw(source)
        self._log = log
        self._now = now
        self._lock = asyncio.Lock()

    async def load(self) -> None:
        """Fold raw from the start. Call once, before anything is judged."""
        await self._catch_up()

    async def write(
        self, batch: Sequence[Seen], judge: Callable[[Item | None, Seen], Verdict], correlation: str
    ) -> list[tuple[Seen, Verdict]]:
        """Judge each item, of distinct ids, and write what is new; returns the verdicts once all is acknowledged."""
        async with self._lock:
            judged = [(seen, judge(self.known.get(seen.native_id), seen)) for seen in batch]
            writing = [seen for seen, verdict in judged if verdict.writes]
            lacking = [seen.native_id for seen in writing if seen.value is None]
            payloads = await self._payloads(lacking) if lacking else {}
            now = self._now()
            versions = [
                (
                    upsert(self.known.get(seen.native_id), seen, now),
                    seen.value if seen.value is not None else payloads[seen.native_id],
                )
                for seen in writing
            ]
            await self._append(versions, correlation)
        return judged

    async def withdraw(self, closing: Iterable[tuple[str, str, int | None]], correlation: str) -> int:
        """`(native id, cause, the source's date)` of each; those no longer live are passed over. Returns how many."""
        async with self._lock:
            found = [(self.known.get(native_id), cause, at) for native_id, cause, at in closing]
            items = [(item, cause, at) for item, cause, at in found if item is not None and item.is_live]
            payloads = await self._payloads([item.native_id for item, _, _ in items])
            now = self._now()
            await self._append(
                [(withdrawal(item, now, cause, at), payloads[item.native_id]) for item, cause, at in items], correlation
            )
        for _, cause, _ in items:
            metrics.INGEST_CLOSINGS.labels(self._source, cause).inc()
        return len(items)

    async def erase(self, before_ms: int, correlation: str) -> int:
        """Erase ghosts withdrawn before `before_ms`. Returns how many."""
        async with self._lock:
            old = [item for item in self.known.items() if item.op == "withdrawn" and item.seq < before_ms]
            now = self._now()
            await self._append([(erasure(item, now), EMPTY) for item in old], correlation)
        return len(old)

    async def park(self, parked: Sequence[Parked], at: int, correlation: str, origin: RecordOrigin | None = None) -> None:
        """Dead letters of records that raw cannot hold. `origin`: where an inbound record stands."""
        records = []
        for one in parked:
            key, value = letter_of(one, source=self._source, at=at, origin=origin)
            event = cloud_event(
                type_=topics.REJECTED,
                source=self._source,
                id_=f"{correlation}-{one.hash}",
                time_ms=at,
                correlation_id=correlation,
            )
            records.append(OutRecord(topics.REJECTED, key, value, event))
            metrics.INGEST_REJECTED.labels(self._source, one.reason).inc()
        if records:
            await self._log.produce(records)

    async def _append(self, versions: Sequence[tuple[Item, bytes]], correlation: str) -> None:
        records = [self._record(item, value, correlation) for item, value in versions]
        offsets = await self._log.produce(records) if records else []
        for (item, _), offset in zip(versions, offsets, strict=True):
            self.known.put(replace(item, offset=offset))

    def _record(self, item: Item, value: bytes, correlation: str) -> OutRecord:
        key = self.known.key(item.native_id)
        event = cloud_event(
            type_=TYPE, source=self._source, id_=f"{key}@{item.seq}", time_ms=item.fetched_at, correlation_id=correlation
        )
        return OutRecord(self._topic, key.encode(), value, [*headers_of(item), *event])

    async def _payloads(self, native_ids: Sequence[str]) -> dict[str, bytes]:
        """The last payload of each, read back from raw; one that is gone is empty, and the item closes bare."""
        items = [item for id_ in native_ids if (item := self.known.get(id_)) is not None]
        if any(item.offset == UNKNOWN_OFFSET for item in items):
            await self._catch_up()
            items = [item for id_ in native_ids if (item := self.known.get(id_)) is not None]
        found = await self._log.read_back(self._topic, [item.offset for item in items])
        payloads = dict.fromkeys(native_ids, EMPTY)
        for item in items:
            record = found.get(item.offset)
            if record is not None and record.value and record.key_text == self.known.key(item.native_id):
                payloads[item.native_id] = record.value
        return payloads

    async def _catch_up(self) -> None:
        async for record in self._log.read(self._topic, self.known.position):
            self.known.fold(record.key_text, record.headers, record.offset)
