"""The page at `/`: plain HTML without scripts, made from `overview.py` and `wrongs/` and kept for two seconds.

Everything that came from outside is escaped by Jinja; the style sheet inside is allowed by its hash alone.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

from aiohttp import web
from jinja2 import Environment, PackageLoader, Template

from hub.api import overview
from hub.api.answers import answer
from hub.api.edge import Edge
from hub.api.operation import HTML, Answer, NoQuery, Operation
from hub.api.roles import RoleStates
from hub.api.wrongs import OwnState, find_wrongs
from hub.feed.projection import Standing
from hub.feed.read_model import Count, FeedNotReadyError
from hub.feed.reading import is_web

KEPT_MS = 2_000
LATEST = 25

STYLE = files("hub.api").joinpath("templates/front.css").read_text(encoding="utf-8")
POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class FrontPage:
    def __init__(self, edge: Edge, roles: RoleStates) -> None:
        self._edge = edge
        self._roles = roles
        self._lock = asyncio.Lock()
        self._made_at = 0
        self._body = b""
        self._template = _load_template()

    async def get(self, request: web.Request) -> web.Response:
        async with self._lock:
            if self._edge.now_ms() - self._made_at > KEPT_MS:
                self._body = await self._render()
                self._made_at = self._edge.now_ms()
        response = answer(request, self._body, max_age=KEPT_MS // 1_000, content_type="text/html")
        response.headers["Content-Security-Policy"] = POLICY
        return response

    async def _render(self) -> bytes:
        edge, made = self._edge, self._edge.now_ms()
        standing, counts, records = await self._read_feed()
        manifests = edge.sources.manifests
        states = {name: edge.sources.state(name) for name in manifests}
        missing = edge.health.report()["missing"]
        assert isinstance(missing, dict)
        ask = self._roles
        roles, subscriptions, audit, matching = await asyncio.gather(
            ask.fetch_missing(), ask.fetch_subscriptions(), ask.fetch_audit(), ask.fetch_matching()
        )
        own = OwnState(missing, roles or {}, subscriptions, *audit, machine=edge.machine)
        wrongs = find_wrongs(manifests, states, own, made, set_aside=edge.sources.set_aside(made), counts=counts)
        text = self._template.render(
            style=STYLE,
            made=made,
            standing=standing,
            wrongs=wrongs,
            are_roles_known=roles is not None,
            sources=overview.list_sources(manifests, states, counts, made),
            kinds=overview.count_kinds(counts),
            matching=overview.matching_of(counts, matching),
            latest=[overview.to_item(record) for record in records],
        )
        return text.encode()

    async def _read_feed(self) -> tuple[Standing | None, list[Count], list[bytes]]:
        model = self._edge.read_model
        try:
            return await model.load_standing(), await model.load_counts(), [row.record for row in await model.load_latest(LATEST)]
        except FeedNotReadyError:
            return None, [], []


FRONT_PAGE = web.AppKey("front_page", FrontPage)


async def get_front_page(request: web.Request, _: NoQuery) -> web.Response:
    return await request.app[FRONT_PAGE].get(request)


OPERATION = Operation(
    "GET",
    "/",
    get_front_page,
    "What is in the feed, and what is wrong",
    "pages",
    answers={200: (Answer("a page", HTML),)},
)


def _utc(unix_ms: int) -> str:
    return datetime.fromtimestamp(unix_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _ago(unix_ms: int, now_ms: int) -> str:
    """`12 s ago`, `5 min ago`, `3 h ago`, `2 days ago`."""
    seconds = max(0, now_ms - unix_ms) // 1_000
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"


@cache
def _load_template() -> Template:
    environment = Environment(loader=PackageLoader("hub.api"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(utc=_utc, ago=_ago, is_web=is_web)
    return environment.get_template("front.html.j2")
