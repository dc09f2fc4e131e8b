"""What a partner's Kafka user may: names that never meet, rules that are few, passwords that need no quotes."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from hub.broker.partners import Quota, by_hand, group_prefix, new_password, rights_of, user_of
from hub.store.tokens import NAME
from hub.topics import FEED, catalogue, inbound
from hub.topics import __dict__ as words

names = st.from_regex(NAME, fullmatch=True)
HUB_GROUPS = [value for name, value in words.items() if name.startswith("GROUP_")]


@given(names, names)
def test_no_partners_groups_are_anothers(one: str, other: str) -> None:
    assert one == other or not group_prefix(other).startswith(group_prefix(one))


@given(names)
def test_no_group_of_the_hub_is_a_partners(name: str) -> None:
    assert not [group for group in HUB_GROUPS if group.startswith(group_prefix(name))]


def test_a_subscriber_named_like_the_hub_has_groups_of_its_own() -> None:
    assert not [group for group in HUB_GROUPS if group.startswith(group_prefix("hub"))]


@given(names)
def test_no_user_has_the_name_of_the_internal_door(name: str) -> None:
    assert user_of(name).startswith("partner-")


def test_a_reader_has_rights_on_the_feed_and_its_groups_alone() -> None:
    assert {(right.kind.name, right.name, right.pattern.name, right.operation.name) for right in rights_of("portal", None)} == {
        ("TOPIC", FEED, "LITERAL", "READ"),
        ("TOPIC", FEED, "LITERAL", "DESCRIBE"),
        ("GROUP", "portal.", "PREFIXED", "READ"),
    }


def test_a_writer_has_one_topic_more() -> None:
    more = set(rights_of("portal", "miitn")) - set(rights_of("portal", None))
    assert {(right.name, right.operation.name) for right in more} == {
        (inbound("miitn"), "WRITE"),
        (inbound("miitn"), "DESCRIBE"),
    }


def test_no_rule_is_on_a_topic_that_there_is_not() -> None:
    there = {topic.name for topic in catalogue(["miitn"])}
    assert {right.name for right in rights_of("portal", "miitn") if right.kind.name == "TOPIC"} <= there


def test_passwords_differ_and_need_no_quotes() -> None:
    found = {new_password() for _ in range(200)}
    assert len(found) == 200
    assert all(re.fullmatch(r"\w[\w-]{42}", password, re.ASCII) for password in found)


def test_by_hand_names_every_right_and_no_password() -> None:
    told = by_hand("kafka:9092", "portal", writes="miitn", quota=Quota(1_000, 25))
    assert all(right.name in told for right in rights_of("portal", "miitn"))
    assert "consumer_byte_rate=1000,producer_byte_rate=1000,request_percentage=25" in told
    assert "password=…" in told
