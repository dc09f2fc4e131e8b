"""Names of persons in free text: beside a placeholder, after a contact phrase, or spelled by a mailbox of the same line.

A name alone is left: it may be a street, a firm or a product. Cheap looks stand before every pattern, and each of them
holds wherever the pattern after it could match, so that they cost no name.
"""

from __future__ import annotations

import re

from hub.enrich.contact_patterns import (
    AFTER_PHRASE,
    ANY_NAME,
    BEFORE_MARK,
    NAME_BEFORE_MARK,
    NAME_BEGINS,
    NAME_STRETCH,
    NOT_A_PERSON,
    PHRASE_BEFORE_NAME,
    PHRASE_HINTS,
    REPEATED_MARK,
    SHORT_NAME,
    TITLE_HINTS,
    TWO_WORDS,
)
from hub.enrich.finding import finder
from hub.enrich.lines import holds_any
from hub.enrich.persons import spellings

ANY_MARK = "[contact via"
"""How the placeholder begins in every language."""


_MARK_NUMBER = len(PHRASE_HINTS)
_find_hints = finder((*PHRASE_HINTS, ANY_MARK))


def may_name(text: str) -> bool:
    """Whether a person may be named in `text`: beside a placeholder, by a title, or by two capitalised words."""
    return ANY_MARK in text or TWO_WORDS.search(text) is not None or holds_any(text.lower(), TITLE_HINTS)


def without_names(text: str, mark: str, found: set[str]) -> str:
    """`text` with `mark` for each name that stands before a placeholder or after a contact phrase; they go into `found`."""
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
        if ANY_MARK in window:
            if NAME_BEFORE_MARK.search(window):
                window = BEFORE_MARK.sub(person, window)
                if PHRASE_BEFORE_NAME.search(window):
                    window = SHORT_NAME.sub(person, window)
            if window.count(ANY_MARK) > 1:
                window = REPEATED_MARK.sub(r"\1", window)
        pieces += (text[position:start], window)
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


def without_owners(line: str, mailboxes: set[str], mark: str, found: set[str]) -> str:
    """`line` with `mark` for names that a mailbox of it spells: `Jan de Vries` and jan.devries@, j.de.vries@, jvries@.

    `mailboxes`: their parts before the sign, letters only. Names are looked for only in stretches that have all the
    letters of a mailbox: the pattern is a slow one.
    """
    letters = [frozenset(mailbox) for mailbox in mailboxes]

    def owner(match: re.Match[str]) -> str:
        if spellings(match.group()).isdisjoint(mailboxes):
            return match.group()
        found.add(match.group())
        return mark

    def stretch(match: re.Match[str]) -> str:
        text = match.group()
        if NAME_BEGINS.search(text) is None:
            return text
        present = set(text.lower())
        if not any(needed <= present for needed in letters):
            return text
        return ANY_NAME.sub(owner, text)

    return NAME_STRETCH.sub(stretch, line)


def _windows(lower: str) -> list[tuple[int, int]]:
    """Where a name may stand: before a placeholder and after a contact phrase, merged where they meet."""
    spans = [
        (max(0, start - 120), start + 36) if number == _MARK_NUMBER else (max(0, start - 24), start + 120)
        for number, start, _ in _find_hints(lower)
    ]
    if len(spans) < 2:
        return spans
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
