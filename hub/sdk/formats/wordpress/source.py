"""A whole WordPress partner as a source: listings, events, or both, one after the other.

A connector's `source.py` subclasses it and names its collections. A fault in any collection fails the run, and the
next one discovers the site anew.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence

from hub.errors import SourceError
from hub.sdk.formats.wordpress.events import Events
from hub.sdk.formats.wordpress.listings import Listings
from hub.sdk.formats.wordpress.site import WordPressSite
from hub.sdk.record import KnownItem, Liveness, SourceEvent
from hub.sdk.source import Checkpoint, PullOnly, SourceContext


class WordPressSource(PullOnly):
    has_listings = True
    has_events = True

    def __init__(self, context: SourceContext) -> None:
        self._site = WordPressSite(context)
        self._collections: dict[str, Listings | Events] = {}
        if self.has_listings:
            self._collections["listings"] = Listings(self._site)
        if self.has_events:
            self._collections["events"] = Events(self._site)

    async def run(self, checkpoint: Checkpoint) -> AsyncIterator[SourceEvent]:
        try:
            await self._site.open()
            for collection in self._collections.values():
                async for event in collection.run(checkpoint):
                    yield event
        except SourceError:
            self._site.close()
            raise

    async def ask(self, items: Sequence[KnownItem]) -> Mapping[str, Liveness]:
        await self._site.open()
        verdicts: dict[str, Liveness] = {}
        for name, collection in self._collections.items():
            asked = [item for item in items if item.collection == name]
            if asked:
                verdicts |= await collection.ask(asked)
        return verdicts
