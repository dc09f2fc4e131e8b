"""Is a port free, does a broker answer? By plain sockets: a Kafka client's bootstrap back-off would add seconds.

`answers` sends one Metadata request by hand and wants a broker in the reply, because a listening port alone only says
that the process has begun to start.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import struct

from hub.settings import split_servers

TAKEN = "taken"
ANSWER_SECONDS = 1.0
METADATA_V1 = struct.pack(">hhihi", 3, 1, 1, -1, 0)
"""API key 3, version 1, correlation id 1, no client id, no topics."""
REQUEST = struct.pack(">i", len(METADATA_V1)) + METADATA_V1


def describe_away(servers: str) -> str:
    """What a person is told when no broker answers."""
    return f"no Kafka broker answers on {servers}; is `hub up` or `hub broker` running, is HUB_KAFKA__BOOTSTRAP_SERVERS right?"


def is_port_free(port: int, host: str = "127.0.0.1") -> bool:
    """True when this process could listen there now; connections that linger from an ended process do not count."""
    return why_not_free(port, host) is None


def why_not_free(port: int, host: str = "127.0.0.1") -> str | None:
    """`taken`, or what else forbids to listen there: ports below 1024 are root's, an address is not this machine's."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return TAKEN if error.errno == errno.EADDRINUSE else error.strerror or str(error)
        return None


def answers(servers: str, timeout: float = ANSWER_SECONDS) -> bool:
    """True when one of the servers gives metadata that names at least one broker."""
    return any(_has_broker(host, port, timeout) for host, port in split_servers(servers))


def _has_broker(host: str, port: int, timeout: float) -> bool:
    try:
        with socket.create_connection((host, port), timeout=timeout) as connection:
            connection.settimeout(timeout)
            connection.sendall(REQUEST)
            reply = read_exactly(connection, struct.unpack(">i", read_exactly(connection, 4))[0])
    except (OSError, struct.error):
        return False
    return _names_a_broker(reply)


async def answers_soon(host: str, port: int) -> bool:
    """The same of one server, without holding up the loop."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(REQUEST)
                return _names_a_broker(await reader.readexactly(struct.unpack(">i", await reader.readexactly(4))[0]))
            finally:
                writer.close()
    except (OSError, EOFError, TimeoutError, ValueError):  # ValueError: a length below zero, so it is no Kafka
        return False


def _names_a_broker(reply: bytes) -> bool:
    return len(reply) >= 8 and bool(struct.unpack(">i", reply[4:8])[0] > 0)


def read_exactly(connection: socket.socket, length: int) -> bytes:
    """Raises ConnectionResetError when the other side closes before."""
    data = b""
    while len(data) < length:
        part = connection.recv(length - len(data))
        if not part:
            raise ConnectionResetError("the broker closed the connection")
        data += part
    return data
