"""Webhooks as they are sent: which changes concern a receiver, and the bytes and headers of each. Pure.

A change has one `webhook-id` for a subscription, an opportunity and a cursor, and the same bytes whenever it is sent, so
that a receiver knows a repeat. A receiver is told to close only what it was told of before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import orjson
from pydantic import BaseModel, Field

from hub.feed.entry import to_item, to_stub
from hub.feed.read_model import Change
from hub.sdk.webhook import ID, SIGNATURE, TIMESTAMP, sign

Type = Literal["opportunity.updated", "opportunity.closed", "subscription.test", "subscription.paused"]
StoppedState = Literal["paused", "disabled"]
LARGEST_BYTES = 20_480
"""A larger one is sent as a reference (Standard Webhooks, "Payload size")."""


class Reference(BaseModel):
    """Instead of an item that would make the message too large: what it is, and where it is."""

    id: str
    kind: str
    state: Literal["live", "closed"]
    version: str
    last_changed: str
    cursor: int
    ref: str = Field(description="address of the item as it is now")


class Trial(BaseModel):
    subscription: str


class Stop(BaseModel):
    """`cursor`: where deliveries go on from when the subscription is resumed."""

    subscription: str
    subscriber: str
    state: StoppedState
    reason: str
    cursor: int


class SubscriptionTest(BaseModel):
    """What a subscriber asked for, to see that its receiver takes what is sent."""

    type: Literal["subscription.test"]
    data: Trial


class SubscriptionPaused(BaseModel):
    """For the operator: a subscription was stopped, and nothing is delivered to it any more."""

    type: Literal["subscription.paused"]
    data: Stop


@dataclass(frozen=True, slots=True)
class Message:
    """`opens`: the receiver holds the opportunity afterwards; None: the message is about none."""

    webhook_id: str
    type: Type
    body: bytes
    opportunity: str = ""
    cursor: int = 0
    opens: bool | None = None


def plan(subscription: str, feed_id: str, changes: Sequence[Change], held: Collection[str], item_url: str) -> list[Message]:
    """The messages that these changes make, in the log's order. `held`: ids that the receiver has; `item_url`: address below
    which items are found by their id.
    """
    found = [_of(subscription, feed_id, change, held, item_url) for change in changes]
    return [message for message in found if message is not None]


def _of(subscription: str, feed_id: str, change: Change, held: Collection[str], item_url: str) -> Message | None:
    if not change.is_shown and change.id not in held:
        return None
    type_: Type = "opportunity.updated" if change.is_shown else "opportunity.closed"
    data = to_stub(change.id, change.cursor) if change.record is None else to_item(change.record, change.cursor)
    body = _body(type_, feed_id, data)
    if len(body) > LARGEST_BYTES:
        body = _body(type_, feed_id, _reference(change, item_url))
    name = webhook_id(subscription, feed_id, change.id, change.cursor)
    return Message(name, type_, body, change.id, change.cursor, change.is_shown)


def closing(subscription: str, feed_id: str, id_: str, cursor: int) -> Message:
    """For an opportunity that the feed does not know any more."""
    body = _body("opportunity.closed", feed_id, to_stub(id_, cursor))
    return Message(webhook_id(subscription, feed_id, id_, cursor), "opportunity.closed", body, id_, cursor, opens=False)


def notice(told: SubscriptionTest | SubscriptionPaused, at_ms: int) -> Message:
    """About a subscription, not about an opportunity."""
    name = webhook_id(told.data.subscription, told.type, "", at_ms)
    return Message(name, told.type, told.model_dump_json().encode() + b"\n")


def webhook_id(subscription: str, feed_id: str, id_: str, cursor: int) -> str:
    return "msg_" + hashlib.sha256(f"{subscription}\0{feed_id}\0{id_}\0{cursor}".encode()).hexdigest()[:32]


def headers_of(message: Message, secrets: Iterable[str], now_seconds: int) -> dict[str, str]:
    """Standard Webhooks: a signature for each secret that is in force, the newest first; without a secret there is no header
    that would pass for one.
    """
    signatures = " ".join(sign(secret, message.webhook_id, now_seconds, message.body) for secret in secrets)
    return {
        "Content-Type": "application/json",
        ID: message.webhook_id,
        TIMESTAMP: str(now_seconds),
        **({SIGNATURE: signatures} if signatures else {}),
    }


def _body(type_: Type, feed_id: str, data: bytes) -> bytes:
    return b'{"type":"%b","feed_id":%b,"data":%b}\n' % (type_.encode(), orjson.dumps(feed_id), data)


def _reference(change: Change, item_url: str) -> bytes:
    record = orjson.loads(change.record or b"{}")
    told = {**record, "cursor": change.cursor, "ref": f"{item_url}/{change.id}"}
    return orjson.dumps({name: told.get(name) for name in Reference.model_fields})
