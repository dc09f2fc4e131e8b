"""What the handlers are given: the parts of one serving process, and nothing global."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from aiohttp import web

from hub.api.inbound import Inbound
from hub.api.sources import SourceStates
from hub.feed.read_model import ReadModel
from hub.feed.segments import Segments
from hub.feed.snapshot import SnapshotFiles
from hub.settings import Settings
from hub.telemetry.health import Health

HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d{1,5})?|\[[0-9a-fA-F:]+\](:\d{1,5})?")


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class Edge:
    """`fetch_end`: the end of the feed's log; raises RetryableError while the broker is away."""

    settings: Settings
    read_model: ReadModel
    snapshots: SnapshotFiles
    fetch_end: Callable[[], Awaitable[int]]
    inbound: Inbound
    sources: SourceStates
    segments: Segments = field(default_factory=lambda: Segments({}))
    health: Health = field(default_factory=Health)
    now_ms: Callable[[], int] = now_ms

    def address(self, request: web.Request, path: str, query: Mapping[str, object] | None = None) -> str:
        """An address for readers: below the public one, else below the one that the request came to."""
        origin = self.settings.http.base_url if self.settings.http.public_url else self._origin(request)
        return f"{origin}{path}?{urlencode(query, safe=',:')}" if query else f"{origin}{path}"

    def _origin(self, request: web.Request) -> str:
        """What the reader called us, as far as we are told by somebody whom we may believe."""
        scheme, host = request.scheme, request.host
        if request.remote in self.settings.http.trusted_proxies:
            scheme = request.headers.get("X-Forwarded-Proto", scheme)
            host = request.headers.get("X-Forwarded-Host", host)
        if scheme not in ("http", "https") or not HOST.fullmatch(host):
            return str(request.url.origin())
        return f"{scheme}://{host}"


EDGE = web.AppKey("edge", Edge)
