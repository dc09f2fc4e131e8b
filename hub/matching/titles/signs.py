"""Signs: two whole numbers of a title whose `&` sees that two titles surely disagree, at the cost of one operation.

Titles that share no meaning, and both say something of weight, agree in one case only: where every word of one is a typing
error of one of the other or a space slipped, for which a word must be unknown and both must have equally many. So a sign has a
bit a meaning and bits for these numbers. Meanings share bits by chance (a hash of 480): then the titles are compared in full.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import xxhash

from hub.matching.titles.form import TitleForm, Wording

HEAVY = 16
"""Squared weights from which an atom says something of its own: anything but a role."""
_MEANINGS = 480
_MOST_WORDS = 15
_SIGNS_KEPT = 1 << 13


class Sign(NamedTuple):
    """`first.asks & second.says` is 0 only where `compare_titles` finds no more than `weak` or `concept_none`; symmetrical."""

    asks: int
    says: int


NOTHING = Sign(-1, -1)
"""Meets every other: what it disagrees with is for a comparison to find."""


def sign_of(*titles: TitleForm) -> Sign:
    """Of a posting's titles in one language or both, of which a comparison takes any."""
    if not titles:
        return NOTHING
    wordings = [wording for title in titles for wording in title.wordings]
    if len(wordings) == 1:
        return _sign(wordings[0])  # the numbers of a wording are kept once
    asks = says = 0
    for wording in wordings:
        one = _sign(wording)
        asks, says = asks | one.asks, says | one.says
    return Sign(asks, says)


@lru_cache(maxsize=_SIGNS_KEPT)
def _sign(wording: Wording) -> Sign:
    if not any(weight >= HEAVY for _, weight in wording.units):
        return NOTHING
    meanings = 0
    for meaning in wording.meanings:
        meanings |= 1 << xxhash.xxh3_64_intdigest(meaning.encode()) % _MEANINGS
    words = 1 << min(len(wording.atoms), _MOST_WORDS) | 1 << _MOST_WORDS + 1 + min(len(wording.tokens), _MOST_WORDS)
    # Two places for the numbers of words, so that they meet unless both titles are of known words only.
    all_words, unknown_words = words << _MEANINGS, words << _MEANINGS + 2 * (_MOST_WORDS + 1)
    if wording.unknown:
        return Sign(meanings | all_words, meanings | all_words | unknown_words)
    return Sign(meanings | unknown_words, meanings | all_words)
