"""What stands behind the site's addresses: its listings, its events and its day."""

from __future__ import annotations

from datetime import date

from aiohttp import web

from hub.sandbox.platforms.miitn import events
from hub.sandbox.platforms.miitn.texture import ZONE
from hub.sandbox.platforms.platform import Platform
from hub.sandbox.world import Listing


class Blog(Platform):
    source = "miitn"
    main = ("/wp/v2/job-listings", "/tribe/events/v1/events", "/wp/v2/tribe_events")

    @property
    def today(self) -> date:
        return self.world.now.astimezone(ZONE).date()

    def is_main(self, request: web.Request) -> bool:
        """The collections, not single items; `rest_route` comes percent-encoded or not."""
        route = request.query.get("rest_route", request.path).rstrip("/")
        return any(route.endswith(part) for part in self.main)

    def jobs(self) -> list[Listing]:
        return [item for item in self.shown() if item.event is None]

    def events(self) -> list[Listing]:
        return [item for item in self.shown() if item.event is not None]

    def published_events(self) -> list[Listing]:
        """Past ones too: they stay published."""
        return [item for item in self.events() if item.state in events.PUBLISHED]

    def job(self, number: int) -> Listing | None:
        listing = self.world.listings["miitn"].get(number)
        return listing if listing is not None and listing.event is None else None

    def event(self, number: int) -> Listing | None:
        listing = self.world.listings["miitn"].get(number)
        return listing if listing is not None and listing.event is not None else None
