"""One round of a subscription, as arithmetic: outcomes of messages in, what is to be written down out. Pure.

Messages are in the log's order, whatever the order in which they were answered. The cursor moves over everything that was
delivered, parked, or of no concern to the receiver, and stops before the first message that found nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hub.delivery.message import Message
from hub.delivery.outcome import Outcome
from hub.delivery.schedule import item_pause, receiver_pause
from hub.feed.read_model import Change
from hub.store.subscriptions import REASON_LENGTH, Attempt, Parked, Progress, Subscription, Waiting

MOST_REFUSED_IN_ROW = 20
"""Different opportunities refused one after the other: then the fault is not an item's, and the subscription is paused."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message and what came of it; `outcome` None: it was not sent, because its receiver is away."""

    message: Message
    outcome: Outcome | None
    at: int = 0
    milliseconds: int = 0
    is_known: bool = False
    """It was taken in an earlier round and is not sent again."""


def conclude(
    current: Subscription,
    sent: Sequence[Sent],
    *,
    reached: int,
    parked: Mapping[str, Parked],
    now_ms: int,
    intended: Collection[str] = (),
) -> Progress:
    """`reached`: cursor behind the last change that was looked at; `parked`: what waits on a schedule of its own, as it was
    before the round (what was given up is not among it); `intended`: opportunities that count as held only because they were
    about to be sent.
    """
    told = _Told(current, parked, intended, now_ms, stops=[reached], in_row=current.refused_in_row)
    for one in sent:
        told.take(one)
    progress, ending = told.progress, told.ending or told.too_many
    progress.unparked -= {one.id for one in progress.parked}
    failures = 0 if told.away is None else 1 if _has_taken(sent) else current.failures + 1
    progress.values = {
        "cursor": max(current.cursor, min(told.stops)),
        "refused_in_row": 0 if ending is not None else told.in_row,  # counted anew after a pause
        "failures": failures,
        "next_at": _next_at(current, told.away, failures, now_ms),
    }
    if ending is not None:
        progress.values |= {"state": ending[0], "reason": ending[1][:REASON_LENGTH]}
    return progress


@dataclass(slots=True)
class _Told:
    """What the messages that were taken up so far come to; the first four fields are `conclude`'s."""

    current: Subscription
    parked: Mapping[str, Parked]
    intended: Collection[str]
    now_ms: int
    stops: list[int]
    """Cursors; the subscription goes no further than the smallest."""
    in_row: int
    away: Outcome | None = None
    ending: tuple[str, str] | None = None
    """State and reason: the receiver is gone, or must not be sent to."""
    too_many: tuple[str, str] | None = None
    """State and reason: one opportunity after the other was refused."""
    progress: Progress = field(default_factory=Progress)

    def take(self, one: Sent) -> None:
        outcome = one.outcome
        if outcome is None or outcome.found_nobody:
            self._leave(one)
        elif outcome.verdict == "delivered":
            self._deliver(one.message)
        else:
            self._refuse(one.message, outcome)
        if outcome is not None and not one.is_known:
            self.progress.attempts.append(_attempt(one, outcome))

    def _leave(self, one: Sent) -> None:
        """The cursor stays before the message, unless that is parked and so has a row of its own to come back from."""
        message, outcome = one.message, one.outcome
        if message.opportunity not in self.parked:
            self.stops.append(message.cursor - 1)
        if message.opportunity in self.intended and (outcome is None or outcome.verdict == "forbidden"):
            self.progress.closed.add(message.opportunity)  # it never left this machine
        if outcome is not None:
            self.away = outcome if outcome.verdict == "away" else self.away
            self.ending = _ending(outcome) or self.ending

    def _deliver(self, message: Message) -> None:
        self.in_row = 0
        (self.progress.opened if message.opens else self.progress.closed).add(message.opportunity)
        self.progress.unparked.add(message.opportunity)

    def _refuse(self, message: Message, outcome: Outcome) -> None:
        known = self.parked.get(message.opportunity)
        self.in_row += known is None
        if self.in_row >= MOST_REFUSED_IN_ROW:
            reason = f"{self.in_row} different opportunities were refused one after the other: {outcome.detail}"
            self.too_many = "paused", reason
        if message.opportunity in self.intended and outcome.says_not_taken:
            self.progress.closed.add(message.opportunity)
        self.progress.parked.append(_park(self.current, message, outcome, known, self.now_ms))


def _has_taken(sent: Sequence[Sent]) -> bool:
    """A receiver that took some of the round is there, even if it asked for a pause (429) or failed now and then. Its pauses
    must not double for that, or it would never catch up."""
    return any(one.outcome is not None and one.outcome.verdict == "delivered" and not one.is_known for one in sent)


def settle(progress: Progress, sent: Sequence[Sent], waiting: Waiting, folded: Mapping[str, Change]) -> None:
    """A parked item keeps its place in the schedule and takes up its later changes (`folded`); one that was due and made no
    message is parked no more.
    """
    told = {one.message.opportunity for one in sent}
    progress.unparked |= {one.id for one in waiting.due} - told
    settled = {one.id for one in progress.parked} | progress.unparked
    progress.parked += [replace(waiting.found[id_], cursor=change.cursor) for id_, change in folded.items() if id_ not in settled]


def _ending(outcome: Outcome) -> tuple[str, str] | None:
    if outcome.verdict == "gone":
        return "disabled", outcome.detail
    if outcome.verdict == "forbidden":
        return "paused", outcome.detail
    return None


def _next_at(current: Subscription, away: Outcome | None, failures: int, now_ms: int) -> int:
    if away is None:
        return 0
    return now_ms + round(1_000 * receiver_pause(failures, away.retry_after, current.id))


def _park(current: Subscription, message: Message, outcome: Outcome, known: Parked | None, now_ms: int) -> Parked:
    tries = known.tries + 1 if known is not None else 1
    pause = item_pause(tries, f"{current.id}/{message.opportunity}")
    return Parked(
        id=message.opportunity,
        cursor=message.cursor,
        tries=tries,
        first_at=known.first_at if known is not None else now_ms,
        next_at=0 if pause is None else now_ms + round(1_000 * pause),
        detail=outcome.detail[:REASON_LENGTH],
    )


def _attempt(one: Sent, outcome: Outcome) -> Attempt:
    message = one.message
    return Attempt(
        webhook_id=message.webhook_id,
        opportunity=message.opportunity,
        cursor=message.cursor,
        at=one.at,
        status=outcome.status,
        verdict=outcome.verdict,
        detail=outcome.detail[:REASON_LENGTH],
        milliseconds=one.milliseconds,
    )
