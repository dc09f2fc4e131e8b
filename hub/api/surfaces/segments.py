"""`/v1/segments`: the segments of today, each with its filter and the addresses of everything that has it."""

from __future__ import annotations

from datetime import date

import orjson
from aiohttp import web
from pydantic import BaseModel, Field

from hub.api.answers import answer
from hub.api.edge import EDGE, Edge
from hub.api.operation import JSON, Answer, NoQuery, Operation
from hub.api.queries import today_of
from hub.api.surfaces.atom import ATOM
from hub.api.surfaces.digest import DIGEST
from hub.api.surfaces.events import EVENTS
from hub.api.surfaces.opportunity import PATH
from hub.api.surfaces.pages import PAGES
from hub.api.surfaces.rpde import RPDE
from hub.api.surfaces.snapshot import SNAPSHOT
from hub.feed.filters import Filter
from hub.feed.reading import LANGUAGES
from hub.feed.segments import Segment

SEGMENTS = "/v1/segments"
SEGMENTS_SECONDS = 300
_FOR_PEOPLE = {"atom": ATOM, "events": EVENTS}
_FOR_PROGRAMS = {"opportunities": PATH, "pages": PAGES, "rpde": RPDE, "snapshot": SNAPSHOT, "digest": DIGEST}


class InLanguages(BaseModel):
    nl: str
    en: str


class SegmentAddresses(BaseModel):
    page: InLanguages = Field(description="for people")
    atom: InLanguages = Field(description="Atom feed")
    events: InLanguages = Field(description="calendar of its events")
    opportunities: str = Field(description="browse")
    pages: str
    rpde: str
    snapshot: str
    digest: str


class SegmentBody(BaseModel):
    name: str = Field(description="for `segment=` on every surface")
    title: InLanguages
    description: InLanguages
    valid_from: date | None = Field(description="first day on which it is offered")
    valid_until: date | None = Field(description="last day on which it is offered; afterwards it is answered 410")
    filter: dict[str, list[str]] = Field(description="query parameters: all must hold, of each one value is enough")
    exclude_source: list[str]
    addresses: SegmentAddresses


class SegmentsBody(BaseModel):
    segments: list[SegmentBody]


async def get_segments(request: web.Request, _: NoQuery) -> web.Response:
    edge = request.app[EDGE]
    rows = [_row(request, edge, segment) for segment in edge.segments.valid_on(today_of(edge))]
    return answer(request, orjson.dumps({"segments": rows}) + b"\n", max_age=SEGMENTS_SECONDS)


def _row(request: web.Request, edge: Edge, segment: Segment) -> dict[str, object]:
    asked = {"segment": segment.name}

    def by_language(path: str) -> dict[str, str]:
        return {lang: edge.address(request, path, {**asked, "lang": lang}) for lang in LANGUAGES}

    addresses: dict[str, object] = {
        "page": {lang: edge.address(request, f"/{lang}/segments/{segment.name}") for lang in LANGUAGES},
        **{name: by_language(path) for name, path in _FOR_PEOPLE.items()},
        **{name: edge.address(request, path, asked) for name, path in _FOR_PROGRAMS.items()},
    }
    return {
        "name": segment.name,
        "title": dict(segment.titles),
        "description": dict(segment.descriptions),
        "valid_from": segment.valid_from,
        "valid_until": segment.valid_until,
        "filter": _wanted(segment.filter),
        "exclude_source": sorted(segment.filter.excluded),
        "addresses": addresses,
    }


def _wanted(filter_: Filter) -> dict[str, list[str]]:
    """A segment's filter has one clause a field."""
    tokens = [token.partition(":") for clause in filter_.clauses for token in sorted(clause)]
    return {
        field: [value for name, _, value in tokens if name == field] for field in dict.fromkeys(name for name, _, _ in tokens)
    }


OPERATION = Operation(
    "GET",
    SEGMENTS,
    get_segments,
    "The segments of today",
    "segments",
    keep_by=(),
    answers={200: (Answer("segments and their addresses", JSON, SegmentsBody),)},
)
