"""Topics on a real broker: made as the catalogue says, idempotent, drift told and refused."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from hub.broker import admin
from hub.broker.embedded import EmbeddedKafka
from hub.broker.requirement import require_topics
from hub.broker.topic_id import fetch_topic_id
from hub.errors import ConfigError, RetryableError
from hub.topics import CANONICAL, CLOCK, REJECTED, Topic, catalogue
from ops.empty_broker import empty_broker

pytestmark = pytest.mark.integration

TOPICS = catalogue(["noorderlink"])


def but(name: str, **changes: object) -> list[Topic]:
    return [replace(topic, **changes) if topic.name == name else topic for topic in TOPICS]  # type: ignore[arg-type]


@pytest.fixture
def servers(kafka: EmbeddedKafka) -> str:
    empty_broker(kafka.bootstrap)
    admin.apply_topics(kafka.bootstrap, TOPICS)
    return kafka.bootstrap


def test_every_topic_of_the_catalogue_is_created(kafka: EmbeddedKafka) -> None:
    empty_broker(kafka.bootstrap)
    changes = admin.apply_topics(kafka.bootstrap, TOPICS)
    assert [(change.topic, change.what) for change in changes] == [(topic.name, "created") for topic in TOPICS]
    assert admin.check_topics(kafka.bootstrap, TOPICS) == []


def test_applying_twice_changes_nothing(servers: str) -> None:
    assert admin.apply_topics(servers, TOPICS) == []


async def test_a_missing_topic_is_refused_by_name(servers: str) -> None:
    with pytest.raises(ConfigError, match=r"hub\.raw\.fifth\.v1 is missing.*hub topics apply"):
        await require_topics(servers, catalogue(["fifth", "noorderlink"]))


async def test_another_partition_count_is_refused_and_never_corrected(servers: str) -> None:
    wanted = but(CANONICAL, partitions=8)
    assert admin.apply_topics(servers, wanted) == []
    with pytest.raises(ConfigError, match="partitions is 4, it must be 8"):
        await require_topics(servers, wanted)


async def test_another_cleanup_policy_is_refused_until_it_is_applied(servers: str) -> None:
    wanted = but(CLOCK, cleanup="delete")
    with pytest.raises(ConfigError, match=r"cleanup\.policy is compact, it must be delete"):
        await require_topics(servers, wanted)
    assert admin.apply_topics(servers, wanted) == [admin.Change(CLOCK, "set", "cleanup.policy=delete")]
    await require_topics(servers, wanted)


def test_a_shorter_retention_is_refused_and_a_longer_one_is_only_told(servers: str) -> None:
    longer = admin.check_topics(servers, but(REJECTED, config={"retention.ms": "1000"}))
    shorter = admin.check_topics(servers, but(REJECTED, config={"retention.ms": "9000000000"}))
    assert [drift.loses_data for drift in longer + shorter] == [False, True]


def test_a_broker_that_is_away_is_said_in_one_sentence() -> None:
    with pytest.raises(RetryableError, match=r"no Kafka broker answers on 127\.0\.0\.1:1;"):
        admin.check_topics("127.0.0.1:1", TOPICS)


async def test_a_role_asks_for_its_topics_and_gets_no_answer_without_a_broker() -> None:
    with pytest.raises(RetryableError, match=r"no Kafka broker answers on 127\.0\.0\.1:1;"):
        await require_topics("127.0.0.1:1", TOPICS)


async def test_a_fresh_broker_has_the_catalogue_of_the_four_sources(fresh_kafka: EmbeddedKafka) -> None:
    await require_topics(fresh_kafka.bootstrap, catalogue(["miitn", "noorderlink", "traineelink", "vonk"]))


def test_a_topics_id_is_the_one_that_kafkas_own_client_is_told(servers: str) -> None:
    with admin.admin_client(servers) as client:
        (described,) = client.describe_topics([CLOCK])
    found = fetch_topic_id(servers, CLOCK)
    assert str(found) == str(described["topic_id"])
    assert fetch_topic_id(servers, "hub.no.such.v1") is None


MEMBER = """
from kafka import KafkaConsumer
consumer = KafkaConsumer("{topic}", bootstrap_servers="{servers}", group_id="killed")
while not consumer.assignment():
    consumer.poll(100)
print("joined", flush=True)
while True:
    consumer.poll(1000)
"""


def test_a_group_whose_only_member_was_killed_is_deleted(servers: str) -> None:
    program = MEMBER.format(topic=CANONICAL, servers=servers)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as member:
        assert member.stdout is not None
        assert member.stdout.readline() == b"joined\n"
        member.kill()
    with admin.admin_client(servers) as client:
        assert [len(group["members"]) for group in client.describe_groups(["killed"]).values()] == [1]
        empty_broker(servers)
        assert client.list_groups() == []
