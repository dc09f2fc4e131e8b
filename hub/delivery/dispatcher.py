"""One courier a subscription, all in one process: started, woken and ended as subscriptions and the feed change.

The feed is watched by the read model's stamp, which costs microseconds; subscriptions are read from hub.db every second. A
courier that fails is noted and begins again: it never takes the others with it.
"""

from __future__ import annotations

import asyncio
from collections import Counter

import structlog

from hub.delivery.courier import Courier, Parts
from hub.errors import RetryableError
from hub.store import subscriptions
from hub.store.subscriptions import Subscription
from hub.telemetry import metrics
from hub.telemetry.logs import describe

LOOK_SECONDS = 0.02
LIST_SECONDS = 1.0
STATES: tuple[subscriptions.State, ...] = ("active", "paused", "disabled")

log = structlog.get_logger()


class Dispatcher:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._couriers: dict[str, tuple[Courier, asyncio.Task[None], int]] = {}

    async def run(self) -> None:
        """Until cancelled."""
        seen, listed_at = None, 0.0
        loop = asyncio.get_running_loop()
        try:
            while True:
                if loop.time() - listed_at >= LIST_SECONDS:
                    await self._take_up(await subscriptions.load_subscriptions(self._parts.hub_db))
                    listed_at = loop.time()
                stamp = self._parts.read_model.stamp()
                if stamp is None or stamp != seen:
                    seen = stamp
                    for courier, _, _ in self._couriers.values():
                        courier.woken.set()
                await asyncio.sleep(LOOK_SECONDS if stamp is not None else LIST_SECONDS)
        finally:
            tasks = [task for _, task, _ in self._couriers.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _take_up(self, listed: list[Subscription]) -> None:
        active = {one.id: one for one in listed if one.state == "active"}
        for id_, (courier, task, changed_at) in list(self._couriers.items()):
            if task.done():
                self._note_end(id_, task)
                del self._couriers[id_]
            elif id_ in active and active[id_].changed_at != changed_at:
                self._couriers[id_] = courier, task, active[id_].changed_at
                courier.woken.set()
        for id_ in active.keys() - self._couriers.keys():
            courier = Courier(self._parts, id_)
            self._couriers[id_] = courier, asyncio.create_task(courier.run()), active[id_].changed_at
        await self._measure(listed)

    def _note_end(self, id_: str, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a courier failed and begins again", subscription=id_, error=describe(error))

    async def _measure(self, listed: list[Subscription]) -> None:
        states = Counter(one.state for one in listed)
        for state in STATES:
            metrics.SUBSCRIPTIONS.labels(state).set(states[state])
        try:
            standing = await self._parts.read_model.load_standing()
        except RetryableError:
            return
        behind = [standing.position - one.cursor for one in listed if one.state == "active"]
        metrics.DELIVERY_LAG.set(max(behind, default=0))
        metrics.DELIVERY_PARKED.set(await subscriptions.count_parked(self._parts.hub_db))
