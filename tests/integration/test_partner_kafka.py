"""Partners at the broker's own door: four stock clients read the feed over TLS with SCRAM, and may do nothing else."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import confluent_kafka
import pytest
from confluent_kafka.admin import AdminClient
from fakes import judges
from fakes.partner_door import SOURCES, Door, fold
from kafka import KafkaConsumer, KafkaProducer, OffsetAndMetadata, TopicPartition
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ConfigResource,
    ConfigResourceType,
    KafkaAdminClient,
    NewTopic,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
    UserScramCredentialUpsertion,
)
from kafka.errors import (
    AuthorizationError,
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
)
from kafka.protocol.admin import (
    AlterClientQuotasRequest,
    DescribeClientQuotasRequest,
    DescribeConfigsRequest,
    DescribeLogDirsRequest,
    IncrementalAlterConfigsRequest,
)
from kafka.protocol.consumer import FetchRequest

from hub.broker import embedded, jars
from hub.broker.admin import apply_topics
from hub.broker.java import find_java
from hub.topics import FEED, catalogue, inbound

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]

Records = list[tuple[int, str]]
OTHERS = [topic.name for topic in catalogue(SOURCES) if topic.name != FEED] + ["__consumer_offsets"]
REFUSED = "_AUTHENTICATION"
COMPILER = "-XX:TieredStopAtLevel=1"
PATIENCE = 150
"""Seconds for what takes one on an idle machine."""


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory, free_ports: Callable[[int], int]) -> Iterator[Door]:
    made = Door(tmp_path_factory.mktemp("door"), free_ports(3))
    made.broker.start()
    try:
        apply_topics(made.inside, catalogue(SOURCES))
        made.change(200)
        yield made
    finally:
        made.broker.stop()


@pytest.fixture(scope="module")
def portal(door: Door) -> dict[str, Any]:
    """A partner that reads."""
    return door.admit("portal")


@pytest.fixture(scope="module")
def writer(door: Door) -> dict[str, Any]:
    """A partner that also writes what Miitn pushes."""
    return door.admit("miitn-team", "--write", "miitn")


@pytest.fixture(scope="module")
def admin(door: Door, portal: dict[str, Any]) -> Iterator[KafkaAdminClient]:
    client = KafkaAdminClient(**door.client(portal))
    yield client
    client.close()


@pytest.fixture(scope="module")
def inside(door: Door) -> Iterator[KafkaAdminClient]:
    """The hub's own, by the internal door."""
    client = KafkaAdminClient(bootstrap_servers=door.inside)
    yield client
    client.close()


@pytest.fixture
def desk(door: Door, portal: dict[str, Any], tmp_path: Path) -> Path:
    """The partner's folder: what it was told, as files, and the certificate authority. Each client has a group of its own."""
    for name, text in portal["files"].items():
        (tmp_path / name).write_text(text.replace("portal.mirror", f"portal.{Path(name).suffix[1:]}"))
    shutil.copy(door.own.ca, tmp_path)
    return tmp_path


# --- a stranger's tools follow it ---------------------------------------------------------------------------------------


def by_kcat(door: Door, desk: Path, told: dict[str, Any], end: int) -> Records:
    """Debian's kcat with the librdkafka of confluent-kafka: its own repeats the nonce (before 2.6.1), which Kafka 4 refuses."""
    spec = importlib.util.find_spec("confluent_kafka")
    assert spec is not None
    assert spec.origin is not None
    (library,) = (Path(spec.origin).parents[1] / "confluent_kafka.libs").glob("librdkafka*.so*")
    command = [judges.command("kcat", "kcat"), "-F", "kcat.conf", "-G", "portal.kcat", FEED, "-e", "-q", "-f", "%o %s\n"]
    environment = {**os.environ, "LD_PRELOAD": str(library)}
    ran = subprocess.run(command, cwd=desk, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert ran.returncode == 0, ran.stderr
    return records_of(ran.stdout.splitlines())


def by_java(door: Door, desk: Path, told: dict[str, Any], end: int) -> Records:
    judges.command("javac", "openjdk-17-jdk-headless")  # the same Java compiles the one file and runs it
    source = judges.JUDGES / "Consume.java"
    classpath = ":".join(map(str, jars.verified_jars()))
    command = [str(find_java()), COMPILER, "-Xmx128m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", classpath]
    command += [str(source), "consumer.properties", FEED, str(end)]
    ran = subprocess.run(command, cwd=desk, capture_output=True, text=True, timeout=PATIENCE)
    assert ran.returncode == 0, ran.stderr
    return records_of(ran.stdout.splitlines())


def by_kafkajs(door: Door, desk: Path, told: dict[str, Any], end: int) -> Records:
    arguments = [door.outside, str(door.own.ca), told["user"], told["password"], "portal.js", FEED, str(end)]
    return [(offset, value) for offset, value in judges.run_node("kafka.js", *arguments, package="kafkajs", seconds=PATIENCE)]


def by_the_printed_program(door: Door, desk: Path, told: dict[str, Any], end: int) -> Records:
    """`consumer.py`, which prints the cursor behind each record."""
    records: Records = []
    with subprocess.Popen([sys.executable, "consumer.py"], cwd=desk, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        watch = threading.Timer(PATIENCE, running.kill)
        watch.start()
        for line in running.stdout:
            cursor, _, value = line.partition(" ")
            records.append((int(cursor) - 1, value))
            if int(cursor) >= end:
                break
        watch.cancel()
        running.kill()
    return records


def by_cursor(door: Door, told: dict[str, Any], cursor: int) -> Records:
    """kafka-python without a group, from a cursor that the reader kept with its data."""
    consumer, part, records = KafkaConsumer(**door.client(told), group_id=None), TopicPartition(FEED, 0), []
    consumer.assign([part])
    consumer.seek(part, cursor)
    end = consumer.end_offsets([part])[part]
    while consumer.position(part) < end:
        for found in consumer.poll(timeout_ms=1000).values():
            records += [(record.offset, record.value.decode()) for record in found]
    consumer.close()
    return records


def records_of(lines: list[str]) -> Records:
    return [(int(offset), value) for offset, _, value in (line.partition(" ") for line in lines)]


@pytest.mark.parametrize("read", [by_kcat, by_java, by_kafkajs])
def test_a_stock_client_reads_the_feed_and_goes_on_after_a_stop(
    read: Callable[..., Records], door: Door, desk: Path, portal: dict[str, Any]
) -> None:
    first = read(door, desk, portal, door.change(1))
    end = door.change(100)
    second = read(door, desk, portal, end)
    assert first[0][0] == 0
    assert [offset for offset, _ in second] == list(range(end - 100, end))
    assert fold(first) != fold(first + second) == door.export()


def test_the_printed_program_reads_the_feed_and_a_cursor_goes_on_after_a_stop(
    door: Door, desk: Path, portal: dict[str, Any]
) -> None:
    first = by_the_printed_program(door, desk, portal, door.change(1))
    end = door.change(100)
    second = by_cursor(door, portal, first[-1][0] + 1)
    assert [offset for offset, _ in second] == list(range(end - 100, end))
    assert fold(first) != fold(first + second) == door.export()


def test_example_01_folds_the_feed_at_the_partners_door(door: Door, portal: dict[str, Any], tmp_path: Path) -> None:
    path = Path(__file__).parents[2] / "examples" / "01_read_the_feed_from_kafka" / "run.py"
    spec = importlib.util.spec_from_file_location("example_01", path)
    assert spec is not None
    assert spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    (tmp_path / "password.txt").write_text(portal["password"] + "\n")
    options = example.login(portal["user"], str(tmp_path / "password.txt"), str(door.own.ca))
    live, _ = example.fold(door.outside, **options)
    assert {id_: item["version"] for id_, item in live.items()} == door.export()


def test_sha_256_is_taken_too(door: Door, portal: dict[str, Any]) -> None:
    consumer = KafkaConsumer(**door.client(portal, sasl_mechanism="SCRAM-SHA-256"), group_id=None)
    assert consumer.partitions_for_topic(FEED) == {0}
    consumer.close()


# --- and nothing else ---------------------------------------------------------------------------------------------------


def put(door: Door, told: dict[str, Any], topic: str, **options: Any) -> int:
    producer = KafkaProducer(**door.client(told), acks="all", max_block_ms=PATIENCE * 1_000, **options)
    try:
        return producer.send(topic, key=b"k", value=b'{"a":1}').get(PATIENCE).offset
    finally:
        producer.close(timeout=1)


def join(door: Door, told: dict[str, Any], group: str) -> None:
    consumer = KafkaConsumer(FEED, **door.client(told), group_id=group)
    try:
        consumer.poll(timeout_ms=PATIENCE * 1_000)
    finally:
        consumer.close(autocommit=False)


def codes_of(client: KafkaAdminClient, request: Any) -> set[int]:
    """Every error code in the broker's own answer to one request."""

    def walk(part: Any) -> Iterator[int]:
        if isinstance(part, dict):
            yield from (value for name, value in part.items() if name == "error_code")
        inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        for one in inner:
            yield from walk(one)

    return set(walk(client._manager.run(client._manager.send, request).to_dict()))


def fetch(topic: str) -> FetchRequest:
    part = FetchRequest.FetchTopic.FetchPartition(
        partition=0, current_leader_epoch=-1, fetch_offset=0, log_start_offset=-1, partition_max_bytes=100_000
    )
    asked = [FetchRequest.FetchTopic(topic=topic, partitions=[part])]
    return FetchRequest(max_wait_ms=100, min_bytes=1, max_bytes=100_000, topics=asked, max_version=12)  # later ones know no names


def test_a_reader_may_read_the_feed(admin: KafkaAdminClient) -> None:
    assert codes_of(admin, fetch(FEED)) == {0}


@pytest.mark.parametrize("topic", OTHERS)
def test_a_reader_may_read_no_other_topic(admin: KafkaAdminClient, topic: str) -> None:
    assert codes_of(admin, fetch(topic)) - {0} == {TopicAuthorizationFailedError.errno}


def test_a_reader_is_not_told_that_other_topics_exist(admin: KafkaAdminClient) -> None:
    assert admin.list_topics() == [FEED]


@pytest.mark.parametrize("topic", [FEED, inbound("miitn"), "hub.posting.override.v1", "__consumer_offsets"])
@pytest.mark.parametrize("is_idempotent", [True, False])
def test_a_reader_may_write_nothing(door: Door, portal: dict[str, Any], topic: str, is_idempotent: bool) -> None:
    with pytest.raises(KafkaError, match="AuthorizationFailed"):
        put(door, portal, topic, enable_idempotence=is_idempotent)


@pytest.mark.parametrize("group", ["hub-unify", "hub.ingest", "portal", "portal-mirror", "miitn-team.mirror"])
def test_a_reader_may_join_no_group_but_its_own(door: Door, portal: dict[str, Any], group: str) -> None:
    with pytest.raises(GroupAuthorizationFailedError):
        join(door, portal, group)


ANYBODY = ACLFilter(
    "User:partner-portal",
    None,
    ACLOperation.ANY,
    ACLPermissionType.ANY,
    ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY),
)
MORE = ACL(
    "User:partner-portal", "*", ACLOperation.ALL, ACLPermissionType.ALLOW, ResourcePattern(ResourceType.CLUSTER, "kafka-cluster")
)


def create_acls(client: KafkaAdminClient) -> None:
    for error in client.create_acls([MORE])["failed"]:
        raise error


def delete_acls(client: KafkaAdminClient) -> None:
    for _, _, error in client.delete_acls([ANYBODY]):
        raise error()


def alter_scram(client: KafkaAdminClient) -> None:
    """Even its own password."""
    told = client.alter_user_scram_credentials([UserScramCredentialUpsertion("partner-portal", "SCRAM-SHA-512", "own-choice")])
    if told != {"partner-portal": None}:
        raise AuthorizationError(told)


ATTEMPTS: dict[str, Callable[[KafkaAdminClient], Any]] = {
    "describe the hub's groups": lambda client: client.describe_groups(["hub-unify"]),
    "read another group's place": lambda client: client.list_group_offsets({"hub-unify": None}),
    "move another group's place": lambda client: client.alter_group_offsets(
        "hub-unify", {TopicPartition(FEED, 0): OffsetAndMetadata(0, "", -1)}
    ),
    "delete another group": lambda client: client.delete_groups(["hub-unify"]),
    "create a topic": lambda client: client.create_topics([NewTopic("portal.own", 1, 1)]),
    "delete the feed": lambda client: client.delete_topics([FEED]),
    "delete the feed's records": lambda client: client.delete_records({TopicPartition(FEED, 0): 10}),
    "add partitions to the feed": lambda client: client.create_partitions({FEED: 2}),
    "list rules": lambda client: client.describe_acls(ANYBODY),
    "give itself a rule": create_acls,
    "delete rules": delete_acls,
    "list users": lambda client: client.describe_user_scram_credentials(["partner-portal"]),
    "set a password": alter_scram,
    "move partitions": lambda client: client.list_partition_reassignments(),
    "read the controllers' quorum": lambda client: client.describe_metadata_quorum(),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_reader_may_not(attempt: str, admin: KafkaAdminClient, inside: KafkaAdminClient) -> None:
    before = state_of(inside)
    with pytest.raises(AuthorizationError):
        ATTEMPTS[attempt](admin)
    assert state_of(inside) == before


def describe_configs(kind: ConfigResourceType, name: str) -> DescribeConfigsRequest:
    asked = DescribeConfigsRequest.DescribeConfigsResource(resource_type=kind.value, resource_name=name, configuration_keys=None)
    return DescribeConfigsRequest(resources=[asked], include_synonyms=False, include_documentation=False)


def alter_configs(kind: ConfigResourceType, name: str, key: str, value: str) -> IncrementalAlterConfigsRequest:
    request = IncrementalAlterConfigsRequest
    change = request.AlterConfigsResource.AlterableConfig(name=key, config_operation=0, value=value)
    asked = request.AlterConfigsResource(resource_type=kind.value, resource_name=name, configs=[change])
    return request(resources=[asked], validate_only=False)


def alter_quota() -> AlterClientQuotasRequest:
    """Its own."""
    entry = AlterClientQuotasRequest.EntryData
    entity = [entry.EntityData(entity_type="user", entity_name="partner-portal")]
    change = entry(entity=entity, ops=[entry.OpData(key="consumer_byte_rate", value=0.0, remove=True)])
    return AlterClientQuotasRequest(entries=[change], validate_only=False)


REQUESTS: dict[str, Callable[[], Any]] = {
    "read the feed's settings": lambda: describe_configs(ConfigResourceType.TOPIC, FEED),
    "read the broker's settings": lambda: describe_configs(ConfigResourceType.BROKER, "1"),
    "alter the feed's settings": lambda: alter_configs(ConfigResourceType.TOPIC, FEED, "retention.ms", "1"),
    "alter the broker's settings": lambda: alter_configs(ConfigResourceType.BROKER, "", "log.retention.ms", "1"),
    "lift its own quota": alter_quota,
    "read where the log lies": lambda: DescribeLogDirsRequest(topics=None),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_the_broker_refuses_a_reader_to(name: str, admin: KafkaAdminClient, inside: KafkaAdminClient) -> None:
    before = state_of(inside)
    found = codes_of(admin, REQUESTS[name]()) - {0}
    assert found
    assert found <= {TopicAuthorizationFailedError.errno, ClusterAuthorizationFailedError.errno}
    assert state_of(inside) == before


def state_of(inside: KafkaAdminClient) -> Any:
    """What an attempt could have changed."""
    everything = ACLFilter(None, None, ACLOperation.ANY, ACLPermissionType.ANY, ANYBODY.resource_pattern)
    topics = sorted((topic["name"], len(topic["partitions"])) for topic in inside.describe_topics())
    settings = str(inside.describe_configs([ConfigResource(ConfigResourceType.TOPIC, FEED)]))
    rules, users = inside.describe_acls(everything)[0], inside.describe_user_scram_credentials()
    return topics, settings, sorted(map(str, rules)), str(users), quota_of(inside, "partner-portal")


def quota_of(inside: KafkaAdminClient, user: str) -> dict[str, float]:
    part = DescribeClientQuotasRequest.ComponentData(entity_type="user", match_type=0, match=user)
    answer = inside._manager.run(inside._manager.send, DescribeClientQuotasRequest(components=[part], strict=True))
    return {value.key: value.value for entry in answer.entries for value in entry.values}


def test_groups_of_others_are_not_listed(admin: KafkaAdminClient) -> None:
    assert {group["group_id"].partition(".")[0] for group in admin.list_groups()} <= {"portal"}


def knock(door: Door, told: dict[str, Any], **other: Any) -> str | None:
    """None: the broker told its topics. Else why not, as librdkafka names it."""
    errors: list[confluent_kafka.KafkaError] = []
    options = {
        "bootstrap.servers": door.outside,
        "security.protocol": "SASL_SSL",
        "ssl.ca.location": str(door.own.ca),
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": told["user"],
        "sasl.password": told["password"],
        "broker.address.family": "v4",
        "log_level": 0,
        **other,
    }
    client = AdminClient({**options, "error_cb": errors.append})
    for _ in range(2 * PATIENCE):
        try:
            client.list_topics(timeout=0.5)
        except confluent_kafka.KafkaException as error:
            client.poll(0)
            if errors:
                return " ".join(one.name() for one in [*errors, error.args[0]])
        else:
            return None
    return "silence"


def test_with_tls_and_a_password_somebody_comes_in(door: Door, portal: dict[str, Any]) -> None:
    assert knock(door, portal) is None


@pytest.mark.parametrize(
    ("user", "password"),
    [("partner-portal", "wrong"), ("partner-nobody", "x"), ("ANONYMOUS", "x"), ("User:ANONYMOUS", "x")],
)
def test_a_wrong_name_or_password_is_refused(door: Door, portal: dict[str, Any], user: str, password: str) -> None:
    assert REFUSED in (knock(door, {"user": user, "password": password}) or "")


@pytest.mark.parametrize("protocol", ["PLAINTEXT", "SASL_PLAINTEXT", "SSL"])
def test_without_tls_or_without_a_password_nobody_comes_in(door: Door, portal: dict[str, Any], protocol: str) -> None:
    assert knock(door, portal, **{"security.protocol": protocol}) is not None


def test_a_password_in_the_clear_is_no_mechanism_here(door: Door, portal: dict[str, Any]) -> None:
    assert REFUSED in (knock(door, portal, **{"sasl.mechanism": "PLAIN"}) or "")


def test_the_internal_door_is_on_loopbacks_first_address_alone(door: Door) -> None:
    with socket.socket() as other:
        assert other.connect_ex(("127.0.0.2", door.broker.port)) != 0


# --- writers ------------------------------------------------------------------------------------------------------------


def read_inside(door: Door, topic: str) -> list[tuple[bytes | None, bytes | None]]:
    consumer, part = KafkaConsumer(bootstrap_servers=door.inside, group_id=None), TopicPartition(topic, 0)
    consumer.assign([part])
    consumer.seek_to_beginning(part)
    end, found = consumer.end_offsets([part])[part], []
    while consumer.position(part) < end:
        found += [(record.key, record.value) for records in consumer.poll(timeout_ms=500).values() for record in records]
    consumer.close()
    return found


@pytest.mark.parametrize("is_idempotent", [True, False])
def test_what_a_writer_writes_arrives_on_its_inbound_topic(door: Door, writer: dict[str, Any], is_idempotent: bool) -> None:
    offset = put(door, writer, inbound("miitn"), enable_idempotence=is_idempotent)
    assert read_inside(door, inbound("miitn"))[offset] == (b"k", b'{"a":1}')


@pytest.mark.parametrize("topic", [FEED, inbound("vonk"), "hub.raw.miitn.v1", "hub.posting.canonical.v1"])
def test_a_writer_may_write_nothing_else(door: Door, writer: dict[str, Any], topic: str) -> None:
    with pytest.raises(AuthorizationError):
        put(door, writer, topic)


def test_a_writer_may_not_read_what_it_wrote(door: Door, writer: dict[str, Any]) -> None:
    client = KafkaAdminClient(**door.client(writer))
    found = codes_of(client, fetch(inbound("miitn")))
    client.close()
    assert found - {0} == {TopicAuthorizationFailedError.errno}


# --- rotate, remove, list -----------------------------------------------------------------------------------------------


def test_after_a_rotation_only_the_new_password_is_taken(door: Door) -> None:
    old = door.admit("turning")
    assert knock(door, old) is None
    (new,) = door.hub("subscriber", "rotate", "turning", "--kafka")
    assert knock(door, new["kafka"]) is None
    for mechanism in ("SCRAM-SHA-512", "SCRAM-SHA-256"):
        assert REFUSED in (knock(door, old, **{"sasl.mechanism": mechanism}) or "")


def poll_on(consumer: KafkaConsumer) -> None:
    for _ in range(PATIENCE):
        consumer.poll(timeout_ms=1_000)


def test_after_a_removal_nobody_comes_in_and_who_is_in_may_do_nothing(door: Door, inside: KafkaAdminClient) -> None:
    told = door.admit("leaving")
    consumer = KafkaConsumer(**door.client(told), group_id=None)
    consumer.assign([TopicPartition(FEED, 0)])
    consumer.seek(TopicPartition(FEED, 0), 0)
    assert consumer.poll(timeout_ms=PATIENCE * 1_000)
    door.hub("subscriber", "remove", "leaving")
    with pytest.raises(TopicAuthorizationFailedError):
        poll_on(consumer)
    consumer.close()
    assert REFUSED in (knock(door, told) or "")
    assert "partner-leaving" not in str(state_of(inside))
    assert quota_of(inside, "partner-leaving") == {}


def test_a_subscriber_that_there_is_gets_a_kafka_user_and_keeps_its_token(door: Door) -> None:
    door.hub("subscriber", "add", "both")
    door.admit("both", "--write", "vonk")
    shown = {line["subscriber"]: line for line in door.hub("subscriber", "list")}["both"]
    assert (len(shown["tokens"]), shown["kafka"]["user"], shown["kafka"]["writes"]) == (1, "partner-both", inbound("vonk"))
    door.hub("subscriber", "remove", "both", "--kafka")
    shown = {line["subscriber"]: line for line in door.hub("subscriber", "list")}["both"]
    assert (len(shown["tokens"]), shown["kafka"]) == (1, None)


def test_a_partner_has_its_quota(inside: KafkaAdminClient, portal: dict[str, Any]) -> None:
    limits = {"consumer_byte_rate": 10_485_760, "producer_byte_rate": 10_485_760, "request_percentage": 50}
    assert quota_of(inside, portal["user"]) == limits


# --- a state directory of the former release ----------------------------------------------------------------------------


def test_data_of_a_broker_without_authorizer_is_opened_with_one(
    tmp_path: Path, free_ports: Callable[[int], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    door = Door(tmp_path, free_ports(3))
    listener, door.broker.partners = door.broker.partners, None
    former = embedded.server_properties
    new = ("authorizer", "allow.everyone", "super.users", "inter.broker")
    monkeypatch.setattr(
        embedded,
        "server_properties",
        lambda **values: "".join(line for line in former(**values).splitlines(True) if not line.startswith(new)),
    )
    door.broker.start()
    try:
        apply_topics(door.inside, catalogue(SOURCES))
        door.change(30)
        door.broker.stop()
        monkeypatch.setattr(embedded, "server_properties", former)
        door.broker.partners = listener
        door.broker.start()
        door.change(10)
        told = door.admit("portal")
        assert fold(by_cursor(door, told, 0)) == door.export() != {}
        assert json.dumps(told).count("partner-portal") > 3
    finally:
        door.broker.stop()
