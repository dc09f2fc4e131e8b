"""The gate before every handler: who asks, how often, and with which token.

Everybody may read, up to a limit by address; a token (`Authorization: Bearer`) has a limit of its own, a higher one. Wrong
tokens, and wrong signatures of webhooks, fill a bucket by address: once it is full, no further one is even looked at.
A webhook takes nothing of its sender's limit unless it is refused: it is the partner's burst, and its signature says so.
Header fields: draft-ietf-httpapi-ratelimit-headers-11, without partition keys.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from aiohttp import HttpVersion10, HttpVersion11, hdrs, web

from hub.api.access.buckets import Buckets, Standing
from hub.api.access.clients import Client, Clients
from hub.api.access.cors import preflight
from hub.api.access.token_book import TokenBook, TokenError
from hub.api.operation import Operation
from hub.api.problems import ProblemError
from hub.settings import HttpSettings
from hub.store.tokens import Token
from hub.telemetry import metrics

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

BAD_TOKENS_PER_MINUTE = 20
OTHER_SCHEMES = {"basic", "digest", "negotiate"}
"""What a proxy before the hub may ask of people. It is none of the hub's business."""

VERSIONS = (HttpVersion10, HttpVersion11)

STANDING = web.RequestKey("standing", Standing)
"""Where a request carries what is left to its sender."""
CALLER = web.RequestKey("caller", Token)
"""Where a request carries its token, when the operation asks for one."""


class Gate:
    """`book`: None where no token is known. `now`: seconds that only grow."""

    def __init__(
        self,
        settings: HttpSettings,
        book: TokenBook | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clients = Clients(settings.trusted_proxies, settings.unlimited)
        self._operations: dict[tuple[web.AbstractResource | None, str], Operation] = {}
        self._book = book
        self._by_address = _buckets("address", settings.requests_per_minute, now)
        self._by_token = _buckets("token", settings.token_requests_per_minute, now)
        self._bad = Buckets("wrong-tokens", BAD_TOKENS_PER_MINUTE, now=now)

    def guard(self, resource: web.AbstractResource | None, operation: Operation) -> None:
        """Tell the gate which operation a route is; HEAD is as GET."""
        self._operations[resource, operation.method] = operation

    async def admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The middleware's work. Raises a ProblemError: 401, 403 or 429."""
        if request.version not in VERSIONS:
            raise ProblemError(400, "this speaks HTTP/1.1 and HTTP/1.0", code="version", headers={"Connection": "close"})
        method = "GET" if request.method == "HEAD" else request.method
        operation = self._operations.get((request.match_info.route.resource, method))
        client = self._clients.of(request)
        if operation is not None and operation.is_signed:
            return await self._admit_signed(request, handler, client)
        token = None
        if hdrs.AUTHORIZATION in request.headers:
            token = await self._recognise(request.headers.getall(hdrs.AUTHORIZATION), client)
        self._count(request, client, token, operation.cost if operation is not None else 1)
        if operation is None and request.method == hdrs.METH_OPTIONS and (answer := preflight(request)) is not None:
            return answer
        if operation is not None and operation.scope is not None:
            request[CALLER] = _require(operation.scope, token)
        return await handler(request)

    def _count(self, request: web.Request, client: Client, token: Token | None, cost: int) -> None:
        buckets, key = (self._by_address, client.key) if token is None else (self._by_token, token.subscriber)
        if buckets is None or client.is_unlimited:
            return
        request[STANDING] = standing = buckets.take(key, cost)
        if standing.wait_seconds:
            whose = "this address; a token has a higher limit, see /docs" if token is None else "this token"
            raise _too_many(buckets.name, f"more than {standing.limit} requests a minute from {whose}", standing.wait_seconds)

    async def _recognise(self, lines: list[str], client: Client) -> Token | None:
        scheme, _, text = lines[0].partition(" ")
        if scheme.lower() in OTHER_SCHEMES and len(lines) == 1:
            return None
        self._require_good_record(client)
        try:
            if scheme.lower() != "bearer" or len(lines) > 1:
                raise TokenError("a token is sent once, as `Authorization: Bearer hub_<keyid>_<secret>`")
            if self._book is None:
                raise TokenError("this token is not known here")
            return await self._book.recognise(text.strip())
        except TokenError as error:
            self._note_bad(client)
            headers = {"WWW-Authenticate": 'Bearer realm="hub", error="invalid_token"'}
            raise ProblemError(401, str(error), code="token", headers=headers) from error

    async def _admit_signed(self, request: web.Request, handler: Handler, client: Client) -> web.StreamResponse:
        self._require_good_record(client)
        try:
            return await handler(request)
        except ProblemError as problem:
            if problem.status in (400, 401, 404, 408, 413, 415):
                self._note_bad(client)
            raise

    def _require_good_record(self, client: Client) -> None:
        wait_seconds = 0 if client.is_unlimited else self._bad.wait_seconds(client.key)
        if wait_seconds:
            raise _too_many(self._bad.name, "too many wrong tokens or signatures from this address", wait_seconds)

    def _note_bad(self, client: Client) -> None:
        if not client.is_unlimited:
            self._bad.charge(client.key)


def _buckets(name: str, per_minute: int, now: Callable[[], float]) -> Buckets | None:
    return Buckets(name, per_minute, now=now) if per_minute else None


def _require(scope: str, token: Token | None) -> Token:
    if token is None:
        headers = {"WWW-Authenticate": f'Bearer realm="hub", scope="{scope}"'}
        raise ProblemError(401, f"this needs a token that allows {scope}; see /docs", code="token", headers=headers)
    if scope not in token.scopes:
        headers = {"WWW-Authenticate": f'Bearer realm="hub", error="insufficient_scope", scope="{scope}"'}
        raise ProblemError(403, f"this token does not allow {scope}", code="scope", headers=headers)
    return token


def _too_many(reason: str, detail: str, wait_seconds: int) -> ProblemError:
    metrics.HTTP_LIMITED.labels(reason).inc()
    return ProblemError(429, detail, code="too-many-requests", headers={"Retry-After": str(wait_seconds)})
