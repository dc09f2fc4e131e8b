"""Fake partners on ports of this machine, in a thread of their own: what they would have answered in memory, over HTTP."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from aiohttp import web
from yarl import URL

from hub.sdk.testing import FakeHttp


@contextmanager
def loopback_sites(sites: Mapping[str, FakeHttp], bases: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Name → address. `bases`: the address that a site believes to have; readers see the real one in its place."""
    started, loop, urls = threading.Event(), asyncio.new_event_loop(), {}
    stopping = asyncio.Event()

    async def serve() -> None:
        runners = []
        for name, site in sites.items():
            app = web.Application()
            app.router.add_get("/{path:.*}", _answering(site, bases.get(name), lambda name=name: urls[name]))
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            urls[name] = f"http://127.0.0.1:{runner.addresses[0][1]}"
            runners.append(runner)
        started.set()
        await stopping.wait()
        for runner in runners:
            await runner.cleanup()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), name="loopback-sites", daemon=True)
    thread.start()
    assert started.wait(20), "the sites did not start"
    try:
        yield urls
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join(20)
        loop.close()


def _answering(site: FakeHttp, base: str | None, real):
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/robots.txt":
            return web.Response(status=404)
        canned = site._find(URL(f"{base or real()}{request.path_qs}"))
        body, headers = canned.body, dict(canned.headers)
        if base is not None:
            body = body.replace(base.encode(), real().encode()).replace(base.replace("/", "\\/").encode(), real().encode())
            headers = {name: text.replace(base, real()) for name, text in headers.items()}
        return web.Response(body=body, status=canned.status, headers={"Content-Type": canned.content_type, **headers})

    return answer
