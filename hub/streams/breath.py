"""Lets the event loop go about its other business, now and then, within work that does not wait for anything.

An answer of the broker takes some ten turns of the loop until it has reached who asked: it is read piece by piece, taken
apart, and wakes one task after the other. With one turn between slices of work a stage would wait ten slices of its
neighbour for every fetch and every acknowledgement, and what it makes would reach the next role as late. Turns with
nothing to do cost a microsecond each.
"""

from __future__ import annotations

import asyncio
import time

WORK_SECONDS = 0.01
TURNS = 20


class Breath:
    """`take` after each piece of work."""

    def __init__(self) -> None:
        self._due = time.monotonic() + WORK_SECONDS

    async def take(self) -> None:
        if time.monotonic() < self._due:
            return
        for _ in range(TURNS):
            await asyncio.sleep(0)
        self._due = time.monotonic() + WORK_SECONDS
