"""Fetch several things at once and hand them over in the order asked for, so that a run's records have one order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


async def fetch_in_order(
    items: Iterable[Item], fetch: Callable[[Item], Awaitable[Result]], *, at_once: int = 4
) -> AsyncIterator[tuple[Item, Result]]:
    """`(item, result)` in the order of `items`, at most `at_once` under way. The first error ends it; the rest is cancelled."""
    under_way: deque[tuple[Item, asyncio.Future[Result]]] = deque()
    waiting = iter(items)
    try:
        while True:
            while len(under_way) < at_once and (item := next(waiting, _END)) is not _END:
                under_way.append((item, asyncio.ensure_future(fetch(item))))  # type: ignore[arg-type]  # the sentinel is ruled out
            if not under_way:
                return
            first, future = under_way[0]
            result = await future
            under_way.popleft()
            yield first, result
    finally:
        for _, future in under_way:
            future.cancel()
        await asyncio.gather(*(future for _, future in under_way), return_exceptions=True)


_END: object = object()
