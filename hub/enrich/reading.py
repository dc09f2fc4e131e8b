"""One reading of a posting's texts, shared by every enricher: lines, sentences, and which of them speak of what.

Curled apostrophes and dashes are made plain, so that no rule needs two spellings. Only the first 30,000 characters are
read: what an ad asks and offers stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

from hub.domain.posting import Posting
from hub.enrich.finding import Find, finder, spaced_words
from hub.enrich.lines import holds_any

_LIMIT = 30_000
_PLAIN = (
    *(("’", "'"), ("‘", "'"), ("´", "'"), ("`", "'"), ("–", "-"), ("—", "-"), ("‑", "-"), ("‐", "-"), ("\u00a0", " ")),
    *(("“", '"'), ("”", '"')),
)
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-ZÀ-Þ\"(])")


class Needles:
    """Parts of words that a rule looks for. A part is of one word, never of two.

    Told apart by who named them, not by what they hold: they are keys, and a tuple would be hashed anew at each look.
    """

    def __init__(self, parts: tuple[str, ...]) -> None:
        self.parts = parts


_REGISTERED: list[Needles] = []


def needles(*parts: str) -> Needles:
    """Needles are named at import: one search is for all of them."""
    named = Needles(parts)
    _REGISTERED.append(named)
    _search.cache_clear()
    return named


@lru_cache(maxsize=1)
def _search() -> tuple[Find, list[tuple[str, tuple[Needles, ...]]]]:
    """A search for every needle, and by its number the needle and who looks for it."""
    families: dict[str, list[Needles]] = {}
    for named in _REGISTERED:
        for part in named.parts:
            families.setdefault(part, []).append(named)
    return finder(families), [(part, tuple(looking)) for part, looking in families.items()]


_WORDS: dict[str, int] = {}


def word_numbers(parts: Iterable[str]) -> list[int]:
    """Numbers of parts of a text as `spaced_words` gives it, a space where a word must begin or end. Named at import, too."""
    numbers = [_WORDS.setdefault(part, len(_WORDS)) for part in parts]
    _word_search.cache_clear()
    return numbers


@lru_cache(maxsize=1)
def _word_search() -> Find:
    return finder(_WORDS)


def _words_in(lower: str) -> set[int]:
    return {number for number, _, _ in _word_search()(spaced_words(lower))}


class Reading:
    """`title` and `text` in the source's own case, as what `lines_with` gives; all else in lower case.

    `lines` are those of the text, each behind it in lower case; `words` and `title_words` are the numbers of the named words.
    """

    def __init__(self, title: str, text: str) -> None:
        self.title = title
        self.text = text
        self.title_lower = title.lower()
        lines = text.split("\n")
        # Line by line, because most lines are ASCII, and making those small costs a tenth.
        lowers = list(map(str.lower, lines))
        self.lines = list(zip(lines, lowers, strict=True))
        self.lower = "\n".join(lowers)
        self.title_words = _words_in(self.title_lower)
        self.words = _words_in(self.lower)
        self._sentences: list[str] | None = None
        self._with: dict[Needles, list[str]] | None = None
        self._found: set[str] = set()

    @property
    def sentences(self) -> list[str]:
        """Sentences of title and body."""
        if self._sentences is None:
            lines = _SENTENCE_END.sub("\n", self.text).replace(";", "\n").replace("•", "\n")
            self._sentences = [self.title_lower, *filter(None, map(str.lower, lines.split("\n")))]
        return self._sentences

    def sentences_with(self, looked_for: Needles) -> list[str]:
        """Sentences with a word that holds one of the needles: rules look at these, not at the whole ad."""
        if self._with is None:
            self._with = self._find()
        return self._with.get(looked_for, [])

    def _find(self) -> dict[Needles, list[str]]:
        """One search in all sentences, joined by a sign that stands in no needle."""
        find, known = _search()
        sentences = self.sentences
        ends = list(accumulate(map(len, sentences)))
        found: dict[Needles, list[str]] = {}
        last: dict[Needles, int] = {}
        index = 0
        for number, start, _ in find("\n".join(sentences)):
            while start >= ends[index] + index:  # as many signs join the sentences before
                index += 1
            part, looking = known[number]
            self._found.add(part)
            for named in looking:
                if last.get(named) != index:
                    last[named] = index
                    found.setdefault(named, []).append(sentences[index])
        return found

    def found(self, looked_for: Needles) -> list[str]:
        """Those of the needles that stand anywhere in title or body."""
        return [part for part in looked_for.parts if part in self._found] if self.sentences_with(looked_for) else []

    def lines_with(self, looked_for: Needles) -> list[str]:
        """Title and lines with such a word, in the source's own case."""
        parts = self.found(looked_for)
        if not parts:
            return []
        return [line for line, lower in ((self.title, self.title_lower), *self.lines) if holds_any(lower, parts)]


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
