"""The bilingual lexicon: which concepts a Dutch or English word or label stands for, and how much each says.

A label of several words, and a compound that splits, are stored as the *set* of their parts ("atoms"), so that word order,
spaces and hyphens do not matter: `softwareontwikkelaar`, `software-ontwikkelaar` and `ontwikkelaar software` are one label.
Each atom keeps its own concepts beside those of the labels it belongs to; so two titles still meet halfway where only one of
them is in the table. Weights are integers by class: a role (adviser, employee) says little, an occupation or a field says
much.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar, cast

from hub.matching.titles.compounds import dutch_stems, english_stems, glued_spans, openings, split_compound
from hub.matching.titles.vocabulary import UNITS, Row, fold, parse_occupations, parse_terms, slug, words_of

WEIGHTS = {"occupation": 6, "isco": 6, "domain": 5, "language": 5, "event": 5, "tool": 4, "role": 3, "level": 2, "noise": 0}
WEIGHTS |= dict.fromkeys(UNITS, 4)
UNKNOWN_WEIGHT = 4
SENSES = 6
"""Concepts kept for one label; the first by id. More means that the label says nothing."""
_SPLITTABLE = 8
_WORDS_KEPT = 1 << 18
_PIECES_KEPT = 1 << 15
"""Every piece of a word that might be a compound is looked up: kept for good, they would weigh more than the lexicon."""
K = TypeVar("K", bound=Hashable)
R = TypeVar("R")
Label = tuple[str, ...]
"""Sorted atoms: as a set, each of tens of thousands would weigh three times as much."""
_HEADS = ("occupation", "role", "isco")
_WHOLE = frozenset(("hoogleraar", "leerkracht", "machinesteller"))
"""Listed words that fall into listed ones by chance: who works with leather is no teacher."""
_LABELLED = frozenset(("role", "occupation", "domain", "tool", "event", *UNITS))
_PHRASES = ("noise", "level", *UNITS)
_OTHER = {"nl": "en", "en": "nl"}


class Match(NamedTuple):
    """A label found in a title: positions of its atoms, its concepts."""

    places: tuple[int, ...]
    concepts: tuple[str, ...]


class Lexicon:
    """Words, labels and phrases of both languages. Immutable after `read`, but for caches of pure results."""

    __slots__ = (
        "_atoms",
        "_begins",
        "_groups",
        "_labels",
        "_listed",
        "_noise",
        "_phrases",
        "_rare",
        "_remembered",
        "_sets",
        "_words",
    )

    def __init__(self) -> None:
        self._words: dict[str, dict[str, tuple[str, ...]]] = {"nl": {}, "en": {}}
        self._noise: dict[str, frozenset[str]] = {"nl": frozenset(), "en": frozenset()}
        self._phrases: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = {"nl": {}, "en": {}}
        self._labels: dict[str, dict[Label, tuple[str, ...]]] = {"nl": {}, "en": {}}
        self._rare: dict[str, dict[str, tuple[Label, ...]]] = {"nl": {}, "en": {}}
        self._begins: frozenset[str] = frozenset()
        self._sets: dict[frozenset[str], frozenset[str]] = {}
        self._remembered: dict[Hashable, Any] = {}
        self._groups: dict[str, str] = {}
        self._listed: dict[tuple[str, str], str | None] = {}
        self._atoms: dict[tuple[str, str], tuple[str, ...]] = {}

    @classmethod
    def read(cls, terms: str, occupations: Iterable[str]) -> Lexicon:
        """Parse the texts of terms.tsv and of every occupations table. Raises ValueError with the line number of a bad row."""
        lexicon = cls()
        term_rows = [(f"{row.kind}/{slug(row.en[0])}", row) for row in parse_terms(terms)]
        occupation_rows = list(_identified([row for text in occupations for row in parse_occupations(text)]))
        lexicon._groups = {concept: row.kind for concept, row in occupation_rows}
        once: dict[str, str] = {}  # labels repeat their words
        labels = [
            (lang, [once.setdefault(word, word) for word in words_of(fold(label))], _is_hyphened(label), concept)
            for concept, row in (*term_rows, *occupation_rows)
            for lang, label in _both(row)
        ]
        lexicon._add_words(labels)
        lexicon._add_labels(labels)
        lexicon._listed.clear()
        lexicon._remembered.clear()
        return lexicon

    def _senses_once(self, concepts: set[str]) -> tuple[str, ...]:
        """As `_senses`; one object for all synonyms of a concept."""
        senses = _senses(concepts)
        return cast(tuple[str, ...], self._remembered.setdefault(senses, senses))

    def _add_words(self, labels: list[tuple[str, list[str], bool, str]]) -> None:
        words: dict[str, dict[str, set[str]]] = {"nl": {}, "en": {}}
        phrases: dict[str, dict[tuple[str, ...], set[str]]] = {"nl": {}, "en": {}}
        hyphened: list[tuple[str, str, list[str], str]] = []
        for lang, tokens, is_hyphened, concept in labels:
            if len(tokens) == 1:
                words[lang].setdefault(tokens[0], set()).add(concept)
                continue
            if is_hyphened:
                hyphened.append((lang, "".join(tokens), tokens, concept))
            if concept.partition("/")[0] in _PHRASES:
                phrases[lang].setdefault(tuple(tokens), set()).add(concept)
        for lang, closed, parts, concept in hyphened:
            if not all(part in words[lang] for part in parts):
                words[lang].setdefault(closed, set()).add(concept)
        for lang in ("nl", "en"):
            self._words[lang] = {word: self._senses_once(found) for word, found in words[lang].items()}
            self._noise[lang] = frozenset(word for word, found in self._words[lang].items() if _says_nothing(found))
            self._phrases[lang] = {phrase: _senses(found) for phrase, found in phrases[lang].items()}
        self._begins = openings((*self._words["nl"], *self._words["en"]))

    def _add_labels(self, labels: list[tuple[str, list[str], bool, str]]) -> None:
        for lang in ("nl", "en"):
            found: dict[Label, set[str]] = {}
            for _, tokens, _, concept in (entry for entry in labels if entry[0] == lang):
                kind = concept.partition("/")[0]
                atoms = tuple(sorted(set(self.atoms_of(tokens, lang))))
                if len(tokens) > 1 and len(atoms) == 1 and atoms[0] in tokens:
                    continue  # the words that made it differ say nothing here: "or nurse" is not every nurse
                if atoms and (kind == "isco" or (kind in _LABELLED and len(atoms) > 1)):
                    found.setdefault(atoms, set()).add(concept)
            self._labels[lang] = {atoms: self._senses_once(concepts) for atoms, concepts in found.items()}
            self._rare[lang] = _by_rarest(found)

    def words_listed(self, lang: str) -> dict[str, tuple[str, ...]]:
        return self._words[lang]

    def group(self, concept: str) -> str | None:
        """ISCO-08 unit group of an occupation concept, else None."""
        return self._groups.get(concept)

    def listed(self, word: str, lang: str) -> str | None:
        """The listed form of `word`: itself, or the form it is inflected from; the title's own language first."""
        key = (lang, word)
        if key not in self._listed:
            if len(self._listed) >= _PIECES_KEPT:
                self._listed.clear()
            self._listed[key] = self._find(word, lang)
        return self._listed[key]

    def _find(self, word: str, lang: str) -> str | None:
        for language in (lang, _OTHER[lang]):
            known, noise = self._words[language], self._noise[language]
            own = known.get(word)
            for stem in dutch_stems(word) if language == "nl" else english_stems(word):
                concepts = known.get(stem)
                if concepts and stem not in noise and (own is None or not set(own).isdisjoint(concepts)):
                    return self._find(stem, language)
            if own is not None:
                return word
        return None

    def concepts(self, atom: str, lang: str) -> tuple[str, ...]:
        """Concepts of one listed form, sorted; none for an unknown word."""
        return self._words[lang].get(atom) or self._words[_OTHER[lang]].get(atom, ())

    def weight(self, atom: str, lang: str) -> int:
        """Integer weight of an atom: that of its heaviest class; the table of terms has the word before that of occupations."""
        kinds = {concept.partition("/")[0] for concept in self.concepts(atom, lang)}
        return max((WEIGHTS[kind] for kind in kinds - {"isco"} or kinds), default=UNKNOWN_WEIGHT)

    def is_noise(self, word: str, lang: str) -> bool:
        return word in self._noise[lang if word in self._words[lang] else _OTHER[lang]]

    def is_known(self, word: str, lang: str) -> bool:
        """Whether the word is listed, inflected from a listed one or made of such."""
        return all(self.listed(atom, lang) is not None for atom in self.atoms(word, lang))

    def atoms_of(self, words: Sequence[str], lang: str) -> list[str]:
        """Parts of all words, in order, without the words that say nothing; `back end` is glued, `werktuigbouwkundige` split."""
        return [atom for _, _, atoms in self.pieces(words, lang) for atom in atoms]

    def pieces(self, words: Sequence[str], lang: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """(start, end, atoms) of each word, or of neighbours that are one listed word, that says something."""
        for start, end in glued_spans(words, self._words[lang].__contains__):
            word = "".join(words[start:end])
            if not self.is_noise(word, lang):
                yield start, end, self.atoms(word, lang)

    def atoms(self, word: str, lang: str) -> tuple[str, ...]:
        """Listed parts of one word. A listed word stays whole unless it ends in a listed occupation: huisarts → huis, arts."""
        key = (lang, word)
        known = self._atoms.get(key)
        if known is None:
            if len(self._atoms) >= _WORDS_KEPT:
                self._atoms.clear()
            known = self._atoms[key] = self._split(word, lang)
        return known

    def _split(self, word: str, lang: str) -> tuple[str, ...]:
        form = self.listed(word, lang)
        if form is None:
            is_head = self._is_head if lang == "nl" else _never
            return split_compound(word, lambda piece: self._part(piece, lang), is_head, self._begins)
        if len(form) < _SPLITTABLE or form in _WHOLE or not self._is_head(form):
            return (form,)
        parts = split_compound(form, lambda piece: self._part(piece, lang), _never, self._begins)
        return parts if len(parts) > 1 and self._is_head(parts[-1]) else (form,)

    def _part(self, piece: str, lang: str) -> str | None:
        form = self.listed(piece, lang)
        if form is None or self.is_noise(form, lang):
            return None
        return form if form in self._words[lang] or len(form) >= 5 else None

    def _is_head(self, form: str) -> bool:
        return len(form) >= 3 and any(concept.startswith(_HEADS) for concept in self._words["nl"].get(form, ()))

    def shared(self, concepts: frozenset[str]) -> frozenset[str]:
        """The same set, kept once: titles share most of their words."""
        if len(self._sets) >= _WORDS_KEPT:
            self._sets.clear()
        return self._sets.setdefault(concepts, concepts)

    def remembered(self, key: K, make: Callable[[K, Lexicon], R]) -> R:
        """`make(key, self)`, kept by key: what a reader of titles works out of this lexicon again and again. `make` is pure."""
        found = self._remembered.get(key)
        if found is None:
            if len(self._remembered) >= _WORDS_KEPT:
                self._remembered.clear()
            found = self._remembered[key] = make(key, self)
        return cast(R, found)

    def spans(self, words: Sequence[str], lang: str, *kinds: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Phrases of these classes standing in `words` one after another, longest first: (start, end, concepts)."""
        at = 0
        while at < len(words):
            for end in range(min(len(words), at + 6), at + 1, -1):
                phrase = tuple(words[at:end])
                found = self._phrases[lang].get(phrase) or self._phrases[_OTHER[lang]].get(phrase, ())
                concepts = tuple(concept for concept in found if concept.startswith(kinds))
                if concepts:
                    yield at, end, concepts
                    at = end - 1
                    break
            at += 1

    def labels_in(self, atoms: Sequence[str], lang: str) -> list[Match]:
        """Labels whose atoms all stand in the title, but for single words within a longer one; sorted by place."""
        present = frozenset(atoms)
        found: dict[Label, set[str]] = {}
        for language in (lang, _OTHER[lang]):
            rare, labels = self._rare[language], self._labels[language]
            for atom in sorted(present):
                for label in rare.get(atom, ()):
                    if present.issuperset(label) and (language == lang or self._is_foreign(label, lang)):
                        found.setdefault(label, set()).update(labels[label])
        longest = [label for label in found if len(label) > 1 or not any(len(other) > 1 and label[0] in other for other in found)]
        places = {label: tuple(sorted(atoms.index(atom) for atom in label)) for label in longest}
        return sorted(Match(places[label], _senses(found[label])) for label in longest)

    def _is_foreign(self, label: Label, lang: str) -> bool:
        """A label of the other language counts when no own word of the title's language has its single atom."""
        return len(label) > 1 or not any(atom in self._words[lang] for atom in label)


def _both(row: Row) -> Iterator[tuple[str, str]]:
    yield from (("nl", label) for label in row.nl)
    yield from (("en", label) for label in row.en)


def _never(_: str) -> bool:
    return False


def _is_hyphened(label: str) -> bool:
    return "-" in label and " " not in label


def _says_nothing(concepts: tuple[str, ...]) -> bool:
    return all(concept.startswith("noise/") for concept in concepts)


def _senses(concepts: set[str]) -> tuple[str, ...]:
    return tuple(sorted(concepts)[:SENSES])


def _identified(rows: list[Row]) -> Iterator[tuple[str, Row]]:
    """Rows with their concept id. Two groups that share a first label both carry their group, whatever the order of the files."""
    groups: dict[str, set[str]] = {}
    for row in rows:
        groups.setdefault(slug(row.en[0]), set()).add(row.kind)
    for row in rows:
        name = slug(row.en[0])
        yield f"isco/{name}" if len(groups[name]) == 1 else f"isco/{name}-{row.kind}", row


def _by_rarest(labels: Iterable[Label]) -> dict[str, tuple[Label, ...]]:
    """Each label under the atom that fewest labels have, so that a title looks at few labels."""
    counts: dict[str, int] = {}
    for label in labels:
        for atom in label:
            counts[atom] = counts.get(atom, 0) + 1
    found: dict[str, list[Label]] = {}
    for label in labels:
        found.setdefault(min(label, key=lambda atom: (counts[atom], atom)), []).append(label)
    return {atom: tuple(sorted(group)) for atom, group in found.items()}
