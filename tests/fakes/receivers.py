"""Where webhooks arrive: one server for many receivers, each at a path of its own, and what it does with the next deliveries."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

from aiohttp import web

MOODS = ["takes", "refuses", "fails", "takes and fails", "is away", "takes in silence"]
"""What a receiver does with a delivery. Who takes in silence has taken it, and the hub never hears of that."""
STATUS = {"takes": 204, "refuses": 422, "fails": 500, "takes and fails": 500, "is away": 503}
GONE_BY = 204
"""To what still arrives at a receiver that has been left."""


class Receivers:
    """`moods`: what is done with the next deliveries, whoever gets them; behind them all are taken. `came`: how many there
    were; `on_delivery`: called at each, when it has been read and nothing is answered yet.
    """

    def __init__(self, marks: Counter[str] | None = None) -> None:
        self._marks = Counter[str]() if marks is None else marks
        self._open: dict[str, Callable[[str, dict[str, Any]], None]] = {}
        self._bodies: dict[str, bytes] = {}
        self._made = 0
        self.moods: deque[str] = deque()
        self.came = 0
        self.on_delivery: Callable[[], None] = lambda: None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/hook/{name}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()

    async def stop(self) -> None:
        await self._runner.cleanup()

    def open(self, take: Callable[[str, dict[str, Any]], None]) -> tuple[str, str]:
        """Name and address of a new one. `take`: given feed id and item of what arrives there."""
        self._made += 1
        name = str(self._made)
        self._open[name] = take
        return name, f"http://127.0.0.1:{self._runner.addresses[0][1]}/hook/{name}"

    def close(self, name: str) -> None:
        """What arrives later was under way and is of no concern any more."""
        self._open.pop(name, None)

    async def _handle(self, request: web.Request) -> web.Response:
        body, webhook_id = await request.read(), request.headers["webhook-id"]
        self.came += 1
        self.on_delivery()
        take = self._open.get(request.match_info["name"])
        if take is None:
            return web.Response(status=GONE_BY)
        mood = self.moods.popleft() if self.moods else "takes"
        self._marks[f"a receiver {mood}"] += 1
        # One webhook id is one message, whenever and however often it comes.
        if self._bodies.setdefault(webhook_id, body) != body:
            self._marks["another body under the same webhook id"] += 1
        if mood.startswith("takes"):
            told = json.loads(body)
            take(told["feed_id"], told["data"])
        if mood == "takes in silence" and request.transport is not None:
            request.transport.abort()
        return web.Response(status=STATUS.get(mood, 204))
