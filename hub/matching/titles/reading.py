"""Reads a title into its form: decoration off, then labels, levels and departments by the lexicon, then weighted concepts.

The order matters: phrases that say nothing go first, labels of several words claim their words before a level word is looked
for ("head nurse" is an occupation, "head of purchasing" a level), and an unknown word becomes a concept of its own under a
spelling that Dutch and English share (cardiologie, cardiology).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from hub.matching.titles.decoration import (
    AROUND_EMPLOYER,
    parted_numbers,
    without_decoration,
    without_employer,
    without_grades,
    without_place,
    without_run,
)
from hub.matching.titles.form import TitleForm, Wording
from hub.matching.titles.levels import levels_of
from hub.matching.titles.lexicon import UNKNOWN_WEIGHT, WEIGHTS, Lexicon, Match
from hub.matching.titles.signs import HEAVY
from hub.matching.titles.spelling import cognate, judge_language
from hub.matching.titles.vocabulary import UNITS, fold, words_of

MOST_GROUPS = 3
MOST_NAMED = 4
"""Words that name a unit; more say something else."""
_UNIT = re.compile(
    r"\b(?:afdeling|afd|team|unit|department|dept|poli|polikliniek|ward|cluster|domein|sectie|section|vakgroep|faculteit|faculty|directie|lectoraat|directorate)\b\.?:?\s+([^()\[\]|,;:–—]+?)(?=\s[-–—|]|[()\[\]|,;:]|$)"
)
_ENGLISH_UNIT = re.compile(
    r"(?:\b(?:at|in|within|for) (?:the |our )?)?\b([a-z]+(?: (?:and|&) [a-z]+)?) "
    r"(?:department|dept|team|unit|division|section|directorate)\b(?=\s*(?:$|[-–—|()\[\],;:]))"
)
_ASIDE = re.compile(
    r"[(\[]([^()\[\]]{2,60})[)\]]|\s[-–—|]\s*([^-–—|()\[\]]{2,60})(?=\s[-–—|]|[(\[]|$)|,\s*([^-–—|()\[\],]{2,40})(?=\s[-–—|]|[(\[]|$)"
)
Names = tuple[str, tuple[str, ...]]
"""Employer and places as written beside a title."""
Aside = tuple[int, int, set[str]]
"""Where it starts and ends, and the concepts of the unit that it names."""
_UNITS = tuple(f"{kind}/" for kind in UNITS)
_NAMING = (*_UNITS, "domain/", "language/", "tool/")
_FIELDS = (*_NAMING, "occupation/", "event/")
_WORK = ("role/", "occupation/", "isco/")
_JOBS = ("occupation/", "isco/")
_WORK_KINDS = frozenset(("role", "occupation", "isco"))


def read_title(
    text: str, language: str | None, lexicon: Lexicon, *, employer: str = "", places: tuple[str, ...] = ()
) -> TitleForm:
    """The form of one title as written; `language` is "nl", "en" or None (judged from the words).

    `employer` and `places` are names as written that stand beside the title; where they stand in it, they are taken off.
    """
    bare = without_decoration(fold(text))
    all_words = words_of(bare)
    lang = language if language in ("nl", "en") else judge_language(all_words, lexicon)
    names = employer, places
    words, numbers = _core_words(_without_units(bare, lang, lexicon), names, lexicon)
    said = lexicon.remembered(("said", lang, *(words or all_words)), _read_words)
    asides = _asides(bare, names, lang, lexicon)
    department, within = _department(bare, names, asides, lang, lexicon)
    return TitleForm(
        text=text,
        levels=said.levels,
        department=department,
        within=within,
        numbers=numbers | said.grades,
        wording=said.wording,
        also=_also(said, bare, names, asides, lang, lexicon),
    )


def _core_words(words: list[str], names: Names, lexicon: Lexicon) -> tuple[list[str], frozenset[str]]:
    """Words without the names that stand beside the title, and the numbers among them."""
    employer, places = names
    words = without_employer(words, words_of(fold(employer)))
    for place in sorted(places):
        words = without_place(words, words_of(fold(place)))
    return parted_numbers(words, _digit_names(words, lexicon))


def _also(said: _Said, bare: str, names: Names, asides: list[Aside], lang: str, lexicon: Lexicon) -> Wording | None:
    """See `TitleForm.also`."""
    rest = bare
    if not said.has_work:  # `Traineeship Noordkracht`, of the programme of that name
        names = "", names[1]
    elif not asides:
        return None
    else:
        for start, end, _ in reversed(asides):
            rest = f"{rest[:start]} {rest[end:]}"
        if not _says_work(rest, lang, lexicon):
            return None
    words, _ = _core_words(_without_units(rest, lang, lexicon), names, lexicon)
    if not words:
        return None
    wording = lexicon.remembered(("said", lang, *words), _read_words).wording
    return wording if wording is not said.wording else None


def _without_units(bare: str, lang: str, lexicon: Lexicon) -> list[str]:
    """Words of a title without the units that it names after the work: they are compared as departments, and count once.

    "Docent, faculteit Economie" is a lecturer; of "Hoofd afdeling HR" only a level would be left. A ward stays, for nurses are
    called after it: "cardiology nurse".
    """
    kept, done = [], 0
    for start, end, named in _units_in(bare, lang, lexicon):
        if _says_work(bare[:start], lang, lexicon) and not _names(_UNITS, named, lang, lexicon):
            kept.append(bare[done:start])
            done = end
    return words_of(" ".join((*kept, bare[done:])))


def _units_in(bare: str, lang: str, lexicon: Lexicon) -> list[tuple[int, int, str]]:
    """Where units are named, in order: (start, end, name). "Team leader care" looks like one and says what somebody does."""
    found = list(_UNIT.finditer(bare))
    if not found and lang == "en":
        found = list(_ENGLISH_UNIT.finditer(bare))
    return [(one.start(), one.end(), one[1]) for one in found if not _names(_WORK, one[1], lang, lexicon)]


def _says_work(text: str, lang: str, lexicon: Lexicon) -> bool:
    """Whether some word says what somebody does, beyond a level: of "Head of technical department" nothing would be left."""
    atoms = lexicon.atoms_of(words_of(text), lang)
    kinds = [{concept.partition("/")[0] for concept in lexicon.concepts(atom, lang)} for atom in atoms]
    return any("level" not in kind and kind & _WORK_KINDS for kind in kinds)


def names_work(wording: Wording) -> bool:
    """Whether it says what somebody does, beyond a role that many have."""
    has_weight = any(weight >= HEAVY for _, weight in wording.units)
    return has_weight and any(concept.startswith(_WORK) for concept in wording.meanings)


def _names(classes: tuple[str, ...], text: str, lang: str, lexicon: Lexicon) -> bool:
    """Whether some word has a concept of these classes."""
    atoms = lexicon.atoms_of(words_of(text), lang)
    return any(concept.startswith(classes) for atom in atoms for concept in lexicon.concepts(atom, lang))


class _Said(NamedTuple):
    levels: frozenset[str]
    grades: frozenset[str]
    wording: Wording
    has_work: bool
    """There is more than a level."""


def _read_words(key: tuple[str, ...], lexicon: Lexicon) -> _Said:
    """What words without decoration, names and numbers say; most titles differ in those alone."""
    _, lang, *given = key
    words = _without_noise(given, lang, lexicon) or given
    levels, rest = levels_of(words, lang, lexicon)
    core, grades = without_grades(rest or words)
    atoms = lexicon.atoms_of(core, lang) or list(core)
    labels = lexicon.labels_in(atoms, lang)
    units = _units(atoms, labels, lang, lexicon) if rest else _level_units(levels, lexicon)
    wording = Wording(
        language=lang,
        core=" ".join(core),
        tokens=tuple(sorted(set(core))),
        concepts=_vector(units),
        groups=_groups(labels, units, atoms, lang, lexicon),
        atoms=tuple(sorted(set(atoms))),
        units=tuple((concepts, weight * weight) for concepts, weight in units),
        norm=sum(weight * weight for _, weight in units),
        meanings=lexicon.shared(frozenset[str]().union(*(concepts for concepts, _ in units))),
        unknown=frozenset(word for word in (*core, *atoms) if not lexicon.is_known(word, lang)),
    )
    # Level words, too, are no part of the wording: `Junior planner` and `Planner` share one.
    return _Said(levels, grades, lexicon.remembered(wording, _itself), has_work=bool(rest))


def _itself(wording: Wording, _: Lexicon) -> Wording:
    return wording


def _digit_names(words: Sequence[str], lexicon: Lexicon) -> frozenset[str]:
    return frozenset(word for word in words if not word.isalpha() and not word.isdigit() and lexicon.concepts(word, "nl"))


def _without_noise(words: list[str], lang: str, lexicon: Lexicon) -> list[str]:
    while True:
        drop = {place for start, end, _ in lexicon.spans(words, lang, "noise/") for place in range(start, end)}
        keep = {place for start, end, _ in lexicon.spans(words, lang, "level/") for place in range(start, end)} - drop
        kept = [word for at, word in enumerate(words) if at in keep or (at not in drop and not lexicon.is_noise(word, lang))]
        if len(kept) == len(words):
            return words
        words = kept


def _units(atoms: list[str], labels: list[Match], lang: str, lexicon: Lexicon) -> list[tuple[frozenset[str], int]]:
    """Each distinct atom with all concepts that it may stand for (its own, its labels', itself) and its weight."""
    claimed: dict[str, set[str]] = {}
    for match in labels:
        for place in match.places:
            claimed.setdefault(atoms[place], set()).update(match.concepts)
    units = []
    for atom in sorted(set(atoms)):
        own = lexicon.concepts(atom, lang)
        unit = frozenset((*own, *claimed.get(atom, ()), f"word/{cognate(atom)}"))
        units.append((lexicon.shared(unit), lexicon.weight(atom, lang) or UNKNOWN_WEIGHT))
    return units


def _level_units(levels: frozenset[str], lexicon: Lexicon) -> list[tuple[frozenset[str], int]]:
    """Units of a title that names nothing but levels: `Vakantiewerk`, `Holiday job`."""
    return [(lexicon.shared(frozenset((f"level/{code.replace('_', '-')}",))), WEIGHTS["level"]) for code in sorted(levels)]


def _vector(units: list[tuple[frozenset[str], int]]) -> tuple[tuple[str, int], ...]:
    weights: dict[str, int] = {}
    for concepts, weight in units:
        named = [concept for concept in concepts if not concept.startswith("word/")] or list(concepts)
        for concept in named:
            weights[concept] = max(weight, weights.get(concept, 0))
    return tuple(sorted(weights.items()))


def _groups(
    labels: list[Match], units: list[tuple[frozenset[str], int]], atoms: list[str], lang: str, lexicon: Lexicon
) -> tuple[str, ...]:
    """Unit groups of the labels, the weightiest first, then fields of work: a title outside the tables has a group too."""
    ranked: list[tuple[int, str]] = []
    for match in labels:
        weight = sum(lexicon.weight(atoms[place], lang) for place in match.places)
        ranked += [(-weight, group) for concept in match.concepts if (group := lexicon.group(concept)) is not None]
    groups = list(dict.fromkeys(group for _, group in sorted(ranked)))[: MOST_GROUPS - 1]
    fields = sorted((-weight, concept) for concepts, weight in units for concept in concepts if concept.startswith(_FIELDS))
    fields = fields or sorted((-weight, min(concepts)) for concepts, weight in units)
    return tuple(dict.fromkeys((*groups, *(f"~{concept}" for _, concept in fields))))[:MOST_GROUPS]


def read_unit(text: str, language: str, lexicon: Lexicon, *, employer: str = "", places: tuple[str, ...] = ()) -> str | None:
    """What `TitleForm.department` says of a unit that a text names; None where the words name none that is known, or a tool."""
    aside, names = f"({fold(text)})", (employer, places)
    found, _ = _department(aside, names, _asides(aside, names, language, lexicon), language, lexicon)
    return None if found is None or found.startswith("tool/") else found


def _asides(bare: str, names: Names, lang: str, lexicon: Lexicon) -> list[Aside]:
    """Known fields that the title sets apart, in order."""
    found = [
        (match.start(), match.end(), _named(match[1] or match[2] or match[3], names, lang, lexicon, is_unit=False))
        for match in _ASIDE.finditer(bare)
    ]
    return [aside for aside in found if aside[2]]


def _department(
    bare: str, names: Names, asides: list[Aside], lang: str, lexicon: Lexicon
) -> tuple[str | None, tuple[tuple[str, frozenset[str]], ...]]:
    """`TitleForm.department` and `within`: department words, what follows `afdeling`, else a known field set apart."""
    words = without_employer(words_of(bare), words_of(fold(names[0])))
    within = lexicon.remembered(("departments", lang, *words), _departments)
    found = {concept for concept, _ in within}
    for _, _, name in _units_in(bare, lang, lexicon) if not found else ():
        found |= _named(name, names, lang, lexicon, is_unit=True)
    if all(jobs for _, jobs in within) and len(found) == len(within):  # these may only be a part of what the work is called
        found = found.union(*(concepts for _, _, concepts in asides))
    return "+".join(sorted(found)) or None, tuple((concept, jobs) for concept, jobs in within if jobs)


def _departments(key: tuple[str, ...], lexicon: Lexicon) -> tuple[tuple[str, frozenset[str]], ...]:
    """Concepts of department words among these words, sorted, each with the occupations whose label takes some of its words."""
    _, lang, *words = key
    noise = {place for start, end, _ in lexicon.spans(words, lang, "noise/") for place in range(start, end)}
    words = [word for place, word in enumerate(words) if place not in noise]
    atoms = lexicon.atoms_of(words, lang)
    said: dict[str, set[str]] = {}
    in_phrases: set[int] = set()
    for start, end, concepts in lexicon.spans(words, lang, *_UNITS):
        in_phrases.update(range(start, end))
        for concept in concepts:
            said.setdefault(concept, set()).update(lexicon.atoms_of(words[start:end], lang))
    for place, word in enumerate(words):
        for atom in lexicon.atoms(word, lang) if place not in in_phrases else ():
            for concept in lexicon.concepts(atom, lang):
                if concept.startswith(_UNITS):
                    said.setdefault(concept, set()).add(atom)
    if not said:
        return ()
    jobs = [({atoms[place] for place in label.places}, label.concepts) for label in lexicon.labels_in(atoms, lang)]
    return tuple(
        (
            concept,
            lexicon.shared(frozenset(job for label, jobs_ in jobs if label & own for job in jobs_ if job.startswith(_JOBS))),
        )
        for concept, own in sorted(said.items())
    )


def _named(text: str, names: Names, lang: str, lexicon: Lexicon, *, is_unit: bool) -> set[str]:
    """Concepts of a few words that name a unit, a label of several words before these words themselves.

    Set apart without the word for a unit, all must be known fields.
    """
    words = words_of(text)
    for name in (names[0], *names[1]):
        named = words_of(fold(name))
        words = [] if named and set(named) <= set(words) <= AROUND_EMPLOYER.union(named) else without_run(words, named)
    plain, _ = parted_numbers(words, frozenset())
    atoms = lexicon.atoms_of(_without_noise(plain, lang, lexicon), lang)
    if not atoms or len(atoms) > MOST_NAMED:
        return set()
    labels = [(set(label.places), _naming(label.concepts)) for label in lexicon.labels_in(atoms, lang)]
    labels = [(own, name) for own, name in labels if name and len(own) > 1]
    labels = [(own, name) for own, name in labels if not any(own < other for other, _ in labels)]
    taken = {place for own, _ in labels for place in own}
    rest = [(atom, _naming(lexicon.concepts(atom, lang))) for place, atom in enumerate(atoms) if place not in taken]
    if is_unit:
        rest = [(atom, name or f"word/{cognate(atom)}") for atom, name in rest]
    return {name for _, name in (*labels, *rest)} if all(name for _, name in rest) else set()


def _naming(concepts: tuple[str, ...]) -> str:
    """The senses that may name a unit, joined."""
    return "|".join(sorted(concept for concept in concepts if concept.startswith(_NAMING)))
