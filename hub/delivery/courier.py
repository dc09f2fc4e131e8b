"""Delivers to one subscription: what is new since its cursor, and what its receiver refused before and is due again.

A round reads a batch of changes, sends what concerns the receiver, several at a time but never two of one opportunity, and
writes down what came of it with the cursor in one transaction. So a crash repeats a round, with the same webhook ids, and
skips nothing. A receiver that is away costs a position and a time; others do not notice.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.delivery.clock import Clock
from hub.delivery.message import Message, closing, plan
from hub.delivery.outcome import Outcome
from hub.delivery.round import Sent, conclude
from hub.delivery.sender import Sender
from hub.delivery.vault import Vault
from hub.errors import RetryableError
from hub.feed.projection import Standing
from hub.feed.read_model import Change, ReadModel
from hub.feed.selection import Selection
from hub.store import subscriptions
from hub.store.subscriptions import Parked, Progress, Subscription
from hub.telemetry import metrics

BATCH = 100
AT_ONCE = 8
"""Deliveries to one receiver that are under way at the same time."""
LOOK_SECONDS = 3_600.0
"""A courier looks for itself this often at least, whoever should have woken it."""

log = structlog.get_logger()


class NoSelectionError(Exception):
    """What the subscription asks for cannot be had any more; the message says why."""


@dataclass(frozen=True)
class Parts:
    """What all couriers share. `select`: query parameters → selection, raises NoSelectionError; `item_url`: address below
    which items are found.
    """

    hub_db: AsyncEngine
    read_model: ReadModel
    sender: Sender
    vault: Vault
    clock: Clock
    select: Callable[[Mapping[str, str]], Selection]
    item_url: str


class Courier:
    def __init__(self, parts: Parts, id_: str) -> None:
        self._parts = parts
        self._id = id_
        self._delivered: set[str] = set()
        """Webhook ids that were taken behind the cursor while others found nobody: they need not be sent again."""
        self.woken = asyncio.Event()

    async def run(self) -> None:
        """Until the subscription is paused, disabled or removed, or this task is cancelled."""
        while True:
            current = await subscriptions.find_subscription(self._parts.hub_db, self._id)
            if current is None or current.state != "active":
                return
            pause = self._until(current.next_at)
            if pause <= 0:
                try:
                    pause = await self._round(current)
                except RetryableError as error:
                    log.warning("deliveries wait", subscription=self._id, error=str(error))
                    pause = 1.0
            if pause > 0:
                await self._parts.clock.wait(self.woken, min(pause, LOOK_SECONDS))

    async def _round(self, current: Subscription) -> float:
        """Seconds until there is something to do, as far as can be known."""
        parts = self._parts
        try:
            selection = parts.select(current.asked)
        except NoSelectionError as error:
            progress = Progress(values={"state": "disabled", "reason": str(error)[:500]})
            await subscriptions.advance(parts.hub_db, self._id, progress, current.changed_at)
            return 0.0
        standing, changes = await parts.read_model.load_after(current.cursor, BATCH, selection.filter, with_digest=False)
        if selection.feed_id(standing) != current.feed_id:
            return await self._begin_anew(current, selection, standing)
        known = await subscriptions.load_parked(parts.hub_db, self._id)
        waiting = {id_: one for id_, one in known.items() if one.next_at}
        due = [one for one in waiting.values() if one.next_at <= parts.clock.now_ms()]
        folded = {change.id for change in changes} & waiting.keys()
        fresh, opened = await self._plan(selection, standing, [change for change in changes if change.id not in folded])
        again, opened_again = await self._plan_again(selection, due)
        intended = opened | opened_again
        # Before anything is sent: whoever dies between a delivery and its record must still close it one day.
        await subscriptions.note_held(parts.hub_db, self._id, intended)
        sent = await self._send_all(current, [*fresh, *again])
        reached = changes[-1].cursor if len(changes) == BATCH else max(current.cursor, standing.position)
        progress = conclude(current, sent, reached=reached, parked=waiting, now_ms=parts.clock.now_ms(), intended=intended)
        self._settle(progress, again, due, {change.id: change for change in changes if change.id in folded}, waiting)
        await self._write(current, progress)
        if progress.values["next_at"]:
            return self._until(progress.values["next_at"])
        if len(changes) == BATCH or "state" in progress.values:
            return 0.0
        soonest = min((one.next_at for one in (*waiting.values(), *progress.parked) if one.next_at), default=None)
        return LOOK_SECONDS if soonest is None else max(0.05, self._until(soonest))

    async def _plan(self, selection: Selection, standing: Standing, changes: Sequence[Change]) -> tuple[list[Message], set[str]]:
        """The messages, and which opportunities the receiver gets to hold by them."""
        held = await subscriptions.load_held(self._parts.hub_db, self._id, [change.id for change in changes])
        messages = plan(self._id, selection.feed_id(standing), changes, held, self._parts.item_url)
        return messages, {message.opportunity for message in messages if message.opens} - held

    async def _plan_again(self, selection: Selection, due: Sequence[Parked]) -> tuple[list[Message], set[str]]:
        """What was refused is sent as it is now: later changes have taken its place."""
        if not due:
            return [], set()
        standing, changes = await self._parts.read_model.load_current([one.id for one in due], selection.filter)
        return await self._plan(selection, standing, changes)

    def _settle(
        self,
        progress: Progress,
        again: Sequence[Message],
        due: Sequence[Parked],
        folded: Mapping[str, Change],
        waiting: Mapping[str, Parked],
    ) -> None:
        """What waits keeps its place in the schedule and takes up what came since; what has nothing left to say goes."""
        progress.unparked |= {one.id for one in due} - {message.opportunity for message in again}
        parked_now = {one.id for one in progress.parked}
        for id_, change in folded.items():
            if id_ not in parked_now and id_ not in progress.unparked:
                progress.parked.append(replace(waiting[id_], cursor=change.cursor))

    async def _begin_anew(self, current: Subscription, selection: Selection, standing: Standing) -> float:
        """The feed is another one, or the segment another selection: everything is told again from the start, and what the
        receiver holds and the feed does not know at all is closed first.
        """
        parts = self._parts
        if not standing.is_complete:
            raise RetryableError("the feed is being read from Kafka")
        feed_id, after = selection.feed_id(standing), ""
        progress = Progress(values={"feed_id": feed_id, "cursor": 0})
        while held := await subscriptions.load_held_after(parts.hub_db, self._id, after, BATCH):
            after = held[-1]
            _, found = await parts.read_model.load_current(held, selection.filter)
            lost = sorted(set(held) - {change.id for change in found})
            sent = await self._send_all(current, [closing(self._id, feed_id, id_, 0) for id_ in lost])
            part = conclude(current, sent, reached=0, parked={}, now_ms=parts.clock.now_ms())
            if part.values["next_at"] or "state" in part.values:
                await self._write(current, replace(part, values={**part.values, "cursor": current.cursor}))
                return self._until(part.values["next_at"])
            progress.closed |= part.closed
            progress.attempts += part.attempts
        await self._write(current, progress)
        return 0.0

    async def _send_all(self, current: Subscription, messages: Sequence[Message]) -> list[Sent]:
        """Each opportunity once, so no order among them is promised; when the receiver is away the rest is left."""
        turn, is_away = asyncio.Semaphore(AT_ONCE), False
        secrets = self._secrets_of(current)

        async def send(message: Message) -> Sent:
            nonlocal is_away
            if message.webhook_id in self._delivered:
                return Sent(message, Outcome("delivered"), is_known=True)
            async with turn:
                if is_away:
                    return Sent(message, None)
                at, started = self._parts.clock.now_ms(), time.perf_counter()
                outcome = await self._parts.sender.send(current.url, message, secrets)
                is_away = is_away or outcome.verdict in ("away", "gone", "forbidden")
                metrics.DELIVERIES.labels(outcome.verdict).inc()
                return Sent(message, outcome, at, round((time.perf_counter() - started) * 1_000))

        sent = list(await asyncio.gather(*map(send, messages)))
        self._delivered = {one.message.webhook_id for one in sent if one.outcome and one.outcome.verdict == "delivered"}
        return sent

    def _until(self, at_ms: int) -> float:
        return (at_ms - self._parts.clock.now_ms()) / 1_000

    def _secrets_of(self, current: Subscription) -> list[str]:
        secrets = [self._parts.vault.decrypt(current.secret, self._id)]
        if current.former_secret is not None and (current.former_until or 0) > self._parts.clock.now_ms():
            secrets.append(self._parts.vault.decrypt(current.former_secret, self._id))
        return secrets

    async def _write(self, current: Subscription, progress: Progress) -> None:
        if await subscriptions.advance(self._parts.hub_db, self._id, progress, current.changed_at) and "state" in progress.values:
            log.error("a subscription was stopped", subscription=self._id, reason=progress.values["reason"])
            metrics.SUBSCRIPTIONS_STOPPED.inc()
