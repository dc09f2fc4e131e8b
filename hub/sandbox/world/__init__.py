"""The seeded region: employers, openings, their listings on four platforms, and the steps of their life."""

from hub.sandbox.world.life import advance, edit, withdraw
from hub.sandbox.world.listing import SOURCES, Change, EventFacts, Listing, Opening, Source
from hub.sandbox.world.world import World

__all__ = ["SOURCES", "Change", "EventFacts", "Listing", "Opening", "Source", "World", "advance", "edit", "withdraw"]
