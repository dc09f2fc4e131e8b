"""Facts of an opening as an entry keeps them, and what two texts' facts say of a pair.

Kinds and values come from `hub.matching.counts`. Both texts may state several of one kind (two groups of pupils): one in
common agrees. A kind that only one of them states says nothing, for platforms shorten.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from hub.matching.counts import COUNTED, Fact
from hub.matching.marks import packed

KINDS = (
    *("team", "start", "experience", "scale", "interview", "led", "newcomers", "cycle", "days", "months", "share", "floor"),
    *COUNTED,
)
"""An entry keeps a kind by its place here."""
TEAM, START = KINDS.index("team"), KINDS.index("start")
LENIENT = frozenset((TEAM, START))
"""Kinds of which two values may be one."""
TEAM_SLACK = 1
"""Who joins six colleagues is one of seven."""
_PLACES = {kind: place << 24 for place, kind in enumerate(KINDS)}
_VALUE, _DAYS = (1 << 24) - 1, 31


def kept(facts: Iterable[Fact]) -> bytes:
    """Facts of known kinds, packed; a value beyond 24 bits keeps its low ones."""
    return packed(_PLACES[kind] | value & _VALUE for kind, value in facts if kind in _PLACES)


def stated(facts: bytes) -> dict[str, list[int]]:
    """Kind → values of what was packed, for a reader."""
    return {KINDS[kind]: sorted(values) for kind, values in _by_kind(facts).items()}


def compare_facts(a: bytes, b: bytes) -> tuple[int, int]:
    """Of the kinds that both state: how many agree, and how many do not."""
    if not a or not b:
        return 0, 0
    first, second = _by_kind(a), _by_kind(b)
    same = other = 0
    for kind in first.keys() & second.keys():
        values, others = first[kind], second[kind]
        if not values.isdisjoint(others) or (kind in LENIENT and any(_agree(kind, x, y) for x in values for y in others)):
            same += 1
        else:
            other += 1
    return same, other


@lru_cache(maxsize=4096)
def _by_kind(facts: bytes) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    if facts:
        for mark in memoryview(facts).cast("I"):
            found.setdefault(mark >> 24, set()).add(mark & _VALUE)
    return {kind: frozenset(values) for kind, values in found.items()}


def _agree(kind: int, x: int, y: int) -> bool:
    """Values that differ and are one: a team with or without who joins it, a month and a day of it."""
    if kind == TEAM:
        return abs(x - y) <= TEAM_SLACK
    return kind == START and x & ~_DAYS == y & ~_DAYS and not (x & _DAYS and y & _DAYS)
