"""One opportunity as a page: what it offers, the owner's page as the way on, its sources, and why they are one.

`rel=canonical` names the owner's page, so that search engines show that one. The page says nothing of `noindex`: beside a
canonical address of another site it would ask for two things at once, and search engines may carry it over to the owner.
What is closed answers 410, what has been merged leads to where it lives now.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import orjson
from aiohttp import web

from hub.api.edge import EDGE
from hub.api.item_page import Html
from hub.api.operation import NoQuery
from hub.api.site.facts import list_facts, list_notes
from hub.api.site.opportunities import PATH, source_titles
from hub.api.site.rendering import Here, page_headers, render, to_response
from hub.api.site.rows import closing_of, places, title_of
from hub.api.site.speech import SPEECH
from hub.api.site.values import say_event_time
from hub.api.site.why_one import list_disagreements, list_joins, list_sources
from hub.api.site.words import KINDS, REASONS
from hub.domain.posting import Lang
from hub.enrich.safe_html import sanitise
from hub.feed import reading
from hub.feed.jsonld import to_script

MOVED_SECONDS = 60


class OpportunityPages:
    """The pages that `/v1/opportunities/{id}` shows to who asks for HTML."""

    async def render_item(self, request: web.Request, record: bytes, language: Lang) -> Html:
        tree = orjson.loads(record)
        here = Here(language, f"{PATH}/{reading.word_of(tree, 'id')}", section=PATH)
        names, speech, content = source_titles(request.app[EDGE]), SPEECH[language], reading.content_of(tree)
        title, title_lang, _ = title_of(content, speech)
        kind, link = reading.word_of(tree, "kind"), reading.link_of(tree)
        text_lang = reading.text_language(content, language)
        closing = closing_of(content)
        body = render(
            "opportunity.html.j2",
            here,
            id=reading.word_of(tree, "id"),
            kind=kind,
            kind_name=speech.say(KINDS.get(kind, kind)),
            title=title,
            title_lang=title_lang,
            organisation=reading.organisation_of(content),
            places=places(content, speech),
            when=say_event_time(speech, reading.event_of(content)),
            closing=speech.day(closing) if closing is not None else "",
            link=link,
            host=_host(link),
            summary=reading.summary_of(content, language, 155),
            # Sanitised again: an operator's word may have put anything here.
            text=sanitise(reading.html_of(content, language)),
            text_lang=text_lang if text_lang != language else None,
            facts=list_facts(tree, speech),
            notes=list_notes(content, speech),
            sources=list_sources(tree, speech, names),
            joins=list_joins(tree, speech, names),
            disagreements=list_disagreements(tree, speech, names),
            script=to_script(record, language),
        )
        return Html(body, page_headers(here))

    async def render_gone(self, request: web.Request, id_: str, reason: str | None, language: Lang) -> Html:
        here = Here(language, f"{PATH}/{id_}", section=PATH)
        why = SPEECH[language].say(REASONS[reason]) if reason in REASONS else ""
        return Html(render("gone.html.j2", here, is_known=reason is not None, why=why), page_headers(here))


PAGES = OpportunityPages()


async def show_opportunity(request: web.Request, _: NoQuery, language: Lang) -> web.Response:
    id_ = request.match_info["id"]
    found = await request.app[EDGE].read_model.find(id_)
    if found is not None and found.live is not None:
        page = await PAGES.render_item(request, found.live.record, language)
        return to_response(request, page.body, Here(language, f"{PATH}/{id_}"))
    if found is not None and found.moved_to is not None:
        location = Here(language, "").to(f"{PATH}/{found.moved_to}")
        return web.Response(status=307, headers={"Location": location, "Cache-Control": f"public, max-age={MOVED_SECONDS}"})
    page = await PAGES.render_gone(request, id_, (found.closed_reason or "withdrawn") if found is not None else None, language)
    headers = {"Cache-Control": "no-store", **page.headers}
    status = 410 if found is not None else 404
    return web.Response(body=page.body, status=status, headers=headers, content_type="text/html", charset="utf-8")


def _host(link: str | None) -> str:
    """Where a link leads, for people."""
    try:
        return (urlsplit(link or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""
