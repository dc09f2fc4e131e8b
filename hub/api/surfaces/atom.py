"""`/v1/feed/atom.xml`: what is live as an Atom feed, newest change first, paged (RFC 4287, RFC 5005 §3, RFC 6721).

A walk along `next` lists everything once, except what changes meanwhile: it moves to the front. Who walks reads the first
page again at the end, and knows from there on whatever changed later.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping

from aiohttp import web
from pydantic import Field

from hub.api.answers import answer
from hub.api.edge import EDGE, Edge
from hub.api.labels import labels_in
from hub.api.operation import PROBLEM, Answer, Operation
from hub.api.problems import Problem, ProblemError
from hub.api.queries import Cursor, FeedQuery
from hub.api.surfaces.opportunity import PATH
from hub.domain.posting import Lang
from hub.feed.atom import CONTENT_TYPE, DEFAULT_LIMIT, LARGEST_LIMIT, MOST_DEPARTURES, Head, render_atom
from hub.feed.departures import Departure, load_departures
from hub.feed.naming import describe, entitle
from hub.feed.projection import Standing
from hub.feed.read_model import Row, load_live
from hub.feed.selection import Selection

ATOM = "/v1/feed/atom.xml"
PAGE_SECONDS = 60


class AtomQuery(FeedQuery):
    lang: Lang = Field("nl", description="language of titles and texts; the other one where a text has none in it")
    before: Cursor | None = Field(None, description="changes before this cursor; absent: the first page")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=LARGEST_LIMIT, description="most entries of a page")


async def get_atom(request: web.Request, query: AtomQuery) -> web.Response:
    edge, selection = request.app[EDGE], query.select(request)
    standing, departures, newer = await _load_around(edge, query, selection)
    feed_id = selection.feed_id(standing)
    if query.feed not in (None, feed_id):
        first = edge.address(request, ATOM, selection.asked)
        why = "this page belongs to another feed id: begin anew from the first"
        raise ProblemError(410, why, code="cursor-unknown", first=first, feed_id=feed_id)
    rows = await edge.read_model.load_latest(query.limit + 1, selection.filter, before=query.before)
    places = {"self": query.before, "first": None}
    if query.before is not None:
        places["previous"] = newer[-1].cursor if len(newer) > query.limit else None
    if len(rows) > query.limit:
        rows = rows[: query.limit]
        places["next"] = rows[-1].cursor
    label = labels_in(request.app, query.lang)
    head = Head(
        id=_id_of(selection, query.lang),
        title=entitle(selection, query.lang),
        subtitle=describe(selection, query.lang, label),
        lang=query.lang,
        links=_links(request, query, selection, places, feed_id),
        updated=standing.base,
    )
    listed = {row.id for row in rows}  # an item may have come back between the two questions
    left = [departure for departure in departures if departure.id not in listed]
    body = await asyncio.to_thread(render_atom, head, rows, left, lambda id_: edge.address(request, f"{PATH}/{id_}"), label)
    return answer(request, body, max_age=PAGE_SECONDS, content_type=f"{CONTENT_TYPE}; charset=utf-8")


async def _load_around(edge: Edge, query: AtomQuery, selection: Selection) -> tuple[Standing, list[Departure], list[Row]]:
    """What has left, for the first page; for another one the items before it, to tell where the previous page begins."""
    async with edge.read_model.transaction() as (connection, standing):
        if query.before is None:
            return standing, await load_departures(connection, MOST_DEPARTURES, selection.filter, standing.position), []
        return standing, [], await load_live(connection, query.before - 1, query.limit + 1, selection.filter)


def _links(
    request: web.Request, query: AtomQuery, selection: Selection, places: Mapping[str, int | None], feed_id: str
) -> dict[str, str]:
    """The page for people, and the feed's pages by their places; a page that is not the first belongs to one feed id."""
    edge = request.app[EDGE]
    if _is_segment(selection):
        links = {"alternate": edge.address(request, f"/{query.lang}/segments/{selection.asked['segment']}")}
    else:
        links = {"alternate": edge.address(request, f"/{query.lang}/opportunities", selection.asked)}
    asked = {**selection.asked, "lang": query.lang, **({"limit": query.limit} if query.limit != DEFAULT_LIMIT else {})}
    for relation, before in places.items():
        place = {} if before is None else {"before": before, "feed": feed_id}
        links[relation] = edge.address(request, ATOM, {**asked, **place})
    return links


def _is_segment(selection: Selection) -> bool:
    """A segment and nothing else."""
    return selection.asked.keys() == {"segment"}


def _id_of(selection: Selection, lang: str) -> str:
    """The same for ever for the same question, on whatever host."""
    if _is_segment(selection):
        name = selection.asked["segment"]
    else:
        name = hashlib.sha256(selection.key.encode()).hexdigest()[:16] if selection.asked else "all"
    return f"urn:hub:feed:{name}:{lang}"


OPERATION = Operation(
    "GET",
    ATOM,
    get_atom,
    "What is live as an Atom feed",
    "feed",
    query=AtomQuery,
    keep_by=(),
    answers={
        200: (Answer("a page of entries, the one that changed last first", CONTENT_TYPE),),
        410: (Answer("the page belongs to another feed id: begin anew from `first`", PROBLEM, Problem),),
    },
)
