"""One reader of the stream: a queue of bytes with an end, and the writing of it.

A reader that takes nothing for `STALL_SECONDS`, or for whom more than `MOST_BYTES` wait, is cut. That loses nothing: it
comes again with the id of the last event it has seen.
"""

from __future__ import annotations

import asyncio
from collections import deque

from aiohttp import web

MOST_BYTES = 2**20
STALL_SECONDS = 20.0


class StreamReader:
    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._most = most_bytes
        self._something = asyncio.Event()
        self._is_closed = False
        self.is_cut = False

    def offer(self, chunk: bytes) -> None:
        """Never waits: whoever offers has other readers too."""
        if self._is_closed:
            return
        if self._size + len(chunk) > self._most:
            self.is_cut = True
            self.close()
            return
        self._waiting.append(chunk)
        self._size += len(chunk)
        self._something.set()

    def close(self) -> None:
        """What waits is still written, unless the reader is cut."""
        self._is_closed = True
        self._something.set()

    async def write_to(self, response: web.StreamResponse, stall_seconds: float = STALL_SECONDS) -> None:
        """Until it is closed or cut. Raises TimeoutError when the reader takes nothing, ConnectionError when it has gone."""
        while True:
            await self._something.wait()
            if self.is_cut:
                raise TimeoutError
            chunks, self._waiting, self._size = b"".join(self._waiting), deque(), 0
            self._something.clear()
            if chunks:
                async with asyncio.timeout(stall_seconds):
                    await response.write(chunks)
            elif self._is_closed:
                return
            if self._is_closed:
                self._something.set()
