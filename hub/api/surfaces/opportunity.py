"""`/v1/opportunities/{id}`: one opportunity, where it lives now, or why it is gone."""

from __future__ import annotations

from aiohttp import web

from hub.api.answers import answer
from hub.api.edge import EDGE
from hub.api.operation import JSON, PROBLEM, Answer, NoQuery, Operation
from hub.api.problems import Problem, ProblemError
from hub.api.surfaces.items import LogItem
from hub.feed.entry import to_item

PATH = "/v1/opportunities"
ITEM_SECONDS = 5
MOVED_SECONDS = 60


async def get_opportunity(request: web.Request, _: NoQuery) -> web.Response:
    edge = request.app[EDGE]
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


OPERATION = Operation(
    "GET",
    f"{PATH}/{{id}}",
    get_opportunity,
    "One opportunity",
    "opportunities",
    answers={
        200: (Answer("the opportunity", JSON, LogItem),),
        307: (Answer("another id has it now"),),
        404: (Answer("nothing has or had this id", PROBLEM, Problem),),
        410: (Answer("it is closed", PROBLEM, Problem),),
    },
    path_parameters={"id": "id of an opportunity"},
)
