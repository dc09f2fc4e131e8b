"""Employers: names as written become comparable forms, by rules of two languages and a table of the region's organisations.

The table is data of the match model: operators add spellings without code. A form is derived once per distinct
(name, domain, KvK number) and then shared, because one employer's name stands in thousands of postings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hub.matching.addresses.hosts import is_shared, registrable
from hub.matching.employers.acronyms import parts_of
from hub.matching.employers.directory import Directory, Found
from hub.matching.employers.form import NOBODY, EmployerForm, Face
from hub.matching.employers.names import Reading, address_of, agencies, read_name
from hub.matching.employers.parts import (
    beginning_of,
    concept_key,
    face_of,
    initials_of,
    label_of,
    slips_of,
    stated_acronyms_of,
    without_places,
    worded,
    words_to_meet,
)
from hub.matching.employers.words import Element, fold

MOST_BLOCK_KEYS, ENOUGH_BLOCK_KEYS = 6, 4
SHORTEST_BORNE = 5
SHORTEST_PARENT = 4
"""Letters of a name beside another: fewer, or capitals alone, are an acronym."""


@dataclass(slots=True)
class EmployerTable:
    """All employers that the model knows, with the words of names. Unchanging but for its cache of forms."""

    directory: Directory
    _forms: dict[tuple[str, str, str], EmployerForm | None] = field(default_factory=dict)
    _doubted: dict[int, EmployerForm] = field(default_factory=dict)

    @classmethod
    def read(cls, aliases: str, terms: str, intermediaries: str) -> EmployerTable:
        """Parse three TSV texts (`#` starts a comment).

        `aliases`: id, names, domains; `terms`: kind, concept, forms; `intermediaries`: `name` or `pattern`, forms, domains;
        lists are separated by `;`. A later alias row with the same id adds to it.
        Raises ValueError with the number of the line to mend: malformed, or a name that already is another employer's.
        """
        return cls(Directory.read(aliases, terms, intermediaries))

    def form(self, name: str | None, domain: str | None = None, kvk: str | None = None) -> EmployerForm | None:
        """The form of an employer as stated; None when nothing names one ("Onbekend", no domain, no KvK number)."""
        given = (name or "", domain or "", kvk or "")
        if given not in self._forms:
            self._forms[given] = self._form(*given)
        return self._forms[given]

    def doubted(self, form: EmployerForm) -> EmployerForm:
        """A form of this table, in doubt. Forms live as long as the table, so that one's identity names it."""
        known = self._doubted.get(id(form))
        if known is None:
            known = self._doubted[id(form)] = replace(form, is_doubted=True)
        return known

    def guess(self, hints: Sequence[str]) -> EmployerForm | None:
        """The first of some hints, surest first, that names an employer; always in doubt. What an address says is in lower
        case and taken as it is, what a text says only as the model knows it.
        """
        for hint in hints:
            found = self.form(None, hint) if address_of(hint) is not None else self.form(hint)
            if found is not None and not found.is_intermediary and (hint.islower() or self._is_telling(found)):
                return self.doubted(found)
        return None

    def borne_by(self, name: str, host: str) -> str | None:
        """The host that applications go to, where it bears the name: elsewhere it may be anybody's."""
        found, domain, label = self.form(name), *self._employer_domain(host)
        if found is None or domain is None or found.is_intermediary:
            return None
        letters = {text for face in found.faces[:1] for text in (face.solid, face.core, face.name, face.full)}
        is_known = self.directory.domains.get(domain) == found.key or label in found.acronyms or label in letters
        is_part = any(token in label for token in found.tokens if len(token) >= SHORTEST_BORNE)
        return domain if is_known or is_part else None

    def _is_telling(self, form: EmployerForm) -> bool:
        """A known name, or one that says of what kind its bearer is: not the name of a tool or a town."""
        face = form.faces[0]
        return form.origin in ("alias", "typo") or (not face.is_vague and bool(face.types or face.trades))

    def _form(self, name: str, domain: str, kvk: str) -> EmployerForm | None:
        directory = self.directory
        address = address_of(name)
        host, label = self._employer_domain(domain or address or "")
        number = _kvk(kvk)
        client, is_intermediary = (worded(address), False) if address else self._client(name)
        reading = read_name(client)
        found = directory.find(reading)
        if not found.known and _is_nobody(found.elements):
            return self._nameless(name, host, label, number, is_intermediary)
        if not is_intermediary:
            is_intermediary = found.known is None and directory.is_agent(client)
        key, origin = found.known or concept_key(found.elements), found.origin
        if found.known is None and not is_intermediary and host in directory.domains:
            key, origin = directory.domains[host], "domain"
        faces = self._faces(reading, found)
        stated, initials = self._acronyms(reading, found)
        return EmployerForm(
            text=name,
            key=key,
            domain=host,
            kvk=number,
            acronyms=stated | frozenset(initials),
            tokens=faces[0].tokens,
            types=faces[0].types,
            is_intermediary=is_intermediary,
            block_keys=self._block_keys(key, host, number, reading, found),
            places=faces[0].places,
            words=faces[0].words,
            stated_acronyms=stated,
            origin=origin,
            label=label,
            faces=faces,
            parts=() if found.known else parts_of(found.elements, directory.words),
            parents=self._parents(reading, found, faces),
        )

    def _parents(self, reading: Reading, found: Found, own: tuple[Face, ...]) -> tuple[Face, ...]:
        if found.known:
            aside = (*reading.parents, *reading.bracketed)
            return tuple(face for text in aside for face in self.directory.faces_of(text) if face not in own)
        beside = reading.segments if len(reading.segments) > 1 and not reading.loosely else ()
        return tuple(
            face
            for text in (*reading.parents, *reading.bracketed, *beside)
            if (face := self._parent(text)) is not None and face not in own
        )

    def _parent(self, text: str) -> Face | None:
        """A name in its own right: no department, town or acronym."""
        elements = self.directory.words.elements(text)
        face = face_of(elements, self.directory.words)
        is_name = (
            elements and elements[0].kind not in ("unit", "nobody") and len(face.name) >= SHORTEST_PARENT and not text.isupper()
        )
        return face if is_name and not face.is_vague and (face.tokens or face.words) else None

    def _faces(self, reading: Reading, found: Found) -> tuple[Face, ...]:
        words = self.directory.words
        face = face_of(found.elements, words)
        if found.known:
            return tuple(dict.fromkeys((replace(face, is_vague=False), *self.directory.faces[found.known])))
        texts = (reading.segments[0] if reading.segments else reading.whole, *reading.others)
        softly = (face_of(words.elements(text, soft=True), words) for text in texts)
        return tuple(dict.fromkeys((face, *(other for other in softly if not other.is_vague))))

    def _acronyms(self, reading: Reading, found: Found) -> tuple[frozenset[str], list[str]]:
        hints = (*reading.bracketed, *(reading.segments if len(reading.segments) > 1 else ()))
        stated = stated_acronyms_of(reading.whole, found.elements, hints)
        known = self.directory.acronyms[found.known] if found.known else NOBODY
        return stated | known, initials_of(reading.whole, found.elements, self.directory.words)

    def _block_keys(self, key: str, host: str | None, number: str | None, reading: Reading, found: Found) -> tuple[str, ...]:
        """Few and specific: two spellings of one employer should share one of them, two employers hardly ever."""
        words = self.directory.words
        stated = stated_acronyms_of(reading.whole, found.elements, (*reading.bracketed, *reading.segments))
        acronyms = sorted(stated) + ([] if found.known else initials_of(reading.whole, found.elements, words))
        free = words_to_meet(found.elements, words)
        parts = words.elements(reading.whole, soft=True) if not found.known else ()
        beside = (*reading.others, *reading.parents, *reading.bracketed, *reading.segments[1:])
        other = words.elements(beside[0]) if beside and not found.known else ()
        is_ordinary = bool(free) and not free[0].isalnum()
        near = words_to_meet(other, words)[:1]
        meant = [*free[:1], *near, *words_to_meet(parts, words)[:1], *sorted(free, key=len)[-1:]]
        named = list(dict.fromkeys(free + meant if is_ordinary else meant))
        anywhere = without_places(found.elements)
        is_named = not found.known and not free and not face_of(anywhere, words).is_vague
        keys = [f"n:{number}" if number else "", f"k:{key}", f"d:{host}" if host else ""]
        keys += [f"k:{concept_key(anywhere)}" if is_named else ""] + [f"t:{token}" for token in named[:1]]
        keys += [f"t:{near[0]}"] if near else [] if face_of(other, words).is_vague else [f"k:{concept_key(other)}"]
        first = next((element.surface for element in found.elements if element.kind == "free"), "")
        slips = [slip for token in ([first] if is_ordinary else named[:1]) for slip in slips_of(token or "-")]
        shortened = [f"a:{acronym}" for acronym in acronyms[:2]]
        if is_ordinary:
            keys += [*shortened, *(f"t:{token}" for token in named[1:3]), *slips]
        else:
            keys += [*shortened[:1], *slips, *shortened[1:]]
        keys += [f"t:{token}" for token in named[1:]]
        keys = [block for block in dict.fromkeys(keys) if block][: MOST_BLOCK_KEYS - 1]
        face = face_of(found.elements, words)
        keys += [] if found.known or len(keys) >= ENOUGH_BLOCK_KEYS else [f"t:{face.full}"]
        begins = beginning_of(face.name) if not found.known else ""
        return tuple(sorted(dict.fromkeys(keys + ([f"p:{begins}"] if begins else []))))

    def _nameless(
        self, name: str, host: str | None, label: str, number: str | None, is_intermediary: bool
    ) -> EmployerForm | None:
        """An employer of whom only a domain or a KvK number is known, or an agency without a client."""
        if host is None and number is None and not is_intermediary:
            return None
        words, known = self.directory.words, self.directory.domains.get(host or "")
        elements = words.elements(label, soft=True)
        face = face_of(elements, words)
        key = known or (f"domain {host}" if host else f"kvk {number}" if number else fold(name))
        keys = [f"k:{key}", f"n:{number}" if number else "", f"d:{host}" if host else ""]
        keys += [f"t:{token}" for token in words_to_meet(elements, words)[:1]] + ([f"a:{label}"] if 3 <= len(label) <= 5 else [])
        return EmployerForm(
            text=name,
            key=key,
            domain=host,
            kvk=number,
            acronyms=NOBODY,
            tokens=face.tokens,
            types=face.types,
            is_intermediary=is_intermediary,
            block_keys=tuple(sorted([block for block in keys if block][:MOST_BLOCK_KEYS])),
            origin="domain",
            label=label,
            faces=self.directory.faces[known] if known else (face,),
        )

    def _employer_domain(self, domain: str) -> tuple[str | None, str]:
        host = registrable(domain) if domain else None
        if host is None or is_shared(host):
            return None, ""
        label, host = label_of(host)
        return (None, "") if host in self.directory.agent_domains else (host, label)

    def _client(self, name: str) -> tuple[str, bool]:
        """The employer's own name, and whether only an intermediary is named."""
        directory = self.directory
        for client, agent in agencies(name):
            if directory.is_agent(agent):
                is_named = not _is_nobody(directory.words.elements(client)) and not directory.is_agent(client)
                return (client, False) if is_named else (agent, True)
        reading = read_name(name)
        parts = (*reading.segments, *reading.bracketed)
        agents = [part for part in parts if directory.is_agent(part)]
        others = [part for part in parts if part not in agents and directory.knows(part)]
        return (others[0], False) if agents and others else (name, False)


def _is_nobody(elements: tuple[Element, ...]) -> bool:
    kinds = {element.kind for element in elements}
    return kinds <= {"stop", "unit", "legal"} or ("nobody" in kinds and "free" not in kinds)


def _kvk(text: str) -> str | None:
    digits = "".join(c for c in text if c.isdigit())
    return digits.zfill(8)[:8] if 7 <= len(digits) <= 12 and int(digits) else None
