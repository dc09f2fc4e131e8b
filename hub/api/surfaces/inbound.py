"""`POST /v1/inbound/{source}`: signed webhooks of partners. What is judged, and in which order: `hub/api/inbound.py`."""

from __future__ import annotations

from typing import Literal

from aiohttp import web
from pydantic import BaseModel

from hub.api.edge import EDGE
from hub.api.operation import JSON, PROBLEM, Answer, Body, NoQuery, Operation
from hub.api.problems import Problem


class Taken(BaseModel):
    result: Literal["accepted", "repeated"]


async def post_inbound(request: web.Request, _: NoQuery) -> web.Response:
    return await request.app[EDGE].inbound.post(request)


async def expect_inbound(request: web.Request) -> web.StreamResponse | None:
    return await request.app[EDGE].inbound.expect(request)


OPERATION = Operation(
    "POST",
    "/v1/inbound/{source}",
    post_inbound,
    "Push a change of one item",
    "inbound",
    description="For partners who push to the hub. 2xx is said only when the record is safe; anything else: send it again.",
    path_parameters={"source": "name of the source that pushes"},
    examples={"source": "vonk"},
    body=Body(
        "The partner's own format, signed as it is.",
        "*/*",
        headers={
            "webhook-id": "id of this message; a repeated one has no effect (Standard Webhooks 1.0)",
            "webhook-timestamp": "unix time in seconds",
            "webhook-signature": "`v1,` and base64 of HMAC-SHA256 over id, time and body, parted by dots; several by blanks",
        },
    ),
    expect=expect_inbound,
    is_signed=True,
    answers={
        200: (Answer("taken before", JSON, Taken),),
        202: (Answer("taken", JSON, Taken),),
        401: (Answer("no signature is right for this body, or it is too old", PROBLEM, Problem),),
        404: (Answer("no source of this name takes webhooks", PROBLEM, Problem),),
        408: (Answer("the body took too long", PROBLEM, Problem),),
        413: (Answer("the body is too large", PROBLEM, Problem),),
        415: (Answer("the body is compressed: send it as it was signed", PROBLEM, Problem),),
    },
)
