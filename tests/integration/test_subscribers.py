"""Subscribers of a running hub on a real log, which is compacted, rebuilt from and restarted: they end in its fold.

They pull, listen, are sent webhooks by `hub deliver`, and read the log itself with a stock client, and go over from each to
another by the cursor.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as Part
from fakes.feed_log import write_feed
from fakes.feed_records import faceted
from fakes.followed_feed import PUBLIC, Clock
from fakes.plain_readers import digest, fold, live
from fakes.receivers import MOODS, Receivers
from fakes.serving import environment_of, hub, starter
from fakes.subscribers import Client, Subscriber, Ways
from fakes.topic_reader import records_of
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from yarl import URL

from hub.broker.admin import apply_topics
from hub.topics import FEED, catalogue

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]

SOURCES = ["miitn", "noorderlink", "traineelink", "vonk"]
QUERIES = [{}, {"sector": "energy"}, {"exclude_source": "vonk"}, {"segment": "energy"}]
JOURNEYS = [["kafka", "pages", "stream", "webhooks"], ["webhooks", "kafka", "rpde", "pages"]]
"""Each of four readers begins at another place of it."""
SWITCHES = [f"{one} to {other}" for journey in JOURNEYS for one, other in zip(journey, [*journey[1:], journey[0]], strict=True)]
OURS = {"HUB_HTTP__PUBLIC_URL": PUBLIC, "HUB_DELIVERY__ALLOWED_NETWORKS": "127.0.0.0/8"}
COMPACT_NOW = {
    "cleanup.policy": "compact",
    "segment.ms": "100",
    "min.compaction.lag.ms": "0",
    "max.compaction.lag.ms": "500",
    "min.cleanable.dirty.ratio": "0.0",
}


@dataclass
class Address:
    """Where the hub is now, for clients that know it by its public name."""

    session: aiohttp.ClientSession
    clock: Clock
    token: str = ""
    port: int = 0

    def to_request(self, address: str) -> URL:
        return URL(address.replace(PUBLIC, f"http://127.0.0.1:{self.port}"), encoded=True)


def read_log(servers):
    """(offset, value) of every record that Kafka still has, by a stock client."""
    return [(record.offset, record.value) for record in records_of(servers, FEED)]


def compact(servers):
    """Let Kafka remove superseded records now, then go back to the catalogue's settings."""
    client = KafkaAdminClient(bootstrap_servers=servers)
    client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, FEED, configs=COMPACT_NOW)])
    client.close()
    before, deadline = len(read_log(servers)), time.monotonic() + 150
    while len(read_log(servers)) > before // 2:
        assert time.monotonic() < deadline, "Kafka did not compact the feed"
        asyncio.run(write_feed(servers, [change(random.Random(before), "again")]))  # a segment ends with a later record
        time.sleep(0.5)
    apply_topics(servers, catalogue(SOURCES))


def change(chance, version):
    sources = chance.choice([["miitn"], ["vonk"], ["miitn", "vonk"]])
    state = "closed" if chance.random() < 0.2 else "live"
    sectors = chance.choice([[], ["energy"], ["it_digital", "energy"]])
    return faceted(chance.randrange(40), version, sources, state=state, sectors=sectors)


class Follower:
    """A partner's consumer: it keeps its place itself, and seeks there."""

    def __init__(self, servers):
        self._consumer = AIOKafkaConsumer(bootstrap_servers=servers, enable_auto_commit=False, auto_offset_reset="none")
        self._part = Part(FEED, 0)

    async def start(self):
        await self._consumer.start()
        self._consumer.assign([self._part])

    async def stop(self):
        await self._consumer.stop()

    async def read_log(self, start, most):
        end = (await self._consumer.end_offsets([self._part]))[self._part]
        self._consumer.seek(self._part, start)
        found = []
        while not found and await self._consumer.position(self._part) < end:
            found = (await self._consumer.getmany(self._part, timeout_ms=200, max_records=most)).get(self._part, [])
        return [(record.offset, record.value) for record in found], await self._consumer.position(self._part)


@asynccontextmanager
async def delivering(state, servers, ops_port):
    """`hub deliver` in a process of its own, killed at the end."""
    own = {**environment_of(state, servers, ops_port), "HUB_DELIVERY__ALLOWED_NETWORKS": "127.0.0.0/8"}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "hub", "deliver", env=own, stderr=-3, stdout=-3)
    try:
        yield
    finally:
        process.kill()
        await process.wait()


async def go_on(readers, stage, pages):
    """So many pages each, on the surface that its journey leads to; webhooks come by themselves."""
    for number, reader in enumerate(readers):
        for _ in range(pages):
            await reader.read_on(surface_of(number, stage, reader), 7)


async def go_to_the_end(reader, surface):
    async with asyncio.timeout(90):
        while not await reader.read_on(surface, 7):
            if reader.hook is not None:
                await reader.hook.resume()  # what was refused is not waited for
                await asyncio.sleep(0.2)


def surface_of(number, stage, reader):
    """A reader of a segment could make nothing of the log itself."""
    surface = JOURNEYS[number // 4][(number + stage) % 4]
    return "pages" if surface == "kafka" and "segment" in reader.query else surface


async def test_subscribers_of_a_compacted_rebuilt_and_restarted_feed_end_in_its_fold(fresh_kafka, tmp_path, free_ports):
    servers, chance, clock, state = fresh_kafka.bootstrap, random.Random(3), Clock(), tmp_path / "state"
    serve, receivers, follower, marks = starter(state, free_ports), Receivers(), Follower(servers), Counter()
    code, said = await hub(
        "subscriber", "add", "portal", "--scope", "push", "--why", "test", "--json", state=state, servers=servers
    )
    assert code == 0
    await receivers.start()
    await follower.start()
    async with aiohttp.ClientSession() as session:
        address = Address(session, clock, json.loads(said)["token"])
        ways = Ways(follower, receivers)
        readers = [Subscriber(Client(address, is_caching=n % 2 == 0), clock, QUERIES[n % 4], marks, ways) for n in range(8)]
        async with serve(servers, **OURS) as serving, delivering(state, servers, serving.port + 1):
            address.port = serving.port
            await serving.reach(await write_feed(servers, [change(chance, str(n)) for n in range(300)]))
            receivers.moods.extend(chance.choice(MOODS) for _ in range(60))
            await go_on(readers, 0, 3)
            await asyncio.to_thread(compact, servers)
            await go_on(readers, 1, 3)
            code, _ = await hub("feed", "rebuild", "--json", state=state, servers=servers, ops_port=serving.port + 1)
            assert code == 0
            await go_on(readers, 2, 2)
            await write_feed(servers, [change(chance, str(n)) for n in range(300, 340)])
            await serving.kill()
        async with serve(servers, **OURS) as serving, delivering(state, servers, serving.port + 1):
            address.port = serving.port
            end = await write_feed(servers, [change(chance, str(n)) for n in range(340, 360)])
            await serving.reach(end)
            receivers.moods.clear()
            log = await asyncio.to_thread(read_log, servers)
            await go_on(readers, 3, 2)
            for number, reader in enumerate(readers):
                clock.wait(10)
                await go_to_the_end(reader, surface_of(number, 4, reader))
                query = {"sector": "energy"} if "segment" in reader.query else reader.query
                assert reader.held == live(fold(log), query)
                assert (await reader.fetch_digest())["digest"] == digest(reader.held)
    await follower.stop()
    await receivers.stop()
    assert len(log) < 200
    assert [pair for pair in SWITCHES if not marks[pair]] == []
