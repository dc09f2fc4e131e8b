"""Reads Traineelink: every page of its sitemap, then its calendar. All of it is the formats'."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence

from hub.sdk import Checkpoint, KnownItem, Liveness, PullOnly, SourceContext, SourceEvent
from hub.sdk.formats.icalendar import CalendarFile
from hub.sdk.formats.schema_org.pages import SchemaPages

SITEMAP = "sitemap.xml"
CALENDAR = "agenda.ics"


class Source(PullOnly):
    def __init__(self, context: SourceContext) -> None:
        self._pages = SchemaPages(context, sitemap=SITEMAP)
        self._calendar = CalendarFile(context.http, context.base_url / CALENDAR)

    async def run(self, checkpoint: Checkpoint) -> AsyncIterator[SourceEvent]:
        async for event in self._pages.run(checkpoint):
            yield event
        async for event in self._calendar.run():
            yield event

    async def ask(self, items: Sequence[KnownItem]) -> Mapping[str, Liveness]:
        return await self._pages.ask(items)
