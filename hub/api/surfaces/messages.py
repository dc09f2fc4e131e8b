"""`/asyncapi.json`: what is told without being asked, by Kafka, the stream and webhooks."""

from __future__ import annotations

from urllib.parse import urlsplit

import orjson
from aiohttp import web

from hub.api.answers import answer
from hub.api.edge import EDGE
from hub.api.operation import JSON, Answer, NoQuery, Operation
from hub.api.surfaces.asyncapi import document

ASYNCAPI = "/asyncapi.json"
SECONDS = 300


async def get_asyncapi(request: web.Request, _: NoQuery) -> web.Response:
    edge = request.app[EDGE]
    origin = urlsplit(edge.origin(request))
    pushed = sorted(name for name, manifest in edge.sources.manifests.items() if manifest.inbound)
    kafka = edge.settings.kafka
    door = f"{kafka.public_host}:{kafka.public_port}" if kafka.public_host else kafka.servers.split(",")[0]
    told = document(
        kafka=door, is_partners_door=bool(kafka.public_host), http=origin.netloc, scheme=origin.scheme, sources=pushed
    )
    return answer(request, orjson.dumps(told) + b"\n", max_age=SECONDS)


OPERATION = Operation(
    "GET",
    ASYNCAPI,
    get_asyncapi,
    "Records of Kafka, events of the stream and webhooks",
    "about",
    keep_by=(),
    answers={200: (Answer("an AsyncAPI 3.1 document", JSON),)},
)
