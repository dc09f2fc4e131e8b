"""`/v1/feed/events.ics`: live events as a calendar to subscribe to (RFC 5545, RFC 7986)."""

from __future__ import annotations

import asyncio
import hashlib

from aiohttp import web
from pydantic import Field

from hub.api.answers import answer
from hub.api.edge import EDGE
from hub.api.labels import labels_in
from hub.api.operation import Answer, Operation
from hub.api.queries import FilterQuery
from hub.api.surfaces.opportunity import PATH
from hub.domain.posting import Kind, Lang
from hub.feed.calendar_file import CONTENT_TYPE, MOST_EVENTS, Calendar, render_calendar, uid_of
from hub.feed.filters import Filter
from hub.feed.naming import describe, entitle_events

EVENTS = "/v1/feed/events.ics"
EVENTS_SECONDS = 300
_ONLY_EVENTS = Filter.of({"kind": [Kind.EVENT]})


class EventsQuery(FilterQuery):
    lang: Lang = Field("nl", description="language of titles and texts; the other one where a text has none in it")


async def get_events(request: web.Request, query: EventsQuery) -> web.Response:
    edge, selection = request.app[EDGE], query.select(request)
    standing, newest = await edge.read_model.load_newest(MOST_EVENTS, selection.filter & _ONLY_EVENTS)
    asked = {**selection.asked, "lang": query.lang}
    label = labels_in(request.app, query.lang)
    calendar = Calendar(
        uid=uid_of(f"events-{hashlib.sha256('&'.join(map('='.join, asked.items())).encode()).hexdigest()[:16]}"),
        title=entitle_events(selection, query.lang),
        description=describe(selection, query.lang, label),
        lang=query.lang,
        address=edge.address(request, EVENTS, asked),
        base=standing.base,
        label=label,
    )
    rows = [row for _, row in newest]
    body = await asyncio.to_thread(render_calendar, calendar, rows, lambda id_: edge.address(request, f"{PATH}/{id_}"))
    return answer(request, body, max_age=EVENTS_SECONDS, content_type=CONTENT_TYPE)


OPERATION = Operation(
    "GET",
    EVENTS,
    get_events,
    "Live events as a calendar",
    "feed",
    query=EventsQuery,
    keep_by=(),
    cost=5,
    answers={200: (Answer(f"an iCalendar file; of more than {MOST_EVENTS} events the newest", CONTENT_TYPE),)},
)
