"""`/v1/feed/digest`: counts and digest of what is live, of everything or of a filter."""

from __future__ import annotations

import orjson
from aiohttp import web
from pydantic import BaseModel, Field

from hub.api.answers import answer
from hub.api.edge import EDGE
from hub.api.operation import JSON, Answer, Operation
from hub.api.queries import FilterQuery
from hub.api.surfaces.items import Counts
from hub.feed.pages import counts_of

DIGEST = "/v1/feed/digest"
DIGEST_SECONDS = 2


class DigestBody(BaseModel):
    feed_id: str
    cursor: int = Field(description="up to where digest and counts are true")
    counts: Counts
    digest: str = Field(description="sha256 over the buckets")
    buckets: list[str] = Field(description="256 sums of sha256(id ‖ version) by the first byte of sha256(id), in hexadecimal")


async def get_digest(request: web.Request, query: FilterQuery) -> web.Response:
    selection = query.select(request)
    standing = await request.app[EDGE].read_model.load_filtered_standing(selection.filter)
    body = {
        "feed_id": selection.feed_id(standing),
        "cursor": standing.position,
        "counts": counts_of(standing, selection),
        "digest": standing.digest.hex,
        "buckets": standing.digest.buckets,
    }
    return answer(request, orjson.dumps(body) + b"\n", max_age=DIGEST_SECONDS)


OPERATION = Operation(
    "GET",
    DIGEST,
    get_digest,
    "Counts and digest of what is live",
    "feed",
    cost=5,
    query=FilterQuery,
    keep_by=(),
    answers={200: (Answer("true at `cursor`", JSON, DigestBody),)},
)
