"""What went wrong, as a page: for readers that would rather have HTML than a problem document."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import hdrs, web

from hub.api.negotiation import choose_type
from hub.api.operation import HTML, PROBLEM
from hub.api.problems import ProblemError
from hub.api.site.rendering import Here, language_of, page_headers, render
from hub.api.site.speech import SPEECH, mark
from hub.feed.reading import LANGUAGES

_FOR_PROGRAMS = ("/v1/", "/openapi.json")
_SAYINGS = {
    400: (
        mark("This address asks for something we do not know"),
        mark("A filter in the address has a value that does not exist. Choose the filters on the page instead."),
    ),
    404: (mark("This page is not here"), mark("The address may have been mistyped, or the page has moved.")),
    410: (mark("This is over"), mark("What stood here has ended.")),
    429: (mark("That was a little fast"), mark("You asked for many pages in a short time. Wait a moment and try again.")),
    503: (mark("One moment please"), mark("The hub is being started and reads its data. Try again in a few seconds.")),
}
_ELSE = (mark("Something went wrong"), mark("It has been noted. Try again, or begin anew from the overview."))


def wants_page(request: web.Request) -> bool:
    """Interfaces for programs answer programs; elsewhere the reader's `Accept` decides."""
    if request.path.startswith(_FOR_PROGRAMS):
        return False
    return choose_type(",".join(request.headers.getall(hdrs.ACCEPT, ())), (PROBLEM, HTML)) == HTML


def to_page(request: web.Request, problem: ProblemError) -> web.Response:
    language = language_of(request)
    prefix, path = f"/{language}/", request.rel_url.raw_path
    is_ours = any(path.startswith(f"/{one}/") for one in LANGUAGES)
    here = Here(language, path[len(prefix) - 1 :] if is_ours else "/opportunities")
    title, advice = (SPEECH[language].say(text) for text in _SAYINGS.get(problem.status, _ELSE))
    body = render(
        "problem.html.j2",
        here,
        status=problem.status,
        phrase=HTTPStatus(problem.status).phrase,
        title=title,
        advice=advice,
        detail=problem.detail,
    )
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language", **problem.headers, **page_headers(here)}
    return web.Response(body=body, status=problem.status, headers=headers, content_type=HTML, charset="utf-8")
