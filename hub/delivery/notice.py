"""Tells the operator's own address that a subscription was stopped: a signed webhook, tried a few times.

The address stands in the settings, so it may be anywhere, also in the operator's own network. A notice that is lost is no
harm to anybody's feed: the state, the log line, the metric and the page say the same.
"""

from __future__ import annotations

import asyncio
import ipaddress
from contextlib import AsyncExitStack
from types import TracebackType

import structlog

from hub.delivery.clock import Clock
from hub.delivery.guard import ForbiddenAddressError, Guard
from hub.delivery.message import Stop, StoppedState, SubscriptionPaused, notice
from hub.delivery.sender import Sender
from hub.errors import ConfigError
from hub.sdk.webhook import sign
from hub.settings import DeliverySettings
from hub.store.subscriptions import Subscription

PAUSES_SECONDS = (0.0, 10.0, 120.0, 600.0)
ANYWHERE = Guard([ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0")])
MOST_WAITING = 100

log = structlog.get_logger()


class Notices:
    """Use it as a context. `tell` returns at once; without an address it does nothing. Raises ConfigError for an address or
    a secret that is none.
    """

    def __init__(self, settings: DeliverySettings, clock: Clock) -> None:
        self._url = settings.notify_url
        self._secrets = [] if settings.notify_secret is None else [settings.notify_secret.get_secret_value()]
        try:
            if self._url is not None:
                ANYWHERE.check_url(self._url)
            for secret in self._secrets:
                sign(secret, "", 0, b"")
        except (ForbiddenAddressError, ConfigError) as error:
            raise ConfigError(f"settings: delivery.notify_url, delivery.notify_secret: {error}") from error
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Notices:
        self._sender = await self._stack.enter_async_context(Sender(ANYWHERE, self._clock.now_ms))
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()

    def tell(self, stopped: Subscription, state: StoppedState, reason: str) -> None:
        if self._url is None or len(self._tasks) >= MOST_WAITING:
            return
        task = asyncio.create_task(self._send(self._url, stopped, state, reason))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, url: str, stopped: Subscription, state: StoppedState, reason: str) -> None:
        told = Stop(subscription=stopped.id, subscriber=stopped.subscriber, state=state, reason=reason, cursor=stopped.cursor)
        message = notice(SubscriptionPaused(type="subscription.paused", data=told), self._clock.now_ms())
        for pause in PAUSES_SECONDS:
            if pause:
                await self._clock.wait(asyncio.Event(), pause)
            outcome = await self._sender.send(url, message, self._secrets)
            if outcome.verdict == "delivered":
                return
        log.warning("the operator's address took no notice", subscription=stopped.id, why=outcome.detail)
