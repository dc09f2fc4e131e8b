"""One round of a subscription, as arithmetic: outcomes of messages in, what is to be written down out. Pure.

Messages are in the log's order, whatever the order in which they were answered. The cursor moves over everything that was
delivered, parked, or of no concern to the receiver, and stops before the first message that found nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

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
    progress = Progress()
    in_row = current.refused_in_row
    away: Outcome | None = None
    stops = [reached]
    ending: tuple[str, str] | None = None
    refused: tuple[str, str] | None = None
    for one in sent:
        outcome, message = one.outcome, one.message
        if outcome is None or outcome.verdict in ("away", "gone", "forbidden"):
            _leave(progress, stops, one, parked, intended)
            if outcome is not None:
                away = outcome if outcome.verdict == "away" else away
                ending = _ending(outcome) or ending
        elif outcome.verdict == "delivered":
            in_row = 0
            (progress.opened if message.opens else progress.closed).add(message.opportunity)
            progress.unparked.add(message.opportunity)
        else:
            in_row += message.opportunity not in parked
            refused = _too_many(in_row, outcome) or refused
            if message.opportunity in intended and outcome.says_not_taken:
                progress.closed.add(message.opportunity)
            progress.parked.append(_park(current, message, outcome, parked.get(message.opportunity), now_ms))
        if outcome is not None and not one.is_known:
            progress.attempts.append(_attempt(one, outcome))
    progress.unparked -= {one.id for one in progress.parked}
    ending = ending or refused
    failures = 0 if away is None else 1 if _has_taken(sent) else current.failures + 1
    progress.values = {
        "cursor": max(current.cursor, min(stops)),
        "refused_in_row": 0 if ending is not None else in_row,  # counted anew after a pause
        "failures": failures,
        "next_at": _next_at(current, away, failures, now_ms),
    }
    if ending is not None:
        progress.values |= {"state": ending[0], "reason": ending[1][:REASON_LENGTH]}
    return progress


def _has_taken(sent: Sequence[Sent]) -> bool:
    """A receiver that took some of the round is there, even if it asked for a pause (429) or failed now and then. Its pauses
    must not double for that, or it would never catch up."""
    return any(one.outcome is not None and one.outcome.verdict == "delivered" and not one.is_known for one in sent)


def _leave(progress: Progress, stops: list[int], one: Sent, parked: Mapping[str, Parked], intended: Collection[str]) -> None:
    """The receiver was not there: the cursor stays before the message, unless that is parked and so has a row of its own."""
    message = one.message
    if message.opportunity not in parked:
        stops.append(message.cursor - 1)
    if message.opportunity in intended and (one.outcome is None or one.outcome.verdict == "forbidden"):
        progress.closed.add(message.opportunity)  # it never left this machine


def _too_many(in_row: int, outcome: Outcome) -> tuple[str, str] | None:
    if in_row < MOST_REFUSED_IN_ROW:
        return None
    return "paused", f"{in_row} different opportunities were refused one after the other: {outcome.detail}"


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
