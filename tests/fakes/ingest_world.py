"""A partner that does what a test tells it, and a log in memory: ingest's core without Kafka and HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict
from yarl import URL

from hub.broker.headers import Stamp
from hub.broker.outbox import OutRecord
from hub.errors import RecordRejectedError, SourceError
from hub.ingest.brake import Brake
from hub.ingest.log import LogRecord
from hub.ingest.runner import SourceRunner
from hub.ingest.state import SourceState, load_state
from hub.sdk.conditional import Validators
from hub.sdk.connector import Connector
from hub.sdk.http_client import HttpStats
from hub.sdk.manifest import Manifest
from hub.sdk.record import Complete, InboundRecord, KnownItem, Liveness, NotModified, RawRecord, SourceEvent
from hub.sdk.source import Checkpoint, SourceContext
from hub.sdk.testing import FakeHttp

START = 1_800_000_000_000
MINUTE_MS = 60_000


class Payload(BaseModel):
    """The fake partner's format."""

    model_config = ConfigDict(extra="allow")
    title: str
    seen: int = 0


class RunHttpFake(FakeHttp):
    """`FakeHttp` with what the runtime adds; `validators` is what a complete run would have learned."""

    def __init__(self) -> None:
        super().__init__()
        self.stats = HttpStats()
        self.begun: dict[str, Validators] = {}
        self.validators: dict[str, Validators] = {"https://partner.example/list": Validators("00", 2, etag='"1"')}

    def begin(self, validators: Mapping[str, Validators] | None = None) -> None:
        self.begun = dict(validators or {})
        self.stats = HttpStats()

    def collected(self) -> dict[str, Validators]:
        return dict(self.validators)


@dataclass
class Listed:
    title: str
    url: str | None
    collection: str
    seen: int = 0


@dataclass
class FakePartner:
    """What the partner lists, and how it misbehaves. `asked` holds the ids of each question."""

    listed: dict[str, Listed] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    collections: list[str] = field(default_factory=lambda: ["items"])
    states_total: bool = True
    requests: int = 1
    fault: Exception | None = None
    fault_after: int = 0
    not_modified: bool = False
    incomplete: bool = False
    wrong_total: int | None = None
    repeats: str | None = None
    answers_gone_to_all: bool = False
    ask_fault: Exception | None = None
    extra: list[SourceEvent] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    """Alive, but left out of the list."""
    asked: list[list[str]] = field(default_factory=list)
    cursors_seen: dict[str, str] = field(default_factory=dict)
    during: Any = None
    """A coroutine function that runs before the first item: what happens while the list is under way."""

    def lists(self, *ids: str, title: str = "A job", collection: str = "items", url: bool = True) -> FakePartner:
        for native_id in ids:
            address = f"https://partner.example/{native_id}" if url else None
            self.listed[native_id] = Listed(title, address, collection)
        return self

    def drops(self, *ids: str) -> None:
        for native_id in ids:
            del self.listed[native_id]
            self.gone.add(native_id)

    async def run(self, checkpoint: Checkpoint) -> AsyncIterator[SourceEvent]:
        self.cursors_seen = dict(checkpoint.cursors)
        shown = [(id_, one) for id_, one in self.listed.items() if id_ not in self.hidden]
        if self.during is not None:
            await self.during()
        if self.fault is not None and not self.fault_after:
            raise self.fault
        if self.not_modified:
            for collection in self.collections:
                yield NotModified(collection)
            return
        for nth, (native_id, one) in enumerate(shown):
            if self.fault is not None and nth == self.fault_after:
                raise self.fault
            yield record(native_id, one.title, url=one.url, collection=one.collection, seen=one.seen)
            if native_id == self.repeats:
                yield record(native_id, one.title, url=one.url, collection=one.collection)
        for event in self.extra:
            yield event
        checkpoint.cursors["position"] = str(len(shown))
        for collection in self.collections if not self.incomplete else []:
            count = sum(1 for _, one in shown if one.collection == collection)
            count += sum(1 for event in self.extra if event.collection == collection)
            total = self.wrong_total if self.wrong_total is not None else count
            yield Complete(collection, stated_total=total if self.states_total else None, requests=self.requests)

    async def ask(self, items: Sequence[KnownItem]) -> Mapping[str, Liveness]:
        self.asked.append([item.native_id for item in items])
        if self.ask_fault is not None:
            raise self.ask_fault
        return {item.native_id: self._answer(item) for item in items}

    def _answer(self, item: KnownItem) -> Liveness:
        if item.url is None:
            return Liveness.UNKNOWN
        alive = item.native_id in self.listed and not self.answers_gone_to_all
        return Liveness.ALIVE if alive else Liveness.GONE

    def inbound(self, inbound: InboundRecord) -> Iterable[SourceEvent]:
        """`{"id": …, "title": …, "changed_at": …}`."""
        try:
            body = orjson.loads(inbound.body)
        except orjson.JSONDecodeError as error:
            raise RecordRejectedError("syntax", str(error)) from error
        parts = {"title": body.get("title", "")}
        yield RawRecord(str(body["id"]), parts, op=inbound.op, changed_at=body.get("changed_at"))


def record(
    native_id: str, title: str = "A job", *, url: str | None = None, collection: str = "items", seen: int = 0
) -> RawRecord:
    return RawRecord(native_id, {"title": title, "seen": seen}, collection=collection, url=url)


class MemoryLog:
    """Topics as lists, one partition each."""

    def __init__(self) -> None:
        self.topics: dict[str, list[LogRecord]] = {}
        self.fault: Exception | None = None

    async def produce(self, records: Sequence[OutRecord]) -> list[int]:
        if self.fault is not None:
            raise self.fault
        offsets = []
        for one in records:
            topic = self.topics.setdefault(one.topic, [])
            topic.append(LogRecord(one.topic, 0, len(topic), START, one.key, one.value, one.headers))
            offsets.append(len(topic) - 1)
        return offsets

    async def read(self, topic: str, start: int = 0) -> AsyncIterator[LogRecord]:
        for one in list(self.topics.get(topic, []))[start:]:
            yield one

    async def read_back(self, topic: str, offsets: Collection[int]) -> dict[int, LogRecord]:
        records = self.topics.get(topic, [])
        return {offset: records[offset] for offset in offsets if 0 <= offset < len(records)}

    def stamps(self, topic: str) -> list[tuple[str, str]]:
        """`(key, hub-op)` of every record."""
        return [(one.key_text, Stamp.from_headers(one.headers).op) for one in self.topics.get(topic, [])]


def manifest(name: str = "fake", **more: Any) -> Manifest:
    fields: dict[str, Any] = {
        "name": name,
        "title": "Fake",
        "owner": "Nobody",
        "homepage": "https://partner.example",
        "base_url": "https://partner.example",
        "licence": "none",
        "attribution": "Fake",
        "volatile": ["seen"],
    }
    return Manifest(**{**fields, **more})


def fake_connector(partner: FakePartner, **more: Any) -> Connector:
    connector = Connector("tests.fakes.none", manifest(**more))
    connector.__dict__["source_type"] = lambda context: partner
    connector.__dict__["payload_type"] = Payload
    return connector


@dataclass
class World:
    """A runner over a fake partner, with a clock that the test moves."""

    partner: FakePartner = field(default_factory=FakePartner)
    log: MemoryLog = field(default_factory=MemoryLog)
    brake: Brake = field(default_factory=lambda: Brake(30, 5))
    http: RunHttpFake = field(default_factory=RunHttpFake)
    manifest: dict[str, Any] = field(default_factory=dict)
    time: int = START
    runner: SourceRunner = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """A new process on the same log; `load` must be awaited."""
        checkpoints = self.log.topics.get("hub.ingest.checkpoint.v1", [])
        connector = fake_connector(self.partner, **self.manifest)
        state = load_state("fake", checkpoints[-1].value) if checkpoints else SourceState(source="fake")
        self.runner = SourceRunner(
            connector=connector,
            context=SourceContext(connector.manifest, URL("https://partner.example"), self.http),
            http=self.http,
            log=self.log,
            brake=self.brake,
            now=lambda: self.time,
            state=state,
        )

    async def run(self, minutes: int = 15) -> Any:
        """One run, `minutes` after the last."""
        self.time += minutes * MINUTE_MS
        return await self.runner.run()

    @property
    def live(self) -> set[str]:
        """Live ids by the fold of raw, as any reader would have it."""
        found: dict[str, tuple[int, str]] = {}
        for one in self.log.topics.get("hub.raw.fake.v1", []):
            stamp = Stamp.from_headers(one.headers)
            if stamp.seq >= found.get(one.key_text, (0, ""))[0]:
                found[one.key_text] = (stamp.seq, stamp.op)
        return {key.removeprefix("fake:") for key, (_, op) in found.items() if op == "upsert"}

    @property
    def raw(self) -> list[LogRecord]:
        return self.log.topics.get("hub.raw.fake.v1", [])


def paged(*ids: str) -> World:
    """A partner whose list takes several pages."""
    world = World(FakePartner(requests=3))
    world.partner.lists(*ids)
    return world


def source_error(cause: str = "status", retry_after: float | None = None) -> SourceError:
    return SourceError(cause, "the partner is broken", retry_after_seconds=retry_after)
