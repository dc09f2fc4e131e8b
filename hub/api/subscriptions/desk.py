"""What the operations on subscriptions are given, beside the edge; and whose subscription is asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.api.access.gate import CALLER
from hub.api.problems import ProblemError, unavailable
from hub.api.subscriptions.places import Resolve
from hub.delivery.guard import Guard
from hub.delivery.message import Message
from hub.delivery.outcome import Outcome
from hub.delivery.vault import Vault
from hub.store.subscriptions import Subscription, find_subscription


class Sending(Protocol):
    """The sender, as far as it is needed here."""

    async def send(self, address: str, message: Message, secrets: Sequence[str]) -> Outcome: ...


@dataclass(frozen=True)
class Desk:
    """`find_cursor`: unix ms → cursor of the first record that was written then or later; raises RetryableError."""

    hub_db: AsyncEngine
    vault: Vault
    guard: Guard
    sender: Sending
    resolve: Resolve
    find_cursor: Callable[[int], Awaitable[int]]


DESK = web.AppKey("desk", Desk)


def desk_of(request: web.Request) -> Desk:
    """Raises a 503 where nothing is known of subscriptions."""
    if DESK not in request.app:
        raise unavailable("webhook subscriptions are not kept here")
    return request.app[DESK]


async def find_own(request: web.Request) -> Subscription:
    """Raises a 404 for what is not there, and for what is somebody else's: nobody learns which of the two."""
    found = await find_subscription(desk_of(request).hub_db, request.match_info["subscription"])
    if found is None or found.subscriber != request[CALLER].subscriber:
        raise not_found()
    return found


def not_found() -> ProblemError:
    return ProblemError(404, "there is no such subscription; GET /v1/subscriptions lists yours", code="unknown-subscription")
