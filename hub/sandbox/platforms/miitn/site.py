"""The MiitN site: the addresses of a WordPress."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from hub.sandbox.platforms.miitn import feeds, pages, rest
from hub.sandbox.platforms.miitn.blog import Blog
from hub.sandbox.platforms.platform import own_address, page


class Miitn(Blog):
    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.route("*", "/wp-json{route:.*}", self._rest),
            web.get("/job/{slug}", self._job),
            web.get("/job/{slug}/", self._job),
            web.get("/event/{slug}", self._event),
            web.get("/event/{slug}/", self._event),
            web.get("/events/", self._calendar),
            web.get("/events/list/", self._calendar),
            web.get("/events/month/{month}/", self._calendar),
            web.get("/feed/job_feed/", self._feed),
            web.get("/wp-sitemap.xml", self._sitemaps),
            web.get("/sitemap.xml", self._sitemap_moved),
            web.get("/wp-sitemap-posts-{kind}-{number:\\d+}.xml", self._sitemap),
            web.get("/robots.txt", self._robots),
            web.route("*", "/", self._home),
            web.route("*", "/index.php", self._home),
        ]

    async def _rest(self, request: web.Request) -> web.Response:
        return await rest.dispatch(self, request, request.match_info["route"])

    async def _home(self, request: web.Request) -> web.Response:
        if "rest_route" in request.query:
            return await rest.dispatch(self, request, request.query["rest_route"])
        if request.query.get("feed") == "job_feed":
            return feeds.job_feed(self, request)
        number = request.query.get("p", "")
        listing = self.world.listings["miitn"].get(int(number)) if number.isdigit() else None
        home = own_address(request)
        if listing is not None and listing.state in ("live", "filled", "overdue", "password", "expired"):
            kind = "event" if listing.event else "job"
            return web.Response(status=301, headers={"Location": f"{home}/{kind}/{listing.slug}/"})
        return page(
            f'<!DOCTYPE html><html lang="en-US"><head><link rel="https://api.w.org/" href="{home}/wp-json/" /></head><body><h1>Make it in the North</h1></body></html>',
            headers={"Link": f'<{home}/wp-json/>; rel="https://api.w.org/"'},
        )

    async def _job(self, request: web.Request) -> web.Response:
        return pages.job_page(self, request, request.match_info["slug"])

    async def _event(self, request: web.Request) -> web.Response:
        if request.query.get("ical"):
            return feeds.calendar(self, request, request.match_info["slug"])
        return pages.event_page(self, request, request.match_info["slug"])

    async def _calendar(self, request: web.Request) -> web.Response:
        if request.query.get("ical"):
            return feeds.calendar(self, request, None)
        return page("<!DOCTYPE html><html lang='en-US'><title>Events</title><h1>Events</h1></html>")

    async def _feed(self, request: web.Request) -> web.Response:
        return feeds.job_feed(self, request)

    async def _sitemaps(self, request: web.Request) -> web.Response:
        return feeds.sitemap_index(request)

    async def _sitemap_moved(self, request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": f"{own_address(request)}/wp-sitemap.xml"})

    async def _sitemap(self, request: web.Request) -> web.Response:
        return feeds.sitemap(self, request, request.match_info["kind"], int(request.match_info["number"]))

    async def _robots(self, request: web.Request) -> web.Response:
        return web.Response(
            text=f"User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n\nSitemap: {own_address(request)}/wp-sitemap.xml\n"
        )
