"""The supervisor's few requests to its own roles on loopback: readiness, one POST, one read.

By hand, with HTTP/1.0, where an answer ends with its connection: a client with sessions and pools of its own would write on
pages that the supervisor shares with its roles.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

import orjson

from hub.errors import RetryableError
from hub.settings import authority
from hub.supervisor.supervisor import Readiness

ANSWER_SECONDS = 5.0
LONGEST_ANSWER = 2**20


async def readiness(host: str, port: int) -> Readiness:
    """What `/readyz` of an ops port says; a port that does not answer is not ready, without a reason."""
    try:
        status, body = await _ask("GET", f"http://{authority(host, port)}/readyz")
        missing = orjson.loads(body).get("missing", {})
        return Readiness(status == 200, "; ".join(str(why) for why in missing.values()))
    except TimeoutError:
        return Readiness(False, answer="none")
    except (OSError, ValueError, AttributeError):
        return Readiness(False, answer="refused")


async def post_json(url: str, body: Any) -> None:
    """Raises RetryableError unless the answer is 2xx."""
    try:
        status, _ = await _ask("POST", url, orjson.dumps(body))
    except (OSError, TimeoutError, ValueError) as error:
        raise RetryableError(f"{url} does not answer: {error}") from error
    if not 200 <= status < 300:
        raise RetryableError(f"{url} answered {status}")


async def read_json(url: str) -> dict[str, Any]:
    """Raises RetryableError unless the answer is a JSON object with status 200."""
    try:
        status, answer = await _ask("GET", url)
        body = orjson.loads(answer)
    except (OSError, TimeoutError, ValueError) as error:
        raise RetryableError(f"{url} does not answer: {error}") from error
    if status != 200 or not isinstance(body, dict):
        raise RetryableError(f"{url} answered {status}")
    return body


async def _ask(method: str, url: str, body: bytes = b"") -> tuple[int, bytes]:
    """Status and body. Raises OSError, TimeoutError, or ValueError for what is no whole HTTP answer."""
    parts = urlsplit(url)
    async with asyncio.timeout(ANSWER_SECONDS):
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80, limit=LONGEST_ANSWER)
        try:
            writer.write(
                f"{method} {parts.path or '/'} HTTP/1.0\r\nHost: {parts.netloc}\r\nAccept: application/json\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            answer = await reader.read(LONGEST_ANSWER)
            while chunk := await reader.read(LONGEST_ANSWER):
                answer += chunk
                if len(answer) > LONGEST_ANSWER:
                    raise ValueError("the answer is too long")
        finally:
            writer.close()
    head, end, content = answer.partition(b"\r\n\r\n")
    if not end or not head.startswith(b"HTTP/1."):
        raise ValueError("no HTTP answer")
    return int(head.split(maxsplit=2)[1]), content
