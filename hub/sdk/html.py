"""Text out of HTML as partners write it: entities, tags, white space. Sanitising is canonicalise's, not done here."""

from __future__ import annotations

import html as stdlib_html
import re

from selectolax.lexbor import LexborHTMLParser

_BLOCKS = re.compile(r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|table|section|article|blockquote|header|footer|dd|dt)\b[^>]*>", re.I)
_TAG = re.compile(r"<[a-zA-Z/!][^>]*>")
_SPACES = re.compile(r"[ \t\r\f\v\u00a0]+")
_EMPTY_LINES = re.compile(r"\s*\n\s*")


def unescape(text: str) -> str:
    """Entities → characters, twice at most: exports often escape what was escaped (`&amp;amp;`)."""
    if "&" not in text:
        return text
    once = stdlib_html.unescape(text)
    return stdlib_html.unescape(once) if "&" in once else once


def to_line(text: str) -> str:
    """One line from a title or name: no entities, single spaces. Tags are canonicalise's: it knows `<b>` from `<junior>`."""
    return " ".join(unescape(text).split())


def to_text(markup: str) -> str:
    """HTML → plain text; blocks and breaks become lines, script and style vanish with their content."""
    if "<" not in markup:
        return _tidy(stdlib_html.unescape(markup))
    tree = LexborHTMLParser(_BLOCKS.sub(lambda match: "\n" + match[0], markup))
    tree.strip_tags(["script", "style", "noscript", "template", "iframe"])
    body = tree.body
    return _tidy(body.text(deep=True)) if body is not None else ""


def paragraphs(text: str) -> str:
    """Plain text → HTML paragraphs, escaped, so that every description is HTML in the canonical model."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if block.strip()]
    return "".join(f"<p>{stdlib_html.escape(block, quote=False).replace(chr(10), '<br>')}</p>" for block in blocks)


def looks_like_html(text: str) -> bool:
    return _TAG.search(text) is not None


def _tidy(text: str) -> str:
    return _EMPTY_LINES.sub("\n", _SPACES.sub(" ", text)).strip()
