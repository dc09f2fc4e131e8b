"""One reading of a posting's texts, shared by every enricher: lower-case lines, sentences and distinct words.

Curled apostrophes and dashes are made plain, so that no rule needs two spellings. Only the first 30,000 characters are
read: what an ad asks and offers stands there.
"""

from __future__ import annotations

import re

from hub.domain.posting import Posting
from hub.enrich.lines import holds_any

_LIMIT = 30_000
_PLAIN = (
    *(("’", "'"), ("‘", "'"), ("´", "'"), ("`", "'"), ("–", "-"), ("—", "-"), ("‑", "-"), ("‐", "-"), ("\u00a0", " ")),
    *(("“", '"'), ("”", '"')),
)
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-ZÀ-Þ\"(])|[;\n•]")
_BETWEEN_WORDS = '.,;:!?()[]{}"*•…<>/|'
_WITHOUT: dict[tuple[str, ...], set[str]] = {}
"""Needles → words seen that hold none of them: most words of a text, taken off in one step."""
_MOST_WITHOUT = 50_000


class Reading:
    """`title`, `text` in the source's own case; `lower`, `title_lower` and all lists in lower case but `lines_with`."""

    def __init__(self, title: str, text: str) -> None:
        self.title = title
        self.text = text
        self.title_lower = title.lower()
        self.lower = text.lower()
        self.title_words = _words(self.title_lower)
        self.words = _words(self.lower) | self.title_words
        self._sentences: list[str] | None = None

    @property
    def sentences(self) -> list[str]:
        """Sentences of title and body."""
        if self._sentences is None:
            self._sentences = [self.title_lower, *[piece for piece in map(str.lower, _SENTENCE_END.split(self.text)) if piece]]
        return self._sentences

    def sentences_with(self, *needles: str) -> list[str]:
        """Sentences with a word that holds one of the needles: rules look at these, not at the whole ad."""
        found = self.words_with(needles)
        return [sentence for sentence in self.sentences if holds_any(sentence, found)] if found else []

    def lines_with(self, *needles: str) -> list[str]:
        """Title and lines with such a word, in the source's own case."""
        found = self.words_with(needles)
        if not found:
            return []
        lines = [self.title, *self.text.split("\n")]
        return [line for line in lines if holds_any(line.lower(), found)]

    def words_with(self, needles: tuple[str, ...]) -> list[str]:
        """Words of the ad that hold one of the needles; a needle is part of a word, never of two."""
        without = _WITHOUT.setdefault(needles, set())
        found = []
        for word in self.words - without:
            if holds_any(word, needles):
                found.append(word)
            elif len(without) < _MOST_WITHOUT:
                without.add(word)
        return found


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
    for mark in _BETWEEN_WORDS:
        if mark in lower:
            lower = lower.replace(mark, " ")
    return frozenset(lower.split())
