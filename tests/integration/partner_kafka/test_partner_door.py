"""Who comes in at the partners' door: passwords, rotation, removal, quotas, and the data of a broker that had no door."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes.partner_client import PATIENCE, by_cursor, knock, quota_of, state_of
from fakes.partner_door import SOURCES, Door, fold
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import TopicAuthorizationFailedError

from hub.broker import embedded
from hub.broker.admin import apply_topics
from hub.topics import FEED, catalogue, inbound

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]

REFUSED = "_AUTHENTICATION"


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
