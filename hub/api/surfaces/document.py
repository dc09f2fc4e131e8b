"""`/openapi.json`: every operation of the edge, described by the models that it runs on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import orjson
from aiohttp import web

from hub.api.answers import answer
from hub.api.edge import EDGE
from hub.api.openapi import document
from hub.api.operation import JSON, Answer, NoQuery, Operation

OPENAPI = "/openapi.json"
SECONDS = 300


class Document:
    """Made when it is first asked for, and kept; only the address that readers see differs from one to the next."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self._operations = operations

    @cached_property
    def _tree(self) -> dict[str, Any]:
        return document(self._operations, "/")

    def body(self, server: str) -> bytes:
        return orjson.dumps({**self._tree, "servers": [{"url": server}]}) + b"\n"


DOCUMENT = web.AppKey("document", Document)


async def get_openapi(request: web.Request, _: NoQuery) -> web.Response:
    return answer(request, request.app[DOCUMENT].body(request.app[EDGE].address(request, "/")), max_age=SECONDS)


OPERATION = Operation(
    "GET",
    OPENAPI,
    get_openapi,
    "This document",
    "about",
    answers={200: (Answer("an OpenAPI 3.1 document", JSON),)},
)
