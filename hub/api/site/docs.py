"""`/docs`: how to subscribe in five minutes, surface by surface, with addresses and commands that work as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from hub.api.edge import EDGE, Edge
from hub.api.operation import HTML, Answer, NoQuery, Operation
from hub.api.queries import today_of
from hub.api.site.docs_commands import COMMANDS, Command, Places
from hub.api.site.rendering import Here, render, to_response
from hub.api.site.words import REGION_CODES
from hub.domain.wanted import Wanted
from hub.errors import RetryableError
from hub.feed.filters import FIELDS

PATH = "/docs"
SECONDS = 300


async def get_docs(request: web.Request, _: NoQuery) -> web.Response:
    edge, here = request.app[EDGE], Here("en", PATH)
    segments = edge.segments.valid_on(today_of(edge))
    places = Places(edge.address(request, ""), segments[0].name if segments else "", await _live_id(edge))

    def command(name: str) -> Command:
        return COMMANDS[name].at(places)

    body = render(
        "docs.html.j2",
        here,
        hub=places.hub,
        webcal="webcal:" + places.hub.partition(":")[2],
        segments=segments,
        command=command,
        vocabularies=vocabularies(sorted(edge.sources.manifests)),
        limit=edge.settings.http.requests_per_minute,
        token_limit=edge.settings.http.token_requests_per_minute,
    )
    return to_response(request, body, here, max_age=SECONDS)


async def _live_id(edge: Edge) -> str:
    """Of the newest item, so that the commands on the page have one to ask for."""
    try:
        _, newest = await edge.read_model.load_newest(1)
    except RetryableError:
        newest = []
    return newest[0][1].id if newest else "opp-aaaaaaaaaaaaaaaa"


def vocabularies(sources: Sequence[str]) -> list[tuple[str, str, list[str]]]:
    """Filter field, what it is, and the values that it may have (none: by the form that the description names).

    `sources`: the platforms that this hub reads, which no schema knows.
    """
    schema = Wanted.model_json_schema()
    named = {"source": sources, "exclude_source": sources, "region": REGION_CODES}

    def values(field: str) -> list[str]:
        if field in named:
            return list(named[field])
        items: dict[str, Any] = schema["properties"][field]["items"]
        if "$ref" in items:
            items = schema["$defs"][items["$ref"].rpartition("/")[2]]
        return list(items.get("enum", ()))

    return [(field, schema["properties"][field]["description"], values(field)) for field in (*FIELDS, "exclude_source")]


OPERATION = Operation("GET", PATH, get_docs, "Subscribe in five minutes", "pages", answers={200: (Answer("a page", HTML),)})
