"""Answers kept in memory while they are still true, so that what many ask is put together once.

An answer is true as long as nothing has been committed to the read model since before it was made: `stamp` tells, at the
cost of microseconds, and covers what other processes commit. A settled answer, such as a full page, outlives commits: by
its own terms a reader may keep it for an hour, so it may be a minute old here. Only another generation of the read model
ends it at once. Whatever the time, nothing lives longer than `KEPT_SECONDS`, since some answers depend on the day.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass

from aiohttp import web

from hub.api.answers import PREPARED, Prepared
from hub.store.feed_reader import Stamp

KEPT_SECONDS = 60.0
SETTLED_FROM_SECONDS = 3_600
"""An answer that readers may keep for so long is settled."""
MOST_BYTES = 64 * 2**20
LARGEST_BYTES = 8 * 2**20
LONGEST_KEY = 1_024
"""Characters of address and headers. Longer ones are seldom asked twice, and anybody could make up any number of them."""
ENTRY_BYTES = 4 * LONGEST_KEY
"""Counted for an answer beside its body: its key, at four bytes a character, and its headers."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class _Kept:
    prepared: Prepared
    stamp: Stamp
    until: float
    size: int


class KeptAnswers:
    """Least recently used ones go when there are too many bytes. One event loop's own; nothing of it is shared."""

    def __init__(self, stamp: Callable[[], Stamp | None], now: Callable[[], float] = time.monotonic) -> None:
        self.stamp = stamp
        self._now = now
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._bytes = 0

    def find(self, key: Hashable) -> Prepared | None:
        kept = self._kept.get(key)
        if kept is None:
            return None
        if not self._is_true(kept):
            self._drop(key)
            return None
        self._kept.move_to_end(key)
        self._weigh(kept)
        return kept.prepared

    def keep(self, key: Hashable, prepared: Prepared, stamp: Stamp) -> None:
        """`stamp`: as it was before the answer was begun, so that a commit in between ends it."""
        if prepared.size > LARGEST_BYTES:
            return
        self._drop(key)
        self._kept[key] = kept = _Kept(prepared, stamp, self._now() + KEPT_SECONDS, 0)
        self._weigh(kept)
        while self._bytes > MOST_BYTES:
            self._drop(next(iter(self._kept)))

    def _weigh(self, kept: _Kept) -> None:
        """An answer grows when its packed form is first asked for."""
        size = kept.prepared.size + ENTRY_BYTES
        self._bytes += size - kept.size
        kept.size = size

    def _is_true(self, kept: _Kept) -> bool:
        if self._now() >= kept.until:
            return False
        current = self.stamp()
        if current is None:
            return False
        is_settled = kept.prepared.max_age >= SETTLED_FROM_SECONDS
        return kept.stamp[0] == current[0] if is_settled else kept.stamp == current

    def _drop(self, key: Hashable) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._bytes -= kept.size


def once_a_turn(ask: Callable[[], Stamp | None]) -> Callable[[], Stamp | None]:
    """`ask`, asked once in a turn of the event loop. What is answered in a turn had arrived before the turn began to run, so
    an answer that was true then is one that its reader may get.
    """
    told: list[Stamp | None] = []

    def stamp() -> Stamp | None:
        if not told:
            told.append(ask())
            asyncio.get_running_loop().call_soon(told.clear)
        return told[0]

    return stamp


def keeping(handler: Handler, kept: KeptAnswers, origin: Callable[[web.Request], str], vary: Sequence[str] = ()) -> Handler:
    """The handler, asked only for what is not kept. An answer depends on the address, on the `origin` that its links begin
    with, and on the request's headers that `vary` names. Who asks for what is just being made waits for it.
    """
    begun: dict[Hashable, asyncio.Event] = {}

    async def handle(request: web.Request) -> web.StreamResponse:
        key = (request.raw_path, origin(request), *[",".join(request.headers.getall(name, ())) for name in vary])
        if sum(map(len, key)) > LONGEST_KEY:
            return await handler(request)
        prepared = kept.find(key)
        if prepared is None and key in begun:
            await begun[key].wait()
            prepared = kept.find(key)  # still None when it failed, or is no longer true: then everybody asks
        if prepared is not None:
            return prepared.to_response(request)
        begun[key] = done = asyncio.Event()
        try:
            return await _make(handler, request, kept, key)
        finally:
            done.set()
            if begun.get(key) is done:
                del begun[key]

    return handle


async def _make(handler: Handler, request: web.Request, kept: KeptAnswers, key: Hashable) -> web.StreamResponse:
    stamp = kept.stamp()
    response = await handler(request)
    prepared = response.get(PREPARED)
    if stamp is not None and prepared is not None:
        kept.keep(key, prepared, stamp)
    return response
