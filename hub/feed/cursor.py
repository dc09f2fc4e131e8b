"""Cursor and feed id: where a reader stands, and in which log that place is one.

A cursor is offset + 1, Kafka's own next position: `after=c` means records at offsets ≥ c, and the item at offset n
carries cursor n + 1, to go on from. A feed id is the Kafka topic's id and a random epoch; a cursor of another feed
id means nothing here.
"""

from __future__ import annotations

START = 0
"""The cursor before the first record."""

LARGEST = 2**63 - 1
LONGEST = len(str(LARGEST))
"""Digits: Python reads no number of thousands of them, and says so in words of its own."""


def cursor_of(offset: int) -> int:
    """The cursor that an item at `offset` carries."""
    return offset + 1


def parse_cursor(text: str) -> int:
    """Raises ValueError for what is no cursor."""
    if not text.isascii() or not text.isdigit() or len(text) > LONGEST or int(text) > LARGEST:
        raise ValueError(f"a cursor is a number from 0 to {LARGEST}")
    return int(text)
