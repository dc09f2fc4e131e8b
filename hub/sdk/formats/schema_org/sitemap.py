"""Sitemaps (sitemaps.org): `urlset` and `sitemapindex`, plain or gzipped → addresses with their `lastmod`.

XML is parsed without entities, DTDs or network, so that a bomb or an external entity is refused instead of expanded.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree
from yarl import URL

from hub.errors import SourceError
from hub.sdk.http import HttpClient, Response
from hub.sdk.xml import parse_xml

MOST_FILES = 500
MOST_ADDRESSES = 200_000
MOST_BYTES = 64 * 2**20


ACCEPT = "application/xml, text/xml"


@dataclass(frozen=True, slots=True)
class Entry:
    address: str
    last_modified: str | None = None
    """As stated; only ever compared, so its form does not matter."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    entries: list[Entry]
    files: int


def to_url(address: str) -> URL | None:
    """None for what is no web address."""
    try:
        url = URL(address)
    except ValueError:
        return None
    return url if url.scheme in ("http", "https") and url.host else None


async def read_sitemap(
    http: HttpClient, root: URL, first: Response | None = None, locate: Callable[[str], URL | None] = to_url
) -> Sitemap:
    """Every page of a sitemap and of those below it, each once, in their order. `first`: the root's answer, if it is known.

    `locate`: where a file below is fetched, none for what is no address. A file below that is not there (404, 410) is
    empty: plugins name files of what a site has none of. Raises SourceError; also when the pages come twice, as one row
    in ten or more: then what came is not the site's list.
    """
    waiting, seen, found = [root], {root}, dict[str, Entry]()
    rows = 0
    while waiting:
        url = waiting.pop(0)
        response = first if first is not None and url == root else await _fetch(http, url, is_root=url == root)
        if response.status != 200:
            continue
        kind, entries = parse_sitemap(_body(response), str(url))
        for entry in entries:
            if kind == "urlset":
                rows += 1
                found.setdefault(entry.address, entry)
            elif (below := locate(entry.address)) is not None and below not in seen:
                seen.add(below)
                waiting.append(below)
        if len(seen) > MOST_FILES or len(found) > MOST_ADDRESSES:
            raise SourceError("too_large", f"{root} names more than {MOST_FILES} sitemaps or {MOST_ADDRESSES} pages")
    if (rows - len(found)) * 10 > rows:
        raise SourceError("duplicate", f"{root} lists {rows} pages, of which only {len(found)} are different")
    return Sitemap(list(found.values()), len(seen))


async def _fetch(http: HttpClient, url: URL, *, is_root: bool) -> Response:
    return await http.get(url, accept=ACCEPT, expect=(200,) if is_root else (200, 404, 410))


def parse_sitemap(body: bytes, where: str) -> tuple[str, list[Entry]]:
    """(`urlset` | `sitemapindex`, its entries). Raises SourceError(`syntax` | `content_type` | `too_large`)."""
    if body.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise SourceError("content_type", f"{where} answered a page instead of a sitemap")
    root = parse_xml(body, where)
    kind = etree.QName(root).localname
    if kind not in ("urlset", "sitemapindex"):
        raise SourceError("content_type", f"{where} is <{kind}>, not a sitemap")
    entries = []
    for element in root:
        if not isinstance(element.tag, str) or etree.QName(element).localname not in ("url", "sitemap"):
            continue
        stated = {etree.QName(child).localname: (child.text or "").strip() for child in element if isinstance(child.tag, str)}
        if stated.get("loc"):
            entries.append(Entry(stated["loc"], stated.get("lastmod") or None))
    return kind, entries


def _body(response: Response) -> bytes:
    """The answer's XML; a `.xml.gz` file is unpacked within the limit."""
    if not response.body.startswith(b"\x1f\x8b"):
        if "html" in response.content_type:
            raise SourceError("content_type", f"{response.url} answered {response.content_type} instead of a sitemap")
        return response.body
    try:
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        body = unpacker.decompress(response.body, MOST_BYTES)
    except zlib.error as error:
        raise SourceError("syntax", f"{response.url} is not validly compressed: {error}") from error
    if unpacker.unconsumed_tail:
        raise SourceError("too_large", f"{response.url} unpacks to more than {MOST_BYTES} bytes")
    return body
