"""What the four platforms share: the world, each other's addresses, statistics, and the place where faults come in.

A platform answers at its host's root; links in its answers point at the address that the reader used (Host header).
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, ClassVar

import orjson
from aiohttp import web

from hub.sandbox import faults
from hub.sandbox.world import Listing, Source, World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Platform:
    source: ClassVar[Source]
    main: ClassVar[tuple[str, ...]] = ()
    """What the address of the main listing contains; faults hold there."""

    def __init__(self, world: World, urls: dict[str, str], desk: faults.FaultDesk) -> None:
        self.world = world
        self.urls = urls
        self.desk = desk
        self.requests: Counter[tuple[str, int]] = Counter()
        """By route and status."""

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        raise NotImplementedError

    def app(self, control: Iterable[web.AbstractRouteDef] = ()) -> web.Application:
        app = web.Application(middlewares=[self._middleware()])
        app.add_routes(control)
        app.add_routes([web.get(faults.LOOP + "{step:\\d+}", faults.loop)])
        app.add_routes(self.routes())
        return app

    def is_main(self, request: web.Request) -> bool:
        return any(part in request.path_qs for part in self.main)

    def resolve(self, text: str | None) -> str | None:
        """Put the platforms' real addresses where `{{platform}}` stands."""
        if text is None or "{{" not in text:
            return text
        for source, url in self.urls.items():
            text = text.replace(f"{{{{{source}}}}}", url)
        return text

    def shown(self) -> list[Listing]:
        return self.world.all(self.source)

    def _middleware(self) -> Any:
        @web.middleware
        async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path.startswith("/sandbox/"):
                return await handler(request)
            fault = self.desk.find(self.source, request.path_qs, is_main=self.is_main(request))
            try:
                response = await handler(request) if fault is None else await faults.serve(self.desk, request, fault, handler)
            except web.HTTPException as error:
                self.requests[_route(request), error.status] += 1
                raise
            self.requests[_route(request), response.status] += 1
            return response

        return middleware


def own_address(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"


def json(value: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        body=orjson.dumps(value), status=status, headers={"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    )


def page(text: str, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)


def with_etag(request: web.Request, response: web.Response) -> web.Response:
    """304 when the reader has these bytes already."""
    body = response.body if isinstance(response.body, bytes) else b""
    tag = f'"{zlib.crc32(body):08x}{len(body):x}"'
    if request.headers.get("If-None-Match") == tag and faults.FAULT not in request:
        return web.Response(status=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return response


def number_of(request: web.Request, name: str, default: int) -> int:
    try:
        return int(request.query.get(name, default))
    except ValueError:
        return default


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "unknown"
