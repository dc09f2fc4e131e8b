"""The runtime's HTTP client: rate budget, robots.txt, conditional requests, limits while streaming, honest errors.

Every failure is a SourceError with a cause of the bounded set, because a run must never mistake a broken answer for an
empty list. Redirects are followed by hand, so that each hop is checked against hosts, rate and robots.txt. Only a
failed connection is tried again; any answer, also a bad one, is the partner's word and ends the run.

    async with AiohttpClient(manifest, contact="…") as http:
        http.begin(validators of the last complete run)
        …                                   the source's run, and asking
        http.collected(), http.stats        saved and counted by the runtime
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from types import TracebackType
from typing import Literal

import aiohttp
from aiolimiter import AsyncLimiter
from yarl import URL

from hub.errors import SourceError
from hub.sdk.body import ACCEPT_ENCODING, BodyReader
from hub.sdk.conditional import Validators
from hub.sdk.http import REDIRECTS, HttpClient, Response
from hub.sdk.manifest import Manifest
from hub.sdk.robots import PRODUCT, RobotsRules

MAX_REDIRECTS = 5
CONNECT_SECONDS = 10.0
TRIES = 3
BACK_OFF_SECONDS = 0.2
LONGEST_THROTTLE_SECONDS = 86_400.0
CHUNK = 64 * 1024
_ERROR_CODE = re.compile(rb'"code"\s*:\s*"([a-zA-Z0-9_.-]{1,60})"')
MOST_HEADER_BYTES = 64 * 1024
"""Of one header field: content security policies outgrow the library's 8 KiB."""


@dataclass
class HttpStats:
    """What one run cost, and what the partner's clock said. Counted from `begin` on."""

    requests: int = 0
    bytes: int = 0
    """On the wire, compressed."""
    not_modified: int = 0
    """Answers 304."""
    saved_by_hash: int = 0
    """Answers 200 with the bytes of the last complete run."""
    bytes_saved: int = 0
    """Body bytes that 304 spared."""
    date: datetime | None = None
    """The last `Date` header, and when it came in by this machine's clock (unix seconds)."""
    date_received_at: float = 0.0


class AiohttpClient(HttpClient):
    """`rate`: requests a second and host (none: the manifest's, loopback unlimited). `robots`: none is the manifest's.

    Redirects lead to the same host, with or without `www.`, or to one of the manifest's `platform_hosts`, who are not told the
    connector's own headers; others raise SourceError(`redirect`).
    """

    def __init__(
        self,
        manifest: Manifest,
        *,
        contact: str | None = None,
        rate: float | None = None,
        robots: Literal["obey", "agreement"] | None = None,
        timeout_seconds: float = 30,
        max_response_bytes: int = 64 * 2**20,
    ) -> None:
        about = contact or manifest.homepage
        self._user_agent = f"{PRODUCT}/0.1 (+{about}; {manifest.name})"
        self._rate, self._default_rate = rate, manifest.rate
        self._hosts = frozenset(manifest.platform_hosts)
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds, sock_connect=min(CONNECT_SECONDS, timeout_seconds))
        self._max_bytes = max_response_bytes
        self._limiters: dict[str, AsyncLimiter | None] = {}
        self._robots = RobotsRules(self._fetch_robots) if (robots or manifest.robots) == "obey" else None
        self._known: dict[str, Validators] = {}
        self._collected: dict[str, Validators] = {}
        self._session: aiohttp.ClientSession | None = None
        self.stats = HttpStats()

    def begin(self, validators: Mapping[str, Validators] | None = None) -> None:
        """Start a run: `validators` by address, as the last complete run collected them. Counts start at zero."""
        self._known = dict(validators or {})
        self._collected = {}
        self.stats = HttpStats()

    def collected(self) -> dict[str, Validators]:
        """What this run learned of each address it asked conditionally; to be saved only if the run was complete."""
        return dict(self._collected)

    async def __aenter__(self) -> AiohttpClient:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def get(
        self,
        url: URL | str,
        *,
        accept: str = "*/*",
        expect: tuple[int, ...] = (200,),
        conditional: bool = False,
        redirects: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        url = URL(url)
        known = self._known.get(str(url)) if conditional else None
        condition = known.to_request() if known else {}
        answer = await self._follow(url, {"Accept": accept, **condition}, headers or {}, expect, redirects)
        if answer.status == 304 and known is not None and condition:
            self.stats.not_modified += 1
            self.stats.bytes_saved += known.length
            self._collected[str(url)] = known
            return Response(304, answer.url, answer.headers, b"", not_modified=True)
        _check_status(answer, expect, has_credential=bool(headers))
        if conditional and answer.status == 200:
            return self._remember(url, answer, known)
        return answer

    def _remember(self, url: URL, answer: Response, known: Validators | None) -> Response:
        found = self._collected[str(url)] = Validators.of(answer.body, answer.headers)
        if known is None or known.sha256 != found.sha256:
            return answer
        self.stats.saved_by_hash += 1
        return Response(answer.status, answer.url, answer.headers, answer.body, not_modified=True)

    async def _follow(
        self, url: URL, headers: Mapping[str, str], own: Mapping[str, str], expect: tuple[int, ...], redirects: bool
    ) -> Response:
        """`own`: what the connector adds, a credential mostly; it goes to no other site than the one that was asked."""
        first, seen = url, {url}
        for _ in range(MAX_REDIRECTS + 1):
            if self._robots is not None:
                self._slow_down(url, await self._robots.check(url))
            answer = await self._request(url, {**headers, **own} if is_same_site(first, url) else headers)
            if answer.status not in REDIRECTS or not redirects or answer.status in expect:
                return answer
            url = self._target(answer)
            if url in seen:
                raise SourceError("redirect", f"{first} redirects in a loop ({url})")
            seen.add(url)
        raise SourceError("redirect", f"{first} redirects more than {MAX_REDIRECTS} times")

    def _target(self, answer: Response) -> URL:
        location = answer.headers.get("location", "")
        try:
            target = answer.url.join(URL(location)).with_fragment(None)
        except ValueError as error:
            raise SourceError("redirect", f"{answer.url} redirects to {location!r}, which is no address") from error
        if not location or target.scheme not in ("http", "https") or (answer.url.scheme, target.scheme) == ("https", "http"):
            raise SourceError("redirect", f"{answer.url} redirects to {location!r}, which is refused")
        if target.host not in self._hosts and not is_same_site(answer.url, target):
            raise SourceError(
                "redirect",
                f"{answer.url} redirects to another host: {target.authority}; "
                "if that is the platform's too, add it to platform_hosts in the manifest; if the site has moved, change base_url",
            )
        return target

    async def _request(self, url: URL, headers: Mapping[str, str]) -> Response:
        for last in (False,) * (TRIES - 1) + (True,):
            limiter = self._limiter(url)
            if limiter is not None:
                await limiter.acquire()
            try:
                return await self._send(url, headers)
            except TimeoutError as error:
                raise SourceError("timeout", f"{url} did not answer within {self._timeout.total:g} s") from error
            except aiohttp.ClientConnectorError as error:
                if last:
                    raise SourceError("connection", f"{url}: {error}") from error
                await asyncio.sleep(BACK_OFF_SECONDS * (1 + random.random()))
            except (aiohttp.ClientError, ValueError) as error:
                raise SourceError("connection", f"{url}: {error or type(error).__name__}") from error
        raise AssertionError("unreachable")

    async def _send(self, url: URL, headers: Mapping[str, str]) -> Response:
        self.stats.requests += 1
        async with self._open_session().get(url, headers=headers, allow_redirects=False) as answer:
            names: dict[str, str] = {}
            for name, value in answer.headers.items():
                # Fields that come several times are one list (RFC 9110 §5.3): WordPress sends three Link headers.
                names[name.lower()] = f"{names[name.lower()]}, {value}" if name.lower() in names else value
            self._note_clock(names)
            reader = BodyReader(str(url), names.get("content-encoding", ""), self._max_bytes)
            async for chunk in answer.content.iter_chunked(CHUNK):
                self.stats.bytes += len(chunk)
                reader.feed(chunk)
            return Response(answer.status, url, names, reader.finish())

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=self._timeout,
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                max_field_size=MOST_HEADER_BYTES,
                headers={"User-Agent": self._user_agent, "Accept-Encoding": ACCEPT_ENCODING},
            )
        return self._session

    async def _fetch_robots(self, url: URL) -> tuple[int, bytes]:
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._request(url, {"Accept": "text/plain"})
            _check_throttled(answer)
            if answer.status not in REDIRECTS:
                return answer.status, answer.body
            url = self._target(answer)
        return 404, b""  # RFC 9309 §2.3.1.2: after five redirects it counts as unavailable

    def _limiter(self, url: URL) -> AsyncLimiter | None:
        host = url.host or ""
        if host not in self._limiters:
            rate = self._rate if self._rate is not None else None if is_loopback(host) else self._default_rate
            self._limiters[host] = _limiter_of(rate) if rate else None
        return self._limiters[host]

    def _slow_down(self, url: URL, crawl_delay: float | None) -> None:
        host = url.host or ""
        limiter = self._limiter(url)
        if crawl_delay and limiter is not None and limiter.time_period / limiter.max_rate < crawl_delay:
            self._limiters[host] = _limiter_of(1 / crawl_delay)

    def _note_clock(self, headers: Mapping[str, str]) -> None:
        date = _http_date(headers.get("date"))
        if date is not None:
            self.stats.date, self.stats.date_received_at = date, time.time()


def is_same_site(one: URL, other: URL) -> bool:
    """Equal hosts, of which one may carry `www.`, at the same port; 80 and 443 count as one."""
    ports = {one.port, other.port}
    names = {(url.host or "").removeprefix("www.") for url in (one, other)}
    return len(names) == 1 and (len(ports) == 1 or ports == {80, 443})


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of a Retry-After in either form; a date counts from the answer's own `Date`, so clocks may differ."""
    value = headers.get("retry-after", "").strip()
    if value.isdigit():
        return min(float(value), LONGEST_THROTTLE_SECONDS)
    until = _http_date(value)
    if until is None:
        return None
    now = _http_date(headers.get("date")) or datetime.now(UTC)
    return min(max((until - now).total_seconds(), 0.0), LONGEST_THROTTLE_SECONDS)


def _check_status(answer: Response, expect: tuple[int, ...], *, has_credential: bool) -> None:
    """`has_credential`: the connector sent headers of its own."""
    if answer.status in expect:
        return
    _check_throttled(answer)
    if answer.status == 401 and has_credential:
        refused = "it refuses the credential that was sent"
        raise SourceError("credential", f"{answer.url} answered 401{_named_in(answer)}: {refused}")
    asks_for_browser = "; it asks for a browser (Cloudflare): the site's owner must let this User-Agent through"
    more = asks_for_browser if "cf-mitigated" in answer.headers else _named_in(answer)
    raise SourceError("status", f"{answer.url} answered {answer.status}{more}", retry_after_seconds=retry_after(answer.headers))


def _named_in(answer: Response) -> str:
    """The partner's own name of its error, as REST interfaces give it: " rest_not_logged_in"."""
    if not answer.content_type.endswith("json") or len(answer.body) > MOST_HEADER_BYTES:
        return ""
    found = _ERROR_CODE.search(answer.body)
    return f" {found[1].decode()}" if found else ""


def _check_throttled(answer: Response) -> None:
    seconds = retry_after(answer.headers)
    if answer.status == 429 or (answer.status == 503 and seconds is not None):
        raise SourceError("throttled", f"{answer.url} answered {answer.status}", retry_after_seconds=seconds)


def _http_date(value: str | None) -> datetime | None:
    if not value:
        return None
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _limiter_of(rate: float) -> AsyncLimiter:
    """`rate` a second; below one a second the burst is one request."""
    return AsyncLimiter(rate, 1) if rate >= 1 else AsyncLimiter(1, 1 / rate)
