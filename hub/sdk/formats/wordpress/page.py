"""Whose page is this? WordPress answers 200, or 301 to a neighbour, for what is gone; only an id in the page proves it."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from yarl import URL

_LINK = re.compile(r"<link\b[^>]*>", re.I)
_ATTRIBUTE = re.compile(r"\b(rel|type|href)\s*=\s*[\"']([^\"']*)[\"']", re.I)
_LAST_NUMBER = re.compile(r"(?:/|%2F)(\d+)/?\Z", re.I)


def belongs_to(body: bytes, url: URL, post: Mapping[str, Any]) -> bool:
    """Whether an HTML page is the page of `post` (`id`, `link`, `title`).

    By its REST link or short link; where the theme leaves those out, by its address *and* by naming the post at all,
    which a maintenance page at that address does not.
    """
    stated = post_id_of(body)
    if stated is not None:
        return stated == post.get("id")
    link = post.get("link")
    if not isinstance(link, str):
        return False
    asked = URL(link, encoded=True)
    if (asked.path.rstrip("/"), asked.raw_query_string) != (url.path.rstrip("/"), url.raw_query_string):
        return False
    text = html.unescape(body.decode("utf-8", "replace"))
    title = post.get("title")
    rendered = title.get("rendered") if isinstance(title, dict) else title
    return link in text or (isinstance(rendered, str) and bool(rendered.strip()) and html.unescape(rendered) in text)


def post_id_of(body: bytes) -> int | None:
    """The post id that a page states of itself, or None when the theme leaves such links out."""
    head = body[:200_000].decode("utf-8", "replace")
    for element in _LINK.findall(head):
        attributes = {name.lower(): html.unescape(value) for name, value in _ATTRIBUTE.findall(element)}
        relation, href = attributes.get("rel", "").lower(), attributes.get("href", "")
        if relation == "alternate" and attributes.get("type") == "application/json":
            match = _LAST_NUMBER.search(href.partition("&")[0])
            if match:
                return int(match[1])
        if relation == "shortlink":
            number = URL(href, encoded=True).query.get("p", "")
            if number.isdigit():
                return int(number)
    return None
