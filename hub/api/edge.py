"""What the handlers are given: the parts of one serving process, and nothing global."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from aiohttp import web

from hub.api.access.origins import Origins
from hub.api.access.token_book import TokenBook
from hub.api.inbound import Inbound
from hub.api.machine import Machine
from hub.api.sources import SourceStates
from hub.feed.read_model import ReadModel
from hub.feed.segments import Segments
from hub.feed.snapshot import SnapshotFiles
from hub.settings import Settings
from hub.telemetry.health import Health


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
    machine: Machine = field(default_factory=Machine)
    now_ms: Callable[[], int] = now_ms
    tokens: TokenBook | None = None
    """None: no token is known."""

    def address(self, request: web.Request, path: str, query: Mapping[str, object] | None = None) -> str:
        """An address for readers: below the public one, else below the one that the request came to."""
        origin = self.origin(request)
        return f"{origin}{path}?{urlencode(query, safe=',:')}" if query else f"{origin}{path}"

    def origin(self, request: web.Request) -> str:
        """What links of an answer begin with: all that an answer takes from who asks and how."""
        return self._origins.of(request)

    @cached_property
    def _origins(self) -> Origins:
        return Origins(self.settings.http)


EDGE = web.AppKey("edge", Edge)
