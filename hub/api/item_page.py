"""The seam between `/v1/opportunities/{id}` and the pages for people: who sets `app[ITEM_PAGE]` offers `text/html` there.

The surface does what all representations share: lookup, content negotiation, language, ETag, `Vary`, caching, HEAD. The
page gives bytes and the headers that belong to HTML alone (its Content-Security-Policy). While nothing is set, the
surface offers JSON and JSON-LD, and answers 406 to a reader that takes HTML only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import web

from hub.domain.posting import Lang


@dataclass(frozen=True, slots=True)
class Html:
    """`body`: UTF-8; `headers`: of this page alone, such as its Content-Security-Policy."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class ItemPage(Protocol):
    async def render_item(self, request: web.Request, record: bytes, language: Lang) -> Html:
        """The page of a live opportunity; `record`: its JSON as the feed has it. Equal records give equal bytes.

        For `<script type="application/ld+json">` there is `hub.feed.jsonld.to_script(record, language)`: the element's text,
        safe as it stands, or None when search engines would refuse the item.
        """
        ...

    async def render_gone(self, request: web.Request, id_: str, reason: str | None, language: Lang) -> Html:
        """The page of a closed one (`reason` as in `closed_reason`, answered 410), or of an id that nothing has (None, 404)."""
        ...


ITEM_PAGE = web.AppKey("item_page", ItemPage)
