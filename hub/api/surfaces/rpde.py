"""`/v1/feed/rpde`: the feed by OpenActive's Realtime Paged Data Exchange 1.0."""

from __future__ import annotations

from aiohttp import web
from pydantic import BaseModel, Field

from hub.api.answers import answer
from hub.api.edge import EDGE
from hub.api.operation import JSON, Answer, Operation
from hub.api.queries import Cursor, FilterQuery
from hub.api.surfaces.items import LogItem
from hub.feed.cursor import START
from hub.feed.rpde import DEFAULT_LIMIT, LARGEST_LIMIT, cursor_at, render_rpde_page

RPDE = "/v1/feed/rpde"
PAGE_SECONDS = 3_600
"""A page with items: what changes later comes later, so an old copy of it hides nothing."""
LAST_PAGE_SECONDS = 2


class RpdeQuery(FilterQuery):
    afterChangeNumber: Cursor = Field(  # noqa: N815 - the standard's name
        START, description="changes behind this number; one of an earlier beginning of the feed reads all of it again"
    )
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=LARGEST_LIMIT, description="most items of a page")


class RpdeItem(BaseModel):
    """`deleted`: closed, or outside the reader's filter; it has no `data`."""

    state: str = Field(pattern="^(updated|deleted)$")
    kind: str = Field(pattern="^opportunity$")
    id: str
    modified: int = Field(description="the change number: an item with a greater one takes this one's place")
    data: LogItem | None = None


class RpdeBody(BaseModel):
    """A page without items that leads to itself is the last one: ask it again for what comes."""

    next: str
    license: str
    items: list[RpdeItem]


async def get_rpde(request: web.Request, query: RpdeQuery) -> web.Response:
    edge, selection = request.app[EDGE], query.select(request)
    # Where this reader stands depends on the base, which is the feed's own: it is looked up with the items.
    standing, changes = await edge.read_model.load_after(
        lambda found: cursor_at(query.afterChangeNumber, selection.base(found)), query.limit, selection.filter, with_digest=False
    )
    limit = {"limit": query.limit} if "limit" in query.model_fields_set else {}

    def link(change_number: int) -> str:
        return edge.address(request, RPDE, {**selection.asked, "afterChangeNumber": change_number, **limit})

    here = edge.address(request, RPDE)
    asked = request.rel_url.raw_query_string
    page = render_rpde_page(
        changes,
        selection.base(standing),
        here=f"{here}?{asked}" if asked else here,
        link=link,
        license_=edge.settings.http.license or edge.address(request, "/sources"),
    )
    return answer(request, page.body, max_age=PAGE_SECONDS if page.is_full else LAST_PAGE_SECONDS)


OPERATION = Operation(
    "GET",
    RPDE,
    get_rpde,
    "Changes by Realtime Paged Data Exchange 1.0",
    "feed",
    query=RpdeQuery,
    keep_by=(),
    answers={200: (Answer("a page", JSON, RpdeBody),)},
)
