"""Many parts of words found in one pass over a text (Aho and Corasick, "Efficient string matching", 1975).

One pass costs as much for six hundred parts as for six, where looking for each by itself costs six hundred looks. It says
only where parts stand; what they mean is the business of those who named them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ahocorasick_rs import AhoCorasick, BytesAhoCorasick, Implementation

_BETWEEN_WORDS = bytes.maketrans(b',;:!?()[]{}"*<>/|\n', b" " * 18)
Find = Callable[[str], list[tuple[int, int, int]]]


def finder(parts: Iterable[str]) -> Find:
    """A search for all occurrences of `parts`, overlapping ones too, in the order of their ends: (index of part, start, end)."""
    automaton = AhoCorasick(list(parts), implementation=Implementation.DFA)
    return lambda text: automaton.find_matches_as_indexes(text, overlapping=True)


def bytes_finder(parts: Iterable[bytes]) -> Callable[[bytes], list[tuple[int, int, int]]]:
    """As `finder`, without those that overlap one before them: enough to know where anything stands."""
    automaton = BytesAhoCorasick(list(parts), implementation=Implementation.DFA)
    return automaton.find_matches_as_indexes


def spaced_words(lower: str) -> str:
    """The words of a lower-case text, a space before and behind each, so that a search can ask for whole words and for ends.

    A full stop inside stays (`.net`, `ph.d`), one behind a word does not. As bytes, where a table costs nothing.
    """
    if "…" in lower or "•" in lower:
        lower = lower.replace("…", " ").replace("•", " ")
    plain = lower.encode().translate(_BETWEEN_WORDS).replace(b". ", b" ").decode().rstrip(".")
    return f" {plain} " if plain.isprintable() else f" {' '.join(plain.split())} "  # a printable text has no other spaces
