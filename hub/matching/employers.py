"""Employers: names as written become comparable forms, by rules of two languages and a table of the region's organisations.

The table is data of the match model: operators add spellings without code. A form is derived once per distinct
(name, domain, KvK number) and then shared, because one employer's name stands in thousands of postings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache

from hub.matching.employer_comparison import LEVELS, compare_employers, is_typo
from hub.matching.employer_form import NOBODY, EmployerForm, Face
from hub.matching.employer_names import Reading, agencies, read_name
from hub.matching.employer_parts import (
    concept_key,
    exact_key,
    face_of,
    initials_of,
    label_of,
    plain_key,
    skeleton_of,
    stated_acronyms_of,
    until_unit,
    without_places,
)
from hub.matching.employer_words import Element, Words, fold, tokens_of
from hub.matching.hosts import is_shared, registrable

__all__ = ["LEVELS", "EmployerForm", "EmployerTable", "compare_employers", "employer_key"]

MOST_BLOCK_KEYS = 5
_LEGAL = re.compile(
    r"\b(b\.?v\.?|n\.?v\.?|v\.?o\.?f\.?|stichting|coöperatie|cooperatie|u\.?a\.?|holding|nederland|ltd|gmbh|inc)\b\.?"
)
_BRACKETS = re.compile(r"\([^)]*\)")
_NOISE = re.compile(r"[^0-9a-z]+")


@lru_cache(maxsize=16_384)
def employer_key(name: str) -> str:
    """`UMCG B.V. (Groningen)` → `umcg`; empty when nothing is left. Knows no table."""
    text = unicodedata.normalize("NFKC", name).casefold()
    text = _LEGAL.sub(" ", _BRACKETS.sub(" ", text)).replace("&", " en ")
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _NOISE.sub(" ", text).strip()


@dataclass(frozen=True, slots=True)
class _Found:
    """What the table makes of one written name."""

    elements: tuple[Element, ...]
    known: str | None
    origin: str


@dataclass(slots=True)
class EmployerTable:
    """All employers that the model knows, with the words of names. Read-only after `read` but for its caches."""

    words: Words
    _ids: dict[str, str] = field(default_factory=dict)
    _concepts: dict[str, set[str]] = field(default_factory=dict)
    _lines: dict[str, int] = field(default_factory=dict)
    _domains: dict[str, str] = field(default_factory=dict)
    _faces: dict[str, tuple[Face, ...]] = field(default_factory=dict)
    _acronyms: dict[str, frozenset[str]] = field(default_factory=dict)
    _shapes: dict[tuple[frozenset[str], ...], list[tuple[str, str]]] = field(default_factory=dict)
    _agents: set[str] = field(default_factory=set)
    _agent_domains: set[str] = field(default_factory=set)
    _agent_pattern: re.Pattern[str] = field(default=re.compile(r"(?!)"))
    _forms: dict[tuple[str, str, str], EmployerForm | None] = field(default_factory=dict)

    @classmethod
    def read(cls, aliases: str, terms: str, intermediaries: str) -> EmployerTable:
        """Parse three TSV texts (`#` starts a comment).

        `aliases`: id, names, domains; `terms`: kind, concept, forms; `intermediaries`: `name` or `pattern`, forms, domains;
        lists are separated by `;`. A later alias row with the same id adds to it.
        Raises ValueError with the number of the line to mend: malformed, or a name that already is another employer's.
        """
        table = cls(Words())
        for line, (kind, concept, forms) in _rows("terms", terms, 3):
            with _line("terms", line):
                table.words.add(kind, concept, _list(forms))
        for line, (kind, forms, domains) in _rows("intermediaries", intermediaries, 3):
            with _line("intermediaries", line):
                table._add_agents(kind, _list(forms), _list(domains))
        names: dict[str, list[str]] = {}
        for line, (alias, forms, domains) in _rows("aliases", aliases, 3):
            with _line("aliases", line):
                table._add_alias(line, alias, _list(forms), _list(domains))
            names.setdefault(alias, []).extend(_list(forms))
        for alias, spelled in names.items():
            table._index(alias, spelled)
        return table

    def form(self, name: str | None, domain: str | None = None, kvk: str | None = None) -> EmployerForm | None:
        """The form of an employer as stated; None when nothing names one ("Onbekend", no domain, no KvK number)."""
        given = (name or "", domain or "", kvk or "")
        if given not in self._forms:
            self._forms[given] = self._form(*given)
        return self._forms[given]

    def _form(self, name: str, domain: str, kvk: str) -> EmployerForm | None:
        host, label = self._employer_domain(domain)
        number = _kvk(kvk)
        client, is_intermediary = self._client(name)
        reading = read_name(client)
        found = self._find(reading)
        if self._is_nobody(found.elements):
            return self._nameless(name, host, label, number, is_intermediary)
        if not is_intermediary:
            is_intermediary = found.known is None and self._is_agent(client)
        key, origin = found.known or concept_key(found.elements), found.origin
        if found.known is None and not is_intermediary and host in self._domains:
            key, origin = self._domains[host], "domain"
        face = face_of(found.elements, self.words)
        soft = face_of(self.words.elements(reading.segments[0] if reading.segments else reading.whole, soft=True), self.words)
        faces = tuple(
            dict.fromkeys((face, soft) if found.known is None else (replace(face, is_vague=False), *self._faces.get(key, ())))
        )
        hints = (*reading.bracketed, *reading.segments[: len(reading.segments) > 1 and 9])
        stated = stated_acronyms_of(reading.whole, found.elements, hints)
        initials = initials_of(found.elements, self.words)
        known = self._acronyms.get(key, NOBODY) if found.known else NOBODY
        return EmployerForm(
            text=name,
            key=key,
            domain=host,
            kvk=number,
            acronyms=stated | frozenset(initials) | known,
            tokens=face.tokens,
            types=face.types,
            is_intermediary=is_intermediary,
            block_keys=_block_keys(key, host, number, sorted(stated) + ([] if found.known else initials), found.elements),
            places=face.places,
            words=face.words,
            stated_acronyms=stated | known,
            origin=origin,
            label=label,
            faces=faces,
        )

    def _nameless(
        self, name: str, host: str | None, label: str, number: str | None, is_intermediary: bool
    ) -> EmployerForm | None:
        if host is None and number is None:
            if not is_intermediary:
                return None
            key = concept_key(self.words.elements(name)) or fold(name)
            return EmployerForm(name, key, None, None, NOBODY, NOBODY, NOBODY, True, ("k:" + key,))
        known = self._domains.get(host or "")
        elements = self.words.elements(label, soft=True)
        key = known or (f"domain {host}" if host else f"kvk {number}")
        face = face_of(elements, self.words)
        return EmployerForm(
            text=name,
            key=key,
            domain=host,
            kvk=number,
            acronyms=NOBODY,
            tokens=face.tokens,
            types=face.types,
            is_intermediary=is_intermediary,
            block_keys=_block_keys(key, host, number, [], elements),
            origin="domain",
            label=label,
            faces=self._faces[known] if known else (face,),
        )

    def _employer_domain(self, domain: str) -> tuple[str | None, str]:
        host = registrable(domain) if domain else None
        if host is None or is_shared(host):
            return None, ""
        label, host = label_of(host)
        return (None, "") if host in self._agent_domains else (host, label)

    def _client(self, name: str) -> tuple[str, bool]:
        """The employer's own name, and whether only an intermediary is named."""
        for client, agent in agencies(name):
            if self._is_agent(agent):
                is_named = bool(client) and not self._is_nobody(self.words.elements(client)) and not self._is_agent(client)
                return (client, False) if is_named else (agent, True)
        reading = read_name(name)
        parts = (*reading.segments, *reading.bracketed)
        agents = [part for part in parts if self._is_agent(part)]
        others = [part for part in parts if part not in agents and not face_of(self.words.elements(part), self.words).is_vague]
        if agents and others and self._lookup(self.words.elements(others[0])):
            return others[0], False
        return name, False

    def _is_agent(self, text: str) -> bool:
        reading = read_name(text)
        elements = self.words.elements(reading.segments[0] if reading.segments else reading.whole)
        if self._lookup(elements) is not None or self._lookup(until_unit(elements)) is not None:
            return False
        content = [element for element in elements if element.kind not in ("legal", "stop")]
        for end in range(len(content), 0, -1):
            if concept_key(tuple(content[:end])) in self._agents:
                return end == len(content) or all(element.kind != "free" for element in content[end:])
        return bool(self._agent_pattern.search(" ".join(tokens_of(text)).replace(".", "")))

    def _is_nobody(self, elements: tuple[Element, ...]) -> bool:
        kinds = {element.kind for element in elements}
        return not kinds or ("nobody" in kinds and "free" not in kinds) or kinds <= {"stop", "unit", "umbrella"} - {"umbrella"}

    def _find(self, reading: Reading) -> _Found:
        whole = self.words.elements(reading.whole)
        segments = [self.words.elements(part) for part in reading.segments]
        aside = [self.words.elements(part) for part in (*reading.bracketed, *reading.others)]
        direct = [elements for elements in segments if not any(element.kind == "umbrella" for element in elements)]
        own = _own_part(reading, whole, segments, self.words)
        candidates = [whole, *direct, *(whole + part for part in aside), *aside, *segments]
        for elements in candidates:
            named = until_unit(elements)
            known = self._lookup(elements) or self._lookup(named) or self._lookup(without_places(named))
            if known and not (elements in aside and self._is_namesake(own, known)):
                return _Found(named if elements is whole or elements in segments else until_unit(own), known, "alias")
        for elements in candidates:
            if any(element.kind == "unit" for element in elements) and (known := self._window(elements)):
                return _Found(own, known, "alias")
        for elements in (own, without_places(own)):
            if known := self._mistyped(elements):
                return _Found(own, known, "typo")
        if aside and face_of(own, self.words).is_vague:
            own = whole + aside[0]
        return _Found(until_unit(own), None, "rule")

    def _is_namesake(self, own: tuple[Element, ...], known: str) -> bool:
        """Whether a known name in brackets is but the acronym of another name: `Eemsland Bouw Groep (EBG)`."""
        face, acronyms = face_of(own, self.words), self._acronyms[known]
        is_own = any(initials in acronyms for initials in initials_of(own, self.words))
        return is_own and not any(
            face.types & other.types or face.tokens & other.tokens or face.places & other.places for other in self._faces[known]
        )

    def _lookup(self, elements: tuple[Element, ...]) -> str | None:
        known = self._ids.get(exact_key(elements)) or self._ids.get(plain_key(elements))
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

    def _mistyped(self, elements: tuple[Element, ...]) -> str | None:
        face = face_of(elements, self.words)
        if not face.tokens:
            return None
        near = {alias for core, alias in self._shapes.get(face.concepts[1:], ()) if is_typo(face.core, core)}
        return min(near) if len(near) == 1 else None

    def _add_agents(self, kind: str, forms: list[str], domains: list[str]) -> None:
        if kind == "pattern":
            parts = [re.escape(fold(form)).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for form in forms]
            old = self._agent_pattern.pattern
            self._agent_pattern = re.compile("|".join((old, *(rf"\b{part}\b" for part in parts))))
        elif kind == "name":
            self._agents.update(concept_key(self.words.elements(form)) for form in forms)
            self._agent_domains.update(label_of(domain)[1] for domain in domains)
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
            if self._domains.setdefault(label_of(domain)[1], alias) != alias:
                raise ValueError(f"the domain {domain!r} is already that of {self._domains[label_of(domain)[1]]}")

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
        self._faces[alias] = tuple(dict.fromkeys(known))
        stated = [stated_acronyms_of(form, elements, ()) for form, elements in rows]
        self._acronyms[alias] = frozenset(acronym for found in stated for acronym in found)
        for face in faces:
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


def _block_keys(
    key: str, host: str | None, number: str | None, acronyms: list[str], elements: tuple[Element, ...]
) -> tuple[str, ...]:
    free = [element.concept for element in elements if element.kind == "free" and len(element.concept) >= 3]
    longest = max(free, key=len, default="")
    keys = [f"n:{number}" if number else "", f"k:{key}", f"d:{host}" if host else "", f"t:{free[0]}" if free else ""]
    keys += [f"a:{acronym}" for acronym in acronyms[:1]]
    keys += [f"t:{longest}" if longest else "", f"s:{skeleton_of(longest)}" if longest and skeleton_of(longest) else ""]
    keys += [f"a:{acronym}" for acronym in acronyms[1:]]
    return tuple(sorted([found for found in dict.fromkeys(keys) if found][:MOST_BLOCK_KEYS]))


def _kvk(text: str) -> str | None:
    digits = "".join(c for c in text if c.isdigit())
    return digits.zfill(8)[:8] if 7 <= len(digits) <= 12 and int(digits) else None


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
