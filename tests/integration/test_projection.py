"""The projection on a real log: killed, moved, dropped or handed over, it ends in the fold of the topic."""

from __future__ import annotations

import asyncio
import gzip
import time
from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from fakes.captured import Captured, Published
from fakes.feed_log import write_feed
from fakes.feed_records import id_of, opportunity
from fakes.partner_words import SECRET
from fakes.serving import PATIENCE, expected, hub, starter, stored_position, until
from standardwebhooks import Webhook

from hub.broker.admin import apply_topics
from hub.topics import catalogue, inbound
from ops.empty_broker import empty_broker

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]

SOURCES = ["miitn", "noorderlink", "traineelink", "vonk"]


@pytest.fixture
def serve(tmp_path, free_ports):
    return starter(tmp_path / "state", free_ports)


def wait_for_position(state, threshold):
    deadline = time.monotonic() + PATIENCE
    while stored_position(state) < threshold:
        assert time.monotonic() < deadline
        time.sleep(0.002)


async def test_killed_at_any_moment_it_ends_in_the_fold(fresh_kafka, serve, tmp_path):
    def more(count):
        numbers = range(len(written), len(written) + count)
        return [opportunity(n % 7_000, str(n), state="closed" if n % 11 == 0 else "live", title="x" * 2_000) for n in numbers]

    written, state, shares = [], tmp_path / "state", [0.5, 0.25, 0.0]
    written += more(14_000)
    end = await write_feed(fresh_kafka.bootstrap, written)
    while shares:
        async with serve(fresh_kafka.bootstrap) as serving:
            await asyncio.to_thread(wait_for_position, state, 1 + round(end * shares[-1]))
            await serving.kill()
        if stored_position(state) < end:  # records waited when the kill struck
            shares.pop()
        else:
            written += more(4_000)
            end = await write_feed(fresh_kafka.bootstrap, written[end:])
    fold, digest = expected(written)
    async with serve(fresh_kafka.bootstrap) as serving:
        found = await serving.reach(end)
        items, last = await serving.walk()
    assert {id_: (item["version"], item["state"]) for id_, item in items.items()} == fold
    assert (found["cursor"], found["digest"], last["digest"]) == (end, digest, digest)


async def test_what_is_written_is_readable_and_every_surface_agrees(fresh_kafka, serve, tmp_path):
    written = [opportunity(n, state="closed" if n % 5 == 0 else "live") for n in range(60)]
    async with serve(fresh_kafka.bootstrap) as serving:
        await write_feed(fresh_kafka.bootstrap, written[:40])
        await serving.reach(40)
        end = await write_feed(fresh_kafka.bootstrap, written[40:])
        found = await serving.reach(end)
        items, _ = await serving.walk()
        async with serving.session.get(f"http://127.0.0.1:{serving.port}/v1/feed/snapshot.ndjson.gz") as response:
            _, *lines = map(orjson.loads, gzip.decompress(await response.read()).splitlines())
    code, said = await hub("feed", "digest", "--json", state=tmp_path, servers=fresh_kafka.bootstrap)
    assert (code, orjson.loads(said)) == (0, {key: found[key] for key in ("cursor", "counts", "digest", "buckets")})
    _, exported = await hub("feed", "export", state=tmp_path, servers=fresh_kafka.bootstrap)
    assert [orjson.loads(line) for line in exported.splitlines()] == list(items.values())
    _, live = await hub("feed", "export", "--live", state=tmp_path, servers=fresh_kafka.bootstrap)
    assert [orjson.loads(line) for line in live.splitlines()] == lines
    _, tailed = await hub("feed", "tail", "--after", "58", "--once", "--json", state=tmp_path, servers=fresh_kafka.bootstrap)
    assert [orjson.loads(line)["cursor"] for line in tailed.splitlines()] == [59, 60]


async def test_a_lost_read_model_comes_back_under_the_same_feed_id(fresh_kafka, serve, tmp_path):
    end = await write_feed(fresh_kafka.bootstrap, [opportunity(n) for n in range(10)])
    async with serve(fresh_kafka.bootstrap) as serving:
        before = await serving.reach(end)
    for path in (tmp_path / "state").glob("feed.db*"):
        path.unlink()
    async with serve(fresh_kafka.bootstrap) as serving:
        assert await serving.reach(end) == before


async def test_another_topic_of_the_same_name_is_another_feed(fresh_kafka, serve):
    end = await write_feed(fresh_kafka.bootstrap, [opportunity(n) for n in range(10)])
    async with serve(fresh_kafka.bootstrap) as serving:
        before = await serving.reach(end)
    empty_broker(fresh_kafka.bootstrap)
    apply_topics(fresh_kafka.bootstrap, catalogue(SOURCES))
    await write_feed(fresh_kafka.bootstrap, [opportunity(99)])
    async with serve(fresh_kafka.bootstrap) as serving:
        after = await until(
            lambda: serving.get("/v1/feed/digest"), lambda f: f[0] == 200 and f[1]["feed_id"] != before["feed_id"]
        )
        await serving.reach(1)
        items, _ = await serving.walk()
        status, problem = await serving.get(f"/v1/feed/pages?after=1&feed={before['feed_id']}")
    assert list(items) == [id_of(99)]
    assert (status, problem["feed_id"]) == (410, after["feed_id"])


async def test_a_second_process_reads_along_and_takes_over(fresh_kafka, serve):
    await write_feed(fresh_kafka.bootstrap, [opportunity(1)])
    async with serve(fresh_kafka.bootstrap) as first, serve(fresh_kafka.bootstrap) as second:
        await first.reach(1)
        await second.reach(1)
        await first.kill()
        end = await write_feed(fresh_kafka.bootstrap, [opportunity(2)])
        assert (await second.reach(end))["counts"] == {"live": 2, "closed": 0}


async def test_a_rebuild_keeps_cursors_feed_id_and_content(fresh_kafka, serve, tmp_path):
    end = await write_feed(fresh_kafka.bootstrap, [opportunity(n % 30, str(n)) for n in range(90)])
    state = tmp_path / "state"
    async with serve(fresh_kafka.bootstrap) as serving:
        before, walked = await serving.reach(end), await serving.walk()
        code, said = await hub("feed", "rebuild", "--json", state=state, servers=fresh_kafka.bootstrap, ops_port=serving.port + 1)
        assert (code, orjson.loads(said)["cursor"]) == (0, end)
        assert (await serving.reach(end), await serving.walk()) == (before, walked)
    code, said = await hub("feed", "rebuild", "--json", state=state, servers=fresh_kafka.bootstrap)
    assert (code, orjson.loads(said)["cursor"], stored_position(state)) == (0, end, end)


async def test_a_webhook_is_answered_after_its_record_is_in_the_log(fresh_kafka, serve, tmp_path):
    secret = tmp_path / "vonk.secret"
    secret.write_text(SECRET)
    body, now = b'{"event": "offer.created"}', datetime.now(UTC)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("msg_1", now, body.decode()),
    }
    async with serve(fresh_kafka.bootstrap, HUB_CONNECTORS__VONK__WEBHOOK_SECRET_FILE=str(secret)) as serving:

        async def post():
            address = f"http://127.0.0.1:{serving.port}/v1/inbound/vonk"
            async with serving.session.post(address, data=body, headers=headers) as response:
                return response.status, await response.json()

        await until(post, lambda found: found[0] == 202)
        assert (await post())[0] == 200
        published = Published(f"http://127.0.0.1:{serving.port}")
    consumer = AIOKafkaConsumer(bootstrap_servers=fresh_kafka.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    partition = TopicPartition(inbound("vonk"), 0)
    consumer.assign([partition])
    record = await asyncio.wait_for(consumer.getone(), PATIENCE)
    end = (await consumer.end_offsets([partition]))[partition]
    await consumer.stop()
    assert (record.value, dict(record.headers)["webhook-id"], end) == (body, b"msg_1", 1)
    headers = {name: value.decode() for name, value in record.headers}
    assert published.faults(Captured("payload", orjson.loads(record.value), headers)) == []


async def test_a_broker_that_was_away_is_followed_again(new_kafka, serve):
    broker = new_kafka()
    broker.start()
    apply_topics(broker.bootstrap, catalogue(SOURCES))
    await write_feed(broker.bootstrap, [opportunity(1)])
    async with serve(broker.bootstrap) as serving:
        before = await serving.reach(1)
        ops = replace(serving, port=serving.port + 4)
        broker.kill()
        await until(lambda: ops.get("/readyz"), lambda found: "broker" in found[1]["missing"])
        assert (await serving.get("/v1/feed/digest"))[1] == before
        await asyncio.to_thread(broker.start)
        end = await write_feed(broker.bootstrap, [opportunity(2)])
        after = await serving.reach(end)
        await until(lambda: ops.get("/readyz"), lambda found: found[0] == 200)
    assert (after["feed_id"], after["counts"]["live"]) == (before["feed_id"], 2)


async def test_without_a_broker_it_waits_unready_and_says_so(serve, free_ports):
    port = free_ports(1)
    async with serve(f"127.0.0.1:{port}") as serving:
        ops = replace(serving, port=serving.port + 4)
        # Until the first question went unanswered it says that none was answered yet.
        report = await until(
            lambda: ops.get("/readyz"),
            lambda found: found[0] == 503 and "no Kafka broker answers" in found[1]["missing"].get("broker", ""),
        )
        assert str(port) in report["missing"]["broker"]
        assert (await serving.get("/v1/feed/pages"))[0] == 503


async def test_a_taken_port_is_said_in_one_sentence(serve, tmp_path, free_ports):
    port = free_ports(1)
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", port)
    async with serve("127.0.0.1:9", HUB_HTTP__PORT=str(port)) as serving:
        assert await asyncio.wait_for(serving.process.wait(), PATIENCE) == 2
    server.close()
    assert f"hub: the HTTP port {port} on 127.0.0.1 cannot be used" in serving.log.read_text()
