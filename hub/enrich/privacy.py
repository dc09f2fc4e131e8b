"""Personal contact data in free text: found by shape, replaced by a neutral placeholder in the ad's language.

What goes: e-mail addresses (also `name [at] host`), Dutch and international telephone numbers, WhatsApp and LinkedIn
profile addresses, and the names that stand beside them or after a contact phrase. What stays: amounts, years,
postcodes, reference and KvK numbers, since a number must be grouped and dialled like a telephone number to go. The
placeholder matches none of the patterns, so a repeat changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import AnyStr

import phonenumbers

from hub.enrich.contact_names import ANY_MARK, may_name, without_names, without_owners
from hub.enrich.contact_patterns import (
    ADDRESS_HINTS,
    AT_HINTS,
    DIGITS_HINT,
    EMAIL,
    EMAIL_IN_URL,
    ENDS_WITH_PHRASE,
    HINTS,
    IBAN,
    NOT_A_PHONE,
    PHONE,
    PLACEHOLDER,
    PROFILE,
    PROFILE_HINTS,
    ROLE_MAILBOX,
    SHORT_LINE,
    URL,
    USERINFO,
)
from hub.enrich.finding import bytes_finder
from hub.enrich.lines import holds_any
from hub.enrich.spots import mailbox_spots, replace_near

_GROWS = "\u0130"
"""The one letter that is longer in lower case: what stands in other lines is looked at too, then."""
_LONGEST_KEPT = 1_000
"""Signs of the longest line that a cache holds."""
_KELVIN = "\u212a"
"""The one sign beyond ASCII that is a letter of a hint in lower case."""
_find_hints = bytes_finder(hint.encode() for hint in HINTS)
_NO_LETTER = re.compile(r"[^a-z]")


def is_role_mailbox(email: str) -> bool:
    """`jobs@…`, `werkenbij@…`: a desk, not a person."""
    return ROLE_MAILBOX.match(email.strip()) is not None


def redact(text: str, lang: str, names: Iterable[str] = (), names_found: set[str] | None = None) -> str:
    """`text` without contact data. `names` go wherever they stand; found ones are added to `names_found`."""
    mark = PLACEHOLDER[lang]
    for name in names:
        if name in text:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", mark, text)
    at = lines_with_hints(text)
    if not at:
        return text
    lines = text.split("\n")
    if _GROWS in text:
        at = list(range(len(lines)))
    found: set[str] = set() if names_found is None else names_found
    for index in at:
        line = lines[index]
        lines[index], line_names = (_redact_line if len(line) <= _LONGEST_KEPT else _redact_line.__wrapped__)(line, lang)
        found.update(line_names)
    if len(lines) > 1:
        lines = _across_lines(lines, at, mark, found)
    return "\n".join(lines)


def lines_with_hints(text: str) -> list[int]:
    """Which lines contact data may stand in. Hints are ASCII, and so is what is made small of bytes: that is quick."""
    plain = (text.lower() if _KELVIN in text else text).encode(errors="surrogatepass").lower()
    hints = _lines_of(plain, b"\n", (start for _, start, _ in _find_hints(plain)))
    numbers = _lines_of(text, "\n", (match.start() for match in DIGITS_HINT.finditer(text)))
    return sorted({*hints, *numbers})


def _lines_of(text: AnyStr, end: AnyStr, places: Iterable[int]) -> Iterator[int]:
    """The line of each place; places are in order, so that each end of a line is counted once."""
    line = position = 0
    for place in places:
        line += text.count(end, position, place)
        position = place
        yield line


def has_address(text: str, lower: str) -> bool:
    """Whether something that looks like an address, a number or a placeholder stands in `text`."""
    return ANY_MARK in lower or holds_any(lower, ADDRESS_HINTS) or DIGITS_HINT.search(text) is not None


@lru_cache(maxsize=4096)
def _redact_line(line: str, lang: str) -> tuple[str, frozenset[str]]:
    """One line, until nothing more is found: taking one thing off can complete another. Employers repeat these lines."""
    found: set[str] = set()
    mark = PLACEHOLDER[lang]
    previous = None
    while line != previous:
        previous = line
        line = _without_address(line, mark, found)
    previous = None
    while line != previous and may_name(line):
        previous = line
        line = without_names(line, mark, found)
    return line, frozenset(found)


def _across_lines(lines: list[str], flagged: list[int], mark: str, found: set[str]) -> list[str]:
    """A name on a short line of its own above its number, or below the words that announce it."""
    for index in sorted({*flagged, *(index + 1 for index in flagged)}):
        if not 0 < index < len(lines) or len(lines[index - 1]) > SHORT_LINE:
            continue
        before, line = lines[index - 1], lines[index]
        if 0 <= line.find(ANY_MARK) <= SHORT_LINE // 2 or _announces(before):
            start = max(0, index - 2)
            block = "\n".join(lines[start : index + 1])
            redacted = without_names(block, mark, found)
            if redacted != block:
                lines = [*lines[:start], *redacted.split("\n"), *lines[index + 1 :]]
                return _across_lines(lines, list(range(len(lines))), mark, found)
    return lines


@lru_cache(maxsize=4096)
def _announces(short_line: str) -> bool:
    """Whether a line ends with the words that come before a name. It is a heading mostly, and they repeat."""
    return ENDS_WITH_PHRASE.search(short_line) is not None


def _without_address(line: str, mark: str, found: set[str]) -> str:
    """`line` without addresses, profiles and numbers, and without the names that its mailboxes spell."""
    lower = line.lower()
    if holds_any(lower, ADDRESS_HINTS):
        spelled_out = holds_any(lower, AT_HINTS)
        if spelled_out or "@" in lower:
            mailboxes: set[str] = set()

            def mailbox(match: re.Match[str]) -> str:
                mailboxes.add(_NO_LETTER.sub("", match.group().partition("@")[0].lower()))
                return mark

            line = EMAIL.sub(mailbox, line) if spelled_out else replace_near(EMAIL, mailbox, line, mailbox_spots(line))
            if mailboxes:
                line = without_owners(line, mailboxes, mark, found)
        if holds_any(lower, PROFILE_HINTS):
            line = PROFILE.sub(mark, line)
    return _without_phones(line, mark)


def _without_phones(line: str, mark: str) -> str:
    """A number begins at a hint or one bracket before it."""
    hints = [(match.start() - 1, match.end()) for match in DIGITS_HINT.finditer(line)]
    if not hints:
        return line
    addresses = [match.span() for match in URL.finditer(line)] if "www." in line or "://" in line else []
    return replace_near(PHONE, lambda match: _phone(match, addresses, mark), line, hints)


def _phone(match: re.Match[str], addresses: list[tuple[int, int]], mark: str) -> str:
    inside = any(start < match.start() < end for start, end in addresses)
    return match.group() if inside or not is_phone(match.group()) or _is_reference(match) else mark


def _is_reference(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 30) : match.start()]
    return IBAN.search(before) is not None or (match.group().isdigit() and NOT_A_PHONE.search(before) is not None)


@lru_cache(maxsize=8192)
def is_phone(candidate: str) -> bool:
    """Ten digits with a Dutch area code, or an international number that could be dialled."""
    digits = re.sub(r"\D", "", candidate)
    international = candidate.lstrip("( ").startswith(("+", "00"))
    if not international:
        return len(digits) == 10 or (len(digits) == 11 and digits.startswith("316"))
    digits = digits.removeprefix("00").replace("310", "31", 1) if "(0)" in candidate else digits.removeprefix("00")
    if digits.startswith("31"):
        return 10 <= len(digits) <= 12
    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(f"+{digits}")))
    except phonenumbers.NumberParseException:
        return False


def clean_url(url: str) -> str | None:
    """`url` without userinfo and without parameters that hold an e-mail address; None when it *is* contact data."""
    if holds_any(url.lower(), PROFILE_HINTS) and PROFILE.search(url):
        return None
    if "@" in url or "%40" in url:
        url = without_userinfo(url)
        head, mark, query = url.partition("?")
        if EMAIL_IN_URL.search(query):
            kept = [part for part in query.split("&") if not EMAIL_IN_URL.search(part)]
            url = head + (mark + "&".join(kept) if kept else "")
        if EMAIL_IN_URL.search(url):
            return None
    return url


def without_userinfo(url: str) -> str:
    return USERINFO.sub(r"\1", url) if "@" in url else url
