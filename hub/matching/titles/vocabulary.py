"""Folds text to plain words and parses the tables of terms and occupations.

Folding comes first and is the same for tables and titles, so that a row finds whatever spelling of accents, case,
apostrophes and signs a platform uses. A malformed row stops the load with its line number: a silently dropped row would show
months later as a pair that did not match.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

UNITS = ("department", "shift", "district")
"""Classes of words that tell an employer's openings of one occupation apart, wherever in a title they stand."""
CLASSES = ("role", "occupation", "domain", "language", "level", "tool", "noise", "event", *UNITS)
_TAG = re.compile(r"<[^<>]{0,400}>")
_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHES = re.compile(r"(?<=[a-z])['’`´ʼ](?=[a-z])")
_SIGNS = (
    (re.compile(r"c\+\+"), " cplusplus "),
    (re.compile(r"\b([cf])#"), r" \1sharp "),
    (re.compile(r"(?<![a-z0-9])\.net\b"), " dotnet "),
    (re.compile(r"\b(node|vue|next|react|angular)\.js\b"), r"\1js"),
    (re.compile(r"\br\s?\+\s?d\b"), "rnd"),
    (re.compile(r"\b([a-z])\s?&\s?([a-z])\b"), r"\1n\2"),  # P&O, F&B, E&I: single letters say nothing
    (re.compile(r"\bx-ray"), "xray"),
    (re.compile(r"\be-(?=[a-z]{4})"), "e"),
)


class Row(NamedTuple):
    """One line of a table. `kind` is a class of `CLASSES` or an ISCO-08 unit group."""

    kind: str
    nl: tuple[str, ...]
    en: tuple[str, ...]


def fold(text: str) -> str:
    """Plain lower-case text: entities and tags off, accents off, signs that are names (C++, .NET) as words."""
    plain = text
    if "&" in plain:
        plain = html.unescape(plain)
    if "<" in plain:
        plain = _TAG.sub(" ", plain)
    plain = unicodedata.normalize("NFKC", plain).casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c)).replace("ø", "o")
    if plain.replace(" ", "").isalpha():
        return plain
    plain = _APOSTROPHES.sub("", plain)
    for pattern, replacement in _SIGNS:
        plain = pattern.sub(replacement, plain)
    return plain


def words_of(folded: str) -> list[str]:
    return _WORD.findall(folded)


def slug(text: str) -> str:
    return "-".join(words_of(fold(text)))


def parse_terms(text: str) -> Iterator[Row]:
    """Rows `class<TAB>nl; nl<TAB>en; en`. Raises ValueError with the line number for anything else."""
    for number, row in _rows(text):
        if row.kind not in CLASSES:
            raise ValueError(f"line {number}: unknown class {row.kind!r}; one of {', '.join(CLASSES)}")
        yield row


def parse_occupations(text: str) -> Iterator[Row]:
    """Rows `isco08<TAB>nl label; nl synonym<TAB>en label; en synonym`. Raises ValueError with the line number."""
    for number, row in _rows(text):
        if not (row.kind.isdigit() and len(row.kind) == 4):
            raise ValueError(f"line {number}: {row.kind!r} is no ISCO-08 unit group of four digits")
        yield row


def _rows(text: str) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.rstrip("\n").split("\t")
        if len(cells) != 3:
            raise ValueError(f"line {number}: {len(cells)} columns instead of 3, separated by tabs")
        kind, nl, en = (cell.strip() for cell in cells)
        row = Row(kind, _labels(nl), _labels(en))
        if not row.nl or not row.en:
            raise ValueError(f"line {number}: no label in {'Dutch' if not row.nl else 'English'}")
        yield number, row


def _labels(cell: str) -> tuple[str, ...]:
    return tuple(label for part in cell.split(";") if (label := part.strip()))
