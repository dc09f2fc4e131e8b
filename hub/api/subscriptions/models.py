"""What a subscriber says of a subscription, and what it is told: bodies of requests and answers.

A secret stands in the answer that makes it and nowhere else.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import orjson
from aiohttp import hdrs, web
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field

from hub.api.answers import entity_tag, has
from hub.api.bodies import RequestBody, whole_number
from hub.api.queries import FilterQuery
from hub.delivery.guard import MOST_CHARACTERS
from hub.delivery.outcome import Verdict
from hub.feed.cursor import LARGEST, START
from hub.store.subscriptions import Attempt, Subscription

DAY_SECONDS = 86_400
LONGEST_OVERLAP_SECONDS = 30 * DAY_SECONDS
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def _moment(value: Any) -> Any:
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("give a time as RFC 3339 has it, such as 2026-11-22T10:00:00Z")
    return value


Url = Annotated[str, Field(min_length=1, max_length=MOST_CHARACTERS, description="https:// address that takes POST")]
Note = Annotated[str, Field(max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$", description="for people: whose it is, whom to call")]
Place = Annotated[int, Field(ge=START, le=LARGEST), BeforeValidator(whole_number)]
Seconds = Annotated[int, Field(ge=0, le=LONGEST_OVERLAP_SECONDS), BeforeValidator(whole_number)]
FeedId = Annotated[str, Field(max_length=128)]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]


class SubscriptionFilter(FilterQuery):
    """Fields of the filter, as on every surface, each a list of which one is enough; and a segment by its name."""


class NewSubscription(RequestBody):
    url: Url = Field(examples=["https://portal.example.org/hook"])
    note: Note = ""
    filter: SubscriptionFilter = Field(SubscriptionFilter(), description="unset: everything")
    after: Place = Field(
        START,
        description="cursor to begin from: what a reader of the same filter had there counts as held; 0: the log's start",
    )
    feed: FeedId | None = Field(None, description="feed id that the cursor belongs to; another one is answered 410")


class Change(RequestBody):
    """What is left out, or null, stays as it is."""

    url: Url | None = None
    note: Note | None = None
    filter: SubscriptionFilter | None = Field(
        None, description="takes the place of the former one, and all is told again: what does not match any more is closed"
    )
    state: Literal["active", "paused"] | None = Field(
        None, description="`active` again: what was refused is tried at once, and failures are forgotten"
    )


class Rotation(RequestBody):
    overlap_seconds: Seconds = Field(
        DAY_SECONDS,
        description="for so long the secrets from before sign as well; 0 when one has leaked",
    )


class Replay(RequestBody):
    """Either of both."""

    after: Place | None = Field(None, description="cursor")
    since: Moment | None = Field(None, description="time (RFC 3339): changes that were written to the log then or later")
    feed: FeedId | None = Field(None, description="feed id that the cursor belongs to; another one is answered 410")


class SubscriptionBody(BaseModel):
    """`reason`: why it is not active. `cursor`: what stands before it has been delivered, or waits by itself. `failures`: how
    often in a row the receiver was not there; it is asked again at `next_at`. `former_secret_until`: so long the secret from
    before the last rotation signs as well.
    """

    id: str
    url: str
    note: str
    filter: dict[str, list[str] | str]
    state: Literal["active", "paused", "disabled"]
    reason: str
    feed_id: str
    cursor: int
    failures: int
    refused_in_row: int
    next_at: datetime | None
    former_secret_until: datetime | None
    created_at: datetime
    changed_at: datetime


class SubscriptionDetail(SubscriptionBody):
    """`complete_cursor`: what stands before it the receiver has taken, so that it may go on from there on another surface (0:
    begin there with nothing held). `lag`: records between its cursor and the feed's end. `held`: opportunities that the
    receiver has. `parked`: those that it refused and gets again; `given_up`: those that it gets again only when they change,
    or when it is resumed.
    """

    complete_cursor: int
    lag: int
    held: int
    parked: int
    given_up: int


class MadeSubscription(SubscriptionBody):
    """`secret`: the key of the signatures (Standard Webhooks). It is shown this once."""

    secret: str


class SubscriptionList(BaseModel):
    items: list[SubscriptionBody]


class RotatedSecret(BaseModel):
    """`secret`: it is shown this once."""

    secret: str
    former_secret_until: datetime | None


class TestOutcome(BaseModel):
    """`verdict`: `delivered` is the good one. `status`: the receiver's, null when it did not answer."""

    __test__ = False  # no class of tests

    webhook_id: str
    verdict: Verdict
    status: int | None
    detail: str
    milliseconds: int


class AttemptBody(BaseModel):
    """`opportunity`: empty for a test."""

    number: int
    at: datetime
    webhook_id: str
    opportunity: str
    cursor: int
    verdict: str
    status: int | None
    detail: str
    milliseconds: int


class AttemptList(BaseModel):
    """`next`: address of the older ones, or null."""

    items: list[AttemptBody]
    next: str | None


def tell(one: Subscription, now_ms: int) -> dict[str, Any]:
    """The members of `SubscriptionBody`."""
    lists = {name: text if name == "segment" else text.split(",") for name, text in one.asked.items()}
    is_overlapping = one.former_secret is not None and (one.former_until or 0) > now_ms
    return {
        **{name: getattr(one, name) for name in ("id", "url", "note", "state", "reason", "feed_id", "cursor")},
        "filter": lists,
        "failures": one.failures,
        "refused_in_row": one.refused_in_row,
        "next_at": moment_of(one.next_at) if one.next_at else None,
        "former_secret_until": moment_of(one.former_until or 0) if is_overlapping else None,
        "created_at": moment_of(one.created_at),
        "changed_at": moment_of(one.changed_at),
    }


def tell_attempt(number: int, one: Attempt) -> AttemptBody:
    named = {name: getattr(one, name) for name in Attempt.__slots__}
    return AttemptBody(number=number, **{**named, "at": moment_of(one.at)})


def moment_of(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1_000, UTC)


def tag_of(told: BaseModel) -> str:
    return entity_tag(_body(told))


def private(request: web.Request, told: BaseModel, *, status: int = 200, location: str | None = None) -> web.Response:
    """An answer for one reader: nobody keeps it, though its reader may ask whether it is still true."""
    body, tag = _body(told), tag_of(told)
    headers = {hdrs.CACHE_CONTROL: "no-store"}
    if request.method in ("GET", "HEAD"):
        headers[hdrs.ETAG] = f'"{tag}"'  # strong, since it goes out in one form alone: `If-Match` may name it
        if has(request, tag):
            return web.Response(status=304, headers=headers)
    if location is not None:
        headers[hdrs.LOCATION] = location
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)


def _body(told: BaseModel) -> bytes:
    return orjson.dumps(told.model_dump(mode="json")) + b"\n"
