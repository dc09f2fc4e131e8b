"""robots.txt as RFC 9309 says: 4xx allows everything, 5xx or no answer forbids everything, kept for a day at most."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from protego import Protego
from yarl import URL

from hub.errors import SourceError

PRODUCT = "RegionalTalentHub"
MAX_BYTES = 500 * 1024
KEEP_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class _Rules:
    parsed: Protego | None
    read_at: float


class RobotsRules:
    """`fetch(url)` answers (status, body) with redirects followed; a SourceError of it keeps its cause and forbids all."""

    def __init__(self, fetch: Callable[[URL], Awaitable[tuple[int, bytes]]]) -> None:
        self._fetch = fetch
        self._origins: dict[URL, _Rules] = {}

    async def check(self, url: URL) -> float | None:
        """The site's Crawl-delay in seconds, if it states one. Raises SourceError(`robots`) when the path is not allowed."""
        rules = await self._rules(url.origin())
        if rules.parsed is None:
            return None
        if not rules.parsed.can_fetch(str(url), PRODUCT):
            raise SourceError("robots", f"{url.origin()}/robots.txt does not allow {url.path}; ask the owner for an agreement")
        delay: float | None = rules.parsed.crawl_delay(PRODUCT)
        return delay

    async def _rules(self, origin: URL) -> _Rules:
        known = self._origins.get(origin)
        if known is not None and time.monotonic() - known.read_at < KEEP_SECONDS:
            return known
        try:
            status, body = await self._fetch(origin / "robots.txt")
        except SourceError as error:
            said = f"robots.txt cannot be read, which forbids all: {error}"
            raise SourceError(error.cause, said, retry_after_seconds=error.retry_after_seconds) from error
        if status >= 500:
            raise SourceError("robots", f"{origin}/robots.txt answered {status}, which forbids all")
        parsed = Protego.parse(body[:MAX_BYTES].decode("utf-8", "replace")) if status == 200 else None
        rules = self._origins[origin] = _Rules(parsed, time.monotonic())
        return rules
