"""What the ordinary words inside proper names mean, in both languages: `Waddenkust` is `wadden` and `coast`.

A proper name that is made of ordinary words is translated between boards like any other text, so two such names are compared
by meanings. A Dutch compound counts by its parts where all of them are known; a word that is not known means itself and is
rare, which is what tells employers apart best.
"""

from __future__ import annotations

from dataclasses import dataclass, field

_ENDINGS = ("e", "s", "n", "en", "er", "es")
_LINKS = ("", "s", "n", "en", "e", "er")
SHORTEST_BASE = 3
SHORTEST_COMPOUND = 6
SHORTEST_RARE = 4


@dataclass(slots=True)
class Meanings:
    """The `name` rows of `employer_terms.tsv`; built with `add`, then only read."""

    _concepts: dict[str, str] = field(default_factory=dict)
    _letters: dict[str, set[str]] = field(default_factory=dict)
    _kinds: dict[str, str] = field(default_factory=dict)
    _known: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, concept: str, word: str) -> None:
        """Take one word. ValueError where it already means something else."""
        if self._concepts.setdefault(word, concept) != concept:
            raise ValueError(f"{word!r} is already {self._concepts[word]}")
        self._letters.setdefault(concept, set()).add(word[0])

    def add_kind(self, concept: str, word: str) -> None:
        """Take a trade, a kind of organisation or another listed word, as a part of compounds that have no ordinary meaning."""
        self._kinds.setdefault(word, concept)

    def of(self, word: str) -> tuple[str, ...]:
        """Meanings of a word or compound, in the order written; empty where any part is unknown."""
        if word not in self._known:
            self._known[word] = self._read(word)
        return self._known[word]

    def letters(self, word: str) -> set[str]:
        """First letters of all words that mean the same as this one."""
        return {letter for concept in self._single(word) for letter in self._letters.get(concept, ())}

    def is_word(self, word: str) -> bool:
        """Whether a word is an ordinary one as it stands."""
        return word in self._concepts

    def parts(self, word: str) -> tuple[str, ...]:
        """A compound at its joints, `noord wind`; the word itself where it is none."""
        if len(word) < SHORTEST_COMPOUND or self._single(word):
            return (word,)
        for cut in range(len(word) - SHORTEST_BASE, SHORTEST_BASE - 1, -1):
            if (self._single(word[cut:]) or self._listed(word[cut:])) and self._head(word[:cut]):
                return (*self.parts(word[:cut]), word[cut:])
        return (word,)

    def _read(self, word: str) -> tuple[str, ...]:
        if " " in word:
            parts = [self.of(part) for part in word.split()]
            return tuple(concept for part in parts for concept in part) if all(parts) else ()
        single = self._single(word)
        if single or len(word) < SHORTEST_COMPOUND:
            return single
        for cut in range(len(word) - SHORTEST_BASE, SHORTEST_BASE - 1, -1):
            tail = self._single(word[cut:]) or self._listed(word[cut:])
            head = self._head(word[:cut]) if tail else ()
            if head:
                return (*head, *tail)
        return ()

    def _single(self, word: str) -> tuple[str, ...]:
        if word in self._concepts:
            return (self._concepts[word],)
        bases = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
        return next(((self._concepts[base],) for base in bases if len(base) > SHORTEST_BASE and base in self._concepts), ())

    def _head(self, head: str) -> tuple[str, ...]:
        if len(head) < SHORTEST_BASE:
            return ()
        if head in self._concepts:
            return (self._concepts[head],)
        bases = (head.removesuffix(link) for link in _LINKS if head.endswith(link))
        found = next(((self._concepts[base],) for base in bases if len(base) >= SHORTEST_BASE and base in self._concepts), ())
        return found or (self.of(head) if len(head) >= SHORTEST_COMPOUND else ()) or self._listed(head)

    def _listed(self, part: str) -> tuple[str, ...]:
        return (self._kinds[part],) if len(part) > SHORTEST_BASE and part in self._kinds else ()
