"""Equal values that many entries hold are one object: a region has few days, scales of pay and towns, but many postings.

One table a type, because `36 == 36.0`: which of two came first would be seen.
"""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")

TEXTS: dict[tuple[str, ...], tuple[str, ...]] = {}
HOURS: dict[tuple[float, ...], tuple[float, ...]] = {}
FLOATS: dict[float | None, float | None] = {}
PAY: dict[tuple[int, ...], tuple[int, ...]] = {}
DAYS: dict[int | None, int | None] = {}
LEVELS: dict[frozenset[str], frozenset[str]] = {}
_WORDS: dict[str, str] = {}


def one_of(held: dict[T, T], value: T) -> T:
    """The first object of this value."""
    return held.setdefault(value, value)


def word(text: str) -> str:
    """One object for a word that many entries say."""
    return _WORDS.setdefault(text, text)
