"""The listening socket: what one connection may do before a request is understood, and how long it may take for that.

aiohttp bounds the size of request line and headers (8 KiB each, 64 headers) and closes a connection that has sent no whole
head since it was opened, or since its last answer, for the idle time; so a head that drips in holds a connection that long
and no longer. A reader who takes no byte of an answer for as long is dropped by the kernel. An address holds a bounded
number of connections. What is malformed is answered as a problem document and counted; its bytes may hold a token, so
neither the answer nor the log quotes them.
"""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import structlog
from aiohttp import web
from aiohttp.http_exceptions import LineTooLong

from hub.api.access.clients import Clients
from hub.api.access.headers import fixed_headers
from hub.api.problems import ProblemError, unmet_expectation
from hub.errors import ConfigError
from hub.settings import HttpSettings
from hub.telemetry import metrics
from hub.telemetry.logs import describe

LINGER_SECONDS = 5.0
"""How long the rest of a body that was refused is read, so that its sender gets to see the answer."""
SHUTDOWN_SECONDS = 5
BACKLOG = 512
MOST_HEADERS = 64
LONGEST_LINE = 8_190
"""Bytes of a request's first line, and of each header."""
USER_TIMEOUT: int | None = getattr(socket, "TCP_USER_TIMEOUT", None)

log = structlog.get_logger()


async def listen(stack: AsyncExitStack, app: web.Application, settings: HttpSettings) -> int:
    """Serve until the stack is left. Returns the port. Raises ConfigError when it is taken."""
    runner = web.AppRunner(app, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    assert runner.server is not None
    runner.server.request_handler = _explain_expectations(runner.server.request_handler)
    try:
        await _Site(runner, settings).start()
    except OSError as error:
        raise ConfigError(
            f"the HTTP port {settings.port} on {settings.host} cannot be used ({error.strerror}); "
            "end the other process or set HUB_HTTP__PORT"
        ) from error
    port: int = runner.addresses[0][1]
    return port


def _explain_expectations(
    handle: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
) -> Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]:
    """Where no route is found, aiohttp itself judges `Expect`, before any middleware, and answers in plain text."""

    async def explain(request: web.BaseRequest) -> web.StreamResponse:
        try:
            return await handle(request)
        except web.HTTPExpectationFailed:
            return unmet_expectation().to_response()

    return explain


class _Site(web.BaseSite):
    """`web.TCPSite` with connections of our own kind."""

    __slots__ = ("_clients", "_opened", "_settings")

    def __init__(self, runner: web.AppRunner, settings: HttpSettings) -> None:
        super().__init__(runner)
        self._settings = settings
        self._clients = Clients(settings.trusted_proxies, settings.unlimited)
        self._opened: Counter[str] = Counter()

    @property
    def name(self) -> str:
        return self._settings.base_url

    async def start(self) -> None:
        await super().start()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._open, self._settings.host, self._settings.port, backlog=BACKLOG)

    def _open(self) -> _Connection:
        server = self._runner.server
        assert server is not None
        return _Connection(server, self._settings, self._clients, self._opened)


class _Connection(web.RequestHandler):
    """`opened`: client → connections that it holds, shared by all of them."""

    __slots__ = ("_clients", "_key", "_opened", "_settings")

    def __init__(self, server: web.Server, settings: HttpSettings, clients: Clients, opened: Counter[str]) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type]  # None: no log of requests, as web.AppRunner takes it
            keepalive_timeout=settings.idle_seconds,
            max_headers=MOST_HEADERS,
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_LINE,
            lingering_time=min(LINGER_SECONDS, settings.body_seconds),
            auto_decompress=False,
        )
        self._settings = settings
        self._clients = clients
        self._opened = opened
        self._key: str | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        name = transport.get_extra_info("peername")
        client = self._clients.peer_of(name[0] if name else None)
        if not (client.is_proxy or client.is_unlimited):
            if self._opened[client.key] >= self._settings.connections_per_address:
                metrics.HTTP_LIMITED.labels("connections").inc()
                transport.close()
                return
            self._key = client.key
            self._opened[client.key] += 1
        accepted = transport.get_extra_info("socket")
        if USER_TIMEOUT is not None and accepted is not None:
            accepted.setsockopt(socket.IPPROTO_TCP, USER_TIMEOUT, int(self._settings.idle_seconds * 1_000))
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._key is not None:
            self._opened[self._key] -= 1
            if not self._opened[self._key]:
                del self._opened[self._key]
            self._key = None
        super().connection_lost(exc)

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """What is no HTTP request, and faults beneath the middleware. `message` quotes the request and is left out."""
        if status < 500:
            metrics.HTTP_MALFORMED.inc()
            problem = ProblemError(status, _what_is_wrong(exc), code="malformed")
        else:
            log.error("request failed beneath its handler", error=describe(exc) if exc is not None else status)
            problem = ProblemError(status, "the hub has a fault; it has been noted")
        if request.writer.output_size > 0:
            raise ConnectionError("a part of another answer is out already")
        response = problem.to_response()
        response.headers.update(fixed_headers(self._settings))
        response.force_close()
        return response


def _what_is_wrong(error: BaseException | None) -> str:
    if isinstance(error, LineTooLong):
        return f"the address, or a header, is longer than {LONGEST_LINE} bytes; ask for less at once"
    return "this is no request that can be understood"
