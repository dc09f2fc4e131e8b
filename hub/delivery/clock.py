"""Time as deliveries see it, so that a test may let three days pass at once."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress


class Clock:
    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Until the event is set, for so long at most; the event is cleared."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()
        event.clear()
