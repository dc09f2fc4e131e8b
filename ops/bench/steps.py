"""a2, the pure steps: what each costs by itself, in one process without Kafka. Says where the time of the path goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hub.broker.headers import Headers, Stamp
from hub.broker.outbox import OutRecord
from hub.domain.posting import Posting
from hub.enrich import clean, enrich
from hub.errors import RecordRejectedError
from hub.matching import Engine, features_of
from hub.sdk.connector import MappingContext, load_connectors
from hub.streams import canonicalise
from hub.streams import enrich as enrich_stage
from hub.streams.inputs import AT_ONCE, to_change
from hub.streams.ledger import Ledger
from hub.streams.stage import Stage, park_or_apply, slices
from hub.streams.unify import Publisher
from hub.topics import REJECTED
from ops.bench.figures import Figure, figure

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Record:
    """What a step sees of a record."""

    topic: str
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    partition: int = 0
    timestamp: int = 0


class _NoSender:
    async def send(self, records: list[OutRecord]) -> list[int]:
        raise NotImplementedError


@dataclass
class Steps:
    """Runs the path once and notes microseconds a record."""

    taken: dict[str, list[float]] = field(default_factory=dict)

    def timed(self, name: str, work: Callable[[T], R], items: Sequence[T]) -> list[R]:
        start = time.process_time()
        results = [work(item) for item in items]
        self.note(name, time.process_time() - start, len(items))
        return results

    def note(self, name: str, seconds: float, count: int) -> None:
        self.taken.setdefault(name, []).append(seconds / count * 1e6)

    def run(self, material: Sequence[OutRecord]) -> None:
        raw = [_Record(one.topic, n, one.key, one.value, one.headers) for n, one in enumerate(material)]
        connectors = load_connectors()
        canonical = self._stage(canonicalise.create_stage(connectors), raw)
        self._inside_canonicalise(raw, connectors)
        enriched = self._stage(enrich_stage.create_stage(connectors), canonical)
        self._inside_enrich(canonical)
        self._unify(enriched)

    def _stage(self, stage: Stage, records: Sequence[_Record]) -> list[_Record]:
        """Slice by slice, as a worker does it."""
        start = time.process_time()
        outputs = [output for part in slices(records) for output in park_or_apply(stage, part)]
        self.note(stage.name, time.process_time() - start, len(records))
        kept = [output for output in outputs if output.topic != REJECTED]
        return [_Record(one.topic, number, one.key, one.value, one.headers) for number, one in enumerate(kept)]

    def _inside_canonicalise(self, raw: Sequence[_Record], connectors: Any) -> None:
        def parse(record: _Record) -> Any:
            return connectors[record.topic.split(".")[2]].parse(record.value)

        def mapped(pair: tuple[_Record, Any]) -> Posting:
            record, payload = pair
            name, native_id = (record.key or b"").decode().split(":", 1)
            stamp = Stamp.from_headers(record.headers)
            context = MappingContext(name, native_id, stamp.url, stamp.fetched_at)
            posting: Posting = connectors[name].to_posting(payload, context)
            return posting

        payloads = self.timed("… parse", _or_none(parse), raw)
        pairs = [(record, payload) for record, payload in zip(raw, payloads, strict=True) if payload is not None]
        postings = [one for one in self.timed("… map", _or_none(mapped), pairs) if one is not None]
        self.timed("… clean", lambda posting: clean(posting, contacts="drop"), postings)

    def _inside_enrich(self, canonical: Sequence[_Record]) -> None:
        postings = self.timed("… read canonical", lambda one: Posting.model_validate_json(one.value or b""), canonical)
        enriched = self.timed("… derive", enrich, postings)
        self.timed("… features", features_of, enriched)
        self.timed("… write", lambda posting: posting.to_bytes(), enriched)

    def _unify(self, enriched: Sequence[_Record]) -> None:
        engine = Engine()
        changes = [to_change(record) for record in enriched]
        start = time.process_time()
        changed = [one for at in range(0, len(changes), AT_ONCE) for one in engine.apply(changes[at : at + AT_ONCE])]
        self.note("unify: apply", time.process_time() - start, len(changes))
        publisher = Publisher(engine, Ledger(), _NoSender(), 1)
        self.timed("unify: record", publisher._record, changed)


def measure_steps(material: Sequence[OutRecord], *, runs: int) -> list[Figure]:
    steps = Steps()
    steps.run(material[:500])  # tables are loaded and expressions compiled at first use
    steps.taken.clear()
    for _ in range(runs):
        steps.run(material)
    return [figure("a2", f"step {name}", "µs/record", values) for name, values in steps.taken.items()]


def _or_none(work: Callable[[T], R]) -> Callable[[T], R | None]:
    """What a step rejects is left out, as a dead letter would be."""

    def guarded(item: T) -> R | None:
        try:
            return work(item)
        except RecordRejectedError:
            return None

    return guarded
