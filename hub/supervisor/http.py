"""The supervisor's few requests to its own roles on loopback: readiness, one POST, one read."""

from __future__ import annotations

from typing import Any

import aiohttp
import orjson

from hub.errors import RetryableError
from hub.supervisor.supervisor import Readiness

TIMEOUT = aiohttp.ClientTimeout(total=5)


async def readiness(host: str, port: int) -> Readiness:
    """What `/readyz` of an ops port says; a port that does not answer is not ready, without a reason."""
    try:
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session, session.get(f"http://{host}:{port}/readyz") as response:
            report = orjson.loads(await response.read())
    except (aiohttp.ClientError, TimeoutError, OSError, orjson.JSONDecodeError):
        return Readiness(False)
    missing = report.get("missing", {})
    return Readiness(response.status == 200, "; ".join(str(why) for why in missing.values()))


async def post_json(url: str, body: Any) -> None:
    """Raises RetryableError unless the answer is 2xx."""
    try:
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session, session.post(url, json=body) as response:
            if response.status >= 300:
                raise RetryableError(f"{url} answered {response.status}")
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise RetryableError(f"{url} does not answer: {error}") from error


async def read_json(url: str) -> dict[str, Any]:
    """Raises RetryableError unless the answer is a JSON object with status 200."""
    try:
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session, session.get(url) as response:
            body = orjson.loads(await response.read())
    except (aiohttp.ClientError, TimeoutError, OSError, orjson.JSONDecodeError) as error:
        raise RetryableError(f"{url} does not answer: {error}") from error
    if response.status != 200 or not isinstance(body, dict):
        raise RetryableError(f"{url} answered {response.status}")
    return body
