"""Asking for items singly: is this one alive, proven gone, or unknown (R1)?

A status alone proves little: sites answer 200 with another item's page, redirect by guessing from the slug, or answer
404 to everything after a broken deploy. So redirects are looked at, not followed blindly; the page must not be another
item's; and the runtime mixes still-listed items in, whose answers show whether asking proves anything at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser
from yarl import URL

from hub.errors import SourceError
from hub.sdk.http import REDIRECTS, HttpClient, Response
from hub.sdk.record import KnownItem, Liveness

GONE = (404, 410)
MOST_HOPS = 3
EXPECTED = (200, *REDIRECTS, *GONE, 401, 403, 451)


@dataclass(frozen=True)
class Page:
    """An item's page as it answered."""

    response: Response

    @cached_property
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.response.text())

    @cached_property
    def canonical(self) -> URL | None:
        """What the page says its own address is: `rel=canonical`, else `og:url`."""
        for selector, name in (('link[rel="canonical"]', "href"), ('meta[property="og:url"]', "content")):
            node = self.tree.css_first(selector)
            value = node.attributes.get(name) if node is not None else None
            if value:
                return join(self.response.url, value)
        return None

    @cached_property
    def is_noindex(self) -> bool:
        """`noindex` for everybody, in the header or a meta element."""
        said = [self.response.headers.get("x-robots-tag", "")]
        said += [node.attributes.get("content") or "" for node in self.tree.css('meta[name="robots" i]')]
        return any(re.search(r"\b(?:noindex|none)\b", text, re.I) for text in said)


Identify = Callable[[Page, KnownItem], bool | None]
"""Whose page it is: True this item's, False another one's or none's, None when the page does not say."""


def by_address(page: Page, item: KnownItem) -> bool | None:
    """Identity by the address that the page claims as its own; None when it claims none, or one on another host.

    A platform may name the employer's page as canonical, or its public host where it is read at another: that tells
    nothing of whose page this is.
    """
    if page.canonical is None or item.url is None:
        return None
    address = URL(item.url)
    return same_page(page.canonical, address) if _host(page.canonical) == _host(address) else None


async def ask_all(http: HttpClient, items: Sequence[KnownItem], identify: Identify = by_address) -> Mapping[str, Liveness]:
    """Ask for each item that has an address. An answer that cannot be read is unknown; a throttled partner raises."""
    answers = {}
    for item in items:
        if item.url is not None:
            answers[item.native_id] = await ask(http, item, identify)
    return answers


async def ask(http: HttpClient, item: KnownItem, identify: Identify = by_address) -> Liveness:
    """404 and 410 are gone, also after redirects; so are noindex, another's page, and being sent up to the list or the
    home page; what is not said is unknown."""
    if item.url is None:
        return Liveness.UNKNOWN
    try:
        response = await http.get(item.url, accept="text/html", expect=EXPECTED, redirects=False)
        if response.status in REDIRECTS:
            return await _ask_elsewhere(http, item, response, identify)
        return judge(response, item, identify)
    except SourceError as error:
        if error.cause in ("throttled", "robots"):
            raise
        return Liveness.UNKNOWN


def judge(response: Response, item: KnownItem, identify: Identify, *, moved: bool = False) -> Liveness:
    """What one answer proves. A page that says nothing of whose it is counts as this item's at its own address only."""
    if response.status in GONE:
        return Liveness.GONE
    if response.status != 200:
        return Liveness.UNKNOWN
    page = Page(response)
    if page.is_noindex:
        return Liveness.GONE
    whose = identify(page, item)
    if whose is None:
        return Liveness.UNKNOWN if moved else Liveness.ALIVE
    return Liveness.ALIVE if whose else Liveness.GONE


def same_page(one: URL, other: URL) -> bool:
    """Equal host and path; scheme, `www.`, a trailing slash, query and fragment apart."""
    return _place(one) == _place(other)


def join(base: URL, reference: str) -> URL | None:
    try:
        return base.join(URL(reference.strip()))
    except ValueError:
        return None


async def _ask_elsewhere(http: HttpClient, item: KnownItem, response: Response, identify: Identify) -> Liveness:
    asked = response.url
    for _ in range(MOST_HOPS):
        target = join(response.url, response.headers.get("location", ""))
        if target is None or target.host != asked.host:
            return Liveness.UNKNOWN
        response = await http.get(target, accept="text/html", expect=EXPECTED, redirects=False)
        if response.status not in REDIRECTS:
            proof = judge(response, item, identify, moved=not same_page(target, asked))
            is_sent_up = response.status == 200 and _is_above(target, asked)
            return Liveness.GONE if proof is Liveness.UNKNOWN and is_sent_up else proof
    return Liveness.UNKNOWN


def _is_above(target: URL, asked: URL) -> bool:
    """Whether one is sent up, to the list or the home page: what had a page of its own has none any more."""
    return asked.path.rstrip("/").startswith(target.path.rstrip("/") + "/")


def _place(url: URL) -> tuple[str, str]:
    return _host(url), url.path.rstrip("/") or "/"


def _host(url: URL) -> str:
    return (url.host or "").removeprefix("www.")
