"""Marks: small sets of 32-bit hashes, packed. As a set they would weigh ten times as much, and few comparisons come so far."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from functools import lru_cache

BYTES_A_MARK = array("I").itemsize


def packed(marks: Iterable[int]) -> bytes:
    """Distinct marks in ascending order."""
    distinct = sorted(set(marks))
    return array("I", distinct).tobytes() if distinct else b""


@lru_cache(maxsize=1024)
def marks_of(kept: bytes) -> frozenset[int]:
    """The set that was packed. Remembered: a posting meets some forty others in one go."""
    return frozenset(memoryview(kept).cast("I"))


def in_common(a: bytes, b: bytes) -> int:
    """How many marks both have."""
    return len(a) // BYTES_A_MARK if a == b else len(marks_of(a) & marks_of(b))
