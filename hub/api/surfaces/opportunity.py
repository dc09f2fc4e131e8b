"""`/v1/opportunities/{id}`: one opportunity as JSON, JSON-LD or a page, where it lives now, or why it is gone.

The reader's `Accept` decides (RFC 9110 §12.5.1), JSON when it says nothing; `format` in the address stands before it, for
links and for browsers, which always ask for pages. Each representation has its own ETag, all carry the owner's page as their
canonical address, and `Vary` names what the choice rests on. Pages come from `app[ITEM_PAGE]`.
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

import orjson
from aiohttp import hdrs, web
from pydantic import Field

from hub.api.answers import answer
from hub.api.edge import EDGE
from hub.api.item_page import ITEM_PAGE
from hub.api.negotiation import choose_language, choose_type
from hub.api.operation import HTML, JSON, PROBLEM, Answer, Operation, Query
from hub.api.problems import Problem, ProblemError
from hub.api.surfaces.items import LogItem
from hub.domain.posting import Lang
from hub.feed.entry import to_item
from hub.feed.jsonld import to_json_ld
from hub.feed.read_model import Found, Row
from hub.feed.reading import link_of

PATH = "/v1/opportunities"
JSON_LD = "application/ld+json"
ITEM_SECONDS = 5
MOVED_SECONDS = 60
FORMATS = {"json": JSON, "jsonld": JSON_LD, "html": HTML}
_ADDRESS_CHARACTERS = ":/?#[]@!$&'()*+,;=%~"


class OpportunityQuery(Query):
    """The representation is chosen by `format`, else by `Accept`."""

    format: Literal["json", "jsonld", "html"] | None = Field(None, description="form of the answer, before `Accept`")
    lang: Lang | None = Field(None, description="language of the page and of JSON-LD, before `Accept-Language`")


async def get_opportunity(request: web.Request, query: OpportunityQuery) -> web.Response:
    page = request.app.get(ITEM_PAGE)
    offered = (JSON, JSON_LD, HTML) if page is not None else (JSON, JSON_LD)
    accept = FORMATS[query.format] if query.format else ",".join(request.headers.getall(hdrs.ACCEPT, ()))
    wanted = choose_type(accept, offered)
    if wanted is None:
        raise ProblemError(
            406, f"this opportunity can be had as {', '.join(offered)}", code="not-acceptable", headers={"Vary": "Accept"}
        )
    language = choose_language(query.lang, request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))
    found = await request.app[EDGE].read_model.find(request.match_info["id"])
    if found is not None and found.live is not None:
        return await _show(request, found.live, wanted, language)
    if found is not None and found.moved_to is not None:
        return _lead_on(request, found.moved_to, query)
    return await _tell_gone(request, found, wanted, language)


async def _show(request: web.Request, row: Row, wanted: str, language: Lang) -> web.Response:
    headers = {"Vary": _vary(wanted), **_canonical(row.record)}
    if wanted == JSON:
        body = to_item(row.record, row.cursor) + b"\n"
    elif wanted == JSON_LD:
        body = to_json_ld(row.record, language)
    else:
        html = await request.app[ITEM_PAGE].render_item(request, row.record, language)
        body, headers = html.body, {**headers, **html.headers}
    return answer(request, body, max_age=ITEM_SECONDS, content_type=wanted, headers=headers)


def _lead_on(request: web.Request, id_: str, query: OpportunityQuery) -> web.Response:
    """For a short while only: the next word of matching may part them again. The reader asks there for the same form."""
    location = request.app[EDGE].address(request, f"{PATH}/{id_}", query.model_dump(exclude_none=True))
    return web.Response(status=307, headers={"Location": location, "Cache-Control": f"public, max-age={MOVED_SECONDS}"})


async def _tell_gone(request: web.Request, found: Found | None, wanted: str, language: Lang) -> web.Response:
    id_ = request.match_info["id"]
    if wanted == HTML:
        status, reason = (410, found.closed_reason) if found is not None else (404, None)
        html = await request.app[ITEM_PAGE].render_gone(request, id_, reason, language)
        headers = {"Vary": _vary(wanted), "Cache-Control": "no-store", **html.headers}
        return web.Response(body=html.body, status=status, headers=headers, content_type=HTML, charset="utf-8")
    vary = {"Vary": "Accept"}
    if found is None:
        raise ProblemError(404, "no opportunity has or had this id", code="unknown-opportunity", headers=vary)
    raise ProblemError(
        410,
        "this opportunity is closed",
        code="closed",
        headers=vary,
        id=id_,
        state="closed",
        closed_reason=found.closed_reason,
    )


def _vary(wanted: str) -> str:
    """What the choice of this representation rests on: JSON is the same in every language."""
    return "Accept" if wanted == JSON else "Accept, Accept-Language"


def _canonical(record: bytes) -> dict[str, str]:
    """The owner's page, for whoever does not read bodies (RFC 6596)."""
    page = link_of(orjson.loads(record))
    return {"Link": f'<{quote(page, safe=_ADDRESS_CHARACTERS)}>; rel="canonical"'} if page else {}


OPERATION = Operation(
    "GET",
    f"{PATH}/{{id}}",
    get_opportunity,
    "One opportunity",
    "opportunities",
    query=OpportunityQuery,
    keep_by=("Accept", "Accept-Language"),
    answers={
        200: (
            Answer("the opportunity", JSON, LogItem),
            Answer("in schema.org's words: a JobPosting, Event or Course", JSON_LD),
            Answer("a page for people", HTML),
        ),
        307: (Answer("another id has it now"),),
        404: (Answer("nothing has or had this id", PROBLEM, Problem), Answer("the same for people", HTML)),
        406: (Answer("it is not to be had in any form that `Accept` names", PROBLEM, Problem),),
        410: (Answer("it is closed", PROBLEM, Problem), Answer("the same for people", HTML)),
    },
    path_parameters={"id": "id of an opportunity"},
)
