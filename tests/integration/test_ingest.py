"""Ingest on a real broker: raw, checkpoint, inbound, clock, audit, the operator's commands, and restarts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web
from aiokafka import AIOKafkaConsumer, TopicPartition

from hub.broker.admin import apply_topics
from hub.broker.embedded import EmbeddedKafka
from hub.broker.headers import Stamp, decode
from hub.broker.outbox import Outbox, OutRecord
from hub.domain import Posting
from hub.domain.records import ClockTick
from hub.errors import ConfigError, FatalError, HubError
from hub.ingest.log import KafkaLog, LogRecord
from hub.ingest.once import run_once
from hub.ingest.run import run_ingest
from hub.sdk.connector import Connector
from hub.sdk.record import Complete, InboundRecord, KnownItem, Liveness, NotModified, RawRecord
from hub.sdk.source import Checkpoint, SourceContext
from hub.settings import Settings
from hub.telemetry.role import RoleContext
from hub.topics import CHECKPOINT, CLOCK, ENRICHED, GROUP_CANONICALISE, REJECTED, catalogue
from tests.fakes.ingest_world import Payload, manifest

pytestmark = pytest.mark.integration


class ListSource:
    """One JSON list with a stated total; pushes as `{"id": …, "title": …}`."""

    def __init__(self, context: SourceContext) -> None:
        self._context = context

    async def run(self, checkpoint: Checkpoint) -> AsyncIterator[Any]:
        answer = await self._context.http.get(self._context.base_url / "list", conditional=True)
        if answer.not_modified:
            yield NotModified()
            return
        items = answer.json()["items"]
        for item in items:
            yield RawRecord(item["id"], {"title": item["title"]}, url=str(self._context.base_url / item["id"]))
        yield Complete(stated_total=len(items), requests=1)

    async def ask(self, items: list[KnownItem]) -> dict[str, Liveness]:
        return {}

    def inbound(self, record: InboundRecord) -> list[RawRecord]:
        item = orjson.loads(record.body)
        return [RawRecord(item["id"], {"title": item["title"]}, op=record.op, changed_at=item.get("changed_at"))]


class Site:
    """The partner: what it lists, over HTTP."""

    def __init__(self) -> None:
        self.items = {str(n): f"Job {n}" for n in range(20)}
        self.status = 200
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        body = orjson.dumps({"items": [{"id": id_, "title": title} for id_, title in self.items.items()]})
        tag = f'"{hash(body)}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304)
        return web.Response(body=body, status=self.status, content_type="application/json", headers={"ETag": tag})


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    app = web.Application()
    app.router.add_get("/list", site.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    server = web.TCPSite(runner, "127.0.0.1", 0)
    await server.start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield site
    await runner.cleanup()


@pytest.fixture
def connectors() -> dict[str, Connector]:
    connector = Connector("tests.fakes.none", manifest(robots="agreement"))
    connector.__dict__.update(source_type=ListSource, payload_type=Payload, to_posting=lambda payload, context: Posting())
    return {"fake": connector}


@pytest.fixture
def settings(fresh_kafka: EmbeddedKafka, site: Site, tmp_path: Path) -> Settings:
    apply_topics(fresh_kafka.bootstrap, catalogue(["fake"]))
    return Settings.model_validate(
        {
            "state_dir": tmp_path,
            "kafka": {"bootstrap_servers": fresh_kafka.bootstrap, "patience_seconds": 150},
            "ingest": {"clock_every_seconds": 0.2},
            "connectors": {"fake": {"base_url": site.url, "every_seconds": 3600}},
        }
    )


async def while_running(task: asyncio.Task[None], is_so: Callable[[], bool]) -> None:
    """Until it is so, of a role that goes on."""
    async with asyncio.timeout(90):
        while not is_so():
            assert not task.done(), task
            await asyncio.sleep(0.02)


@pytest.fixture
def role(settings: Settings, connectors: dict[str, Connector]) -> Callable[[], Any]:
    """`async with role() as context`: the running role."""

    @asynccontextmanager
    async def run() -> AsyncIterator[RoleContext]:
        context = RoleContext("ingest", settings)
        task = asyncio.create_task(run_ingest(context, connectors))
        await while_running(task, lambda: context.health.is_ready)
        try:
            yield context
        finally:
            context.stop.set()
            await task

    return run


@pytest.fixture
async def log(settings: Settings) -> AsyncIterator[KafkaLog]:
    outbox = Outbox(settings.kafka.servers, "test")
    await outbox.start()
    yield KafkaLog(settings.kafka.servers, outbox)
    await outbox.stop()


def with_session(settings: Settings, seconds: float) -> Settings:
    return settings.model_copy(update={"streams": settings.streams.model_copy(update={"session_seconds": seconds})})


async def read(log: KafkaLog, topic: str) -> list[LogRecord]:
    return [record async for record in log.read(topic)]


async def until(log: KafkaLog, topic: str, count: int) -> list[LogRecord]:
    """The topic's records, once there are `count`."""
    async with asyncio.timeout(90):
        while len(records := await read(log, topic)) < count:  # noqa: ASYNC110  # the broker has no event to wait for
            await asyncio.sleep(0.05)
    return records


RAW = "hub.raw.fake.v1"
INBOUND = "hub.inbound.fake.v1"


async def test_a_partner_arrives_in_raw_with_a_checkpoint_and_a_clock(role: Any, log: KafkaLog) -> None:
    async with role():
        raw = await until(log, RAW, 20)
        checkpoints = await until(log, CHECKPOINT, 1)
        ticks = await until(log, CLOCK, 1)
    assert {record.key_text for record in raw} == {f"fake:{n}" for n in range(20)}
    assert {Stamp.from_headers(record.headers).op for record in raw} == {"upsert"}
    assert orjson.loads(checkpoints[-1].value or b"")["last_run"]["outcome"] == "ok"
    assert ClockTick.model_validate_json(ticks[0].value or b"").at % 60_000 == 0


async def test_restart_writes_nothing_new_and_asks_conditionally(role: Any, log: KafkaLog, site: Site) -> None:
    async with role():
        await until(log, CHECKPOINT, 1)
    async with role() as context:
        report = await context.commands["source.run"]({"source": "fake"})
    assert (report["outcome"], report["saved_requests"]) == ("unchanged", 1)
    assert len(await read(log, RAW)) == 20


async def test_lost_checkpoint_and_an_edit_make_exactly_one_new_version(role: Any, log: KafkaLog, site: Site) -> None:
    async with role():
        await until(log, CHECKPOINT, 1)
    await log.produce([OutRecord(CHECKPOINT, b"fake", b"not a checkpoint")])
    site.items["7"] = "A better job"
    async with role() as context:
        await context.commands["source.run"]({"source": "fake"})
    raw = await read(log, RAW)
    first, second = (Stamp.from_headers(record.headers) for record in raw if record.key == b"fake:7")
    assert len(raw) == 21
    assert (second.first_seen, second.seq > first.seq) == (first.first_seen, True)


async def test_withdrawn_item_carries_its_last_payload_though_another_process_wrote_it(
    role: Any, log: KafkaLog, site: Site
) -> None:
    async with role():
        await until(log, CHECKPOINT, 1)
    del site.items["7"]
    async with role() as context:
        await context.commands["source.run"]({"source": "fake"})
    record = (await read(log, RAW))[-1]
    assert (record.key, Stamp.from_headers(record.headers).op) == (b"fake:7", "withdrawn")
    assert orjson.loads(record.value or b"") == {"title": "Job 7"}


async def test_partner_that_is_down_leaves_the_role_ready_and_its_state_failing(role: Any, log: KafkaLog, site: Site) -> None:
    site.status = 500
    async with role() as context:
        await context.commands["source.run"]({"source": "fake"})
        (state,) = await context.commands["source.states"]({})
        assert context.health.is_ready
    assert (state["state"], state["cause"]) == ("failing", "status")


async def test_empty_list_is_held_shown_and_released(role: Any, log: KafkaLog, site: Site) -> None:
    async with role() as context:
        await until(log, CHECKPOINT, 1)
        kept, site.items = site.items, {}
        report = await context.commands["source.run"]({"source": "fake"})
        (entry,) = await context.commands["held.list"]({})
        shown = await context.commands["held.show"]({"source": "fake"})
    assert (report["outcome"], entry["count"], len(shown["items"])) == ("held", 20, 20)
    assert len(await read(log, RAW)) == 20
    async with role() as context:
        assert await context.commands["held.release"]({"source": "fake"}) == {"source": "fake", "released": 20}
        with pytest.raises(HubError, match="nothing of fake is held"):
            await context.commands["held.show"]({"source": "fake"})
    ops = [Stamp.from_headers(record.headers).op for record in await read(log, RAW)]
    assert (ops.count("upsert"), ops.count("withdrawn")) == (len(kept), 20)


async def test_push_goes_to_raw_once_and_a_malformed_one_is_parked_with_its_origin(role: Any, log: KafkaLog) -> None:
    push = OutRecord(INBOUND, b"w1", b'{"id": "7", "title": "Pushed"}', [("webhook-id", b"w1")])
    async with role():
        await until(log, RAW, 20)
        await log.produce([push, push, OutRecord(INBOUND, b"w2", b"not json", [("webhook-id", b"w2")])])
        raw = await until(log, RAW, 21)
        letters = await until(log, REJECTED, 1)
    async with role():
        pass
    letter = orjson.loads(letters[0].value or b"")
    assert decode(raw[-1].headers)["correlation_id"] == "fake-inbound-0"
    assert (letter["stage"], letter["origin"]) == ("ingest", {"topic": INBOUND, "partition": 0, "offset": 2})
    assert (len(await read(log, RAW)), len(await read(log, REJECTED))) == (21, 1)


async def test_pushes_that_came_while_the_role_was_down_are_taken_at_its_start(role: Any, log: KafkaLog) -> None:
    async with role():
        await until(log, CHECKPOINT, 1)
    await log.produce([OutRecord(INBOUND, b"w1", b'{"id": "99", "title": "New"}')])
    async with role():
        raw = await until(log, RAW, 21)
    assert raw[-1].key == b"fake:99"


async def test_audit_waits_for_the_stages(role: Any, log: KafkaLog) -> None:
    async with role() as context:
        await until(log, RAW, 20)
        with pytest.raises(HubError, match="hub-canonicalise is 20 records behind"):
            await context.commands["audit.run"]({})


async def test_audit_tells_what_enriched_lacks_once_the_stages_have_caught_up(
    role: Any, settings: Settings, log: KafkaLog
) -> None:
    async with role() as context:
        raw = await until(log, RAW, 20)
        await log.produce([OutRecord(ENRICHED, record.key, b"{}", record.headers) for record in raw[1:]])
        await commit(settings, GROUP_CANONICALISE, TopicPartition(RAW, 0), 20)
        assert await context.commands["audit.run"]({}) == {"fake": 1}
        await log.produce([OutRecord(ENRICHED, raw[0].key, b"{}", raw[0].headers)])
        assert await context.commands["audit.run"]({}) == {"fake": 0}


@pytest.mark.parametrize("late", ["upsert", "withdrawn"])
async def test_audit_tells_of_an_older_version_that_stands_last_in_enriched(
    role: Any, settings: Settings, log: KafkaLog, late: Any
) -> None:
    async with role() as context:
        raw = await until(log, RAW, 20)
        await log.produce([OutRecord(ENRICHED, record.key, b"{}", record.headers) for record in raw])
        older = replace(Stamp.from_headers(raw[0].headers), seq=1, op=late)
        await log.produce([OutRecord(ENRICHED, raw[0].key, b"{}", older.to_headers())])
        await commit(settings, GROUP_CANONICALISE, TopicPartition(RAW, 0), 20)
        assert await context.commands["audit.run"]({}) == {"fake": 1}
        # As `hub replay canonicalise` repeats it.
        await log.produce([OutRecord(ENRICHED, raw[0].key, b"{}", raw[0].headers)])
        assert await context.commands["audit.run"]({}) == {"fake": 0}


async def test_audit_tells_of_an_erased_item_that_stands_live_in_enriched(role: Any, settings: Settings, log: KafkaLog) -> None:
    erased = Stamp("erased", 9, 1, "f")
    await log.produce([OutRecord(RAW, b"fake:99", b"{}", erased.to_headers())])
    async with role() as context:
        raw = await until(log, RAW, 21)
        late = [(record.key, record.headers) for record in raw] + [(b"fake:99", replace(erased, seq=8, op="upsert").to_headers())]
        await log.produce([OutRecord(ENRICHED, key, b"{}", headers) for key, headers in late])
        await commit(settings, GROUP_CANONICALISE, TopicPartition(RAW, 0), 21)
        assert await context.commands["audit.run"]({}) == {"fake": 1}


async def commit(settings: Settings, group: str, partition: TopicPartition, offset: int) -> None:
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.kafka.servers, group_id=group, enable_auto_commit=False)
    await consumer.start()
    consumer.assign([partition])
    await consumer.commit({partition: offset})
    await consumer.stop()


async def test_second_ingest_on_one_state_directory_is_refused(role: Any, settings: Settings, connectors: Any) -> None:
    async with role():
        with pytest.raises(ConfigError, match="another ingest runs"):
            await run_ingest(RoleContext("ingest", settings), connectors)


async def test_another_hub_on_the_same_broker_stands_by_until_the_first_ends(
    role: Any, settings: Settings, connectors: Any, log: KafkaLog, site: Site, tmp_path: Path
) -> None:
    elsewhere = RoleContext("ingest", settings.model_copy(update={"state_dir": tmp_path / "elsewhere"}))
    async with role() as first:
        await until(log, CHECKPOINT, 1)
        standby = asyncio.create_task(run_ingest(elsewhere, connectors))
        await while_running(standby, lambda: "stands by" in str(elsewhere.health.report()))
        site.items["7"] = "A better job"
        await first.commands["source.run"]({"source": "fake"})
        assert not elsewhere.health.is_ready
        assert elsewhere.commands == {}
    await while_running(standby, lambda: elsewhere.health.is_ready)
    site.items["8"] = "The best job"
    await elsewhere.commands["source.run"]({"source": "fake"})
    elsewhere.stop.set()
    await standby
    changed = [record.key_text for record in (await read(log, RAW))[20:]]
    assert changed == ["fake:7", "fake:8"]


async def test_one_that_was_held_up_for_a_session_writes_no_more(settings: Settings, connectors: Any) -> None:
    context = RoleContext("ingest", with_session(settings, 6))
    task = asyncio.create_task(run_ingest(context, connectors))
    await while_running(task, lambda: context.health.is_ready)
    time.sleep(5)  # noqa: ASYNC251 -- as a machine that was suspended
    with pytest.raises(FatalError, match="was held up for"):
        await task


async def test_one_run_from_the_command_line(settings: Settings, connectors: Any, log: KafkaLog) -> None:
    report = await run_once(settings, "fake", connectors)
    assert (report["outcome"], report["new"]) == ("ok", 20)
    assert len(await read(log, RAW)) == 20


async def test_one_run_that_was_held_up_writes_nothing(
    settings: Settings, connectors: Any, log: KafkaLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def suspended(source: ListSource, checkpoint: Checkpoint) -> AsyncIterator[Any]:
        await asyncio.sleep(1)  # the run has the topics, and its group knows of it
        time.sleep(5)  # noqa: ASYNC251 -- as a machine that was suspended
        yield RawRecord("1", {"title": "A job"})
        yield Complete(stated_total=1, requests=1)

    monkeypatch.setattr(ListSource, "run", suspended)
    with pytest.raises(FatalError, match="was held up for"):
        await run_once(with_session(settings, 6), "fake", connectors)
    assert await read(log, RAW) == []


async def test_cancelled_in_the_middle_the_next_start_makes_no_spurious_version(
    settings: Settings, connectors: Any, log: KafkaLog, site: Site
) -> None:
    site.items = {str(n): f"Job {n}" for n in range(3000)}
    for _ in range(4):
        task = asyncio.create_task(run_ingest(RoleContext("ingest", settings), connectors))
        await until(log, RAW, 200)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await run_once(settings, "fake", connectors)
    keys = [record.key_text for record in await read(log, RAW)]
    assert len(keys) == len(set(keys)) == 3000


async def test_broker_away_makes_the_role_unready_and_nothing_is_lost(
    new_kafka: Callable[[], EmbeddedKafka], settings: Settings, connectors: Any, site: Site
) -> None:
    broker = new_kafka()
    broker.start()
    apply_topics(broker.bootstrap, catalogue(["fake"]))
    own = settings.model_copy(update={"kafka": settings.kafka.model_copy(update={"bootstrap_servers": broker.bootstrap})})
    context = RoleContext("ingest", with_session(own, 60))  # the broker's start holds this process up
    task = asyncio.create_task(run_ingest(context, connectors))
    outbox = Outbox(broker.bootstrap, "test")
    await outbox.start()
    log = KafkaLog(broker.bootstrap, outbox)
    await until(log, CHECKPOINT, 1)
    broker.kill()
    site.items["99"] = "Came while the broker was away"
    run = asyncio.create_task(context.commands["source.run"]({"source": "fake"}))
    async with asyncio.timeout(90):
        while context.health.is_ready:  # noqa: ASYNC110  # health is asked, it tells nobody
            await asyncio.sleep(0.05)
    broker.start()
    report = await run
    raw = await until(log, RAW, 21)
    context.stop.set()
    await task
    await outbox.stop()
    assert report["new"] == 1
    assert [record.key_text for record in raw].count("fake:99") == 1
