"""Sends one webhook: signed, to a guarded address, within fifteen seconds, reading next to nothing of the answer."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from hub.delivery.guard import ForbiddenAddressError, Guard
from hub.delivery.message import Message, headers_of
from hub.delivery.outcome import Outcome, judge

TIMEOUT_SECONDS = 15.0
USER_AGENT = "regional-talent-hub"


class Sender:
    """Use it as a context. One for all subscriptions: connections are kept, none waits for another receiver's.

    `resolver`: asked at every dial; None: the system's, whose answers are kept for half a minute.
    """

    def __init__(
        self,
        guard: Guard,
        now_ms: Callable[[], int],
        timeout_seconds: float = TIMEOUT_SECONDS,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._guard = guard
        self._resolver = resolver
        self._now_ms = now_ms
        self._timeout_seconds = timeout_seconds
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Sender:
        connector = aiohttp.TCPConnector(
            limit=0,
            ttl_dns_cache=30,
            use_dns_cache=self._resolver is None,
            resolver=self._resolver,
            socket_factory=self._guard.make_socket,
        )
        reuse = aiohttp.TraceConfig()
        reuse.on_connection_reuseconn.append(_note_reuse)
        self._session = aiohttp.ClientSession(
            connector=connector,
            trace_configs=[reuse],
            timeout=aiohttp.ClientTimeout(),  # `send` has its own: aiohttp rounds up to whole seconds, each request anew
            headers={"User-Agent": USER_AGENT},
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(self, address: str, message: Message, secrets: Sequence[str]) -> Outcome:
        """Never raises for what the receiver or the way to it does."""
        now = self._now_ms() / 1000
        try:
            url = self._guard.check_url(address)
            async with asyncio.timeout(self._timeout_seconds):
                return await self._post(url, message.body, headers_of(message, secrets, int(now)), now)
        except ForbiddenAddressError as error:
            return Outcome("forbidden", None, str(error))
        except TimeoutError:
            return Outcome("away", None, f"the receiver does not answer within {self._timeout_seconds:.0f} s")
        except aiohttp.ClientError as error:
            if (forbidden := _forbidden(error)) is not None:
                return Outcome("forbidden", None, str(forbidden))
            return Outcome("away", None, _say(error))
        except ValueError as error:  # a name or an answer that one of the libraries cannot even write down
            return Outcome("away", None, f"the receiver cannot be reached ({type(error).__name__})")
        except OSError as error:
            return Outcome("away", None, f"the receiver cannot be reached ({error.strerror or type(error).__name__})")

    async def _post(self, url: URL, body: bytes, headers: Mapping[str, str], now: float) -> Outcome:
        use = _Use()
        try:
            return await self._post_once(url, body, headers, now, use)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            if not use.is_repeated:
                raise
        # A receiver may close a connection that it kept at the moment at which it is used again: that says nothing of it.
        return await self._post_once(url, body, headers, now, _Use())

    async def _post_once(self, url: URL, body: bytes, headers: Mapping[str, str], now: float, use: _Use) -> Outcome:
        assert self._session is not None
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False, trace_request_ctx=use) as response:
            # The body says nothing that counts: the connection is given up rather than read.
            return judge(response.status, response.headers.get("Retry-After"), now)


@dataclass(slots=True)
class _Use:
    """Of a connection; `is_repeated`: it had carried a request before."""

    is_repeated: bool = False


async def _note_reuse(_: aiohttp.ClientSession, context: SimpleNamespace, __: aiohttp.TraceConnectionReuseconnParams) -> None:
    context.trace_request_ctx.is_repeated = True


def _say(error: aiohttp.ClientError) -> str:
    """For the subscriber, who sees nothing else of it. Nothing that the receiver sent is quoted."""
    match error:
        case aiohttp.ClientConnectorCertificateError():
            why = getattr(error.certificate_error, "verify_message", "") or "it cannot be verified"
            return f"the receiver's certificate is refused: {why}"
        case aiohttp.ClientConnectorDNSError():
            return "the receiver's name is not known"
        case aiohttp.ClientConnectorSSLError():
            return "the receiver and the hub agree on no TLS"
        case aiohttp.ClientConnectorError():
            number = error.os_error.errno  # its own text holds the address, which is nobody's business
            return f"the receiver cannot be reached ({os.strerror(number) if number else type(error).__name__})"
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError():
            return "the receiver closes the connection without an answer"
        case aiohttp.ClientResponseError():
            return "what the receiver answers is no HTTP"
    return f"the receiver cannot be reached ({type(error).__name__})"


def _forbidden(error: BaseException | None) -> ForbiddenAddressError | None:
    """aiohttp wraps what a socket factory raises."""
    while error is not None:
        if isinstance(error, ForbiddenAddressError):
            return error
        error = error.__cause__ or error.__context__
    return None
