"""Work on a database that was begun is done, however often who asked for it is cancelled."""

from __future__ import annotations

import asyncio

import pytest

from hub.store.engine import whole


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_who_is_cancelled_ends_when_the_work_is_done(times: int) -> None:
    may_end, done = asyncio.Event(), []

    @whole
    async def work() -> None:
        await may_end.wait()
        done.append(True)

    asking = asyncio.create_task(work())
    for _ in range(times):
        await asyncio.sleep(0)
        asking.cancel()
    await asyncio.sleep(0)
    assert not asking.done()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert done
