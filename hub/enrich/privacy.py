"""Personal contact data in free text: found by shape, replaced by a neutral placeholder in the ad's language.

What goes: e-mail addresses (also `name [at] host`), Dutch and international telephone numbers, WhatsApp and LinkedIn
profile addresses, and the names that stand beside them or after a contact phrase. What stays: amounts, years,
postcodes, reference and KvK numbers, since a number must be grouped and dialled like a telephone number to go. The
placeholder matches none of the patterns, so a repeat changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import phonenumbers

from hub.enrich.contact_patterns import (
    AFTER_PHRASE,
    ANY_NAME,
    AT_HINTS,
    BEFORE_MARK,
    DIGITS_HINT,
    EMAIL,
    EMAIL_IN_URL,
    ENDS_WITH_PHRASE,
    HINTS,
    IBAN,
    NAME_BEFORE_MARK,
    NAME_BEGINS,
    NAME_STRETCH,
    NOT_A_PERSON,
    NOT_A_PHONE,
    PHONE,
    PHRASE_BEFORE_NAME,
    PHRASE_HINTS,
    PLACEHOLDER,
    PROFILE,
    PROFILE_HINTS,
    REPEATED_MARK,
    ROLE_MAILBOX,
    SHORT_LINE,
    SHORT_NAME,
    TITLE_HINTS,
    TWO_WORDS,
    URL,
    USERINFO,
    WORD_HINTS,
)
from hub.enrich.lines import holds_any
from hub.enrich.persons import spellings
from hub.enrich.spots import mailbox_spots, replace_near


def is_role_mailbox(email: str) -> bool:
    """`jobs@…`, `werkenbij@…`: a desk, not a person."""
    return ROLE_MAILBOX.match(email.strip()) is not None


def redact(text: str, lang: str, names: Iterable[str] = (), names_found: set[str] | None = None) -> str:
    """`text` without contact data. `names` go wherever they stand; found ones are added to `names_found`."""
    mark = PLACEHOLDER[lang]
    for name in names:
        if name in text:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", mark, text)
    lower = text.lower()
    at = _flagged(text, lower)
    if not at:
        return text
    found: set[str] = set() if names_found is None else names_found
    lines = text.split("\n")
    for index in at:
        lines[index], line_names = _redact_line(lines[index], lang)
        found.update(line_names)
    if len(lines) > 1:
        lines = _across_lines(lines, at, mark, found)
    return "\n".join(lines)


def _flagged(text: str, lower: str) -> list[int]:
    """Which lines hold a hint of contact data, in order."""
    positions: list[int] = []
    for hint in HINTS:
        position = lower.find(hint)
        while position >= 0:
            positions.append(position)
            end = lower.find("\n", position)
            position = lower.find(hint, end) if end >= 0 else -1
    positions += [match.start() for match in DIGITS_HINT.finditer(text)]
    if not positions:
        return []
    if len(lower) != len(text):  # a letter that grows in lower case moves what follows
        return list(range(text.count("\n") + 1))
    flagged: list[int] = []
    line = last = 0
    for position in sorted(positions):
        line += text.count("\n", last, position)
        last = position
        if not flagged or flagged[-1] != line:
            flagged.append(line)
    return flagged


def has_address(text: str, lower: str) -> bool:
    """Whether something that looks like an address, a number or a placeholder stands in `text`."""
    return holds_any(lower, WORD_HINTS) or DIGITS_HINT.search(text) is not None


@lru_cache(maxsize=16_384)
def _redact_line(line: str, lang: str) -> tuple[str, frozenset[str]]:
    """One line, until nothing more is found: taking one thing off can complete another. Employers repeat these lines."""
    found: set[str] = set()
    mark = PLACEHOLDER[lang]
    previous = None
    while line != previous and has_address(line, line.lower()):
        previous = line
        line = _without_address(line, mark, found)
    previous = None
    while line != previous and may_name(line):
        previous = line
        line = _without_names(line, mark, found)
    return line, frozenset(found)


def may_name(text: str) -> bool:
    """Whether a person may be named in `text`: beside a placeholder, by a title, or by two capitalised words."""
    return "[contact via" in text or TWO_WORDS.search(text) is not None or holds_any(text.lower(), TITLE_HINTS)


def _across_lines(lines: list[str], flagged: list[int], mark: str, found: set[str]) -> list[str]:
    """A name on a short line of its own above its number, or below the words that announce it."""
    for index in sorted({*flagged, *(index + 1 for index in flagged)}):
        if not 0 < index < len(lines) or len(lines[index - 1]) > SHORT_LINE:
            continue
        before, line = lines[index - 1], lines[index]
        if 0 <= line.find("[contact via") <= SHORT_LINE // 2 or ENDS_WITH_PHRASE.search(before):
            start = max(0, index - 2)
            block = "\n".join(lines[start : index + 1])
            redacted = _without_names(block, mark, found)
            if redacted != block:
                lines = [*lines[:start], *redacted.split("\n"), *lines[index + 1 :]]
                return _across_lines(lines, list(range(len(lines))), mark, found)
    return lines


def _without_names(text: str, mark: str, found: set[str]) -> str:
    windows = _windows(text.lower())
    if not windows:
        return text

    def person(match: re.Match[str]) -> str:
        name = match.group("name")
        if NOT_A_PERSON.search(name):
            return match.group()
        found.add(" ".join(name.split()))
        offset = match.start()
        start, end = match.start("name") - offset, match.end("role" if match.group("role") else "name") - offset
        whole = match.group()
        return f"{whole[:start]}{mark}{whole[end:]}"

    pieces: list[str] = []
    position = 0
    for start, end in windows:
        window = text[start:end]
        if PHRASE_BEFORE_NAME.search(window) and NAME_BEGINS.search(window):
            window = AFTER_PHRASE.sub(person, window)
        if "[contact via" in window:
            if NAME_BEFORE_MARK.search(window):
                window = BEFORE_MARK.sub(person, window)
                window = SHORT_NAME.sub(person, window)
            if window.count("[contact via") > 1:
                window = REPEATED_MARK.sub(r"\1", window)
        pieces += (text[position:start], window)
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


def _windows(lower: str) -> list[tuple[int, int]]:
    """Where a name may stand: before a placeholder and after a contact phrase, merged where they meet."""
    spans: list[tuple[int, int]] = []
    for hint in PHRASE_HINTS:
        at = lower.find(hint)
        while at >= 0:
            spans.append((max(0, at - 24), at + 120))
            at = lower.find(hint, at + 1)
    at = lower.find("[contact via")
    while at >= 0:
        spans.append((max(0, at - 120), at + 36))
        at = lower.find("[contact via", at + 1)
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _without_address(line: str, mark: str, found: set[str]) -> str:
    lower = line.lower()
    if "@" in lower or holds_any(lower, AT_HINTS):
        mailboxes: set[str] = set()

        def mailbox(match: re.Match[str]) -> str:
            mailboxes.add(re.sub(r"[^a-z]", "", match.group().partition("@")[0].lower()))
            return mark

        spelled_out = holds_any(lower, AT_HINTS)
        line = EMAIL.sub(mailbox, line) if spelled_out else replace_near(EMAIL, mailbox, line, mailbox_spots(line))
        if mailboxes:
            line = _without_owners(line, mailboxes, mark, found)
    if holds_any(lower, PROFILE_HINTS):
        line = PROFILE.sub(mark, line)
    return _without_phones(line, mark)


def _without_owners(line: str, mailboxes: set[str], mark: str, found: set[str]) -> str:
    """Names are looked for only in stretches that have all the letters of a mailbox: the pattern is a slow one."""
    letters = [set(mailbox) for mailbox in mailboxes]

    def stretch(match: re.Match[str]) -> str:
        text = match.group()
        if not any(needed.issubset(text.lower()) for needed in letters):
            return text
        return ANY_NAME.sub(lambda name: _owner(name, mailboxes, mark, found), text)

    return NAME_STRETCH.sub(stretch, line)


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


def _owner(match: re.Match[str], mailboxes: set[str], mark: str, found: set[str]) -> str:
    """A name that is written out in a mailbox of the same text: `Jan de Vries` and jan.devries@, j.de.vries@, jvries@."""
    if spellings(match.group()).isdisjoint(mailboxes):
        return match.group()
    found.add(match.group())
    return mark


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
