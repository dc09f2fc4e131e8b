"""HTML that is clean already: blocks of text with plain tags, each closed, none with an attribute, none empty.

Most platforms write nothing else. The grammar is so narrow that an HTML5 parser would build the very same tree and
write it back as it stands (a test holds it against nh3); what does not fit goes the long way. Every repeat is
possessive, so a look is linear in the length of the text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

_ESCAPED = r"&(?:amp|lt|gt);"
_MORE = rf"(?:[^<>&]++|{_ESCAPED})"
_RUN = rf"(?:[^<>&\s]|{_ESCAPED}){_MORE}*+"
_MARKED = "|".join(f"<{tag}>{_RUN}</{tag}>" for tag in ("strong", "em", "b", "i"))
_BREAK = r"(?:<br>\s*+){1,2}+(?=[^\s<]|<(?:strong|em|b|i)>)"
_INLINE = rf"(?:{_RUN}|{_MARKED})(?:{_MORE}|{_MARKED}|{_BREAK})*+"
_BLOCKS = [f"<{tag}>{_INLINE}</{tag}>" for tag in ("p", "h2", "h3", "h4")]
_LISTS = [rf"<{tag}>\s*+(?:<li>{_INLINE}</li>\s*+)++</{tag}>" for tag in ("ul", "ol")]
_DOCUMENT = re.compile(rf"\s*+(?:(?:{'|'.join((*_BLOCKS, *_LISTS))})\s*+)++")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[A-Za-z]{2,8}\d{0,2});")
_KEPT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\u00a0": " "}


def as_clean(html: str) -> str | None:
    """`html` as the parser would write it, entities and breaks made alike; None when it is not of the plain kind."""
    if "<br " in html or "<br/" in html:
        html = html.replace("<br />", "<br>").replace("<br/>", "<br>")
    if "&" in html:
        html = _ENTITY.sub(lambda entity: _decoded(entity.group()), html)
    html = html.replace("\u00a0", " ")
    return html.strip() if _DOCUMENT.fullmatch(html) else None


@lru_cache(maxsize=1024)
def _decoded(entity: str) -> str:
    """The character that an entity stands for; an odd one stays, so that the text does not fit the grammar."""
    character = unescape(entity)
    if character in _KEPT:
        return _KEPT[character]
    return character if len(character) == 1 and character.isprintable() else entity
