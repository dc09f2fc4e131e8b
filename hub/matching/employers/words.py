"""The words of employers' names in two languages: legal forms, kinds of organisation, trades, places, units.

A name becomes a row of elements, each with its kind and a concept that both languages share: abbreviations are written
out, Dutch compounds are split where both halves are known, split words are joined, and one typing error in a long known
word is forgiven. What no row of `employer_terms.tsv` knows is distinctive.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from hub.matching.employers.meaning import Meanings

KINDS = frozenset(
    {"legal", "stop", "abbr", "org", "trade", "word", "place", "region", "unit", "umbrella", "nobody", "family", "within", "name"}
)
_SPECIAL = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "®": " ", "™": " ", "©": " "}
)
_APOSTROPHE = re.compile(r"['’‘`´ʼ]")
_AND = re.compile(r"\s*[&+]\s*")
_DOTTED = re.compile(r"\b(?:[a-z]\.\s?){2,}(?:[a-z]\b(?!\.))?")
_SPACED = re.compile(r"\b[a-z](?:\s[a-z]\b){2,}")
_SPACED_LEGAL = re.compile(r"\b([bnc])[.\s]{1,2}(v)\b\.?")
_TOKEN = re.compile(r"[0-9a-z]+\.?")
_LINKS = ("", "s", "en", "e", "er")
MOST_INITIALS = 3
TAIL_LENGTH = 6
"""An organisation word this long is split off a compound without being marked as a tail."""


@dataclass(frozen=True, slots=True)
class Element:
    """One word or fixed phrase of a name."""

    kind: str
    concept: str
    surface: str


@dataclass(slots=True)
class Words:
    """What `employer_terms.tsv` says; build it with `add`, one row at a time, then only read."""

    phrases: dict[tuple[str, ...], tuple[str, str]] = field(default_factory=dict)
    abbreviations: dict[str, tuple[str, ...]] = field(default_factory=dict)
    families: dict[str, set[str]] = field(default_factory=dict)
    """Kinds of organisation that go together in one employer, by kind."""
    regions: dict[str, set[str]] = field(default_factory=dict)
    """The region of a town, by the town's concept."""
    tails: set[str] = field(default_factory=set)
    initials: dict[str, str] = field(default_factory=dict)
    """Of compounds written with bars, `rijks|universiteit` → `ru`."""
    initials_of_kind: dict[str, str] = field(default_factory=dict)
    """The same by the kind of organisation: `safety-region` → `vr`."""
    letters: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """Initials of all forms of a concept, by kind and concept: what it may stand for in an acronym of either language."""
    meanings: Meanings = field(default_factory=Meanings)
    longest: int = 1
    _singles: dict[str, tuple[str, str]] = field(default_factory=dict)
    _inside: set[str] = field(default_factory=set)
    _mendable: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    _parsed: dict[tuple[str, bool], tuple[Element, ...]] = field(default_factory=dict)
    _mended: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, concept: str, forms: list[str]) -> None:
        """Take one row. ValueError for an unknown kind, an empty form or one that already means something else."""
        if kind not in KINDS:
            raise ValueError(f"unknown kind {kind!r}, one of {', '.join(sorted(KINDS))}")
        for written in forms:
            form = written.replace("|", "")
            if kind in ("family", "within"):
                (self.families if kind == "family" else self.regions).setdefault(form, set()).add(concept)
                continue
            tokens = tuple(token.rstrip(".") for token in _TOKEN.findall(fold(form)))
            if not tokens:
                raise ValueError(f"the form {form!r} has no letters")
            if kind == "name":
                self.meanings.add(concept, "".join(tokens))
                continue
            if kind == "abbr":
                self.abbreviations[" ".join(tokens)] = tuple(_TOKEN.findall(fold(concept)))
                continue
            if self.phrases.setdefault(tokens, (kind, concept)) != (kind, concept):
                raise ValueError(f"{form!r} is already {' '.join(self.phrases[tokens])}")
            self._index(kind, tokens, is_tail=form.startswith("*"))
            self._add_initials(kind, concept, tokens, written)

    def _add_initials(self, kind: str, concept: str, tokens: tuple[str, ...], written: str) -> None:
        """Of the words of a form, and of its parts where bars mark them."""
        found = {"".join(token[0] for token in tokens if self.phrases.get((token,), ("",))[0] != "stop")}
        if "|" in written:
            letters = "".join(fold(part)[:1] for part in written.strip("*").split("|"))
            self.initials[" ".join(tokens)] = letters
            found.add(letters)
            if kind == "org":
                self.initials_of_kind.setdefault(concept, letters)
        few = {letters for letters in found if 0 < len(letters) <= MOST_INITIALS}
        self.letters[kind, concept] = self.letters.get((kind, concept), frozenset()) | few

    def keep(self, name: str) -> None:
        """Take the words of a name as right: Woonborg is no slip for "woonzorg"."""
        self._inside.update(token.rstrip(".") for token in tokens_of(name))

    def _index(self, kind: str, tokens: tuple[str, ...], *, is_tail: bool) -> None:
        self.longest = max(self.longest, len(tokens))
        self._inside.update(tokens)
        if len(tokens) == 1:
            self._singles[tokens[0]] = self.phrases[tokens]
            if kind in ("org", "trade", "word", "region"):
                self.meanings.add_kind(self.phrases[tokens][1], tokens[0])
            if kind in ("org", "place", "legal", "region") and len(tokens[0]) >= (8 if kind == "place" else 7):
                for start in (tokens[0][0], tokens[0][1:3]):
                    self._mendable.setdefault((start, len(tokens[0])), []).append(tokens[0])
            if is_tail or (kind == "org" and len(tokens[0]) >= TAIL_LENGTH):
                self.tails.add(tokens[0])

    def elements(self, text: str, *, soft: bool = False) -> tuple[Element, ...]:
        """The elements of a name in the order written; `soft` splits more compounds than is safe for a key."""
        if (text, soft) not in self._parsed:
            self._parsed[text, soft] = self._parse(text, soft)
        return self._parsed[text, soft]

    def _parse(self, text: str, soft: bool) -> tuple[Element, ...]:
        tokens: list[str] = []
        for token in tokens_of(text):
            for word in self._written_out(token):
                tokens.extend(self._split(self._mend(word), soft))
        found: list[Element] = []
        at = 0
        while at < len(tokens):
            length, element = self._longest_at(tokens, at)
            found.append(element)
            at += length
        return tuple(found)

    def families_of(self, types: frozenset[str]) -> frozenset[str]:
        """What else an employer of these types may be: their families, and the kind of which each is a lesser one."""
        wider = {kind.partition(".")[0] for kind in types}
        return frozenset(family for kind in wider for family in (kind, *self.families.get(kind, ())))

    def _longest_at(self, tokens: list[str], at: int) -> tuple[int, Element]:
        for length in range(min(self.longest, len(tokens) - at), 1, -1):
            window = tuple(tokens[at : at + length])
            known = self.phrases.get(window)
            if known:
                return length, Element(*known, " ".join(window))
        if at + 1 < len(tokens) and (known := self._singles.get(tokens[at] + tokens[at + 1])):
            return 2, Element(*known, tokens[at] + tokens[at + 1])
        kind, concept = self._singles.get(self._uninflected(tokens[at]), ("free", tokens[at]))
        return 1, Element(kind, concept, tokens[at])

    def _written_out(self, token: str) -> tuple[str, ...]:
        bare = token.rstrip(".")
        if bare in self.abbreviations:
            return self.abbreviations[bare]
        if token.endswith(".") and len(bare) >= 3 and bare not in self._singles:
            starts = sorted(single for single in self._singles if single.startswith(bare))
            if starts and len({self._singles[single] for single in starts}) == 1:
                return (starts[0],)
        return (bare,)

    def _uninflected(self, token: str) -> str:
        """`groene` → `groen`, `banken` → `bank`, where only the shorter form is known."""
        if token in self._singles or len(token) < 5:
            return token
        bases = (token.removesuffix(ending) for ending in ("e", "s", "en") if token.endswith(ending))
        return next(
            (base for base in bases if len(base) >= 4 and self._singles.get(base, ("",))[0] in ("org", "trade", "word")), token
        )

    def _split(self, token: str, soft: bool) -> list[str]:
        """The halves of a compound. Softly, a trade behind a name counts as well: `eemsbouw` → `eems bouw`."""
        if token in self._singles or len(token) < 7:
            return [token]
        for cut in range(3, len(token) - 2):
            head, tail = token[:cut], token[cut:]
            kind = self._singles.get(tail, ("", ""))[0]
            if kind in ("org", "trade", "legal") and (known := self._known_head(head)):
                return [known, tail]
            if kind in ("place", "region") and self._singles.get(head, ("",))[0] == "org":
                return [head, tail]
            if tail in self.tails or (soft and kind == "trade" and len(head) >= 4):
                return [head, tail]
        return [token]

    def _known_head(self, head: str) -> str | None:
        for link in _LINKS:
            bare = head.removesuffix(link)
            if head.endswith(link) and self._singles.get(bare, ("", ""))[0] in ("org", "trade", "word"):
                return bare
        return None

    def _mend(self, token: str) -> str:
        """A long known word with one typing error, written right."""
        if len(token) < 6 or token in self._inside or not token.isalpha():
            return token
        if token not in self._mended:
            near = sorted(
                single
                for length in (len(token) - 1, len(token), len(token) + 1)
                for single in (*self._mendable.get((token[0], length), ()), *self._mendable.get((token[:2], length), ()))
                if OSA.distance(single, token, score_cutoff=1) <= 1
            ) or self._swapped(token)
            self._mended[token] = near[0] if len({self._singles[single] for single in near}) == 1 else token
        return self._mended[token]

    def _swapped(self, token: str) -> list[str]:
        """The known word whose first two letters are the other way round."""
        right = token[1] + token[0] + token[2:]
        return [right] if right in self._mendable.get((right[0], len(right)), ()) else []


def fold(text: str) -> str:
    """Lower case, no diacritics, no apostrophes, `&` as `en`, dotted and spaced acronyms closed up; other marks stay."""
    text = unicodedata.normalize("NFKC", text.translate(_SPECIAL)).casefold().translate(_SPECIAL)
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = _AND.sub(" en ", _APOSTROPHE.sub("", text))
    text = _SPACED_LEGAL.sub(r"\1\2", text)
    text = _DOTTED.sub(lambda found: found[0].replace(".", "").replace(" ", "") + " ", text)
    return _SPACED.sub(lambda found: found[0].replace(" ", ""), text)


def tokens_of(text: str) -> list[str]:
    """Folded words; one that was written with a full stop keeps it, as the sign of an abbreviation."""
    return _TOKEN.findall(fold(text))
