"""The audit: is what raw holds as current also what stands last in enriched? A difference is a metric and an alert.

Last, since that is what compaction leaves and a rebuild reads: an older version behind a newer one is a difference too.
Judged only while both stages have caught up, and only for items that did not change meanwhile. A record that a stage
parked is no difference: the dead letter says so, and where that has expired the mapping itself is asked again. What is
left is a lost record or a bug, and `hub replay` heals it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from hub import topics
from hub.broker.headers import Stamp
from hub.broker.partition import fetch_partitions
from hub.broker.running import running, start_whole
from hub.domain.keys import native_id_of
from hub.errors import HubError
from hub.ingest.log import Log
from hub.ingest.runner import SourceRunner
from hub.sdk.connector import MappingContext
from hub.telemetry import metrics

LOG = structlog.get_logger()
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Current:
    """The version of a key that counts: in raw the one of the greatest `seq`, in enriched the last."""

    seq: int
    is_live: bool


def differences(raw: Mapping[str, Current], enriched: Mapping[str, Current], parked: Mapping[str, set[int]]) -> list[str]:
    """Keys of raw whose version is not the current one in enriched, parked versions apart. Pure.

    A live key must stand live with the same `seq`; one that is not live must not be live in enriched.
    """
    found = []
    for key, current in raw.items():
        other = enriched.get(key)
        if other is not None and other.seq > current.seq:
            continue  # it changed after raw was looked at
        missing = other is None or not other.is_live or other.seq != current.seq
        wrong = missing if current.is_live else other is not None and other.is_live
        if wrong and current.seq not in parked.get(key, set()):
            found.append(key)
    return found


class Audit:
    def __init__(self, servers: str, log: Log, runners: Mapping[str, SourceRunner]) -> None:
        self._servers = servers
        self._log = log
        self._runners = runners

    async def run(self) -> dict[str, int]:
        """Differences by source. Raises HubError while a stage has not caught up."""
        raw = {name: _current(runner) for name, runner in self._runners.items()}
        await self._require_caught_up()
        enriched = await self._enriched()
        parked = await self._parked()
        result = {}
        for name, runner in self._runners.items():
            keys = differences(raw[name], enriched, parked)
            after = _current(runner)
            keys = [key for key in keys if after.get(key) == raw[name][key]]
            keys = await self._that_map(runner, keys)
            if keys:
                await self._require_caught_up()  # a replay that has begun meanwhile passes through older versions
            result[name] = len(keys)
            metrics.AUDIT_DIFFERENCES.labels(name).set(len(keys))
            if keys:
                LOG.error("raw and enriched differ; heal it with `hub replay canonicalise`", source=name, count=len(keys))
        metrics.AUDIT_LAST.set_to_current_time()
        return result

    async def _require_caught_up(self) -> None:
        groups = {
            topics.GROUP_CANONICALISE: [topics.raw(name) for name in self._runners],
            topics.GROUP_ENRICH: [topics.CANONICAL],
        }
        for group, names in groups.items():
            lag = await group_lag(self._servers, group, names)
            if lag:
                raise HubError(f"the audit waits: {group} is {lag} records behind")

    async def _enriched(self) -> dict[str, Current]:
        found: dict[str, Current] = {}
        async for record in self._log.read(topics.ENRICHED):
            try:
                stamp = Stamp.from_headers(record.headers)
            except ValueError:
                continue
            found[record.key_text] = Current(stamp.seq, stamp.op == "upsert")
        return found

    async def _parked(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        async for record in self._log.read(topics.REJECTED):
            try:
                letter = orjson.loads(record.value or b"{}")
            except orjson.JSONDecodeError:
                continue
            if letter.get("source_key") and letter.get("seq"):
                found.setdefault(letter["source_key"], set()).add(int(letter["seq"]))
        return found

    async def _that_map(self, runner: SourceRunner, keys: list[str]) -> list[str]:
        """Those whose payload the connector can map: the others were parked, longer ago than dead letters are kept."""
        items = {key: runner.known.get(native_id_of(key)) for key in keys}
        offsets = {key: item.offset for key, item in items.items() if item is not None and item.is_live}
        records = await self._log.read_back(topics.raw(runner.name), [offset for offset in offsets.values() if offset >= 0])
        left = []
        for key in keys:
            item, record = items[key], records.get(offsets.get(key, -1))
            if item is None or record is None or not record.value:
                left.append(key)
                continue
            context = MappingContext(runner.name, item.native_id, item.url, item.fetched_at)
            try:
                runner.connector.to_posting(runner.connector.parse(record.value), context)
            except Exception:  # whatever its kind: canonicalise met it too, and parked it
                continue
            left.append(key)
        return left


def _current(runner: SourceRunner) -> dict[str, Current]:
    known = runner.known
    return {known.key(item.native_id): Current(item.seq, item.is_live) for item in known.items()}


async def group_lag(servers: str, group: str, names: list[str]) -> int:
    """Records that the group has not committed over all partitions of these topics."""
    admin = AIOKafkaAdminClient(bootstrap_servers=servers, client_id="hub-ingest-audit")
    try:
        await start_whole(admin)
        async with running(
            AIOKafkaConsumer(bootstrap_servers=servers, client_id="hub-ingest-audit", enable_auto_commit=False)
        ) as consumer:
            committed = await admin.list_consumer_group_offsets(group)
            lag = 0
            for name in names:
                partitions = await fetch_partitions(consumer, name)
                ends, begins = await consumer.end_offsets(partitions), await consumer.beginning_offsets(partitions)
                for partition in partitions:
                    position = committed[partition].offset if partition in committed else 0
                    lag += max(0, ends[partition] - max(position, begins[partition]))
            return lag
    except KafkaError as error:
        raise HubError(f"the audit cannot ask the broker: {type(error).__name__}: {error}") from error
    finally:
        await admin.close()
