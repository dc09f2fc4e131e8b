"""`/nl/opportunities`, `/en/opportunities`: what is live, the newest first, behind a form that is a plain query."""

from __future__ import annotations

from aiohttp import web
from pydantic import Field

from hub.api.edge import EDGE, Edge
from hub.api.queries import FilterQuery
from hub.api.site.facets import FacetCounts, list_chosen, load_facets
from hub.api.site.rendering import Here, render, to_response
from hub.api.site.rows import to_row
from hub.api.surfaces.browse import Behind
from hub.domain.posting import Lang
from hub.feed.places import to_token

PATH = "/opportunities"
ROWS = 20
FACETS = web.AppKey("facets", FacetCounts)


class OpportunitiesQuery(FilterQuery):
    behind: Behind | None = Field(None, description="where the page begins; each page links to the next")


async def show_opportunities(request: web.Request, query: OpportunitiesQuery, language: Lang) -> web.Response:
    edge, asked = request.app[EDGE], query.asked()
    selection = query.select(request)
    behind = {"behind": to_token(query.behind)} if query.behind is not None else {}
    here = Here(language, PATH, tuple({**asked, **behind}.items()), PATH)
    names = source_titles(edge)
    _, found = await edge.read_model.load_newest(ROWS + 1, selection.filter, behind=query.behind)
    facets, total = await load_facets(request.app[FACETS], query, selection.segment, here, names)
    shown = found[:ROWS]
    body = render(
        "opportunities.html.j2",
        here,
        facets=facets,
        total=total,
        segment=selection.segment,
        excluded=query.exclude_source,
        chosen=list_chosen(query, selection.segment, here, names),
        rows=[to_row(row.record, here, names) for _, row in shown],
        is_first=query.behind is None,
        first=here.to(PATH, asked),
        following=here.to(PATH, {**asked, "behind": to_token(shown[-1][0])}) if len(found) > ROWS else None,
        is_narrowed=bool(asked) or query.behind is not None,
    )
    return to_response(request, body, here)


def source_titles(edge: Edge) -> dict[str, str]:
    return {name: manifest.title for name, manifest in edge.sources.manifests.items()}
