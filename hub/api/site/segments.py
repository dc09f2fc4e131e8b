"""Segments as pages: what each is, what is in it, and how another site takes it in.

The embedded list is the one page that other sites may frame: it has no script and no form, so there is nothing in it to
trick a person into.
"""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from hub.api.edge import EDGE
from hub.api.operation import NoQuery
from hub.api.queries import find_segment, today_of
from hub.api.site.facets import total_of
from hub.api.site.opportunities import FACETS, source_titles
from hub.api.site.opportunities import PATH as OPPORTUNITIES
from hub.api.site.rendering import EMBED_POLICY, Here, render, to_response
from hub.api.site.rows import Row, to_row
from hub.api.site.speech import SPEECH, mark
from hub.api.surfaces.atom import ATOM
from hub.api.surfaces.digest import DIGEST
from hub.api.surfaces.events import EVENTS
from hub.api.surfaces.pages import PAGES
from hub.api.surfaces.rpde import RPDE
from hub.api.surfaces.snapshot import SNAPSHOT
from hub.domain.posting import Lang
from hub.feed.segments import Segment

PATH = "/segments"
ROWS = 10
_LINKS = (
    (ATOM, True, mark("Atom feed"), mark("for a news block, a reader or a newsletter: the latest first")),
    (EVENTS, True, mark("Calendar"), mark("the events, for any calendar that takes an address")),
    (RPDE, False, mark("RPDE feed"), mark("for platforms that speak Realtime Paged Data Exchange")),
    (PAGES, False, mark("Pages"), mark("every change as JSON, from any point on")),
    (SNAPSHOT, False, mark("Snapshot"), mark("all that is live in one file")),
    (DIGEST, False, mark("Digest"), mark("a proof that you hold what the hub holds")),
)
"""Path, whether it speaks a language, name, what it is for."""


@dataclass(frozen=True, slots=True)
class Way:
    address: str
    name: str
    use: str


async def show_segments(request: web.Request, _: NoQuery, language: Lang) -> web.Response:
    edge, here = request.app[EDGE], Here(language, PATH, section=PATH)
    segments = edge.segments.valid_on(today_of(edge))
    found = [(segment, total_of(await request.app[FACETS].load(segment.filter))) for segment in segments]
    return to_response(request, render("segments.html.j2", here, segments=found), here)


async def show_segment(request: web.Request, _: NoQuery, language: Lang) -> web.Response:
    edge, speech = request.app[EDGE], SPEECH[language]
    segment = find_segment(edge, request.match_info["name"])
    here = Here(language, f"{PATH}/{segment.name}", section=PATH)
    rows, total = await _load(request, segment, here)
    asked = {"segment": segment.name}
    ways = [
        Way(edge.address(request, path, {**asked, "lang": language} if speaks else asked), speech.say(name), speech.say(use))
        for path, speaks, name, use in _LINKS
    ]
    body = render(
        "segment.html.j2",
        here,
        segment=segment,
        rows=rows,
        total=total,
        all=here.to(OPPORTUNITIES, asked),
        ways=ways,
        embed=edge.address(request, here.to(f"{PATH}/{segment.name}/embed")),
    )
    return to_response(request, body, here)


async def show_embedded_segment(request: web.Request, _: NoQuery, language: Lang) -> web.Response:
    edge = request.app[EDGE]
    segment = find_segment(edge, request.match_info["name"])
    here = Here(language, f"{PATH}/{segment.name}/embed")
    rows, total = await _load(request, segment, here)
    body = render(
        "embedded.html.j2", here, segment=segment, rows=rows, total=total, all=here.to(OPPORTUNITIES, {"segment": segment.name})
    )
    return to_response(request, body, here, policy=EMBED_POLICY)


async def _load(request: web.Request, segment: Segment, here: Here) -> tuple[list[Row], int]:
    edge = request.app[EDGE]
    _, found = await edge.read_model.load_newest(ROWS, segment.filter)
    names = source_titles(edge)
    return [to_row(row.record, here, names) for _, row in found], total_of(await request.app[FACETS].load(segment.filter))
