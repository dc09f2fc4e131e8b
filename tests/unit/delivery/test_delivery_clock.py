"""Waiting for an event, which a role that stops has to be able to end."""

from __future__ import annotations

import asyncio

import pytest

from hub.delivery.clock import Clock


@pytest.mark.parametrize("turns", range(5))
async def test_a_cancellation_that_comes_with_the_event_is_not_lost(turns: int) -> None:
    """`turns` of the loop lie between the two; who was through by then cannot be cancelled."""
    event = asyncio.Event()
    waiting = asyncio.create_task(Clock().wait(event, 60))
    await asyncio.sleep(0.001)
    event.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    was_through = waiting.done()
    waiting.cancel()
    await asyncio.wait({waiting})
    assert waiting.cancelled() is not was_through


async def test_it_ends_at_the_event_or_after_the_time_and_clears_the_event() -> None:
    event = asyncio.Event()
    await Clock().wait(event, 0.001)
    event.set()
    await Clock().wait(event, 60)
    assert not event.is_set()
