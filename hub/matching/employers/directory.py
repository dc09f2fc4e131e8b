"""The directory of known employers and agencies: what spellings it holds, and which of them a written name is.

A name is looked up as written, then without legal forms, then by the concepts of both languages; then its parts: without
towns, up to a department, in brackets, and at last but for one typing error. A concept that two employers share finds neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from hub.matching.employers.form import Face
from hub.matching.employers.names import Reading, read_name
from hub.matching.employers.parts import (
    concept_key,
    exact_key,
    face_of,
    initials_of,
    label_of,
    plain_key,
    stated_acronyms_of,
    until_unit,
    without_places,
)
from hub.matching.employers.spelling import is_slip, is_typo, less_one, letters_hash
from hub.matching.employers.words import Element, Words, fold, tokens_of

SHORTEST_SPELLING = 8
MOST_APART = 3
"""Letters that a typing error may add or take, beside a tenth of the name: others need no closer look."""
SERVICES = frozenset({"free", "trade", "word", "stop", "legal"})
SAFE_AGENT = 8
"""An agency's name this long is not also the first word of another firm ("Content", "Unique")."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the directory makes of one written name: its own elements, the alias id if it is known, and how it was found."""

    elements: tuple[Element, ...]
    known: str | None
    origin: str


@dataclass(slots=True)
class Directory:
    """Read-only after `read`."""

    words: Words
    domains: dict[str, str] = field(default_factory=dict)
    """Registrable domain → alias id."""
    faces: dict[str, tuple[Face, ...]] = field(default_factory=dict)
    """Alias id → all its spellings."""
    acronyms: dict[str, frozenset[str]] = field(default_factory=dict)
    agent_domains: set[str] = field(default_factory=set)
    _ids: dict[str, str] = field(default_factory=dict)
    _concepts: dict[str, set[str]] = field(default_factory=dict)
    _lines: dict[str, int] = field(default_factory=dict)
    _shapes: dict[tuple[frozenset[str], ...], list[tuple[str, str]]] = field(default_factory=dict)
    _slips: dict[int, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """Hash of every spelling less one letter or none → (spelling, alias id)."""
    _closed: dict[str, str | None] = field(default_factory=dict)
    """Long spellings without spaces → alias id, None where two employers share one."""
    _agents: set[str] = field(default_factory=set)
    _agent_pattern: re.Pattern[str] = field(default=re.compile(r"(?!)"))

    @classmethod
    def read(cls, aliases: str, terms: str, intermediaries: str) -> Directory:
        """See `EmployerTable.read`."""
        table = cls(Words())
        for line, (kind, concept, forms) in _rows("terms", terms, 3):
            with _line("terms", line):
                table._add_words(kind, concept, forms.split(" / "))
        for line, (kind, forms, domains) in _rows("intermediaries", intermediaries, 3):
            with _line("intermediaries", line):
                table._add_agents(kind, _list(forms), _list(domains))
        names: dict[str, list[str]] = {}
        rows = list(_rows("aliases", aliases, 3))
        for _, (_, forms, _) in rows:
            table.words.keep(forms)
        for line, (alias, forms, domains) in rows:
            with _line("aliases", line):
                table._add_alias(line, alias, _list(forms), _list(domains))
            names.setdefault(alias, []).extend(_list(forms))
        for alias, spelled in names.items():
            table._index(alias, spelled)
        return table

    def knows(self, text: str) -> bool:
        return self._lookup(self.words.elements(text)) is not None

    def faces_of(self, text: str) -> tuple[Face, ...]:
        """Those of the employer that `text` names; none of one that nobody knows."""
        known = self._lookup(self.words.elements(text))
        return self.faces[known] if known else ()

    def find(self, reading: Reading) -> Found:
        """Never fails; a name that nobody knows has no `known` and the elements that seem its own."""
        whole = self.words.elements(reading.whole)
        segments = [self.words.elements(part) for part in reading.segments]
        aside = [self.words.elements(part) for part in (*reading.bracketed, *reading.others, *reading.parents)]
        direct = [elements for elements in segments if not any(element.kind == "umbrella" for element in elements)]
        own = _own_part(reading, whole, segments, self.words)
        candidates = [whole, *direct, *(whole + part for part in aside), *aside, *segments]
        for elements in candidates:
            named = until_unit(elements)
            known = self._lookup(elements) or self._lookup(named) or self._lookup(without_places(named))
            if known and not (elements in aside and self._is_namesake(reading.whole, own, elements, known)):
                return Found(named if elements is whole or elements in segments else until_unit(own), known, "alias")
        for elements in candidates:
            if any(element.kind == "unit" for element in elements) and (known := self._window(elements)):
                return Found(own, known, "alias")
        if known := self._headed(whole):
            return Found(own, known, "alias")
        if known := self._closed_up(own) or self._closed_up(whole):
            return Found(own, known, "alias")
        if known := self._mistyped(own) or self._mistyped(without_places(own)) or self._slipped(reading):
            return Found(own, known, "typo")
        if aside and face_of(own, self.words).is_vague:
            own = whole + aside[0]
        return Found(until_unit(own), None, "rule")

    def _is_namesake(self, whole: str, own: tuple[Element, ...], aside: tuple[Element, ...], known: str) -> bool:
        """Whether a known name in brackets is but the acronym of another name, `Eemsland Bouw Groep (EBG)`, or two letters."""
        face, acronyms = face_of(own, self.words), self.acronyms[known]
        is_own = len(plain_key(aside)) <= 2 or any(initials in acronyms for initials in initials_of(whole, own, self.words))
        return is_own and not any(
            face.types & other.types or face.tokens & other.tokens or face.places & other.places for other in self.faces[known]
        )

    def _lookup(self, elements: tuple[Element, ...]) -> str | None:
        bare = elements
        while len(bare) > 1 and bare[-1].kind == "legal":
            bare = bare[:-1]
        known = self._ids.get(exact_key(elements)) or self._ids.get(exact_key(bare)) or self._ids.get(plain_key(elements))
        if known or not elements or face_of(elements, self.words).is_vague:
            return known
        shared = self._concepts.get(concept_key(elements), ())
        return next(iter(shared)) if len(shared) == 1 else None

    def _window(self, elements: tuple[Element, ...]) -> str | None:
        content = tuple(element for element in elements if element.kind not in ("legal", "stop"))
        for length in range(len(content) - 1, 0, -1):
            for start in range(len(content) - length + 1):
                if known := self._lookup(content[start : start + length]):
                    return known
        return None

    def _headed(self, whole: tuple[Element, ...]) -> str | None:
        """The body of one kind and one area that has a service's name behind it: `Gemeente Emmen Bestuursdienst`."""
        head, rest = whole[:2], whole[2:]
        if not rest or [element.kind for element in head] not in (["org", "place"], ["org", "region"]):
            return None
        return self._lookup(head) if all(element.kind in SERVICES for element in rest) else None

    def _closed_up(self, elements: tuple[Element, ...]) -> str | None:
        """The employer of whom a spelling has the same letters, whatever the spaces: `MiddenGroningen`, `NHLStenden`."""
        face = face_of(elements, self.words)
        return self._closed.get(face.full) or self._closed.get(face.solid)

    def _mistyped(self, elements: tuple[Element, ...]) -> str | None:
        face = face_of(elements, self.words)
        if not face.tokens or all(self.words.meanings.is_word(token) for token in face.tokens):
            return None
        length = len(face.core)
        most = MOST_APART + length // 10
        shapes = self._shapes.get(face.concepts[1:], ())
        near = {alias for core, alias in shapes if -most <= len(core) - length <= most and is_typo(face.core, core)}
        return min(near) if len(near) == 1 else None

    def _slipped(self, reading: Reading) -> str | None:
        """The one employer of whom a spelling is the name but for one letter of one long word that is no known word."""
        for text in dict.fromkeys((reading.whole, *reading.segments[:1])):
            spelled = _spelled(text)
            while " " in spelled and self.words.phrases.get((spelled.rpartition(" ")[2],), ("",))[0] == "legal":
                spelled = spelled.rpartition(" ")[0]
            near = {
                alias
                for shorter in less_one(spelled)
                for right, alias in self._slips.get(letters_hash(shorter), ())
                if self._is_slip(spelled.split(), right.split())
            }
            if len(near) == 1:
                return min(near)
        return None

    def _is_slip(self, written: list[str], right: list[str]) -> bool:
        differing = [pair for pair in zip(written, right, strict=False) if pair[0] != pair[1]]
        if len(written) != len(right) or len(differing) != 1:
            return False
        word, meant = differing[0]
        is_known = bool(self.words.meanings.of(word)) or any(element.kind == "place" for element in self.words.elements(word))
        return not is_known and is_slip(word, meant)

    def is_agent(self, text: str) -> bool:
        """Whether a name is that of an agency: listed, perhaps with a town or trade behind it, or of an agency's words."""
        reading = read_name(text)
        elements = self.words.elements(reading.segments[0] if reading.segments else reading.whole)
        if self._lookup(elements) is not None or self._lookup(until_unit(elements)) is not None:
            return False
        if exact_key(elements) in self._agents:
            return True
        content = [element for element in elements if element.kind not in ("legal", "stop")]
        for end in range(len(content), 0, -1):
            if plain_key(tuple(content[:end])) in self._agents:
                extra = {element.kind for element in content[end:]}
                is_long = sum(len(element.surface) for element in content[:end]) >= SAFE_AGENT
                if extra <= ({"place", "region", "unit", "trade"} if is_long else {"place", "region"}):
                    return True
        return bool(self._agent_pattern.search(" ".join(tokens_of(text)).replace(".", "")))

    def _is_nobody(self, elements: tuple[Element, ...]) -> bool:
        kinds = {element.kind for element in elements}
        return not kinds or ("nobody" in kinds and "free" not in kinds) or kinds <= {"stop", "unit", "umbrella"} - {"umbrella"}

    def _add_words(self, kind: str, concept: str, groups: list[str]) -> None:
        for group in groups:
            forms = _list(group)
            lesser = f"{concept}.{fold(forms[0]).strip('*')}" if len(groups) > 1 and forms else concept
            self.words.add(kind, lesser.replace("|", ""), forms)

    def _add_agents(self, kind: str, forms: list[str], domains: list[str]) -> None:
        if kind == "pattern":
            parts = [re.escape(fold(form)).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for form in forms]
            old = self._agent_pattern.pattern
            self._agent_pattern = re.compile("|".join((old, *(rf"\b{part}\b" for part in parts))))
        elif kind == "name":
            for elements in map(self.words.elements, forms):
                self._agents.add(exact_key(elements))
                if not face_of(elements, self.words).is_vague:
                    self._agents.add(plain_key(elements))
            self.agent_domains.update(label_of(domain)[1] for domain in domains)
        else:
            raise ValueError(f"unknown kind {kind!r}, one of name, pattern")

    def _add_alias(self, line: int, alias: str, forms: list[str], domains: list[str]) -> None:
        self._claim(line, alias, alias, alias)
        for form in forms:
            elements = self.words.elements(form)
            if not elements:
                raise ValueError(f"{form!r} has no letters")
            self._claim(line, alias, exact_key(elements), form)
            if not face_of(elements, self.words).is_vague:
                self._claim(line, alias, plain_key(elements), form)
                self._concepts.setdefault(concept_key(elements), set()).add(alias)
        for domain in domains:
            if self.domains.setdefault(label_of(domain)[1], alias) != alias:
                raise ValueError(f"the domain {domain!r} is already that of {self.domains[label_of(domain)[1]]}")

    def _claim(self, line: int, alias: str, key: str, form: str) -> None:
        if self._ids.setdefault(key, alias) != alias:
            raise ValueError(
                f"{form!r} is already a name of {self._ids[key]} (line {self._lines[key]}): take it off one of the two"
            )
        self._lines.setdefault(key, line)

    def _index(self, alias: str, spelled: list[str]) -> None:
        rows = [(form, self.words.elements(form)) for form in spelled]
        faces = [face_of(elements, self.words) for _, elements in rows]
        types = frozenset(kind for face in faces for kind in face.types)
        families = self.words.families_of(types)
        known = (replace(face, types=face.types or types, families=face.families or families, is_vague=False) for face in faces)
        self.faces[alias] = tuple(dict.fromkeys(known))
        stated = [stated_acronyms_of(form, elements, ()) for form, elements in rows]
        self.acronyms[alias] = frozenset(acronym for found in stated for acronym in found)
        for form in spelled:
            right = _spelled(form)
            meant = ((right, alias),)
            for shorter in map(letters_hash, less_one(right)) if len(right) >= SHORTEST_SPELLING else ():
                others = self._slips.get(shorter, ())
                if meant[0] not in others:
                    self._slips[shorter] = others + meant
        for face in faces:
            for closed in {face.full, face.solid} if not face.is_vague and len(face.solid) >= SHORTEST_SPELLING else ():
                self._closed[closed] = alias if self._closed.get(closed, alias) == alias else None
            if face.tokens:
                self._shapes.setdefault(face.concepts[1:], []).append((face.core, alias))


def _own_part(
    reading: Reading, whole: tuple[Element, ...], segments: list[tuple[Element, ...]], words: Words
) -> tuple[Element, ...]:
    """The elements of the name itself: the whole, or of a dashed row the first part that is a name and no acronym of another."""
    if len(segments) < 2:
        return whole
    named = [
        elements
        for elements in segments
        if not face_of(elements, words).is_vague and elements[0].kind not in ("unit", "umbrella") and not _is_short(elements)
    ]
    if reading.loosely and len(named) != 1:
        return whole
    return named[0] if named else whole


def _is_short(elements: tuple[Element, ...]) -> bool:
    return len(elements) == 1 and elements[0].kind == "free" and len(elements[0].surface) <= 5


def _spelled(text: str) -> str:
    return " ".join(token.rstrip(".") for token in tokens_of(text))


def _list(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


@contextmanager
def _line(table: str, number: int) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{table}, line {number}: {error}") from None


def _rows(table: str, text: str, columns: int) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if not columns - 1 <= len(cells) <= columns or not all(cells[: columns - 1]):
            raise ValueError(f"{table}, line {number}: {len(cells)} columns, expected {columns} separated by tabs")
        yield number, [*cells, ""][:columns]
