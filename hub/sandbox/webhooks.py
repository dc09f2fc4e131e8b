"""Vonk's pushes: Standard Webhooks signed POSTs, one per change of an offer, tried a few times and then given up.

A push that is lost costs nothing: the next poll brings the same offer.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
import orjson

ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Target:
    url: str
    secret: str
    """`whsec_` and base64."""


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """A partner signs by code of its own: a fault in the hub's (`hub.sdk.webhook`) shows as a signature that differs."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


class Pusher:
    """Sends in order, one at a time; a target that does not answer holds nobody else up."""

    def __init__(self) -> None:
        self.target: Target | None = None
        self.sent: Counter[str] = Counter()
        """By status code, or `failed`."""
        self._queue: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue(maxsize=10_000)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="sandbox-pusher")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def push(self, message_id: str, payload: dict[str, Any]) -> None:
        if self.target is not None and not self._queue.full():
            self._queue.put_nowait((message_id, payload))

    async def _run(self) -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
            while True:
                message_id, payload = await self._queue.get()
                await self._send(session, message_id, payload)
                self._queue.task_done()

    async def _send(self, session: aiohttp.ClientSession, message_id: str, payload: dict[str, Any]) -> None:
        target = self.target
        if target is None:
            return
        body = orjson.dumps({**payload, "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")})
        for attempt in range(ATTEMPTS):
            timestamp = int(time.time())
            headers = {
                "Content-Type": "application/json",
                "User-Agent": "Vonk-Webhooks/1.0",
                "webhook-id": message_id,
                "webhook-timestamp": str(timestamp),
                "webhook-signature": sign(target.secret, message_id, timestamp, body),
            }
            try:
                async with session.post(target.url, data=body, headers=headers) as response:
                    self.sent[str(response.status)] += 1
                    if response.status < 500 and response.status != 429:
                        return
            except (aiohttp.ClientError, TimeoutError):
                self.sent["failed"] += 1
            await asyncio.sleep(0.2 * 2**attempt)

    async def drain(self) -> None:
        """Wait until everything pushed so far was tried."""
        await self._queue.join()
