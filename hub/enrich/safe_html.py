"""A source's HTML → a small safe subset, and that subset → plain text.

nh3 (an HTML5 parser) does the judging; what follows works on its well-formed output, whose tags are few and carry no
attribute but a link's, so plain patterns are enough there. Repeated until nothing changes: dropping an outer tag can
let a second parse nest the inner ones otherwise, and many platforms escape their markup once or twice too often.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

import nh3

from hub.enrich.lines import mend
from hub.enrich.plain_html import as_clean

MAX_LENGTH = 200_000
_ROUNDS = 6
_DEEPEST = 1_000
"""Elements within each other. A parser looks through all that are open at each new one, so many thousand cost it minutes."""

_KEPT = {"p", "br", "ul", "ol", "li", "strong", "em", "b", "i", "h2", "h3", "h4", "a"}
_BREAKING = {
    *("div", "section", "article", "header", "footer", "main", "aside", "nav", "table", "tbody", "thead", "tfoot", "tr"),
    *(
        "caption",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "address",
        "figure",
        "figcaption",
        "hr",
        "fieldset",
        "details",
        "summary",
    ),
}
_SILENCED = {
    *("script", "style", "iframe", "object", "embed", "noscript", "template", "svg", "math", "textarea", "select", "option"),
    *("title", "head", "noembed", "noframes", "xmp", "plaintext", "canvas", "audio", "video"),
}
_PHASE = _KEPT | _BREAKING | {"h1", "h5", "h6", "td", "th"}


def _cleaner(schemes: set[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_PHASE,
        clean_content_tags=_SILENCED,
        attributes={"a": {"href"}},
        url_schemes=schemes,
        url_relative="deny",
        link_rel="nofollow",
    )


_NO_TAG = re.compile(r"(?<=\w)<(?=[^<>]*<|/?[a-zA-Z][a-zA-Z0-9]*[^a-zA-Z0-9\s/>])")
"""After a word the beginning of what is no tag: `0<nest.example`, `5 <the sixth <b>`. A parser drops it up to the next `>`, and
the word would join the number behind it, which then looks like none that must go."""
_WEB_ONLY = _cleaner({"http", "https"})
_WITH_MAIL = _cleaner({"http", "https", "mailto"})

_OVER_ESCAPED = re.compile(
    r"&lt;/?(?:p|br|ul|ol|li|strong|em|b|i|u|a|div|span|h[1-6]|table|tr|td|th|img|script|style|iframe|svg|object|embed)\b"
    r"|&amp;(?=(?:\#\d{1,6}|\#x[0-9a-f]{1,5}|[a-z]{2,8}[0-9]{0,2});)",
    re.IGNORECASE,
)
_ANCHOR = re.compile(r'<a(?: href="([^"]*)")?(?: rel="nofollow")?>(.*?)</a>', re.DOTALL)
_UNUSUAL = re.compile(
    r"<(?!/?(?:p|br|ul|ol|li|strong|em|b|i|u|a|div|span|h[1-6])[\s>/])[a-zA-Z!?/]|<(?:h[1-6]|a)\b[^<>]*>\s*<(?:div|h|p|ul|ol|li)",
    re.IGNORECASE,
)
"""Markup whose clean form an HTML5 parser might nest anew: it is cleaned until nothing changes."""
_BREAKING_NAMES = "|".join(sorted(_BREAKING))
_BREAKING_TAG = re.compile(rf"</?(?:{_BREAKING_NAMES})>(?:\s*</?(?:{_BREAKING_NAMES})>)*")
_BLOCK = r"</?(?:p|ul|ol|li|h[234])>"
_BREAKS = r"<br>(?:\s*<br>)*+"
_BREAKS_BEFORE_BLOCKS = re.compile(rf"({_BREAKS}\s*+)(?={_BLOCK})|{_BREAKS}")
"""Those before a block in the first group. The others are passed over as a whole: to look from each of them again would take
the square of their number."""
_BREAKS_AFTER_BLOCKS = re.compile(rf"({_BLOCK})\s*<br>(?:\s*<br>)*")
_MANY_BREAKS = re.compile(r"<br>\s*<br>\s*<br>(?:\s*<br>)*")
_EMPTY = re.compile(r"<(p|strong|em|b|i|li|ul|ol|h[234]|a)(?: [^<>]*)?>\s*</\1>")
_TAG = re.compile(r"<[^>]*>")
_TAGS = re.compile(r"(<[^<>]*>)")
_VOID = re.compile(r"<(?:br|hr|img|input|link|meta|wbr|col|source|!)", re.IGNORECASE)
_INLINE_TAG = re.compile(r"</?(?:strong|em|b|i|a)\b[^<>]*>")
_ANCHOR_TAG = re.compile(r"</?a\b[^>]*>")
_EDGE = r"<(?:/?(?:p|ul|ol|h[234])|/li|br)>\s*+"
_EDGES = re.compile(rf"{_EDGE}(?:{_EDGE})*+")
"""What ends a line, and blanks that follow; one match for all that stands between two lines."""


def sanitise(html: str, *, mailto: bool = False) -> str:
    """Only `p br ul ol li strong em b i h2–h4 a[href]` are left; links are http(s) (and mailto where allowed)."""
    current = mend(html)
    plain = as_clean(current)
    if plain is not None and not ("&" in plain and _OVER_ESCAPED.search(plain)):
        return plain if plain == current else mend(plain)
    current = _NO_TAG.sub(" <", current)
    if current.count("<") > _DEEPEST:
        current = _without_deepest(current)
    if "<" not in current and "\n" in current:
        current = current.strip().replace("\n", "<br>")
    cleaner = _WITH_MAIL if mailto else _WEB_ONLY
    is_usual = not _UNUSUAL.search(current)
    for _ in range(_ROUNDS):
        found, is_clean = _one_round(current, cleaner)
        if is_clean and (is_usual or found == current):
            return mend(_settled(found))
        current = found
        is_usual = is_usual and is_clean
    return from_text(to_text(mend(cleaner.clean(current))))


def _without_deepest(html: str) -> str:
    """Without the tags that stand deeper than any page has them; what stands within them stays."""
    kept: list[str] = []
    depth = 0
    for piece in _TAGS.split(html):
        is_end = piece.startswith("</")
        if not piece.startswith("<") or _VOID.match(piece):
            kept.append(piece)
            continue
        if depth + (not is_end) <= _DEEPEST:
            kept.append(piece)
        depth = max(0, depth - 1) if is_end else depth + 1
    return "".join(kept)


def _settled(html: str) -> str:
    previous = None
    while html != previous:
        previous = html
        html = _tidied(html)
    return html


def _one_round(html: str, cleaner: nh3.Cleaner) -> tuple[str, bool]:
    """What one cleaning leaves, and whether that is clean: markup that was escaped once too often comes out raw."""
    out = cleaner.clean(html).replace("&nbsp;", " ")
    if "&" in out and _OVER_ESCAPED.search(out):
        return unescape(out), False
    if "<" not in out:
        return " ".join(out.split()), True
    if "<a" in out:
        out = _ANCHOR.sub(_link, out)
    if "<t" in out:
        out = out.replace("<td>", " ").replace("</td>", " ").replace("<th>", " ").replace("</th>", " ")
    out = _BREAKING_TAG.sub("<br>", out)
    if "<h" in out:
        out = _same_headings(out)
    return _tidied(out), True


def _tidied(html: str) -> str:
    if "<br" in html:
        html = _tidy_breaks(html)
    html = (_without_empty(html) if _EMPTY.search(html) else html).strip()
    return html if "<" in html else " ".join(html.split())


def _without_empty(html: str) -> str:
    """Without elements that hold nothing but blanks and each other, however deep: one walk, since a pattern that takes away
    the innermost ones is wanted once for each level, and a posting may have as many as letters."""
    kept: list[str] = []
    for piece in _TAGS.split(html):
        if piece.startswith("</"):
            begin = len(kept)
            while begin and kept[begin - 1].isspace():
                begin -= 1
            if begin and kept[begin - 1].startswith((f"<{piece[2:]}", f"<{piece[2:-1]} ")):
                del kept[begin - 1 :]
                continue
        if piece:
            kept.append(piece)
    return "".join(kept)


def _link(match: re.Match[str]) -> str:
    href, inner = match.group(1), match.group(2)
    return f'<a href="{_plain_href(href)}" rel="nofollow">{inner}</a>' if href else inner


def _plain_href(href: str) -> str:
    """No angle brackets in attributes, so that `<` and `>` are always a tag's (text has entities)."""
    return href.replace("<", "%3C").replace(">", "%3E")


def _same_headings(html: str) -> str:
    for old, new in (("h1>", "h2>"), ("h5>", "h4>"), ("h6>", "h4>")):
        html = html.replace(f"<{old}", f"<{new}").replace(f"</{old}", f"</{new}")
    return html


def _tidy_breaks(html: str) -> str:
    html = _BREAKS_BEFORE_BLOCKS.sub(lambda match: "" if match[1] else match[0], html)
    html = _BREAKS_AFTER_BLOCKS.sub(r"\1", html)
    html = _MANY_BREAKS.sub("<br><br>", html).strip()
    while html.startswith("<br>"):
        html = html[4:].lstrip()
    while html.endswith("<br>"):
        html = html[:-4].rstrip()
    return html


def to_text(html: str) -> str:
    """Plain text of sanitised HTML: a line per paragraph, break and list item (`- …`)."""
    html = html.replace("\n", " ").replace("\t", " ")
    if "<a" in html:  # first, since nothing else has attributes, in which a tag might stand
        html = _ANCHOR_TAG.sub("", html)
    text = _EDGES.sub("\n", html).replace("<li>", "\n- ")
    if "<" in text:
        text = _TAG.sub("", text)
    if "&" in text:
        text = unescape(text)
    one = one_space if "  " in text else str.strip
    return "\n".join(filter(None, map(one, text.split("\n"))))


def one_space(text: str) -> str:
    """Single spaces, none at the ends; the look spares the split."""
    text = text.strip()
    return " ".join(text.split()) if "  " in text else text


def from_text(text: str) -> str:
    """Plain text → sanitised HTML with the same lines."""
    return escape(text, quote=False).replace("\n", "<br>")


def clean_links(html: str, clean_url: Callable[[str], str | None]) -> str:
    """Sanitised HTML with `clean_url` applied to its links; without the link where nothing is left of it."""
    return _ANCHOR.sub(lambda match: _cleaned_link(match, clean_url), html) if "<a " in html else html


def redact_pieces(html: str, redact: Callable[[str], str], shortest: int = 1) -> str:
    """Sanitised HTML with `redact` applied to the texts between the tags, if they are not shorter than `shortest`."""
    first, *rest = html.split("<")
    pieces = [redact(first) if first else ""]
    for part in rest:
        if len(part) > shortest:  # a tag's name and `>` stand before the text
            tag, _, after = part.partition(">")
            pieces.append(f"{tag}>{redact(after)}" if after else part)
        else:
            pieces.append(part)
    return "<".join(pieces)


def _cleaned_link(match: re.Match[str], clean_url: Callable[[str], str | None]) -> str:
    cleaned = clean_url(unescape(match.group(1) or ""))
    return f'<a href="{_plain_href(escape(cleaned))}" rel="nofollow">{match.group(2)}</a>' if cleaned else match.group(2)


def without_inline_tags(html: str) -> str:
    return _INLINE_TAG.sub("", html)
