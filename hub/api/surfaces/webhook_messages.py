"""Webhooks as the AsyncAPI document tells them: channels, operations and messages, each message named as its `type`. Pure.

The bodies are put together in `hub/delivery/message.py`, an opportunity's from the log's own bytes; the models here say what
comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field

from hub.api.surfaces.items import LogItem, Stub
from hub.delivery.message import LARGEST_BYTES, Reference, SubscriptionPaused, SubscriptionTest
from hub.delivery.sender import TIMEOUT_SECONDS
from hub.sdk.webhook import ID, SIGNATURE, TIMESTAMP

FEED_ID = "cursors belong to this feed; they mean nothing in another one"
SIGNED = r"v1,[A-Za-z0-9+/]{43}="


class OpportunityUpdated(BaseModel):
    """An opportunity that the subscription's filter matches, as it is from `cursor` on; a large one by reference."""

    type: Literal["opportunity.updated"]
    feed_id: str = Field(description=FEED_ID)
    data: LogItem | Reference


class OpportunityClosed(BaseModel):
    """An opportunity that the receiver was told of, and that is gone: closed (the last record), or out of the filter (a stub)."""

    type: Literal["opportunity.closed"]
    feed_id: str = Field(description=FEED_ID)
    data: LogItem | Reference | Stub


UPDATED, CLOSED, TEST, PAUSED = "opportunity.updated", "opportunity.closed", "subscription.test", "subscription.paused"
MODELS: dict[str, type[BaseModel]] = {
    UPDATED: OpportunityUpdated,
    CLOSED: OpportunityClosed,
    TEST: SubscriptionTest,
    PAUSED: SubscriptionPaused,
}
"""Type of a message → its body."""
SERVERS = {
    "receiver": {
        "host": "{host}",
        "protocol": "https",
        "description": "where the subscriber, or the operator, wants to be told",
        "variables": {"host": {"description": "of the address that was given", "examples": ["portal.example.org"]}},
    }
}
DELIVERED = (
    f"The address of a subscription (`POST /v1/subscriptions`). An answer 2xx within {TIMEOUT_SECONDS:.0f} s is success, "
    "redirects are not followed, 410 ends the subscription. At least once: a repeat has the same `webhook-id` and the same "
    f"bytes. Changes of one opportunity come in the log's order. No body is larger than {LARGEST_BYTES} bytes. Signed as "
    "Standard Webhooks 1.0 has it."
)
NOTICED = "The operator's own address, from the setting `delivery.notify_url`; signed when `delivery.notify_secret` is set."


def channels() -> dict[str, Any]:
    return {"webhook": _channel(DELIVERED, (UPDATED, CLOSED, TEST)), "notice": _channel(NOTICED, (PAUSED,))}


def operations() -> dict[str, Any]:
    return {
        "sendWebhook": _operation("webhook", (UPDATED, CLOSED), "What changes for a subscription, posted to its address"),
        "sendWebhookTest": _operation("webhook", (TEST,), "A message to try a subscription's receiver"),
        "sendWebhookNotice": _operation("notice", (PAUSED,), "A subscription was stopped"),
    }


def messages(reference: str) -> dict[str, Any]:
    """`reference`: form of a reference to the schema of a `{model}`."""
    return {
        type_: {
            "name": type_,
            "summary": " ".join((model.__doc__ or "").split()),
            "contentType": "application/json",
            "headers": headers(is_always_signed=type_ != PAUSED),
            "payload": {"$ref": reference.format(model=model.__name__)},
        }
        for type_, model in MODELS.items()
    }


def headers(*, is_always_signed: bool) -> dict[str, Any]:
    """An operator's notice has no signature when no secret is set."""
    return {
        "type": "object",
        "required": ["content-type", ID, TIMESTAMP, *([SIGNATURE] if is_always_signed else [])],
        "properties": {
            "content-type": {"const": "application/json"},
            ID: {"type": "string", "pattern": "^msg_[0-9a-f]{32}$", "description": "the same for a repeat of the same message"},
            TIMESTAMP: {"type": "string", "pattern": "^[0-9]+$", "description": "unix seconds of this attempt"},
            SIGNATURE: {
                "type": "string",
                "pattern": f"^{SIGNED}( {SIGNED})*$",
                "description": "HMAC-SHA256 of id.timestamp.body in base64, one for each secret in force, the newest first",
            },
        },
    }


def _channel(description: str, types: Sequence[str]) -> dict[str, Any]:
    return {
        "address": None,
        "description": description,
        "servers": [{"$ref": "#/servers/receiver"}],
        "messages": {type_: {"$ref": f"#/components/messages/{type_}"} for type_ in types},
    }


def _operation(channel: str, types: Sequence[str], summary: str) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{channel}"},
        "summary": summary,
        "messages": [{"$ref": f"#/channels/{channel}/messages/{type_}"} for type_ in types],
        "bindings": {"http": {"method": "POST", "bindingVersion": "0.3.0"}},
    }
