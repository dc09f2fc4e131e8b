"""A partner may read the feed, write its own inbound topic where it was told to, and do nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fakes.partner_client import PATIENCE, codes_of, fetch, put, state_of
from fakes.partner_door import SOURCES, Door
from fakes.topic_reader import records_of
from kafka import KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
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
    DescribeConfigsRequest,
    DescribeLogDirsRequest,
    IncrementalAlterConfigsRequest,
)

from hub.topics import FEED, catalogue, inbound

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]

OTHERS = [topic.name for topic in catalogue(SOURCES) if topic.name != FEED] + ["__consumer_offsets"]


def join(door: Door, told: dict[str, Any], group: str) -> None:
    consumer = KafkaConsumer(FEED, **door.client(told), group_id=group)
    try:
        consumer.poll(timeout_ms=PATIENCE * 1_000)
    finally:
        consumer.close(autocommit=False)


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


def test_groups_of_others_are_not_listed(admin: KafkaAdminClient) -> None:
    assert {group["group_id"].partition(".")[0] for group in admin.list_groups()} <= {"portal"}


def read_inside(door: Door, topic: str) -> list[tuple[bytes | None, bytes | None]]:
    return [(record.key, record.value) for record in records_of(door.inside, topic)]


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
