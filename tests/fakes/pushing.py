"""The role `deliver` on a state directory, run by a test: it lives while the test lets it, and dies at its word."""

from __future__ import annotations

import asyncio
import ipaddress
from contextlib import AsyncExitStack
from typing import Protocol

from fakes.receivers import Receivers

from hub.delivery.courier import Parts
from hub.delivery.dispatcher import Dispatcher
from hub.delivery.guard import Guard
from hub.delivery.run import select
from hub.delivery.sender import Sender
from hub.delivery.vault import FILE, Vault
from hub.feed.read_model import ReadModel
from hub.feed.segments import Segments
from hub.settings import Settings
from hub.store.engine import whole
from hub.store.feed_reader import FeedReader, Stamp
from hub.store.hub_db import open_hub_db

LOOPBACK = Guard([ipaddress.ip_network("127.0.0.0/8")])
PATIENCE_SECONDS = 100.0


class Clock(Protocol):
    ms: int


class Waits:
    """As `hub.delivery.clock.Clock`, on a clock that a test moves; whose wait is over goes on when the bell is rung."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ends: dict[asyncio.Event, int] = {}

    def now_ms(self) -> int:
        return self._clock.ms

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        self._ends[event] = self._clock.ms + round(seconds * 1_000)
        try:
            await event.wait()
            event.clear()
        finally:
            self._ends.pop(event, None)

    def ring(self) -> None:
        for event, end in self._ends.items():
            if end <= self._clock.ms:
                event.set()

    def count_waiting(self) -> int:
        return sum(not event.is_set() for event in self._ends)


class _Watched(ReadModel):
    """Counts the dispatcher's looks: it takes its list first, and looks at the feed's stamp then.

    Who is killed in a process of its own leaves no connection open; here a question is asked to its end.
    """

    looks = 0
    load_after = whole(ReadModel.load_after)  # type: ignore[assignment]
    load_current = whole(ReadModel.load_current)  # type: ignore[assignment]
    load_standing = whole(ReadModel.load_standing)  # type: ignore[assignment]

    def stamp(self) -> Stamp | None:
        self.looks += 1
        return super().stamp()


class Pushing:
    """`start` opens its files, `work` lets it deliver, `stop` ends it in the midst of whatever is under way."""

    def __init__(self, settings: Settings, clock: Clock, segments: Segments, receivers: Receivers) -> None:
        self._settings, self._segments, self._receivers = settings, segments, receivers
        self._waits = Waits(clock)
        self._stack = AsyncExitStack()
        self._task: asyncio.Task[None] | None = None
        self._fallen: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        state_dir, now_ms = self._settings.state_dir, self._waits.now_ms
        hub_db, reader = await open_hub_db(self._settings), FeedReader(state_dir)
        for one in (hub_db, reader):
            self._stack.push_async_callback(one.dispose)
        self._model = _Watched(reader)
        self._parts = Parts(
            hub_db=hub_db,
            read_model=self._model,
            sender=await self._stack.enter_async_context(Sender(LOOPBACK, now_ms, PATIENCE_SECONDS)),
            vault=Vault(state_dir / FILE),
            clock=self._waits,
            select=lambda asked: select(asked, self._segments, now_ms()),
            item_url="http://hub.example/v1/opportunities",
        )

    async def stop(self) -> None:
        await self.kill()
        await self._stack.aclose()

    async def kill(self) -> None:
        if self._task is not None:
            await asyncio.gather(*self._fallen, return_exceptions=True)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task, self._fallen = None, []

    def _fell(self) -> None:
        """Each courier once: what is cancelled twice does not end in order, and leaves connections behind."""
        if not self._fallen:
            self._fallen = [one.task for one in self._dispatcher._couriers.values()]
            for task in self._fallen:
                task.cancel()

    async def work(self, *, killed_at: int | None = None) -> bool:
        """Until there is nothing to do before time passes, or until so many deliveries have come (true), at which it dies."""
        if self._task is None:
            self._dispatcher = Dispatcher(self._parts, look_seconds=0.001, list_seconds=0)
            self._task = asyncio.create_task(self._dispatcher.run())
        deadly = asyncio.Event()
        end = None if killed_at is None else self._receivers.came + killed_at

        def count() -> None:
            if end is not None and self._receivers.came >= end:
                deadly.set()
                self._fell()  # before the answer is on its way

        self._receivers.on_delivery = count
        self._waits.ring()
        looks = self._model.looks
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not deadly.is_set() and (self._model.looks < looks + 2 or not self._is_idle()):
                if self._task.done():
                    self._task.result()
                await asyncio.sleep(0.001)
        if deadly.is_set():
            await self.kill()
        return deadly.is_set()

    def _is_idle(self) -> bool:
        tasks = [one.task for one in self._dispatcher._couriers.values()]
        for task in tasks:
            if task.done() and not task.cancelled():
                task.result()  # the dispatcher would begin again; here a fault is found
        return self._waits.count_waiting() >= sum(not task.done() for task in tasks)
