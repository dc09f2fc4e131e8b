"""The pages' operations: each page once a language, and once without one, which leads to the reader's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from aiohttp import web

from hub.api.edge import Edge
from hub.api.item_page import ITEM_PAGE
from hub.api.labels import LABELS
from hub.api.operation import HTML, PROBLEM, Answer, NoQuery, Operation, Query
from hub.api.problems import Problem
from hub.api.site import opportunities, opportunity, segments, sources, static_files
from hub.api.site.facets import FacetCounts
from hub.api.site.opportunities import FACETS
from hub.api.site.rendering import language_of
from hub.api.site.speech import NAMES, SPEECH
from hub.api.site.words import name_alone
from hub.domain.posting import Lang
from hub.feed.reading import LANGUAGES

Show = Callable[[web.Request, Any, Lang], Awaitable[web.StreamResponse]]
_MISSING = (Answer("it is not here", PROBLEM, Problem), Answer("the same for people", HTML))
_ENDED = (Answer("it has ended", PROBLEM, Problem), Answer("the same for people", HTML))
_MOVED = (Answer("another id has it now"),)
_LED: dict[int, tuple[Answer, ...]] = {302: (Answer("the page", headers={"Location": "its address"}),)}
_GONE: dict[int, tuple[Answer, ...]] = {404: _MISSING, 410: _ENDED}


def prepare(app: web.Application, edge: Edge) -> None:
    """What the pages keep in the application."""
    app[FACETS] = FacetCounts(edge.read_model, edge.now_ms)
    app[ITEM_PAGE] = opportunity.PAGES
    titles = opportunities.source_titles(edge)

    def label(language: Lang, field: str, code: str) -> str:
        return titles.get(code, code) if field == "source" else name_alone(SPEECH[language], field, code)

    app[LABELS] = label


def _pages(
    path: str,
    show: Show,
    summary: str,
    *,
    query: type[Query] = NoQuery,
    answers: dict[int, tuple[Answer, ...]] | None = None,
    path_parameters: dict[str, str] | None = None,
    keep_by: tuple[str, ...] | None = None,
) -> Iterator[Operation]:
    """`keep_by`: of the pages; one with counts is not kept, since they may be older than the feed."""
    others, named = answers or {}, path_parameters or {}
    for language in LANGUAGES:
        shown: dict[int, tuple[Answer, ...]] = {200: (Answer("the page", HTML),), **others}
        handler, title = _in(language, show), f"{summary} ({NAMES[language]})"
        yield Operation(
            "GET",
            f"/{language}{path}",
            handler,
            title,
            "pages",
            query=query,
            answers=shown,
            path_parameters=named,
            keep_by=keep_by,
        )
    where = {"Location": "its address"}
    led: dict[int, tuple[Answer, ...]] = {302: (Answer("the page in the language of `Accept-Language`", headers=where),)}
    handler, title = _lead(show), f"{summary} (in the reader's language)"
    yield Operation("GET", path, handler, title, "pages", query=query, answers=led, path_parameters=named)


def _in(language: Lang, show: Show) -> Callable[[web.Request, Any], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request, query: Any) -> web.StreamResponse:
        return await show(request, query, language)

    handle.__name__ = f"{_name(show)}_{language}"
    return handle


def _lead(show: Show) -> Callable[[web.Request, Any], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request, _: Any) -> web.StreamResponse:
        where = f"/{language_of(request)}{request.rel_url.raw_path}"
        where += f"?{request.rel_url.raw_query_string}" if request.rel_url.raw_query_string else ""
        headers = {"Location": where, "Cache-Control": "public, max-age=300", "Vary": "Accept-Language"}
        return web.Response(status=302, headers=headers)

    handle.__name__ = _name(show)
    return handle


def _homes() -> Iterator[Operation]:
    """What people type who know no more of an address than its language."""
    for language in LANGUAGES:
        for path, name in ((f"/{language}", f"home_{language}"), (f"/{language}/", f"home_{language}_with_slash")):
            handler, title = _lead_home(language, name), f"To the opportunities ({NAMES[language]})"
            yield Operation("GET", path, handler, title, "pages", answers=_LED)


def _lead_home(language: Lang, name: str) -> Callable[[web.Request, Any], Awaitable[web.StreamResponse]]:
    async def handle(_: web.Request, __: Any) -> web.StreamResponse:
        headers = {"Location": f"/{language}{opportunities.PATH}", "Cache-Control": "public, max-age=300"}
        return web.Response(status=302, headers=headers)

    handle.__name__ = name
    return handle


def _name(show: Show) -> str:
    return str(getattr(show, "__name__", "show"))


_NAME, _ID = {"name": "name of a segment"}, {"id": "id of an opportunity"}
OPERATIONS: tuple[Operation, ...] = (
    *_pages(
        opportunities.PATH,
        opportunities.show_opportunities,
        "Opportunities",
        query=opportunities.OpportunitiesQuery,
        answers=_GONE,
    ),
    *_pages(
        f"{opportunities.PATH}/{{id}}",
        opportunity.show_opportunity,
        "One opportunity",
        answers={307: _MOVED, **_GONE},
        path_parameters=_ID,
        keep_by=(),
    ),
    *_pages(segments.PATH, segments.show_segments, "Segments"),
    *_pages(f"{segments.PATH}/{{name}}", segments.show_segment, "One segment", answers=_GONE, path_parameters=_NAME),
    *_pages(
        f"{segments.PATH}/{{name}}/embed",
        segments.show_embedded_segment,
        "A segment's list for other sites to frame",
        answers=_GONE,
        path_parameters=_NAME,
    ),
    *_pages(sources.PATH, sources.show_sources, "Sources", keep_by=()),
    *_homes(),
    static_files.OPERATION,
)
