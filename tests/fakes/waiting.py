"""Waiting for what comes soon, and not by the clock."""

from __future__ import annotations

import asyncio

from hub.feed.read_model import FeedNotReadyError


async def until(is_so):
    """`is_so`: a coroutine function; what cannot be said yet is not so."""
    for _ in range(20_000):
        try:
            if await is_so():
                return
        except FeedNotReadyError:
            pass
        await asyncio.sleep(0.005)
    raise AssertionError("it did not become so within a hundred seconds")
