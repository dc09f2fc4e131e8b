"""Texts of a node: descriptions that were escaped once too often, and the language that they are in."""

from __future__ import annotations

import html as stdlib_html
from collections.abc import Iterable, Mapping
from typing import Any

from hub.domain.posting import Lang
from hub.sdk.formats.schema_org.values import as_list
from hub.sdk.html import looks_like_html, paragraphs
from hub.sdk.language import declared_language, language_of

LONG = 200_000


def markup_of(node: Mapping[str, Any], keys: Iterable[str]) -> str:
    """The node's texts as HTML, one after the other; those that the first one already holds are left out."""
    found: list[str] = []
    for key in keys:
        for entry in as_list(node.get(key)):
            text = entry.get("@value") or entry.get("name") if isinstance(entry, dict) else entry
            if isinstance(text, str) and text.strip():
                html = to_markup(text)
                if not any(html in earlier for earlier in found):
                    found.append(html)
    return "".join(found)[:LONG]


def to_markup(text: str) -> str:
    """HTML of a description that may be plain, escaped once (`&lt;p&gt;`) or twice, or escaped with a literal backslash-n."""
    text = text.replace("\\n", "\n").replace("\\'", "'").strip()
    for escaped in ("&amp;lt;", "&lt;"):
        if escaped in text and not looks_like_html(text):
            text = stdlib_html.unescape(text)
    return text if looks_like_html(text) else paragraphs(stdlib_html.unescape(text))


def ad_language_of(node: Mapping[str, Any], page_language: str | None, sample: str, default: Lang) -> tuple[str | None, Lang]:
    """(the ad's language, the language under which its texts go): declared by the node, else judged by its words.

    The page's `lang` only breaks a tie: templates of two-language sites often declare one language for all.
    """
    declared = next((code for value in as_list(node.get("inLanguage")) if (code := declared_language(_tag(value)))), None)
    page = declared_language(page_language)
    tie: Lang = "en" if page == "en" else "nl" if page == "nl" else default
    if declared in ("nl", "en"):
        return declared, "nl" if declared == "nl" else "en"
    judged = language_of(sample, default=tie)
    return declared or judged, judged


def _tag(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("alternateName") or value.get("name") or value.get("@id")
    return value if isinstance(value, str) else None
