"""One reading of a posting's texts, shared by every enricher: lower-case lines, sentences and distinct words.

Curled apostrophes and dashes are made plain, so that no rule needs two spellings. Only the first 30,000 characters are
read: what an ad asks and offers stands there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from hub.domain.posting import Posting
from hub.enrich.lines import holds_any

_LIMIT = 30_000
_PLAIN = (
    *(("’", "'"), ("‘", "'"), ("´", "'"), ("`", "'"), ("–", "-"), ("—", "-"), ("‑", "-"), ("‐", "-"), ("\u00a0", " ")),
    *(("“", '"'), ("”", '"')),
)
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-ZÀ-Þ\"(])|[;\n•]")
_EDGES = ".,;:!?()[]{}\"'*•…<>"


@dataclass
class Reading:
    """`title`, `text` in the source's own case; the lists in lower case."""

    title: str
    text: str

    @cached_property
    def title_lower(self) -> str:
        return self.title.lower()

    @cached_property
    def lower(self) -> str:
        return self.text.lower()

    @cached_property
    def sentences(self) -> list[str]:
        """Sentences of title and body in lower case."""
        return [self.title_lower, *[piece for piece in map(str.lower, _SENTENCE_END.split(self.text)) if piece]]

    def sentences_with(self, *needles: str) -> list[str]:
        """Sentences that hold one of the needles: rules look at these, not at the whole ad."""
        found = [needle for needle in needles if needle in self.lower or needle in self.title_lower]
        if not found:
            return []
        return [sentence for sentence in self.sentences if holds_any(sentence, found)]

    @cached_property
    def lines(self) -> list[str]:
        """Lines in the source's own case, the title first."""
        return [self.title, *self.text.split("\n")]

    @cached_property
    def words(self) -> frozenset[str]:
        return _words(self.lower) | self.title_words

    @cached_property
    def title_words(self) -> frozenset[str]:
        return _words(self.title_lower)

    def has(self, *needles: str) -> bool:
        """Whether a needle stands anywhere in title or body."""
        return any(needle in self.lower or needle in self.title_lower for needle in needles)


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
    return frozenset([word.strip(_EDGES) for word in lower.replace("/", " ").split()])
