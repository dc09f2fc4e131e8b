"""HTTP as bytes on a socket: what no decent client would send, and what came back, with a bound on the time it may take."""

from __future__ import annotations

import re
import socket
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

SECONDS = 20.0
"""No connection may outlive this: the hubs of these tests close idle ones after one second."""
STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})[^\r\n]*\r\n")


@dataclass(frozen=True)
class Talk:
    """Everything that came back until the other side closed."""

    received: bytes

    @property
    def statuses(self) -> list[int]:
        return [int(status) for status in STATUS_LINE.findall(self.received)]

    @property
    def text(self) -> str:
        return self.received.decode("latin-1")

    @property
    def body(self) -> bytes:
        """Of the only answer."""
        return self.received.partition(b"\r\n\r\n")[2]

    @property
    def head(self) -> str:
        return self.text.partition("\r\n\r\n")[0].lower()


def talk(url: str, *parts: bytes, pause_seconds: float = 0.0, source: str = "") -> Talk:
    """Send the parts, then read until the other side closes. Raises TimeoutError when it never does."""
    started = time.monotonic()
    received = bytearray()
    with connect(url, source) as connection:
        try:
            for part in parts:
                connection.sendall(part)
                time.sleep(pause_seconds)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has closed already: that is an answer too
        while time.monotonic() - started < SECONDS:
            try:
                chunk = connection.recv(65_536)
            except ConnectionResetError:
                chunk = b""
            if not chunk:
                return Talk(bytes(received))
            received += chunk
    raise TimeoutError(f"open after {SECONDS} s: {bytes(received[:200])!r}")


def connect(url: str, source: str = "") -> socket.socket:
    """`source`: the address of this machine to come from, such as 127.0.0.9."""
    parts = urlsplit(url)
    target = (parts.hostname or "", parts.port or 80)
    connection = socket.create_connection(target, timeout=SECONDS, source_address=(source, 0) if source else None)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def request(
    target: str | bytes, *headers: str | bytes, method: str = "GET", version: str = "1.1", host: str = "localhost"
) -> bytes:
    """One request, the last on its connection. `host`: "" for none."""
    lines = [method.encode() + b" " + _bytes(target) + b" HTTP/" + version.encode()]
    if host:
        lines.append(b"Host: " + host.encode("latin-1"))
    lines += [*map(_bytes, headers), b"Connection: close", b"", b""]
    return b"\r\n".join(lines)


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")
