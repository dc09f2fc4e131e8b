"""WordPress' texts: titles are HTML in which a tag-like word may be text, and carry a prefix when a password is set.

Rendered markup differs from one answer to the next without an edit: blocks and galleries are numbered in the order in
which a request renders them (`wp-container-7`), forms carry a nonce, and plugins that hide e-mail addresses from robots
encode other letters each time. `stable_markup` takes out what no reader is shown, so that only an edit is a change.
"""

from __future__ import annotations

import html
import re

LINE = 2_000
_INLINE_TAG = re.compile(r"</?(?:em|strong|b|i|u|s|br|span|sup|sub|a|wbr|mark|small|code|font|bdi)(?:\s[^<>]*)?/?>", re.I)
_PROTECTED = re.compile(r"^(?:Protected|Beveiligd|Beschermd):\s*", re.I)
_SHORTCODE = re.compile(
    r"\[/?[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?:\s[^\[\]]{0,2000})?/?\]|\[[a-z][a-z0-9_-]*(?:\s+[a-z_-]+=[^\[\]]{0,2000})/?\]"
)
_ELEMENTS = ("style", "script")
_TAG = re.compile(r"<[a-z][a-z0-9]*\s[^<>]*>")
_NUMBERED = re.compile(r"""\s(?:class|id|for|style|nonce|aria-[a-z]+|data-[a-z0-9-]+)=(?:"[^"<>]*"|'[^'<>]*')""")
_ENCODED = re.compile(r"&#(?:x([2-7][0-9a-f])|([3-9][0-9]|1[0-2][0-9]));", re.I)
_ADDRESS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@.-_+:")


def plain_title(rendered: str, *, is_protected: bool = False) -> str:
    """`R&#038;D <em>lead</em> <junior>` → `R&D lead <junior>`: entities once, known inline tags out, the rest is text."""
    text = " ".join(html.unescape(_INLINE_TAG.sub("", rendered)).split())[:LINE]
    return _PROTECTED.sub("", text) if is_protected else text


def without_shortcodes(markup: str) -> str:
    """`[vc_row][vc_column width=…]Text[/vc_column]` → `Text`: a page builder that is off over REST leaves them as text."""
    return _SHORTCODE.sub("", markup) if "[" in markup else markup


def stable_markup(markup: str) -> str:
    """The markup of one text without what changes between two answers though nobody edited it."""
    for name in _ELEMENTS:
        if f"<{name}" in markup:
            markup = _without_elements(markup, name)
    if "=" in markup:
        markup = _TAG.sub(_bare_tag, markup)
    return _ENCODED.sub(_decoded, markup) if "&#" in markup else markup


def _without_elements(markup: str, name: str) -> str:
    """One that is never closed stays: each character is looked at once, whatever a hostile page holds."""
    kept, position, closing = [], 0, f"</{name}>"
    while (start := markup.find(f"<{name}", position)) >= 0 and (end := markup.find(closing, start)) >= 0:
        kept.append(markup[position:start])
        position = end + len(closing)
    return "".join([*kept, markup[position:]])


def _bare_tag(tag: re.Match[str]) -> str:
    return "" if tag[0].startswith("<input") else _NUMBERED.sub("", tag[0])


def _decoded(found: re.Match[str]) -> str:
    """A letter of an address as itself; quotes, `&` and `<` stay encoded."""
    letter = chr(int(found[1], 16) if found[1] else int(found[2]))
    return letter if letter in _ADDRESS else found[0]


def plain(text: str) -> str:
    return " ".join(html.unescape(text).split())[:LINE]
