"""Subscribers of a running hub on a real log, which is compacted, rebuilt from and restarted: they end in its fold."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass

import aiohttp
import pytest
from fakes.feed_log import write_feed
from fakes.feed_records import faceted
from fakes.followed_feed import PUBLIC, Clock
from fakes.plain_readers import digest, fold, live
from fakes.serving import hub, starter
from fakes.subscribers import Client, Subscriber
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from yarl import URL

from hub.broker.admin import apply_topics
from hub.topics import FEED, catalogue

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]

SOURCES = ["miitn", "noorderlink", "traineelink", "vonk"]
QUERIES = [{}, {"sector": "energy"}, {"exclude_source": "vonk"}, {"segment": "energy"}]
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
    port: int = 0

    def to_request(self, address: str) -> URL:
        return URL(address.replace(PUBLIC, f"http://127.0.0.1:{self.port}"), encoded=True)


def read_log(servers):
    """(offset, value) of every record that Kafka still has, by a stock client."""
    consumer = KafkaConsumer(bootstrap_servers=servers, auto_offset_reset="earliest", enable_auto_commit=False)
    part = TopicPartition(FEED, 0)
    consumer.assign([part])
    end, records = consumer.end_offsets([part])[part], []
    while consumer.position(part) < end:
        records += [(record.offset, record.value) for found in consumer.poll(timeout_ms=300).values() for record in found]
    consumer.close()
    return records


def compact(servers):
    """Let Kafka remove superseded records now, then go back to the catalogue's settings."""
    client = KafkaAdminClient(bootstrap_servers=servers)
    client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, FEED, configs=COMPACT_NOW)])
    client.close()
    before, deadline = len(read_log(servers)), time.monotonic() + 60
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


async def read(readers, surfaces, pages):
    """So many pages each; the surface goes round."""
    for number, reader in enumerate(readers):
        for _ in range(pages):
            await reader.read_on(surfaces[number % len(surfaces)], 7)


async def test_subscribers_of_a_compacted_rebuilt_and_restarted_feed_end_in_its_fold(fresh_kafka, tmp_path, free_ports):
    servers, chance, clock = fresh_kafka.bootstrap, random.Random(3), Clock()
    serve = starter(tmp_path / "state", free_ports)
    async with aiohttp.ClientSession() as session:
        address = Address(session, clock)
        readers = [Subscriber(Client(address, is_caching=n % 2 == 0), clock, QUERIES[n % 4]) for n in range(8)]
        async with serve(servers, HUB_HTTP__PUBLIC_URL=PUBLIC) as serving:
            address.port = serving.port
            await serving.reach(await write_feed(servers, [change(chance, str(n)) for n in range(300)]))
            await read(readers, ["pages", "rpde", "rpde"], 3)
            await asyncio.to_thread(compact, servers)
            code, _ = await hub("feed", "rebuild", "--json", state=tmp_path / "state", servers=servers, ops_port=serving.port + 1)
            assert code == 0
            await read(readers, ["rpde", "pages"], 2)
            await write_feed(servers, [change(chance, str(n)) for n in range(300, 340)])
            await serving.kill()
        async with serve(servers, HUB_HTTP__PUBLIC_URL=PUBLIC) as serving:
            address.port = serving.port
            end = await write_feed(servers, [change(chance, str(n)) for n in range(340, 360)])
            await serving.reach(end)
            log = await asyncio.to_thread(read_log, servers)
            for number, reader in enumerate(readers):
                clock.wait(10)
                while not await reader.read_on(["pages", "rpde"][number // 4], 7):
                    pass
                query = {"sector": "energy"} if "segment" in reader.query else reader.query
                assert reader.held == live(fold(log), query)
                assert (await reader.fetch_digest())["digest"] == digest(reader.held)
    assert len(log) < 200
