"""The id that a topic got when it was created; a new topic of the same name has another.

One Metadata request by hand: aiokafka speaks an older version of it, without ids, and kafka-python beside it would be
eight megabytes in a role for this one question. Version 12 (KIP-516, KIP-482): numbers of variable length, compact
strings and arrays (length plus one), tagged fields behind every structure.
"""

from __future__ import annotations

import socket
import struct
import uuid

from hub.broker.probe import read_exactly
from hub.errors import RetryableError
from hub.settings import split_servers

ANSWER_SECONDS = 5.0
LONGEST_NAME = 126
"""So that a length takes one byte."""
LONGEST_ANSWER = 2**20


def fetch_topic_id(servers: str, topic: str) -> uuid.UUID | None:
    """None: there is no such topic. Raises RetryableError when none of the servers gives an answer that can be read."""
    why: Exception | None = None
    for host, port in split_servers(servers):
        try:
            with socket.create_connection((host, port), timeout=ANSWER_SECONDS) as connection:
                connection.sendall(_request(topic))
                length = struct.unpack(">i", read_exactly(connection, 4))[0]
                if not 0 < length <= LONGEST_ANSWER:
                    raise ValueError(f"an answer of {length} bytes")
                return read_topic_id(read_exactly(connection, length))
        except (OSError, ValueError, IndexError, struct.error) as error:
            why = error
    raise RetryableError(f"the Kafka broker on {servers} did not say the id of the topic {topic}: {why}") from why


def _request(topic: str) -> bytes:
    name = topic.encode()
    if len(name) > LONGEST_NAME:
        raise ValueError(f"the topic's name has more than {LONGEST_NAME} bytes")
    # Header: API 3, version 12, correlation id 1, no client id, no tagged fields.
    header = struct.pack(">hhihB", 3, 12, 1, -1, 0)
    # One topic, its id unknown, by name; create nothing, no rights asked for, no tagged fields.
    body = bytes([2]) + bytes(16) + bytes([len(name) + 1]) + name + bytes([0]) + bytes([0, 0, 0])
    return struct.pack(">i", len(header) + len(body)) + header + body


def read_topic_id(answer: bytes) -> uuid.UUID | None:
    """From the answer's bytes behind its length. Raises ValueError, IndexError or struct.error where it is cut short."""
    reader = _Reader(answer)
    reader.skip(4)  # correlation id
    reader.skip_tags()
    reader.skip(4)  # throttle time
    for _ in range(reader.varint() - 1):  # brokers: id, host, port, rack
        reader.skip(4)
        reader.skip_string()
        reader.skip(4)
        reader.skip_string()
        reader.skip_tags()
    reader.skip_string()  # cluster id
    reader.skip(4)  # controller
    if reader.varint() != 2:
        raise ValueError("not one topic")
    error = struct.unpack(">h", reader.take(2))[0]
    reader.skip_string()  # name
    found = uuid.UUID(bytes=reader.take(16))
    return None if error or not found.int else found


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, length: int) -> bytes:
        part = self._data[self._at : self._at + length]
        if len(part) < length:
            raise ValueError("the answer is cut short")
        self._at += length
        return part

    def skip(self, length: int) -> None:
        self.take(length)

    def varint(self) -> int:
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def skip_string(self) -> None:
        self.skip(max(self.varint() - 1, 0))

    def skip_tags(self) -> None:
        for _ in range(self.varint()):
            self.varint()
            self.skip(self.varint())
