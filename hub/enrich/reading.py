"""One reading of a posting's texts, shared by every enricher: lower-case lines, sentences and distinct words.

Curled apostrophes and dashes are made plain, so that no rule needs two spellings. Only the first 30,000 characters are
read: what an ad asks and offers stands there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

from hub.domain.posting import Posting
from hub.enrich.lines import holds_any

_LIMIT = 30_000
_PLAIN = (
    *(("’", "'"), ("‘", "'"), ("´", "'"), ("`", "'"), ("–", "-"), ("—", "-"), ("‑", "-"), ("‐", "-"), ("\u00a0", " ")),
    *(("“", '"'), ("”", '"')),
)
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-ZÀ-Þ\"(])")
_BETWEEN_WORDS = bytes.maketrans(b',;:!?()[]{}"*<>/|\n', b" " * 18)

Needles = tuple[str, ...]
_REGISTERED: list[Needles] = []
_SILENT: set[str] = set()
"""Words that hold no needle of any enricher: most words of a text, taken off in one step."""
_MOST_SILENT = 200_000


def needles(*parts: str) -> Needles:
    """Parts of words that an enricher looks for; named at import, so that each distinct word is judged once for all."""
    _REGISTERED.append(parts)
    _held_by.cache_clear()
    _SILENT.clear()
    return parts


@lru_cache(maxsize=65_536)
def _held_by(word: str) -> tuple[Needles, ...]:
    held = tuple(parts for parts in _REGISTERED if holds_any(word, parts))
    if not held and len(_SILENT) < _MOST_SILENT:
        _SILENT.add(word)
    return held


class _Pieces:
    """Sentences or lines, joined so that one search for a word finds all that hold it."""

    def __init__(self, pieces: list[str]) -> None:
        self.pieces = pieces
        self._joined = "\n".join(pieces)
        self._ends = list(accumulate(len(piece) + 1 for piece in pieces))

    def holding(self, words: Iterable[str]) -> list[int]:
        """Which pieces hold one of the words, in order. A word has no line end, so it never stands in two of them."""
        joined, ends = self._joined, self._ends
        found: set[int] = set()
        for word in words:
            position = joined.find(word)
            while position >= 0:
                index = bisect_right(ends, position)
                found.add(index)
                position = joined.find(word, ends[index])
        return sorted(found)


class Reading:
    """`title`, `text` in the source's own case; `lower`, `title_lower` and all lists in lower case but `lines_with`."""

    def __init__(self, title: str, text: str) -> None:
        self.title = title
        self.text = text
        self.title_lower = title.lower()
        self.lower = text.lower()
        self.title_words = _words(self.title_lower)
        self.words = _words(self.lower) | self.title_words
        self._sentences: _Pieces | None = None
        self._words_with: dict[Needles, list[str]] | None = None

    @property
    def sentences(self) -> list[str]:
        """Sentences of title and body."""
        return self._split().pieces

    def _split(self) -> _Pieces:
        if self._sentences is None:
            lines = _SENTENCE_END.sub("\n", self.text).replace(";", "\n").replace("•", "\n")
            self._sentences = _Pieces([self.title_lower, *filter(None, map(str.lower, lines.split("\n")))])
        return self._sentences

    def sentences_with(self, looked_for: Needles) -> list[str]:
        """Sentences with a word that holds one of the needles: rules look at these, not at the whole ad."""
        found = self.words_with(looked_for)
        if not found:
            return []
        sentences = self._split()
        return [sentences.pieces[index] for index in sentences.holding(found)]

    def lines_with(self, looked_for: Needles) -> list[str]:
        """Title and lines with such a word, in the source's own case."""
        found = self.words_with(looked_for)
        if not found:
            return []
        lines = [self.title, *self.text.split("\n")]
        return [lines[index] for index in _Pieces(list(map(str.lower, lines))).holding(found)]

    def words_with(self, looked_for: Needles) -> list[str]:
        """Words of the ad that hold one of the needles; a needle is part of a word, never of two."""
        if self._words_with is None:
            self._words_with = {}
            for word in self.words - _SILENT:
                for parts in _held_by(word):
                    self._words_with.setdefault(parts, []).append(word)
        return self._words_with.get(looked_for, [])


def read(posting: Posting) -> Reading:
    titles = [text.text for text in (posting.title.nl, posting.title.en) if text]
    bodies = [text.text for text in (posting.description.nl, posting.description.en) if text]
    return Reading(title=_plain(" / ".join(titles)), text=_plain("\n".join(bodies)[:_LIMIT]))


def _plain(text: str) -> str:
    if not text.isascii():
        for curled, plain in _PLAIN:
            if curled in text:
                text = text.replace(curled, plain)
    return text


def _words(lower: str) -> frozenset[str]:
    """Distinct words, a full stop inside (`.net`, `ph.d`) left in; as bytes, where a table costs nothing."""
    if "…" in lower or "•" in lower:
        lower = lower.replace("…", " ").replace("•", " ")
    plain = lower.encode().translate(_BETWEEN_WORDS).replace(b". ", b" ").decode()
    return frozenset(plain.rstrip(".").split())
