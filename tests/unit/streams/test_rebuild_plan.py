"""A rebuild's look at every opportunity, which takes longer than a session where there are many."""

from __future__ import annotations

import asyncio

import pytest
from fakes.postings import change

from hub.matching import Engine
from hub.streams import breath
from hub.streams.ledger import Ledger
from hub.streams.rebuild import plan


async def test_heartbeats_have_their_turns_while_every_opportunity_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breath, "WORK_SECONDS", 0)  # a breath is due after every one
    engine, beats = Engine(), 0
    engine.load([change(f"a:{number}", title=f"Kok {number}") for number in range(50)])

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0)
            beats += 1

    heart = asyncio.create_task(beat())
    planned = await plan(engine, {}, Ledger())
    heart.cancel()
    assert len(planned.records) == 50
    assert beats > 50
