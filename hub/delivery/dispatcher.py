"""One courier a subscription, all in one process: started, woken and ended as subscriptions and the feed change.

The feed is watched by the read model's stamp, which costs microseconds; subscriptions are read from hub.db every second. A
courier that fails is noted and begins again, later and later while it goes on failing: it never takes the others with it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from hub.delivery.courier import Courier, Parts
from hub.errors import RetryableError
from hub.store import subscriptions
from hub.store.subscriptions import Subscription
from hub.telemetry import metrics
from hub.telemetry.logs import describe

LOOK_SECONDS = 0.02
LIST_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 300.0
STATES = ("active", "away", "paused", "disabled")
"""Labels of the metric. `away`: active, but its receiver could not be reached lately."""

log = structlog.get_logger()


@dataclass(slots=True)
class _Employed:
    courier: Courier
    task: asyncio.Task[None]
    changed_at: int
    since: float


@dataclass(slots=True)
class _Failed:
    """`times` in a row; not before `until` (of the loop's clock), unless somebody changed the subscription meanwhile."""

    times: int
    until: float
    changed_at: int


class Dispatcher:
    """`look_seconds`, `list_seconds`: rhythms of looking at the feed's stamp and at the list of subscriptions."""

    def __init__(self, parts: Parts, *, look_seconds: float = LOOK_SECONDS, list_seconds: float = LIST_SECONDS) -> None:
        self._parts = parts
        self._look_seconds = look_seconds
        self._list_seconds = list_seconds
        self._couriers: dict[str, _Employed] = {}
        self._failed: dict[str, _Failed] = {}

    async def run(self) -> None:
        """Until cancelled."""
        seen, listed_at = None, 0.0
        loop = asyncio.get_running_loop()
        try:
            while True:
                if loop.time() - listed_at >= self._list_seconds:
                    await self._list()
                    listed_at = loop.time()
                stamp = self._parts.read_model.stamp()
                if stamp is None or stamp != seen:
                    seen = stamp
                    for one in self._couriers.values():
                        if not (one.courier.is_resting or one.courier.needs_feed):
                            one.courier.woken.set()
                await asyncio.sleep(self._look_seconds if stamp is not None else self._list_seconds)
        finally:
            tasks = [one.task for one in self._couriers.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _list(self) -> None:
        try:
            listed = await subscriptions.load_subscriptions(self._parts.hub_db)
            self._take_up(listed)
            await self._measure(listed, await self._look_at_feed())
        except (OperationalError, PoolTimeoutError) as error:
            log.warning("subscriptions cannot be read now", error=describe(error))

    def _take_up(self, listed: list[Subscription]) -> None:
        now = asyncio.get_running_loop().time()
        active = {one.id: one for one in listed if one.state == "active"}
        for id_, one in list(self._couriers.items()):
            if one.task.done():
                self._note_end(id_, one, now)
                del self._couriers[id_]
            elif id_ not in active or active[id_].changed_at != one.changed_at:
                one.changed_at = active[id_].changed_at if id_ in active else -1
                one.courier.woken.set()
        self._failed = {id_: failed for id_, failed in self._failed.items() if id_ in active}
        for id_ in active.keys() - self._couriers.keys():
            failed = self._failed.get(id_)
            if failed is None or failed.until <= now or failed.changed_at != active[id_].changed_at:
                courier = Courier(self._parts, id_)
                self._couriers[id_] = _Employed(courier, asyncio.create_task(courier.run()), active[id_].changed_at, now)

    def _note_end(self, id_: str, one: _Employed, now: float) -> None:
        if one.task.cancelled() or (error := one.task.exception()) is None:
            return
        failed = self._failed.get(id_)
        times = 1 if failed is None or now - one.since > 2 * LONGEST_PAUSE_SECONDS else failed.times + 1
        pause = min(2.0 ** min(times - 1, 16), LONGEST_PAUSE_SECONDS)
        self._failed[id_] = _Failed(times, now + pause, one.changed_at)
        log.error("a courier failed and begins again", subscription=id_, error=describe(error), seconds=pause)

    async def _look_at_feed(self) -> int | None:
        """Its position, None while it cannot be read. Wakes the couriers that wait for it once it is complete."""
        try:
            standing = await self._parts.read_model.load_standing()
        except RetryableError:
            return None
        if standing.is_complete:
            for employed in self._couriers.values():
                if employed.courier.needs_feed:
                    employed.courier.woken.set()
        return standing.position

    async def _measure(self, listed: list[Subscription], position: int | None) -> None:
        states = Counter("away" if one.state == "active" and one.failures else one.state for one in listed)
        for state in STATES:
            metrics.SUBSCRIPTIONS.labels(state).set(states[state])
        metrics.DELIVERY_PARKED.set(await subscriptions.count_parked(self._parts.hub_db))
        if position is not None:
            # A subscription whose receiver is away is behind for the receiver's reasons.
            behind = [position - one.cursor for one in listed if one.state == "active" and not one.failures]
            metrics.DELIVERY_LAG.set(max(0, *behind, 0))
