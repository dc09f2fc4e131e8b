"""`/v1/opportunities`: what is live, the newest first, in pages that hold while the feed changes.

The order is that of first publication, which a change of an item does not touch: what is there throughout a walk is listed
once and not passed over. Only a merge can move an item, back to where its older posting stood.
"""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from aiohttp import web
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from hub.api.answers import answer
from hub.api.edge import EDGE
from hub.api.operation import JSON, Answer, Operation
from hub.api.queries import FilterQuery
from hub.api.surfaces.items import LogItem
from hub.api.surfaces.opportunity import PATH
from hub.feed.entry import to_item
from hub.feed.places import LONGEST, from_token, to_token
from hub.feed.read_model import Place

PATH_SECONDS = 5
DEFAULT_LIMIT, LARGEST_LIMIT = 25, 100


def _read_token(value: Any) -> Any:
    return from_token(value) if isinstance(value, str) else value


Behind = Annotated[
    Place,
    BeforeValidator(_read_token),
    WithJsonSchema({"type": "string", "maxLength": LONGEST, "pattern": "^[A-Za-z0-9_\\-]+$"}),
]


class BrowseQuery(FilterQuery):
    behind: Behind | None = Field(None, description="where the page begins, from the `next` of the page before")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=LARGEST_LIMIT, description="most items of a page")


class BrowseBody(BaseModel):
    model_config = ConfigDict(title="BrowseBody")

    feed_id: str
    cursor: int = Field(description="up to where the feed was read")
    count: int | None = Field(None, description="how many match; told on the first page alone")
    next: str | None = Field(description="address of the next page; null on the last one")
    items: list[LogItem]


async def get_opportunities(request: web.Request, query: BrowseQuery) -> web.Response:
    edge, selection = request.app[EDGE], query.select(request)
    standing, found = await edge.read_model.load_newest(query.limit + 1, selection.filter, behind=query.behind)
    head: dict[str, object] = {"feed_id": selection.feed_id(standing), "cursor": standing.position}
    if query.behind is None:
        # The digest's count is kept from one question to the next, so it costs as much as the changes in between.
        head["count"] = (await edge.read_model.load_filtered_standing(selection.filter)).live
    head["next"] = None
    if len(found) > query.limit:
        found = found[: query.limit]
        limit = {"limit": query.limit} if query.limit != DEFAULT_LIMIT else {}
        head["next"] = edge.address(request, PATH, {**selection.asked, **limit, "behind": to_token(found[-1][0])})
    items = b",\n".join(to_item(row.record, row.cursor) for _, row in found)
    return answer(request, b'%b,"items":[%b]}\n' % (orjson.dumps(head)[:-1], items), max_age=PATH_SECONDS)


OPERATION = Operation(
    "GET",
    PATH,
    get_opportunities,
    "What is live, the newest first",
    "opportunities",
    query=BrowseQuery,
    keep_by=(),
    answers={200: (Answer("a page", JSON, BrowseBody),)},
)
