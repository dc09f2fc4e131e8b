"""The answer that carries a topic's id, byte by byte."""

from __future__ import annotations

import struct
import uuid

import pytest

from hub.broker.topic_id import fetch_topic_id, read_topic_id
from hub.errors import RetryableError

ID = uuid.UUID("01234567-89ab-cdef-0123-456789abcdef")


def answer(*, error: int = 0, id_: uuid.UUID = ID, name: bytes = b"hub.opportunity.feed.v1") -> bytes:
    """One broker with a rack and a tagged field, a cluster id, one topic; then what nobody reads."""
    broker = struct.pack(">i", 1) + b"\x0a127.0.0.1" + struct.pack(">i", 19092) + b"\x03r1" + b"\x01\x05\x02xy"
    topic = struct.pack(">h", error) + bytes([len(name) + 1]) + name + id_.bytes
    return (
        struct.pack(">iBi", 1, 0, 0) + b"\x02" + broker + b"\x05abcd" + struct.pack(">i", 1) + b"\x02" + topic + b"\x00\x01\x00"
    )


def test_the_id_is_found_behind_brokers_and_cluster() -> None:
    assert read_topic_id(answer()) == ID


def test_a_topic_that_is_not_there_has_no_id() -> None:
    assert read_topic_id(answer(error=3)) is None


def test_an_answer_of_a_broker_without_ids_has_no_id() -> None:
    assert read_topic_id(answer(id_=uuid.UUID(int=0))) is None


def test_an_answer_that_is_cut_short_is_refused_wherever_it_is_cut() -> None:
    whole = answer()
    for length in range(len(whole) - 3):
        with pytest.raises((ValueError, IndexError, struct.error)):
            read_topic_id(whole[:length])


def test_no_broker_is_said_with_the_topic() -> None:
    with pytest.raises(RetryableError, match=r"did not say the id of the topic hub\.clock\.v1"):
        fetch_topic_id("127.0.0.1:1", "hub.clock.v1")
