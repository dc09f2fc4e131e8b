"""One-line strings: entities resolved, markup and control characters off, whitespace collapsed, NFC.

A cheap look comes first, since nearly every line is clean already. `<junior>` is a word of the title, `<b>` is markup:
only known HTML tag names are taken off, in a loop, because taking one off can complete another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from html import unescape

_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)

_MOJIBAKE = re.compile("[ÃÂâ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_SILENCED = re.compile(r"<(script|style|iframe|noscript|template|svg|object)\b[^>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|$)|<!\[CDATA\[|\]\]>", re.DOTALL)
_DANGEROUS = re.compile(
    r"<\s*/?\s*(?:script|style|iframe|object|embed|svg|math|link|meta|base|form)\b[^>]*(?:>|$)", re.IGNORECASE
)
_KNOWN_TAG = re.compile(
    r"</?(?:a|abbr|article|aside|b|big|blockquote|body|br|button|center|cite|code|dd|del|div|dl|dt|em|fieldset|figure|font|footer"
    r"|h[1-6]|head|header|hr|html|i|img|input|ins|label|li|main|mark|nav|noscript|ol|option|p|picture|pre|q|s|section"
    r"|select|small"
    r"|source|span|strike|strong|sub|sup|table|tbody|td|template|textarea|th|thead|title|tr|tt|u|ul|video|wbr)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BREAKING = re.compile(r"</?(?:br|p|div|li|td|tr|h[1-6])\b", re.IGNORECASE)


def clean_line(line: str) -> str:
    """One line of plain text; a repeat changes nothing."""
    if "&" not in line and "<" not in line and "  " not in line and line.isprintable() and line == line.strip():
        line = fix_encoding(line)
        if line.isascii() or unicodedata.is_normalized("NFC", line):
            return line
    previous = None
    while line != previous:
        previous = line
        line = _once(line)
    return line


def _once(line: str) -> str:
    line = mend(line)
    if "&" in line:
        line = unescape(line)
    if "<" in line:
        line = _SILENCED.sub(" ", line)
        line = _COMMENT.sub("", line)
        line = _DANGEROUS.sub("", line)
        line = _KNOWN_TAG.sub(lambda tag: " " if _BREAKING.match(tag.group()) else "", line)
    line = mend(line)
    return unicodedata.normalize("NFC", " ".join(line.split()))


def mend(text: str) -> str:
    """Wrong encoding and control characters, in turns until both are right: each can hide the other."""
    fixed = without_control(fix_encoding(text))
    while fixed != text:
        text = fixed
        fixed = without_control(fix_encoding(text))
    return fixed


def fix_encoding(text: str) -> str:
    """UTF-8 that was read as Latin-1 or Windows-1252 is mended, where the tell-tale pairs stand."""
    if text.isascii() or not ("Ã" in text or "Â" in text or "â" in text) or not _MOJIBAKE.search(text):
        return text
    import ftfy  # here: few texts need its three megabytes

    return str(ftfy.fix_encoding(text))


def without_control(text: str) -> str:
    """Control, direction and zero-width characters off; line ends are `\\n`."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.replace("\n", "").isprintable():
        return text
    return _CONTROL.sub("", text)


def holds_any(text: str, needles: Iterable[str]) -> bool:
    """Whether one of the needles stands in `text`: the cheap look before a pattern."""
    for needle in needles:  # noqa: SIM110 - a generator costs as much as the looks themselves
        if needle in text:
            return True
    return False
