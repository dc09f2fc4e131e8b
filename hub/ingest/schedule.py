"""When a source runs next: first at once, then on its rhythm with jitter; sooner after a failure, never before asked.

Jitter keeps hubs and sources from knocking at the same second. A failed run is repeated after 15 s, 30 s, 60 s … up to
the source's own rhythm; what a partner asked for by `Retry-After` is always kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

from hub.errors import HubError
from hub.ingest.runner import SourceRunner
from hub.ingest.state import RunReport, SourceState

FIRST_RETRY_SECONDS = 15.0
JITTER = 0.1


def delay_seconds(every_seconds: float, state: SourceState, now_ms: int, random: float) -> float:
    """Seconds until the next run. `random` is in [0, 1)."""
    delay = every_seconds * (1 + JITTER * (2 * random - 1))
    if state.failures:
        delay = min(every_seconds, FIRST_RETRY_SECONDS * 2 ** min(state.failures - 1, 20)) * (1 + JITTER * random)
    if state.throttled_until is not None:
        delay = max(delay, (state.throttled_until - now_ms) / 1000)
    return delay


class Schedule:
    """Runs one source for ever. `request` asks for a run now and gives its report."""

    def __init__(
        self, runner: SourceRunner, every_seconds: float, after_run: Callable[[SourceRunner], Awaitable[None]], random: Random
    ) -> None:
        self.runner = runner
        self._every = every_seconds
        self._after_run = after_run
        self._random = random
        self._wanted = asyncio.Event()
        self._waiting: list[asyncio.Future[RunReport]] = []

    async def run(self) -> None:
        """Until cancelled; raises what the log raises."""
        until = self.runner.state.throttled_until or 0
        await self._sleep((until - self.runner.now()) / 1000)
        while True:
            waiting, self._waiting = self._waiting, []
            self._wanted.clear()
            report = await self.runner.run()
            for future in waiting:
                if not future.done():
                    future.set_result(report)
            await self._after_run(self.runner)
            await self._sleep(delay_seconds(self._every, self.runner.state, self.runner.now(), self._random.random()))

    async def request(self) -> RunReport:
        """A run that begins after this call. Raises HubError while the partner has asked to be left alone."""
        state, now = self.runner.state, self.runner.now()
        if state.throttled_until is not None and state.throttled_until > now:
            raise HubError(f"{self.runner.name} is {state.sentence(now)}: it asked to be left alone")
        future: asyncio.Future[RunReport] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        self._wanted.set()
        return await future

    async def _sleep(self, seconds: float) -> None:
        if seconds <= 0:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._wanted.wait()
        except TimeoutError:
            pass
