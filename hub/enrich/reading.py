"""One reading of a posting's texts, shared by every enricher: lower-case lines, sentences and distinct words.

Curled apostrophes and dashes are made plain, so that no rule needs two spellings. Only the first 30,000 characters are
read: what an ad asks and offers stands there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from hub.domain.posting import Posting

_LIMIT = 30_000
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "´": "'", "`": "'", "–": "-", "—": "-", "‑": "-", "‐": "-", "\u00a0": " ", "“": '"', "”": '"'}
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ\"(])|[;\n•]+\s*")
_WORD = re.compile(r"[^\s,.;:!?()\[\]{}\"/|*•…]+(?:\.net\b)?")


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
        return [self.title_lower, *(piece.lower() for piece in _SENTENCE_END.split(self.text) if piece)]

    @cached_property
    def lines(self) -> list[str]:
        """Lines in the source's own case, the title first."""
        return [self.title, *self.text.split("\n")]

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(_WORD.findall(self.lower)) | self.title_words

    @cached_property
    def title_words(self) -> frozenset[str]:
        return frozenset(_WORD.findall(self.title_lower))

    def has(self, *needles: str) -> bool:
        """Whether a needle stands anywhere in title or body."""
        return any(needle in self.lower or needle in self.title_lower for needle in needles)


def read(posting: Posting) -> Reading:
    titles = [text.text for text in (posting.title.nl, posting.title.en) if text]
    bodies = [text.text for text in (posting.description.nl, posting.description.en) if text]
    return Reading(title=" / ".join(titles).translate(_PLAIN), text="\n".join(bodies)[:_LIMIT].translate(_PLAIN))
