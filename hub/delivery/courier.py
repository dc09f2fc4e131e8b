"""Delivers to one subscription: what is new since its cursor, and what its receiver refused before and is due again.

A round reads a batch of changes, sends what concerns the receiver, several at a time but never two of one opportunity, and
writes down what came of it with the cursor in one transaction. So a crash repeats a round, with the same webhook ids, and
skips nothing. A receiver that is away costs a position and a time; others do not notice.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.delivery.clock import Clock
from hub.delivery.message import Message, closing, plan
from hub.delivery.notice import Notices
from hub.delivery.outcome import Outcome
from hub.delivery.round import MOST_REFUSED_IN_ROW, Sent, conclude, settle
from hub.delivery.sender import Sender
from hub.delivery.vault import Vault
from hub.errors import RetryableError
from hub.feed.projection import Standing
from hub.feed.read_model import Change, FeedNotReadyError, ReadModel
from hub.feed.selection import Selection
from hub.store import subscriptions
from hub.store.subscriptions import REASON_LENGTH, Parked, Progress, Subscription, Waiting
from hub.telemetry import metrics
from hub.telemetry.logs import describe

BATCH = 100
AT_ONCE = 8
"""Deliveries to one receiver that are under way at the same time."""
IDLE_SECONDS = 1.0
"""Between two writes of a cursor that only moved over changes of no concern to the receiver."""
RETRY_SECONDS = 1.0
FEED_SECONDS = 30.0
"""Between two looks of a courier by itself while the feed cannot be read; the dispatcher wakes it sooner."""
LOOK_SECONDS = 3_600.0
"""Longest wait of a courier that nobody wakes."""

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
    notices: Notices | None = None


class Courier:
    def __init__(self, parts: Parts, id_: str) -> None:
        self._parts = parts
        self._id = id_
        self._delivered: set[str] = set()
        """Webhook ids that were taken after a message that was not, at which the cursor stays: they are not sent again."""
        self._changed_at = -1
        self._walked = 0
        """Cursor after changes of no concern to the receiver; not written down yet."""
        self._written_at = 0
        self.woken = asyncio.Event()
        self.is_resting = False
        """Its receiver is away: a change of the subscription wakes it, news of the feed does not."""
        self.needs_feed = False
        """It waits for the feed to be complete: until then neither news nor changes need wake it."""

    async def run(self) -> None:
        """Until the subscription is paused, disabled or removed, or this task is cancelled."""
        while True:
            self.needs_feed = False
            try:
                pause = await self._look()
            except FeedNotReadyError as error:
                log.warning("deliveries wait for the feed", subscription=self._id, error=str(error))
                self.needs_feed, pause = True, FEED_SECONDS
            except RetryableError as error:
                log.warning("deliveries wait", subscription=self._id, error=str(error))
                pause = None
            except (OperationalError, PoolTimeoutError) as error:
                log.warning("deliveries wait for hub.db", subscription=self._id, error=describe(error))
                pause = None
            if pause is None:  # what wakes a courier does not mend these
                await self._parts.clock.wait(asyncio.Event(), RETRY_SECONDS)
            elif pause < 0:
                return
            elif pause > 0:
                await self._parts.clock.wait(self.woken, min(pause, LOOK_SECONDS))

    async def _look(self) -> float:
        """Seconds until there is something to do, as far as can be known; below 0: there is nothing to do any more."""
        current = await subscriptions.find_subscription(self._parts.hub_db, self._id)
        if current is None or current.state != "active":
            return -1.0
        if current.changed_at != self._changed_at:  # a replay may have set it back: what was delivered is to come again
            self._changed_at, self._delivered, self._walked = current.changed_at, set(), 0
        pause = self._until(current.next_at)
        self.is_resting = pause > 0
        return pause if pause > 0 else await self._round(replace(current, cursor=max(current.cursor, self._walked)))

    async def _round(self, current: Subscription) -> float:
        parts = self._parts
        try:
            selection = parts.select(current.asked)
        except NoSelectionError as error:
            await self._write(current, Progress(values={"state": "disabled", "reason": str(error)[:REASON_LENGTH]}))
            return 0.0
        standing, changes = await parts.read_model.load_after(current.cursor, BATCH, selection.filter, with_digest=False)
        if not standing.is_complete:  # an item that is not read yet would pass for one that is gone
            raise FeedNotReadyError("the feed is being read from Kafka")
        if selection.feed_id(standing) != current.feed_id:
            return await self._begin_anew(current, selection, standing)
        now_ms, ids = parts.clock.now_ms(), [change.id for change in changes]
        waiting = await subscriptions.load_waiting(parts.hub_db, self._id, ids, now_ms, BATCH)
        folded = {change.id: change for change in changes if change.id in waiting.found}
        again, lost = await self._load_due(current, selection, waiting.due)
        held = await subscriptions.load_held(parts.hub_db, self._id, [*ids, *(one.id for one in waiting.due)])
        fresh = [change for change in changes if change.id not in folded]
        messages = plan(current.key, current.feed_id, [*fresh, *again], held, parts.item_url)
        messages += [closing(current.key, current.feed_id, one.id, one.cursor) for one in lost if one.id in held]
        intended = {message.opportunity for message in messages if message.opens} - held
        # Before anything is sent: after a crash between a delivery and its record the item must still be closed one day.
        if not await subscriptions.note_held(parts.hub_db, self._id, intended, current.changed_at):
            return 0.0
        sent = await self._send_all(current, messages, waiting.found)
        reached = changes[-1].cursor if len(changes) == BATCH else max(current.cursor, standing.position)
        now_ms = parts.clock.now_ms()
        progress = conclude(current, sent, reached=reached, parked=waiting.found, now_ms=now_ms, intended=intended)
        settle(progress, sent, waiting, folded)
        return await self._conclude(current, progress, waiting, is_full=len(changes) == BATCH)

    async def _load_due(
        self, current: Subscription, selection: Selection, due: Sequence[Parked]
    ) -> tuple[list[Change], list[Parked]]:
        """What was refused and is due: the items as they are now, and those that the feed does not know any more."""
        if not due:
            return [], []
        standing, changes = await self._parts.read_model.load_current([one.id for one in due], selection.filter)
        if selection.feed_id(standing) != current.feed_id:
            raise RetryableError("the feed has just become another one")
        found = {change.id for change in changes}
        return changes, [one for one in due if one.id not in found]

    async def _conclude(self, current: Subscription, progress: Progress, waiting: Waiting, *, is_full: bool) -> float:
        """Write the round down, or remember it while it has moved nothing but the cursor."""
        now_ms, is_idle = self._parts.clock.now_ms(), _is_idle(current, progress)
        rest = IDLE_SECONDS - (now_ms - self._written_at) / 1_000
        has_moved = progress.values["cursor"] != current.cursor or self._walked == current.cursor
        if is_idle and (rest > 0 or not has_moved):
            self._walked = progress.values["cursor"]
        elif await self._write(current, progress):
            self._written_at, self._walked, has_moved = now_ms, 0, False
        else:
            return 0.0
        if progress.values["next_at"]:
            self.is_resting = True
            return self._until(progress.values["next_at"])
        if is_full or "state" in progress.values:
            return 0.0
        ends = [one.next_at for one in progress.parked if one.next_at] + [waiting.next_at] * bool(waiting.next_at)
        pause = max(0.0, self._until(min(ends))) if ends else LOOK_SECONDS
        return min(pause, max(rest, 0.05)) if is_idle and has_moved else pause

    async def _begin_anew(self, current: Subscription, selection: Selection, standing: Standing) -> float:
        """The feed is another one, or the segment another selection: everything is told again from the start, and what the
        receiver holds and the feed does not know at all is closed first, page by page, so that no page is told twice.
        """
        parts = self._parts
        feed_id, after = selection.feed_id(standing), ""
        while held := await subscriptions.load_held_after(parts.hub_db, self._id, after, BATCH):
            after = held[-1]
            _, found = await parts.read_model.load_current(held, selection.filter)
            lost = sorted(set(held) - {change.id for change in found})
            if not lost:
                continue
            waiting = await subscriptions.load_waiting(parts.hub_db, self._id, lost, 0, BATCH)
            sent = await self._send_all(current, [closing(current.key, feed_id, id_, 0) for id_ in lost], waiting.found)
            part = conclude(current, sent, reached=0, parked=waiting.found, now_ms=parts.clock.now_ms())
            if not await self._write(current, part) or "state" in part.values:
                return 0.0
            if part.values["next_at"]:
                self.is_resting = True
                return self._until(part.values["next_at"])
            current = replace(current, refused_in_row=part.values["refused_in_row"], failures=0)
        self._walked = 0
        await self._write(current, Progress(values={"feed_id": feed_id, "cursor": 0}))
        return 0.0

    async def _send_all(self, current: Subscription, messages: Sequence[Message], parked: Container[str]) -> list[Sent]:
        """Each opportunity once, so no order among them is promised. When the receiver is away, or refuses so many in a row that
        the subscription will be paused, the rest is left.
        """
        turn, is_away, in_row = asyncio.Semaphore(AT_ONCE), False, current.refused_in_row
        secrets = self._parts.vault.secrets_of(current, self._parts.clock.now_ms())

        async def send(message: Message) -> Sent:
            nonlocal is_away, in_row
            if message.webhook_id in self._delivered:
                return Sent(message, Outcome("delivered"), is_known=True)
            async with turn:
                if is_away or in_row >= MOST_REFUSED_IN_ROW:
                    return Sent(message, None)
                at, started = self._parts.clock.now_ms(), time.perf_counter()
                outcome = await self._parts.sender.send(current.url, message, secrets)
                is_away = is_away or outcome.found_nobody
                if outcome.verdict == "delivered":
                    in_row = 0
                elif outcome.verdict == "refused":
                    in_row += message.opportunity not in parked
                metrics.DELIVERIES.labels(outcome.verdict).inc()
                return Sent(message, outcome, at, round((time.perf_counter() - started) * 1_000))

        async with asyncio.TaskGroup() as group:  # a fault of ours in one cancels the others
            tasks = [group.create_task(send(message)) for message in messages]
        sent = [task.result() for task in tasks]
        self._delivered = {one.message.webhook_id for one in sent if one.outcome and one.outcome.verdict == "delivered"}
        return sent

    def _until(self, at_ms: int) -> float:
        return (at_ms - self._parts.clock.now_ms()) / 1_000

    async def _write(self, current: Subscription, progress: Progress) -> bool:
        """False when a person has changed the subscription meanwhile: nothing is written, and the next look begins there."""
        is_written = await subscriptions.advance(self._parts.hub_db, self._id, progress, current.changed_at)
        if is_written and "state" in progress.values:
            log.error("a subscription was stopped", subscription=self._id, reason=progress.values["reason"])
            metrics.SUBSCRIPTIONS_STOPPED.inc()
            if self._parts.notices is not None:
                self._parts.notices.tell(current, progress.values["state"], progress.values["reason"])
        return is_written


def _is_idle(current: Subscription, progress: Progress) -> bool:
    """The round came to nothing but another cursor."""
    has_told = progress.attempts or progress.parked or progress.unparked or progress.opened or progress.closed
    return not has_told and current.failures == 0 and "state" not in progress.values
