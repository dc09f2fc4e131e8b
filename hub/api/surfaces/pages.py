"""`/v1/feed/pages`: a walk through the feed from any cursor."""

from __future__ import annotations

from aiohttp import web
from pydantic import BaseModel, Field

from hub.api.answers import answer
from hub.api.edge import EDGE
from hub.api.operation import JSON, PROBLEM, Answer, Operation
from hub.api.problems import Problem
from hub.api.queries import Cursor, FeedQuery, require_place
from hub.api.surfaces.items import Counts, Item
from hub.api.surfaces.snapshot import SNAPSHOT
from hub.feed.cursor import START
from hub.feed.pages import DEFAULT_LIMIT, LARGEST_LIMIT, render_page

PAGES = "/v1/feed/pages"
FULL_PAGE_SECONDS = 3_600
LAST_PAGE_SECONDS = 2


class PagesQuery(FeedQuery):
    after: Cursor = Field(START, description="items at this cursor and later; 0 begins at the log's start")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=LARGEST_LIMIT, description="most items of a page")


class PageBody(BaseModel):
    """A page. Without `next` it is the last one, and tells counts and digest of what is live up to `cursor`."""

    feed_id: str
    cursor: int
    next: str | None
    digest: str | None = None
    counts: Counts | None = None
    items: list[Item]


async def get_pages(request: web.Request, query: PagesQuery) -> web.Response:
    edge, selection = request.app[EDGE], query.select(request)
    standing, changes = await edge.read_model.load_after(query.after, query.limit + 1, selection.filter)
    await require_place(request, standing, selection, query.after, query.feed, SNAPSHOT)

    def link(cursor: int, feed_id: str) -> str:
        return edge.address(request, PAGES, {**selection.asked, "after": cursor, "limit": query.limit, "feed": feed_id})

    page = render_page(standing, changes, query.after, query.limit, link, selection)
    return answer(request, page.body, max_age=FULL_PAGE_SECONDS if page.is_full else LAST_PAGE_SECONDS)


OPERATION = Operation(
    "GET",
    PAGES,
    get_pages,
    "Changes from a cursor on, page by page",
    "feed",
    query=PagesQuery,
    keep_by=(),
    answers={
        200: (Answer("a page", JSON, PageBody),),
        410: (Answer("the cursor means nothing here: begin anew from `snapshot`", PROBLEM, Problem),),
    },
)
