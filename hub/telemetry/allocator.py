"""Memory that work took is given back: large pieces at once, the rest when a role comes to rest.

By default glibc learns from peaks to keep them for good, and gives each thread an arena of its own. What it gives back by
itself lies at the end of its heap; what answers of partners and batches left free in between it keeps, up to a quarter of
a role. Looking through the heap takes milliseconds, so it is done when nothing else is.
"""

from __future__ import annotations

import asyncio
import ctypes
import time
from collections.abc import Callable

LOOK_SECONDS = 1.0
REST_SHARE = 0.1
"""Of one core: a role that used less since the last look is at rest."""
WORK_SECONDS = 0.5
"""Of processor time: with less there is little to give back."""


_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Names of `mallopt`, from glibc's malloc.h."""
ARENAS = 2
LARGE_BYTES = 2**20
"""Pieces from this size on are mapped one by one, and unmapped when free. Answered pages are a tenth to half of it: mapping
them too would cost three times as much.
"""
KEPT_BYTES = 4 * 2**20
"""Free at the heap's end before it is given back at once."""


def give_back_early() -> None:
    """Holds for this process and its forks. Call it before any thread starts, since each gets its arena then."""
    mallopt: Callable[[int, int], int] | None = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, ARENAS)
        mallopt(_TRIM_THRESHOLD, KEPT_BYTES)
        mallopt(_MMAP_THRESHOLD, LARGE_BYTES)


class Rest:
    """Tells when work has come to rest. `cpu` and `now`: seconds of processor and clock at the moment of the look."""

    def __init__(self, cpu: float, now: float) -> None:
        self._cpu, self._now, self._given_at = cpu, now, 0.0

    def has_begun(self, cpu: float, now: float) -> bool:
        """True once after each stretch of work."""
        share = (cpu - self._cpu) / max(now - self._now, 1e-3)
        self._cpu, self._now = cpu, now
        if share > REST_SHARE or cpu - self._given_at < WORK_SECONDS:
            return False
        self._given_at = cpu
        return True


async def give_back_at_rest() -> None:
    """Until cancelled; returns at once where the C library has no `malloc_trim`."""
    trim: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is None:
        return
    rest = Rest(time.process_time(), time.monotonic())
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if rest.has_begun(time.process_time(), time.monotonic()):
            trim(0)
