"""One opportunity by its id: the item, where it lives now, or why it is gone."""

from __future__ import annotations

from aiohttp import web

from hub.api.answers import answer
from hub.api.edge import EDGE
from hub.api.feed_routes import refuse_unknown
from hub.api.problems import ProblemError
from hub.feed.entry import to_item

PATH = "/v1/opportunities"
ITEM_SECONDS = 5
MOVED_SECONDS = 60


async def get_opportunity(request: web.Request) -> web.Response:
    edge = request.app[EDGE]
    refuse_unknown(request, set())
    id_ = request.match_info["id"]
    found = await edge.read_model.find(id_)
    if found is None:
        raise ProblemError(404, "no opportunity has or had this id", code="unknown-opportunity")
    if found.live is not None:
        return answer(request, to_item(found.live.record, found.live.cursor) + b"\n", max_age=ITEM_SECONDS)
    if found.moved_to is not None:
        location = edge.address(request, f"{PATH}/{found.moved_to}")
        headers = {"Location": location, "Cache-Control": f"public, max-age={MOVED_SECONDS}"}
        return web.Response(status=307, headers=headers)
    raise ProblemError(
        410, "this opportunity is closed", code="closed", id=id_, state="closed", closed_reason=found.closed_reason
    )
