"""What is done with a subscription beside changing it: a test, another secret, a replay, and a look at what was sent."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from aiohttp import web
from pydantic import Field

from hub.api.bodies import REFUSALS, read_body
from hub.api.edge import EDGE
from hub.api.operation import JSON, PROBLEM, Answer, Body, NoQuery, Operation, Query
from hub.api.problems import Problem, ProblemError
from hub.api.queries import Cursor, today_of
from hub.api.subscriptions.desk import desk_of, find_own
from hub.api.subscriptions.managing import EXAMPLE, NAMED, NOT_FOUND, ONE, SCOPE, SUBSCRIPTIONS, TAG
from hub.api.subscriptions.models import (
    AttemptList,
    Replay,
    RotatedSecret,
    Rotation,
    SubscriptionBody,
    TestOutcome,
    moment_of,
    private,
    tell,
    tell_attempt,
)
from hub.delivery.message import SubscriptionTest, Trial, notice
from hub.feed.asking import selection_of
from hub.feed.filters import Filter
from hub.feed.holding import departed_since
from hub.sdk.webhook import new_secret
from hub.store.subscription_changes import alter_subscription
from hub.store.subscriptions import (
    KEPT_ATTEMPTS,
    REASON_LENGTH,
    Attempt,
    Progress,
    Subscription,
    advance,
    hold_again,
    load_attempts,
)

DEFAULT_LIMIT, LARGEST_LIMIT = 50, 200
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def try_subscription(request: web.Request, _: NoQuery) -> web.Response:
    edge, desk, one = request.app[EDGE], desk_of(request), await find_own(request)
    now, started = edge.now_ms(), time.perf_counter()
    message = notice(SubscriptionTest(type="subscription.test", data=Trial(subscription=one.id)), now)
    outcome = await desk.sender.send(one.url, message, desk.vault.secrets_of(one, now))
    took = round((time.perf_counter() - started) * 1_000)
    attempt = Attempt(message.webhook_id, "", 0, now, outcome.status, outcome.verdict, outcome.detail[:REASON_LENGTH], took)
    await advance(desk.hub_db, one.id, Progress(attempts=[attempt]), one.changed_at)
    told = TestOutcome(
        webhook_id=message.webhook_id,
        verdict=outcome.verdict,
        status=outcome.status,
        detail=outcome.detail,
        milliseconds=took,
    )
    return private(request, told)


async def rotate_secret(request: web.Request, _: NoQuery) -> web.Response:
    edge, desk, one = request.app[EDGE], desk_of(request), await find_own(request)
    seconds = (await read_body(request, Rotation, is_required=False)).overlap_seconds
    now, secret = edge.now_ms(), new_secret()
    until = now + seconds * 1_000 if seconds else None
    former = desk.vault.encrypt_former(one, now) if seconds else None
    stored = desk.vault.encrypt(secret, one.id)
    await alter_subscription(desk.hub_db, one.id, now, secret=stored, former_secret=former, former_until=until)
    return private(request, RotatedSecret(secret=secret, former_secret_until=None if until is None else moment_of(until)))


async def replay_subscription(request: web.Request, _: NoQuery) -> web.Response:
    edge, desk, one = request.app[EDGE], desk_of(request), await find_own(request)
    wanted = await read_body(request, Replay)
    if wanted.feed is not None and wanted.feed != one.feed_id:
        raise ProblemError(
            410, f"this cursor belongs to another feed id; the subscription's is {one.feed_id}", code="cursor-unknown"
        )
    if (wanted.after is None) == (wanted.since is None):
        raise ProblemError(422, "give either `after`, a cursor, or `since`, a time", code="replay")
    if wanted.after is not None and wanted.after > one.cursor:
        raise ProblemError(409, f"nothing was delivered behind cursor {one.cursor} yet", code="cursor-ahead", cursor=one.cursor)
    if wanted.since is not None:
        since_ms = max(0, (wanted.since - EPOCH) // timedelta(milliseconds=1))
        cursor = min(one.cursor, await desk.find_cursor(since_ms))
    else:
        cursor = wanted.after or 0
    if cursor:  # whoever goes back to the start holds nothing, whoever goes back to a cursor holds what it held there
        await hold_again(desk.hub_db, one.id, await departed_since(edge.read_model, _filter_of(request, one), cursor))
    await alter_subscription(desk.hub_db, one.id, edge.now_ms(), cursor=cursor, failures=0, next_at=0)
    return private(request, SubscriptionBody(**tell(await find_own(request), edge.now_ms())))


def _filter_of(request: web.Request, one: Subscription) -> Filter:
    """Raises a 410 for a segment that is over: such a subscription is disabled at its next delivery."""
    edge = request.app[EDGE]
    try:
        return selection_of(one.asked, edge.segments, today_of(edge)).filter
    except ValueError as error:
        raise ProblemError(410, str(error), code="segment-ended") from error


class AttemptsQuery(Query):
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=LARGEST_LIMIT, description="most attempts of a page")
    before: Cursor | None = Field(None, description="only attempts with smaller numbers: those before")


async def list_attempts(request: web.Request, query: AttemptsQuery) -> web.Response:
    edge, one = request.app[EDGE], await find_own(request)
    found = await load_attempts(desk_of(request).hub_db, one.id, query.limit + 1, query.before)
    shown, following = found[: query.limit], None
    if len(found) > query.limit:
        path = f"{SUBSCRIPTIONS}/{one.id}/attempts"
        following = edge.address(request, path, {"limit": query.limit, "before": shown[-1][0]})
    return private(request, AttemptList(items=[tell_attempt(number, attempt) for number, attempt in shown], next=following))


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "POST",
        f"{ONE}/test",
        try_subscription,
        "Send a test now, and tell what came of it",
        TAG,
        description="A signed webhook of the type `subscription.test`, also to a paused subscription. It changes nothing.",
        path_parameters=NAMED,
        examples=EXAMPLE,
        scope=SCOPE,
        cost=20,
        answers={200: (Answer("what came of it", JSON, TestOutcome),), 404: NOT_FOUND},
    ),
    Operation(
        "POST",
        f"{ONE}/rotate",
        rotate_secret,
        "Another secret",
        TAG,
        description=(
            "Until the overlap ends, webhooks carry a signature by the new secret and by those before it; after a further "
            "rotation within it as well, so that it may be asked for again when an answer was lost."
        ),
        path_parameters=NAMED,
        examples=EXAMPLE,
        body=Body(
            "For how long both sign; a day without a body.",
            model=Rotation,
            example={"overlap_seconds": 3_600},
            is_required=False,
        ),
        scope=SCOPE,
        cost=10,
        answers={200: (Answer("the new secret, shown this once", JSON, RotatedSecret),), 404: NOT_FOUND, **REFUSALS},
    ),
    Operation(
        "POST",
        f"{ONE}/replay",
        replay_subscription,
        "Send again from a cursor or a time on",
        TAG,
        description=(
            "Each opportunity that changed since then is sent as it is now, and what has gone since is closed again. What was "
            "sent before keeps its webhook id."
        ),
        path_parameters=NAMED,
        examples=EXAMPLE,
        body=Body("From where on: a cursor or a time.", model=Replay, example={"since": "2026-11-22T10:00:00Z"}),
        scope=SCOPE,
        cost=10,
        answers={
            200: (Answer("as it stands now", JSON, SubscriptionBody),),
            404: NOT_FOUND,
            409: (Answer("nothing was delivered behind this cursor yet", PROBLEM, Problem),),
            410: (Answer("the cursor belongs to another feed id", PROBLEM, Problem),),
            422: (Answer("neither a cursor nor a time is given, or both are", PROBLEM, Problem),),
            **REFUSALS,
        },
    ),
    Operation(
        "GET",
        f"{ONE}/attempts",
        list_attempts,
        "What was sent lately, and what came of it",
        TAG,
        description=f"The newest first; the last {KEPT_ATTEMPTS:,} are kept.",
        query=AttemptsQuery,
        path_parameters=NAMED,
        examples=EXAMPLE,
        scope=SCOPE,
        answers={200: (Answer("attempts", JSON, AttemptList),), 404: NOT_FOUND},
    ),
)
