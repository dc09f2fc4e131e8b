"""Slots: what an employer fills into the sentences that all its advertisements share.

"You keep up our quality by GLIMS" and "You keep up our quality by PACS" are one sentence with two fillings. A platform that
copies a text leaves a sentence as it is, drops it, or words it anew; who advertises the next opening fills it in anew. So
a sentence that two texts have in common but for what fills it tells openings apart that share all else (the departments of
a hospital, the systems of an office), and it needs no knowledge of what was filled in.

A sentence's frame is its common words and its numbers' places (`common_words.txt`: joining words, and what advertisements
of all trades say in Dutch and English; what one in a hundred of two tuned worlds says, without trades, places and tools,
and such words beside them from memory); the runs of other words between them are its slots. Numbers have their own say
(`hub.matching.counts`). One mark of 32 bits is kept of a slot: 24 of its frame and place, 8 of the last word in it, which
is the head of a phrase in both languages ("the hospital's kitchen" and "the kitchen" are one).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from itertools import groupby
from typing import NamedTuple

import xxhash

from hub.matching.marks import marks_of
from hub.matching.titles.decoration import MONTHS

COMMON_WORDS = frozenset((resources.files("hub.matching") / "common_words.txt").read_text(encoding="utf-8").split())
FEWEST_COMMON = 4
"""Common words of a frame; fewer stand in many sentences."""
LONGEST_FILLING = 4
"""Words in a slot; more are a clause of its own."""
FILLING_BITS = 8
_NUMBER, _SLOT, _COMMON = "#", "_", ""


class Slot(NamedTuple):
    """One slot of a sentence."""

    mark: int
    filling: tuple[str, ...]
    """Folded words."""


def slots_in(words: Sequence[str]) -> Iterator[Slot]:
    """Slots of a sentence of folded words.

    None of one that has more filled in than common, for little is known of it; and not the one that it begins with, where
    headings and the marks of lists stick to the text.
    """
    runs = [(sort, list(run)) for sort, run in groupby(words, _sort)]
    common = sum(len(run) for sort, run in runs if sort == _COMMON)
    filled = sum(len(run) for sort, run in runs if sort == _SLOT)
    if not filled or common < max(FEWEST_COMMON, filled):
        return
    frame = " ".join(" ".join(run) if sort == _COMMON else sort for sort, run in runs)
    for place, (sort, run) in enumerate(runs):
        if sort == _SLOT and place and len(run) <= LONGEST_FILLING:
            yield Slot(_mark(f"{place} {frame}", run[-1]), tuple(run))


def _sort(word: str) -> str:
    if word[0].isdigit() or word in MONTHS:
        return _NUMBER
    return _COMMON if word in COMMON_WORDS else _SLOT


def _mark(frame: str, head: str) -> int:
    filling = xxhash.xxh32_intdigest(head.encode()) >> (32 - FILLING_BITS)
    return xxhash.xxh32_intdigest(frame.encode()) >> FILLING_BITS << FILLING_BITS | filling


def marks_beside(slots: Iterable[Slot], known: frozenset[str]) -> Iterator[int]:
    """Marks of those that hold none of the `known` words: a name or a title is compared elsewhere, and may be spelled anew."""
    return (slot.mark for slot in slots if known.isdisjoint(slot.filling))


def refilled(a: bytes, b: bytes) -> int:
    """How many slots both bodies have with other fillings; `a` and `b` are their packed marks."""
    if not a or not b or a == b:
        return 0
    first, second = marks_of(a), marks_of(b)
    slots = {mark >> FILLING_BITS for mark in first} & {mark >> FILLING_BITS for mark in second}
    return len(slots - {mark >> FILLING_BITS for mark in first & second}) if slots else 0
