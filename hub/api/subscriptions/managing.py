"""Subscriptions of the caller: made, listed, looked at, changed, deleted. Nobody sees another's."""

from __future__ import annotations

from typing import Any

import orjson
import structlog
from aiohttp import web

from hub.api.access.gate import CALLER
from hub.api.bodies import REFUSALS, read_body
from hub.api.edge import EDGE
from hub.api.operation import JSON, PROBLEM, Answer, Body, NoQuery, Operation
from hub.api.problems import Problem, ProblemError, unavailable
from hub.api.queries import require_place
from hub.api.subscriptions.desk import Desk, desk_of, find_own, not_found
from hub.api.subscriptions.models import (
    Change,
    MadeSubscription,
    NewSubscription,
    SubscriptionBody,
    SubscriptionDetail,
    SubscriptionFilter,
    SubscriptionList,
    private,
    tag_of,
    tell,
)
from hub.api.subscriptions.places import judge_place
from hub.api.surfaces.snapshot import SNAPSHOT
from hub.delivery.guard import ForbiddenAddressError
from hub.feed.holding import held_at
from hub.feed.selection import Selection
from hub.sdk.webhook import new_secret
from hub.store.subscription_changes import RESUMED, TooManyError, alter_subscription, count_of, make_holding, make_subscription
from hub.store.subscriptions import Subscription, load_subscriptions, new_id, remove_subscription

SUBSCRIPTIONS = "/v1/subscriptions"
ONE = f"{SUBSCRIPTIONS}/{{subscription}}"
SCOPE, TAG = "push", "subscriptions"
NAMED = {"subscription": "id of a subscription of yours"}
EXAMPLE = {"subscription": "sub_0123456789abcdef0123"}
NOT_FOUND = (Answer("there is no such subscription of yours", PROBLEM, Problem),)
BAD_PLACE = Answer("webhooks may not go to this address", PROBLEM, Problem)
NO_SEGMENT = (Answer("there is no such segment or source", PROBLEM, Problem),)

log = structlog.get_logger()


async def create_subscription(request: web.Request, _: NoQuery) -> web.Response:
    edge, desk, caller = request.app[EDGE], desk_of(request), request[CALLER].subscriber
    asked = await read_body(request, NewSubscription)
    selection = asked.filter.select(request)
    standing = await edge.read_model.load_standing()
    await require_place(request, standing, selection, asked.after, asked.feed, SNAPSHOT)
    if asked.after > standing.position:
        raise unavailable("the feed has not been read from Kafka up to this cursor yet")
    await _require_good_place(desk, asked.url)
    id_, secret, now = new_id(), new_secret(), edge.now_ms()
    made = Subscription(
        id=id_,
        subscriber=caller,
        url=asked.url,
        asked=asked.filter.asked(),
        note=asked.note,
        state="active",
        reason="",
        secret=desk.vault.encrypt(secret, id_),
        former_secret=None,
        former_until=None,
        feed_id=selection.feed_id(standing),
        cursor=asked.after,
        failures=0,
        refused_in_row=0,
        next_at=0,
        created_at=now,
        changed_at=now,
    )
    try:
        if asked.after:
            await make_holding(desk.hub_db, made, held_at(edge.read_model, selection.filter, asked.after))
        else:
            await make_subscription(desk.hub_db, made)
    except TooManyError as error:
        raise ProblemError(409, str(error), code="too-many-subscriptions") from error
    log.info("a subscription was made", subscription=id_, subscriber=caller)
    told = MadeSubscription(**tell(made, now), secret=secret)
    return private(request, told, status=201, location=edge.address(request, f"{SUBSCRIPTIONS}/{id_}"))


async def list_subscriptions(request: web.Request, _: NoQuery) -> web.Response:
    now = request.app[EDGE].now_ms()
    found = await load_subscriptions(desk_of(request).hub_db, request[CALLER].subscriber)
    return private(request, SubscriptionList(items=[SubscriptionBody(**tell(one, now)) for one in found]))


async def get_subscription(request: web.Request, _: NoQuery) -> web.Response:
    return private(request, await _look(request, await find_own(request)))


async def change_subscription(request: web.Request, _: NoQuery) -> web.Response:
    edge, desk, one = request.app[EDGE], desk_of(request), await find_own(request)
    wanted = await read_body(request, Change)
    await _require_unchanged(request, one)
    if wanted.url is not None and wanted.url != one.url:
        await _require_good_place(desk, wanted.url)
    values: dict[str, Any] = {name: text for name in ("url", "note") if (text := getattr(wanted, name)) is not None}
    if wanted.filter is not None and wanted.filter.asked() != one.asked:
        wanted.filter.select(request)
        # All is told again under other webhook ids: what is said of an unchanged item may differ from what was said before.
        values |= {"asked": orjson.dumps(wanted.filter.asked()).decode(), "cursor": 0, "revision": one.revision + 1}
    if wanted.state == "paused":
        values |= {"state": "paused", "reason": "paused by its subscriber"}
    elif wanted.state == "active":
        values |= RESUMED
    if values:
        await alter_subscription(desk.hub_db, one.id, edge.now_ms(), retry_parked=wanted.state == "active", **values)
        log.info("a subscription was changed", subscription=one.id, subscriber=one.subscriber, field=sorted(values))
    return private(request, await _look(request, await find_own(request)))


async def delete_subscription(request: web.Request, _: NoQuery) -> web.Response:
    one = await find_own(request)
    await _require_unchanged(request, one)
    if not await remove_subscription(desk_of(request).hub_db, one.id):
        raise not_found()
    log.info("a subscription was deleted", subscription=one.id, subscriber=one.subscriber)
    return web.Response(status=204, headers={"Cache-Control": "no-store"})


async def _require_good_place(desk: Desk, url: str) -> None:
    try:
        await judge_place(desk.guard, desk.resolve, url)
    except ForbiddenAddressError as error:
        raise ProblemError(422, f"url: {error}", code="url") from error


async def _require_unchanged(request: web.Request, one: Subscription) -> None:
    """`If-Match` (RFC 9110 §13.1.1), for whom it matters that nobody has changed it meanwhile. Raises a 412."""
    named = request.if_match
    if named is None or any(tag.value == "*" for tag in named):
        return
    current = tag_of(await _look(request, one))
    if not any(tag.value == current and not tag.is_weak for tag in named):
        why = "the subscription is not as `If-Match` names it any more (deliveries move it too): look at it again"
        raise ProblemError(412, why, code="precondition")


async def _look(request: web.Request, one: Subscription) -> SubscriptionDetail:
    edge, desk = request.app[EDGE], desk_of(request)
    standing = await edge.read_model.load_standing()
    tally = await count_of(desk.hub_db, one.id)
    is_here = one.feed_id.startswith(Selection().feed_id(standing))
    lag = max(0, standing.position - (one.cursor if is_here else 0))
    return SubscriptionDetail(
        **tell(one, edge.now_ms()),
        complete_cursor=tally.complete_cursor(one.cursor),
        lag=lag,
        held=tally.held,
        parked=tally.parked,
        given_up=tally.given_up,
    )


_A_CURSOR = "the cursor means nothing here: begin anew from `snapshot`"
_ENDED = "the segment has ended"
_CHANGED = (Answer("it is not as `If-Match` names it any more", PROBLEM, Problem),)
_FILTER = SubscriptionFilter(kind=("traineeship",), sector=("energy",)).model_dump(mode="json", exclude_defaults=True)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "POST",
        SUBSCRIPTIONS,
        create_subscription,
        "Subscribe by webhook",
        TAG,
        description=(
            "From then on every change that concerns the filter is sent to `url`, signed as Standard Webhooks has it. To take "
            "over from a snapshot, give its cursor as `after`, its `feed_id` as `feed`, and the same filter."
        ),
        body=Body(
            "Where to, and what.",
            model=NewSubscription,
            example={"url": "https://portal.example.org/hook", "note": "Portal team", "filter": _FILTER},
        ),
        scope=SCOPE,
        cost=10,
        answers={
            201: (
                Answer("made; the secret is shown this once", JSON, MadeSubscription, headers={"Location": "the subscription"}),
            ),
            404: NO_SEGMENT,
            409: (Answer("there are too many subscriptions already", PROBLEM, Problem),),
            410: (Answer(_A_CURSOR, PROBLEM, Problem), Answer(_ENDED, PROBLEM, Problem)),
            422: (BAD_PLACE,),
            **REFUSALS,
        },
    ),
    Operation(
        "GET",
        SUBSCRIPTIONS,
        list_subscriptions,
        "Your subscriptions",
        TAG,
        scope=SCOPE,
        answers={200: (Answer("all of them, the oldest first", JSON, SubscriptionList),)},
    ),
    Operation(
        "GET",
        ONE,
        get_subscription,
        "A subscription and where it stands",
        TAG,
        description=(
            "To go on elsewhere, such as with pages, the stream or Kafka: pause it, and read there from `complete_cursor`, with "
            "the same filter. The cursor of the last webhook is no such place: one before it may have been refused."
        ),
        path_parameters=NAMED,
        examples=EXAMPLE,
        scope=SCOPE,
        answers={200: (Answer("as it stands", JSON, SubscriptionDetail),), 404: NOT_FOUND},
    ),
    Operation(
        "PATCH",
        ONE,
        change_subscription,
        "Change, pause or resume a subscription",
        TAG,
        description="With `If-Match` and the `ETag` of a look at it, only if nothing of it is another since.",
        path_parameters=NAMED,
        examples=EXAMPLE,
        body=Body("What is to be another.", model=Change, example={"state": "paused"}),
        scope=SCOPE,
        cost=10,
        answers={
            200: (Answer("as it stands now", JSON, SubscriptionDetail),),
            404: (*NOT_FOUND, *NO_SEGMENT),
            410: (Answer(_ENDED, PROBLEM, Problem),),
            412: _CHANGED,
            422: (BAD_PLACE,),
            **REFUSALS,
        },
    ),
    Operation(
        "DELETE",
        ONE,
        delete_subscription,
        "Delete a subscription",
        TAG,
        description="Nothing is sent any more. What the receiver holds it keeps, and is told nothing of it.",
        path_parameters=NAMED,
        examples=EXAMPLE,
        scope=SCOPE,
        answers={204: (Answer("deleted"),), 404: NOT_FOUND, 412: _CHANGED},
    ),
)
